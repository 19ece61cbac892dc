// What is said of each node and wire beyond the document: summary, problem, run state, rows and columns.
// Kept per node, so that a change of one state paints one card.

import { useSyncExternalStore } from "react";

const NOTHING = Object.freeze({});

export function createMarks() {
  let entries = new Map();
  let version = 0;
  const listeners = new Map();

  const tell = (key) => listeners.get(key)?.forEach((listener) => listener());

  // Listeners of each key, then those of all ("*") once.
  function tellAll(keys) {
    if (keys.length === 0) return;
    version += 1;
    [...keys, "*"].forEach(tell);
  }

  return {
    get: (key) => entries.get(key) ?? NOTHING,
    entries: () => entries,
    // Another number whenever anything changed.
    version: () => version,
    // Merge fields by key; a field that is null is forgotten. Only what differs is told.
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
