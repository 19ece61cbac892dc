// Display state of each node and wire that is not part of the document: summary, problem, run state, rows and columns.
// Kept per node, so that a state change renders one card.

import { useSyncExternalStore } from "react";

const NOTHING = Object.freeze({});

export function createMarks() {
  let entries = new Map();
  let version = 0;
  const listeners = new Map();

  const notify = (key) => listeners.get(key)?.forEach((listener) => listener());

  // Notify the listeners of each key, then those of all ("*") once.
  function tellAll(keys) {
    if (keys.length === 0) return;
    version += 1;
    [...keys, "*"].forEach(notify);
  }

  return {
    get: (key) => entries.get(key) ?? NOTHING,
    entries: () => entries,
    // Version number, increased on every change.
    version: () => version,
    // Merge fields by key; null deletes a field. Notifies only about changes.
    merge(news) {
      const changed = [];
      for (const [key, fields] of Object.entries(news)) {
        const before = entries.get(key) ?? NOTHING;
        const after = { ...before, ...fields };
        for (const name of Object.keys(after)) if (after[name] === null) delete after[name];
        if (JSON.stringify(after) !== JSON.stringify(before)) {
          entries.set(key, after);
          changed.push(key);
        }
      }
      tellAll(changed);
    },
    clear() {
      const keys = [...entries.keys()];
      entries = new Map();
      tellAll(keys);
    },
    subscribe(key, listener) {
      if (!listeners.has(key)) listeners.set(key, new Set());
      listeners.get(key).add(listener);
      return () => listeners.get(key)?.delete(listener);
    },
  };
}

export const marks = createMarks();

export function useMark(key) {
  return useSyncExternalStore(
    (listener) => marks.subscribe(key, listener),
    () => marks.get(key),
  );
}
