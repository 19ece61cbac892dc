// What is selected, as Python is told of it: once it rests and only when it differs. The browser owns the selection; it is
// kept in sessionStorage, so that a page loaded again shows it, and told anew whenever Python has opened the pipeline: after
// a restart of the server it knows of none.

import { draft } from "./draft.js";
import { outbox } from "./outbox.js";

const SELECT_MS = 60;
const NOTHING = { nodes: [], edge: null };

export function createSelection(storage, tell, isReloaded) {
  let chosen = NOTHING;
  let told = "";
  let timer = 0;
  const key = () => `designer:selected:${draft.get().pipeline}`;

  function report() {
    if (!draft.get().opened) return;
    storage.setItem(key(), JSON.stringify(chosen.nodes));
    const text = JSON.stringify([draft.get().pipeline, chosen]);
    if (text === told) return;
    told = text;
    tell(chosen);
  }

  function change(next) {
    chosen = next;
    clearTimeout(timer);
    timer = setTimeout(report, SELECT_MS);
  }

  return {
    change,
    // Python knows of no selection: tell it this one.
    tellAgain() {
      told = "";
      change(chosen);
    },
    // The nodes that were selected when the page was loaded again; a page that is come to begins with none.
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
