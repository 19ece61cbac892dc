// Actions behind keys, buttons and menus. `flow` is the React Flow instance; `select` selects elements by id.

import { arranged } from "./graph/arrange.js";
import { duplicate } from "./graph/clipboard.js";
import { specOf } from "./graph/catalogue.js";
import { draft } from "./graph/draft.js";
import * as edits from "./graph/edits.js";
import { boxOf, fitting, revealing } from "./graph/fitting.js";
import { CARD, ZOOM } from "./graph/geometry.js";
import { flowsRight, groupsOf } from "./graph/graph.js";
import { frameId, groupOf, shownOf } from "./graph/groups.js";
import { command } from "./graph/outbox.js";
import { finder, quickAdd, renaming } from "./overlays.js";

const STEP = 4;
const ZOOM_STEP = 1.2;
const ARROWS = { ArrowUp: [0, -1], ArrowDown: [0, 1], ArrowLeft: [-1, 0], ArrowRight: [1, 0] };

export function createActions({ flow, select, pointer, middle }) {
  const calm = () => (window.matchMedia("(prefers-reduced-motion: reduce)").matches ? 0 : 280);
  const document = () => draft.get().document;
  const shown = () => shownOf(document());
  // `cards` are the selected elements as drawn, `nodes` the document nodes they represent.
  const chosen = () => {
    const nodes = flow.getNodes().filter((node) => node.selected);
    const cards = nodes.filter(({ type }) => type === "card" || type === "folded");
    return {
      cards: cards.map((node) => node.id),
      nodes: cards.flatMap(({ id, type }) => (type === "folded" ? (groupOf(document(), id)?.nodes ?? []) : [id])),
      notes: nodes.filter((node) => node.type === "note").map((node) => node.id.slice("note:".length)),
      edges: flow.getEdges().filter((edge) => edge.selected).map((edge) => edge.data.edge),
    };
  };
  const only = () => (chosen().nodes.length === 1 ? chosen().nodes[0] : null);
  const remove = (heal) => edits.remove(chosen(), heal);
  // The group whose card is selected, or whose members are exactly the selection.
  const wholeGroup = () => {
    const { cards, nodes } = chosen();
    const ids = new Set(nodes);
    const isWhole = ({ nodes: members }) => ids.size > 1 && members.length === ids.size && members.every((id) => ids.has(id));
    return (cards.length === 1 && groupOf(document(), cards[0])) || groupsOf(document()).find(isWhole);
  };

  // Collapse the groups of the selection, or expand them if all are collapsed.
  function fold() {
    const ids = new Set(chosen().nodes);
    const around = groupsOf(document()).filter(({ nodes }) => nodes.some((id) => ids.has(id)));
    const collapsed = around.some((group) => !group.collapsed);
    edits.fold(around.map(({ id }) => id), collapsed);
    if (collapsed) select([...ids]);
    else select(around.flatMap(({ nodes }) => nodes));
  }

  // Follow the wires along the data flow; otherwise step to the neighbour.
  function neighbour(id, direction) {
    const { edges, layout } = shown();
    const [along, across] = flowsRight(document()) ? [0, 1] : [1, 0];
    const place = (other, axis) => layout[other]?.[axis] ?? 0;
    const distance = (other) => Math.abs(place(other, across) - place(id, across));
    const nearest = (ids) => ids.sort((a, b) => distance(a) - distance(b))[0];
    if (direction[along] > 0) return nearest(edges.filter(({ source }) => source === id).map(({ target }) => target));
    if (direction[along] < 0) return nearest(edges.filter(({ target }) => target === id).map(({ source }) => source));
    const size = along === 1 ? CARD.height : CARD.width;
    const isBeside = (other) => other !== id && Math.abs(place(other, along) - place(id, along)) < size;
    const isAhead = (other) => (place(other, across) - place(id, across)) * direction[across] > 0;
    return nearest(Object.keys(layout).filter((other) => isBeside(other) && isAhead(other)));
  }

  // Start from the target of the last step while it is selected: a selection has no order.
  let reached = null;
  function walk(event, extend = false) {
    const before = chosen().cards;
    const start = before.includes(reached) ? reached : (before.at(-1) ?? Object.keys(shown().layout)[0]);
    const next = before.length > 0 ? neighbour(start, ARROWS[event.key]) : start;
    if (!next) return;
    reached = next;
    select(extend ? [...before, next] : [next]);
    reveal(next);
    focus(next);
  }

  const focus = (id) => window.document.querySelector(`.react-flow__node[data-id="${CSS.escape(id)}"]`)?.focus({ preventScroll: true });

  // Bring cards and notes into view; elements already in view do not move.
  function reveal(...ids) {
    const places = edits.places();
    const boxes = ids.map((id) => places[shown().hostOf(id)]).filter(Boolean).map(boxOf);
    const frame = window.document.querySelector(".designer-canvas")?.getBoundingClientRect();
    if (!frame || boxes.length === 0) return;
    const view = revealing(frame, flow.getViewport(), boxes);
    if (view) flow.setViewport(view, { duration: calm() });
  }

  // A newly added card may have been placed outside the view.
  function showNew(ids) {
    select(ids);
    reveal(...ids);
  }

  const heightOf = (id) => flow.getNode(id)?.measured?.height;

  async function tidy() {
    const { cards } = chosen();
    const ids = cards.length > 1 ? cards : Object.keys(shown().layout);
    if (ids.length === 0) return;
    edits.move(edits.clear(await arranged(document(), ids, heightOf)));
    if (cards.length < 2) fit();
  }

  // Turn the data flow and lay out everything for it, including collapsed groups, in one undo step.
  async function turn() {
    const isRight = !flowsRight(document());
    const expanded = { ...document(), groups: groupsOf(document()).map((group) => ({ ...group, collapsed: false })) };
    const places = await arranged(expanded, Object.keys(document().nodes), heightOf, isRight);
    const turned = { op: "turn", direction: isRight ? "right" : "down" };
    edits.move(edits.clear(places, (id) => id.startsWith("note:")), { before: [turned] });
    fit();
  }

  function fit() {
    const frame = window.document.querySelector(".designer-canvas");
    if (flow.getNodes().length > 0) flow.setViewport(fitting(frame, document()), { duration: calm() });
  }

  // A key pressed before the last step is done continues from that step's target.
  let goal = { zoom: 1, until: 0 };
  function zoomBy(factor) {
    const now = Date.now();
    const from = now < goal.until ? goal.zoom : flow.getZoom();
    goal = { zoom: Math.max(ZOOM.least, Math.min(ZOOM.most, from * factor)), until: now + calm() };
    flow.zoomTo(goal.zoom, { duration: calm() });
  }

  const actions = {
    chosen,
    reveal,
    showNew,
    addHere: () => quickAdd.open(pointer()),
    note() {
      const id = `note:${edits.addNote(flow.screenToFlowPosition(pointer()))}`;
      showNew([id]);
      renaming.open(id);
    },
    remove: () => remove(false),
    removeAndHeal: () => remove(true),
    duplicate: () => chosen().nodes.length + chosen().notes.length > 0 && showNew(duplicate(chosen())),
    undo: () => draft.undo(),
    redo: () => draft.redo(),
    fold,
    disable: () => edits.toggleDisabled(chosen().nodes),
    rename: () => wholeGroup() ? renaming.open(frameId(wholeGroup())) : only() && renaming.open(only()),
    group: () => chosen().nodes.length > 0 && renaming.open(frameId(edits.group(chosen().nodes))),
    ungroup: () => edits.ungroup(chosen().nodes),
    openSettings: () => window.document.querySelector("[data-settings] input, [data-settings] select, [data-settings] button:not([aria-haspopup='menu'])")?.focus(),
    selectAll: () => select([...flow.getNodes(), ...flow.getEdges()].filter((element) => element.type !== "frame").map(({ id }) => id)),
    selectNone: () => select([]),
    focusSelected: () => (only() ? focus(only()) : window.document.activeElement?.blur()),
    walk: (event) => walk(event),
    extend: (event) => walk(event, true),
    find: () => finder.open("nodes"),
    commands: () => finder.open("commands"),
    nudge(event) {
      const [dx, dy] = ARROWS[event.key];
      if (chosen().nodes.length > 0) edits.nudge(chosen().nodes, dx * STEP, dy * STEP);
    },
    alignRow: () => chosen().cards.length > 1 && edits.align(chosen().cards, "row"),
    alignColumn: () => chosen().cards.length > 1 && edits.align(chosen().cards, "column"),
    tidy,
    turn,
    fit,
    actualSize: () => flow.zoomTo(1, { duration: calm() }),
    zoomIn: () => zoomBy(ZOOM_STEP),
    zoomOut: () => zoomBy(1 / ZOOM_STEP),
    run: () => ask({}),
    runToHere: () => only() && ask({ to: only() }),
    cancel: () => command("cancel"),
    preview(event) {
      const port = only() && specOf(document().nodes[only()])?.outputs[Number(/\d/.exec(event.code)[0]) - 1];
      if (port) command("preview", { node: only(), port: port.name });
    },
    shortcuts: () => finder.open("shortcuts"),
    // A palette row activated by keyboard.
    addRow({ dataset: { module, parameters } }) {
      const spec = edits.specById(module);
      if (spec) actions.addAtMiddle(spec, JSON.parse(parameters || "{}"));
    },
    addAtMiddle: (spec, parameters) => showNew([edits.addModule(spec, flow.screenToFlowPosition(middle()), parameters)]),
  };

  return actions;
}

// Commit the focused field first; Python handles events in order, so `run` below sees the edit.
function ask(details) {
  if (window.document.activeElement?.closest?.("[data-settings]")) window.document.activeElement.blur();
  command("ask run", details);
}

// A run uses the saved draft: wait until the server has confirmed every edit.
export async function run(details) {
  await draft.whenSaved();
  command("run", details);
}
