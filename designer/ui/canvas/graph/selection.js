// Report the selection to Python once it has settled and only if it changed. The browser owns the selection;
// sessionStorage restores it after a reload, and it is sent again whenever Python opens the pipeline, since a restarted
// server has none.

import { draft } from "./draft.js";
import { outbox } from "./outbox.js";

const SELECT_MS = 60;
const NOTHING = { nodes: [], edge: null };

export function createSelection(storage, send, isReloaded) {
  let chosen = NOTHING;
  let sent = "";
  let timer = 0;
  const key = () => `designer:selected:${draft.get().pipeline}`;

  function report() {
    if (!draft.get().opened) return;
    storage.setItem(key(), JSON.stringify(chosen.nodes));
    const text = JSON.stringify([draft.get().pipeline, chosen]);
    if (text === sent) return;
    sent = text;
    send(chosen);
  }

  function change(next) {
    chosen = next;
    clearTimeout(timer);
    timer = setTimeout(report, SELECT_MS);
  }

  return {
    change,
    // Python has no selection: send this one.
    tellAgain() {
      sent = "";
      change(chosen);
    },
    // The nodes selected before a reload; after navigation the selection is empty.
    kept() {
      const { document } = draft.get();
      if (!isReloaded) return [];
      isReloaded = false;
      try {
        return JSON.parse(storage.getItem(key()) ?? "[]").filter((id) => id in document.nodes);
      } catch {
        return [];
      }
    },
  };
}

const isReload = window.performance.getEntriesByType("navigation")[0]?.type === "reload";

export const selection = createSelection(window.sessionStorage, (nodesAndEdge) => outbox.onSelect(nodesAndEdge), isReload);
