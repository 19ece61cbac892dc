// The way from Python to the canvas: `window.designerCanvas`, called in order by rx.call_script.

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
      // Typed before a reload, and no edit yet.
      for (const [field, text] of draft.typed()) command("typed", { field, text });
      answerAsked(inbox);
    },
    // Modules came, changed or went.
    teach(message) {
      fillCatalogue(message.catalogue, message.datasets);
      draft.redraw();
    },
    // Whether this canvas holds the pipeline that the address names.
    isOpen: () => draft.get().opened && window.location.pathname.includes(draft.get().pipeline),
    reopen: () => outbox.onReady(),
    confirm: draft.confirm,
    // Another tab edited too: the document that holds both.
    merge: draft.merge,
    catchUp: draft.catchUp,
    refuse(message) {
      draft.refuse(message);
      notice.open({ text: message.reason });
    },
    // The server took what was typed into a field; what was typed since is still to come.
    written(field, text) {
      if (draft.typed().some((entry) => entry[0] === field && entry[1] === text)) draft.type(field, null);
    },
    glanced: answerGlance,
    notify: (text) => notice.open({ text }),
    // Fields by node id, or by "node/port" for what hangs on wires.
    mark: (news) => marks.merge(news),
    // Forget these fields everywhere: a new run begins.
    unmark(fields) {
      const gone = Object.fromEntries(fields.map((field) => [field, null]));
      marks.merge(Object.fromEntries([...marks.entries().keys()].map((key) => [key, gone])));
    },
    // A run ended: only what came out of it has a size.
    keepSizes(outlets) {
      const kept = new Set(outlets);
      const gone = [...marks.entries()].filter(([key, { shape }]) => shape && !kept.has(key));
      marks.merge(Object.fromEntries(gone.map(([key]) => [key, { shape: null }])));
    },
    edit: perform,
    // Lead to a node, and to one of its fields once the panel has drawn it.
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

// What the user asked for on this page while its pipeline was not open yet.
function answerAsked(inbox) {
  const asked = window.designerAsked ?? [];
  delete window.designerAsked;
  asked.filter(({ path }) => path === window.location.pathname).forEach(({ ask }) => ask(inbox));
}

function focusField(name, tries = 20) {
  const found = document.querySelector(`[data-settings] [data-field="${CSS.escape(name)}"]`);
  if (found) found.focus();
  else if (tries > 0) setTimeout(() => focusField(name, tries - 1), 100);
}
