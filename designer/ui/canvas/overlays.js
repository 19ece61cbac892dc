// What may be open over the canvas, one of each kind; components listen to it.

import { useSyncExternalStore } from "react";

export function createOverlay() {
  let current = null;
  const listeners = new Set();
  const become = (next) => {
    current = next;
    listeners.forEach((listener) => listener());
  };
  return {
    current: () => current,
    open: (next) => become(next),
    close: () => become(null),
    subscribe(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
  };
}

// The list of modules at the pointer: { x, y } on the screen; `from` {node, port, side} a loose end; `edge` a wire.
export const quickAdd = createOverlay();

// A list to search: "nodes", "commands", or the "shortcuts".
export const finder = createOverlay();

// The id of the card, frame or note whose text is edited in place.
export const renaming = createOverlay();

// What a port or a wire carries, beside it: { outlet, title, type, avoid, order, answer }.
export const glance = createOverlay();

// One line that says why: { title, text, fix: { label, run }, x, y }.
export const notice = createOverlay();

// The page is left.
export const closeAll = () => [quickAdd, finder, renaming, glance, notice].forEach((overlay) => overlay.close());

export const useOverlay = (overlay) => useSyncExternalStore(overlay.subscribe, overlay.current);
