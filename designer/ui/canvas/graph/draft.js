// The draft as this tab has it: the document, what was done to it, and the edits the server has not confirmed yet.
// An edit is applied here at once, then sent; one batch is on its way at a time, later ones wait and are kept in
// sessionStorage, so that neither a reload nor a restart of the server loses one. The same holds for what is being typed
// into a field until the server has made an edit of it.

import { useSyncExternalStore } from "react";
import { EMPTY, applyAll, inverseOf } from "./graph.js";

const MERGE_MS = 1500;
const PATIENCE_MS = 4000;
const LONGEST_MS = 30000;
const UNDO_LIMIT = 500;

export function createDraft(storage) {
  let state = { pipeline: "", revision: 0, document: EMPTY, opened: false, saved: "", waiting: 0, late: false };
  let queue = [];
  let inFlight = null;
  // What stands in fields and is no edit yet, by field.
  let typed = {};
  let undone = [];
  let done = [];
  // Counts batches in this tab, whatever pipeline they are of: an answer belongs to the batch of its number.
  let number = 0;
  let send = () => {};
  let timer = 0;
  const listeners = new Set();
  const drained = new Set();

  const key = () => `designer:unconfirmed:${state.pipeline}`;
  const typedKey = () => `designer:typed:${state.pipeline}`;
  const batches = () => [...(inFlight ? [inFlight] : []), ...queue];

  function change(fields) {
    state = { ...state, ...fields, waiting: batches().length + Object.keys(typed).length, canUndo: done.length, canRedo: undone.length };
    listeners.forEach((listener) => listener());
    if (state.waiting === 0) {
      drained.forEach((resolve) => resolve());
      drained.clear();
    }
  }

  function store(name, value, isEmpty) {
    if (isEmpty) storage.removeItem(name);
    else storage.setItem(name, JSON.stringify(value));
  }

  const keep = () => store(key(), batches(), batches().length === 0);

  function kept(name, otherwise) {
    try {
      return JSON.parse(storage.getItem(name)) ?? otherwise;
    } catch {
      return otherwise;
    }
  }

  function pump() {
    if (inFlight || queue.length === 0 || !state.opened) return;
    [inFlight, ...queue] = queue;
    // What was done while an answer was awaited goes along in one batch.
    for (const next of queue) inFlight = { ...inFlight, operations: [...inFlight.operations, ...next.operations], origin: next.origin };
    queue = [];
    number += 1;
    inFlight.number = number;
    post();
  }

  function post() {
    const { operations, origin } = inFlight;
    send({ pipeline: state.pipeline, base: state.revision, number, operations, origin });
    clearTimeout(timer);
    timer = setTimeout(late, Math.min(PATIENCE_MS * 2 ** (inFlight.tries ?? 0), LONGEST_MS));
  }

  // An answer may be lost with its connection, or the disk be full for a while: what is sent twice is done once.
  function late() {
    change({ late: true });
    inFlight.tries = (inFlight.tries ?? 0) + 1;
    post();
  }

  function enqueue(operations, origin) {
    state = { ...state, document: applyAll(state.document, operations) };
    queue = [...queue, { operations, origin }];
    pump();
    keep();
    change({});
  }

  return {
    get: () => state,
    subscribe(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    sendWith(sender) {
      send = sender;
    },
    // The document as the server has it. Edits it has not confirmed are done again on top.
    open({ pipeline, revision, document, saved }) {
      const same = pipeline === state.pipeline;
      clearTimeout(timer);
      state = { ...state, pipeline, revision, document, saved, opened: true, late: false };
      if (!same) [done, undone] = [[], []];
      queue = kept(key(), []);
      typed = kept(typedKey(), {});
      inFlight = null;
      state.document = queue.reduce((current, batch) => applyAll(current, batch.operations), document);
      pump();
      keep();
      change({});
    },
    // A field holds a text that is no edit yet; null once the server has taken it.
    type(field, text) {
      if (!state.pipeline) return;
      const { [field]: _, ...others } = typed;
      typed = text === null ? others : { ...others, [field]: text };
      store(typedKey(), typed, Object.keys(typed).length === 0);
      change({});
    },
    typed: () => Object.entries(typed),
    // What the server has not confirmed, for the last moment of the page.
    unconfirmed: () => ({ pipeline: state.pipeline, base: state.revision, operations: batches().flatMap(({ operations }) => operations), typed }),
    // The page is left: nothing of this pipeline shows on another. What is on its way may still be confirmed.
    leave() {
      change({ opened: false, document: EMPTY });
    },
    confirm(confirmed, revision, saved) {
      if (!inFlight || confirmed !== number) return;
      clearTimeout(timer);
      inFlight = null;
      state = { ...state, revision, saved, late: false };
      pump();
      keep();
      change({});
    },
    // Confirmed, and others edited too: the document holds both; what was done here meanwhile goes on top.
    merge({ pipeline, number: confirmed, revision, document, saved }) {
      if (pipeline !== state.pipeline || confirmed !== number) return;
      clearTimeout(timer);
      inFlight = null;
      const mine = queue.reduce((current, batch) => applyAll(current, batch.operations), document);
      state = { ...state, revision, saved, document: mine, late: false };
      pump();
      keep();
      change({});
    },
    // What the nodes are drawn by has changed.
    redraw: () => change({ document: { ...state.document } }),
    // Others edited, nothing is on its way from here. If something is, its answer brings the document anyway.
    catchUp({ pipeline, revision, document, saved }) {
      if (pipeline !== state.pipeline || revision <= state.revision || state.waiting > 0) return;
      change({ revision, document, saved });
    },
    // The server could not do the edit: forget it and what follows it; the document comes with the answer.
    refuse({ pipeline, revision, document, saved }) {
      if (pipeline !== state.pipeline) return;
      clearTimeout(timer);
      [queue, inFlight, done, undone] = [[], null, [], []];
      keep();
      change({ revision, document, saved, late: false });
    },
    edit(operations, { merge = "" } = {}) {
      if (operations.length === 0) return;
      const now = Date.now();
      const inverse = inverseOf(state.document, operations);
      const last = done.at(-1);
      if (merge && last?.merge === merge && now - last.at < MERGE_MS) {
        done = [...done.slice(0, -1), { ...last, operations: [...last.operations, ...operations], at: now }];
        done.at(-1).inverse = [...inverse, ...last.inverse];
      } else {
        done = [...done.slice(-UNDO_LIMIT), { operations, inverse, merge, at: now }];
      }
      undone = [];
      enqueue(operations, "edit");
    },
    undo() {
      const step = done.at(-1);
      if (!step) return;
      done = done.slice(0, -1);
      undone = [...undone, step];
      enqueue(step.inverse, "undo");
    },
    redo() {
      const step = undone.at(-1);
      if (!step) return;
      undone = undone.slice(0, -1);
      done = [...done, { ...step, merge: "" }];
      enqueue(step.operations, "undo");
    },
    // Resolves when the server has confirmed everything.
    whenSaved: () => (state.waiting === 0 ? Promise.resolve() : new Promise((resolve) => drained.add(resolve))),
  };
}

const memory = { getItem: () => null, setItem: () => {}, removeItem: () => {} };

export const draft = createDraft(typeof sessionStorage === "undefined" ? memory : sessionStorage);

export function useDraft(select) {
  return useSyncExternalStore(draft.subscribe, () => select(draft.get()));
}
