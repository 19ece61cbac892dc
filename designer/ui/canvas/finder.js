// Which list over the canvas is open: "nodes", "commands", "shortcuts", or none.

import { useSyncExternalStore } from "react";

export function createFinder() {
  let mode = null;
  const listeners = new Set();
  const become = (next) => {
    mode = next;
    listeners.forEach((listener) => listener());
  };
  return {
    current: () => mode,
    open: (next) => become(next),
    close: () => become(null),
    subscribe(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
  };
}

export const finder = createFinder();

export const useFinder = () => useSyncExternalStore(finder.subscribe, finder.current);
