// Which node's title is being edited in place.

import { useSyncExternalStore } from "react";

export function createRenaming() {
  let current = null;
  const listeners = new Set();
  const become = (id) => {
    current = id;
    listeners.forEach((listener) => listener());
  };
  return {
    current: () => current,
    start: (id) => become(id),
    stop: () => become(null),
    subscribe(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
  };
}

export const renaming = createRenaming();

export const useRenaming = () => useSyncExternalStore(renaming.subscribe, renaming.current);
