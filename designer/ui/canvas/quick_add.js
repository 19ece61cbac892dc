// Whether the list of modules at the pointer is open, where, and for what: a point, a wire's loose end, or a wire.

import { useSyncExternalStore } from "react";

export function createQuickAdd() {
  let request = null;
  const listeners = new Set();
  const become = (next) => {
    request = next;
    listeners.forEach((listener) => listener());
  };
  return {
    current: () => request,
    // { x, y } on the screen; `from` {node, port, side} a loose end; `edge` a wire to insert into.
    open: (next) => become(next),
    close: () => become(null),
    subscribe(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
  };
}

export const quickAdd = createQuickAdd();

export const useQuickAdd = () => useSyncExternalStore(quickAdd.subscribe, quickAdd.current);
