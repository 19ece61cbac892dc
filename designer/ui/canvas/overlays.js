// Overlays on the canvas, one open per kind; components subscribe to them.

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

// The module list at the pointer: { x, y } on the screen; `from` {node, port, side}, a loose end; `edge`, a wire.
export const quickAdd = createOverlay();

// A searchable list: "nodes", "commands", or the "shortcuts".
export const finder = createOverlay();

// The id of the card, frame or note being edited in place.
export const renaming = createOverlay();

// The preview of a port or a wire: { outlet, title, type, avoid, order, answer }.
export const glance = createOverlay();

// A one-line notice: { title, text, fix: { label, run }, x, y }.
export const notice = createOverlay();

// Close all when the page is left.
export const closeAll = () => [quickAdd, finder, renaming, glance, notice].forEach((overlay) => overlay.close());

export const useOverlay = (overlay) => useSyncExternalStore(overlay.subscribe, overlay.current);
