// Messages from Python to the canvas: `window.designerCanvas`, called in order by rx.call_script.

import { fillCatalogue } from "./catalogue.js";
import { run } from "../actions.js";
import { draft } from "./draft.js";
import { perform, specById, unfoldAround } from "./edits.js";
import { answerGlance } from "../cards/glance.js";
import { marks } from "./marks.js";
import { command, outbox } from "./outbox.js";
import { notice } from "../overlays.js";
import { selection } from "./selection.js";

export function createInbox({ select, actions }) {
  const inbox = {
    open(message) {
      fillCatalogue(message.catalogue, message.datasets);
      const { pipeline, opened } = draft.get();
      if (message.pipeline !== pipeline) marks.clear();
      draft.open(message);
      if (!opened || message.pipeline !== pipeline) select(selection.kept());
      selection.tellAgain();
      // Typed before a reload and not yet an edit.
      for (const [field, text] of draft.typed()) command("typed", { field, text });
      answerRequests(inbox);
    },
    // Modules were added, changed or removed.
    teach(message) {
      fillCatalogue(message.catalogue, message.datasets);
      draft.redraw();
    },
    // Whether this canvas shows the pipeline in the address.
    isOpen: () => draft.get().opened && window.location.pathname.includes(draft.get().pipeline),
    reopen: () => outbox.onReady(),
    confirm: draft.confirm,
    // Merged with another tab's edits: the document contains both.
    merge: draft.merge,
    catchUp: draft.catchUp,
    refuse(message) {
      draft.refuse(message);
      notice.open({ text: message.reason });
    },
    // The server took a field's text; newer text is still pending.
    written(field, text) {
      if (draft.typed().some((entry) => entry[0] === field && entry[1] === text)) draft.type(field, null);
    },
    glanced: answerGlance,
    notify: (text) => notice.open({ text }),
    // Fields by node id, or by "node/port" for wires.
    mark: (news) => marks.merge(news),
    // Clear these fields everywhere: a new run begins.
    unmark(fields) {
      const gone = Object.fromEntries(fields.map((field) => [field, null]));
      marks.merge(Object.fromEntries([...marks.entries().keys()].map((key) => [key, gone])));
    },
    // A run ended: only outputs of that run have a size.
    keepSizes(outlets) {
      const kept = new Set(outlets);
      const gone = [...marks.entries()].filter(([key, { shape }]) => shape && !kept.has(key));
      marks.merge(Object.fromEntries(gone.map(([key]) => [key, { shape: null }])));
    },
    edit: perform,
    // Go to a node, and to one of its fields once the panel has rendered it.
    show(id, field = "") {
      unfoldAround(id);
      select([id]);
      actions.reveal(id);
      if (field) focusField(field);
    },
    add(module, parameters) {
      const spec = specById(module);
      if (spec) actions.addAtMiddle(spec, parameters);
    },
    run,
    act: (name) => actions[name]?.(),
    pending: () => draft.get().waiting,
  };
  return inbox;
}

// Requests made on this page before its pipeline was open.
function answerRequests(inbox) {
  const requests = window.designerRequests ?? [];
  delete window.designerRequests;
  requests.filter(({ path }) => path === window.location.pathname).forEach(({ ask }) => ask(inbox));
}

function focusField(name, tries = 20) {
  const field = document.querySelector(`[data-settings] [data-field="${CSS.escape(name)}"]`);
  if (field) field.focus();
  else if (tries > 0) setTimeout(() => focusField(name, tries - 1), 100);
}
