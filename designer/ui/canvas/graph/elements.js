// Build React Flow elements from the document. Unchanged objects keep their identity, to avoid rendering them again.

import { useCallback, useEffect, useState } from "react";
import { applyEdgeChanges, applyNodeChanges } from "@xyflow/react";
import { specOf } from "./catalogue.js";
import { draft, useDraft } from "./draft.js";
import { CARD, portPoint } from "./geometry.js";
import { flowsRight, groupsOf } from "./graph.js";
import { frameBox, frameId, shownOf } from "./groups.js";
import { labels } from "./labels.js";

const HANDLE = 24;
const [DOWN, RIGHT] = [Object.freeze({ isRight: false }), Object.freeze({ isRight: true })];

export function useElements() {
  const document = useDraft((state) => state.document);
  const opened = useDraft((state) => state.opened);
  const [nodes, setNodes] = useState([]);
  const [edges, setEdges] = useState([]);

  useEffect(() => {
    setNodes((before) => nodesOf(document, before));
    setEdges((before) => edgesOf(document, before));
  }, [document, opened]);

  // Removals come from the draft only: ignore React Flow's own.
  const onNodesChange = useCallback((changes) => {
    const measured = new Set(changes.filter(({ dimensions }) => dimensions).map(({ id }) => id));
    for (const { id, dimensions } of changes) if (dimensions) labels.measured(id, dimensions.height);
    const kept = changes.filter((change) => change.type !== "remove");
    if (kept.length > 0) setNodes((before) => withPorts(applyNodeChanges(kept, before), measured));
  }, []);
  const onEdgesChange = useCallback((changes) => {
    const kept = changes.filter((change) => change.type !== "remove");
    if (kept.length > 0) setEdges((before) => applyEdgeChanges(kept, before));
  }, []);

  const select = useCallback((ids) => {
    const { hostOf } = shownOf(draft.get().document);
    const wanted = new Set(ids.map(hostOf));
    const mark = (element) =>
      Boolean(element.selected) === wanted.has(element.id) ? element : { ...element, selected: wanted.has(element.id) };
    setNodes((before) => nodesOf(draft.get().document, before).map(mark));
    setEdges((before) => edgesOf(draft.get().document, before).map(mark));
  }, []);

  return { nodes, edges, onNodesChange, onEdgesChange, select };
}

function nodesOf(document, before) {
  const known = new Map(before.map((node) => [node.id, node]));
  const shown = shownOf(document);
  const cards = shown.cards.map((id) => cardOf(document, id, known.get(id)));
  const folded = shown.groups.map((group) => groupCardOf(group, document, shown, known.get(frameId(group))));
  const notes = document.notes.map((note) => noteOf(note, known.get(`note:${note.id}`)));
  const heightOf = (id) => known.get(id)?.measured?.height;
  const framed = groupsOf(document).filter((group) => !group.collapsed);
  const frames = framed.map((group) => frameOf(group, document, known.get(frameId(group)), heightOf));
  return [...frames, ...notes, ...cards, ...folded];
}

// Selected and dragged by its title only, so that a selection box or a wire can start inside it.
function frameOf(group, document, known, heightOf) {
  const before = known?.type === "frame" ? known : undefined;
  const { x, y, width, height } = frameBox(group, document.layout, heightOf);
  const isSame = before && before.width === width && before.height === height && before.ariaLabel === group.title;
  if (isSame && (before.dragging || (before.position.x === x && before.position.y === y))) return before;
  return {
    ...before,
    id: frameId(group),
    type: "frame",
    position: { x, y },
    width,
    height,
    data: {},
    zIndex: -2,
    ariaLabel: group.title,
    selectable: false,
    draggable: false,
    connectable: false,
    style: { pointerEvents: "none" },
  };
}

function cardOf(document, id, before) {
  const [x, y] = document.layout[id] ?? [0, 0];
  const spec = specOf(document.nodes[id]);
  const label = document.nodes[id].title || spec?.title || document.nodes[id].module;
  const isRight = flowsRight(document);
  const ports = shownOf(document).portsOf(id);
  const isSame = before && before.ariaLabel === label && before.data.isRight === isRight && hasPorts(before, ports);
  if (isSame && (before.dragging || (before.position.x === x && before.position.y === y))) {
    return before;
  }
  return {
    ...before,
    id,
    type: "card",
    position: { x, y },
    data: isRight ? RIGHT : DOWN,
    ariaLabel: label,
    initialWidth: CARD.width,
    initialHeight: CARD.height,
    handles: isSame ? before.handles : handlesOf(ports, isRight, before?.measured?.height),
  };
}

const hasPorts = ({ handles }, { inputs, outputs }) =>
  handles.length === inputs.length + outputs.length && [...inputs, ...outputs].every(({ name }, index) => handles[index].id === name);

// The card of a collapsed group, rebuilt when its ports change.
function groupCardOf(group, document, shown, known) {
  const id = frameId(group);
  const before = known?.type === "folded" ? known : undefined;
  const [x, y] = shown.layout[id];
  const isRight = flowsRight(document);
  const ports = shown.portsOf(id);
  const key = JSON.stringify([group.title, isRight, ports]);
  const isSame = before?.data.key === key;
  if (isSame && (before.dragging || (before.position.x === x && before.position.y === y))) return before;
  return {
    ...before,
    id,
    type: "folded",
    position: { x, y },
    data: isSame ? before.data : { isRight, ports, key },
    ariaLabel: `Group ${group.title}`,
    initialWidth: CARD.width,
    initialHeight: CARD.height,
    handles: isSame ? before.handles : handlesOf(ports, isRight, before?.measured?.height),
  };
}

// Cards whose height changed have their ports elsewhere.
function withPorts(nodes, measured) {
  if (measured.size === 0) return nodes;
  const { portsOf } = shownOf(draft.get().document);
  return nodes.map((node) =>
    (node.type === "card" || node.type === "folded") && measured.has(node.id)
      ? { ...node, handles: handlesOf(portsOf(node.id), node.data.isRight, node.measured.height) }
      : node,
  );
}

// Port positions, needed for wires to cards outside the view, which are not rendered.
function handlesOf(ported, isRight, height) {
  const along = (ports, side, type, position) =>
    ports.map((port, index) => {
      const [x, y] = portPoint([0, 0], side, index, ports.length, height, isRight);
      return { id: port.name, type, position, x: x - HANDLE / 2, y: y - HANDLE / 2, width: HANDLE, height: HANDLE };
    });
  const [start, end] = isRight ? ["left", "right"] : ["top", "bottom"];
  return [...along(ported.inputs, "in", "target", start), ...along(ported.outputs, "out", "source", end)];
}

function noteOf(note, before) {
  const same =
    before &&
    (before.dragging || (before.position.x === note.x && before.position.y === note.y)) &&
    before.width === note.width &&
    before.height === note.height;
  if (same) return before;
  return {
    ...before,
    id: `note:${note.id}`,
    type: "note",
    position: { x: note.x, y: note.y },
    width: note.width,
    height: note.height,
    data: {},
    zIndex: -1,
    ariaLabel: "Note",
    connectable: false,
  };
}

function edgesOf(document, before) {
  const known = new Map(before.map((edge) => [edge.id, edge]));
  return shownOf(document).edges.map(({ edge, ...ends }) => {
    const before = known.get(ends.id);
    const isSame = before?.source === ends.source && before?.target === ends.target;
    return isSame ? before : { ...ends, type: "wire", data: { edge }, selected: before?.selected };
  });
}
