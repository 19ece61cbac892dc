// The draft in this tab: the document, its undo history, and the edits not yet confirmed by the server. Edits apply
// locally at once and are then sent, one batch at a time; pending batches are kept in sessionStorage, so that neither a
// reload nor a server restart loses one. The same holds for text typed into a field until the server has turned it into
// an edit.

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
  // Field texts that are not edits yet, by field.
  let typed = {};
  let undone = [];
  let done = [];
  // Number of the last batch in this tab, across pipelines; an answer carries the number of its batch.
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
    // Edits made while an answer is pending are sent as one batch.
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

  // An answer may be lost with its connection, or the disk may be full for a while: retries are idempotent.
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
    // Load the server's document and reapply unconfirmed edits on top.
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
    // Record the text of a field that is not an edit yet; null once the server has taken it.
    type(field, text) {
      if (!state.pipeline) return;
      const { [field]: _, ...others } = typed;
      typed = text === null ? others : { ...others, [field]: text };
      store(typedKey(), typed, Object.keys(typed).length === 0);
      change({});
    },
    typed: () => Object.entries(typed),
    // Unconfirmed edits, to send when the page closes.
    unconfirmed: () => ({ pipeline: state.pipeline, base: state.revision, operations: batches().flatMap(({ operations }) => operations), typed }),
    // Reset when the page is left: nothing of this pipeline may show on another. Edits in flight may still be
    // confirmed.
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
    // Confirmed, with edits of others: the document contains both; reapply local edits made meanwhile.
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
    // What the nodes are drawn from has changed.
    redraw: () => change({ document: { ...state.document } }),
    // Someone else edited and nothing is in flight. Otherwise the pending answer brings the document.
    catchUp({ pipeline, revision, document, saved }) {
      if (pipeline !== state.pipeline || revision <= state.revision || state.waiting > 0) return;
      change({ revision, document, saved });
    },
    // The server rejected the edit: drop it and all later ones; the answer contains the document.
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
