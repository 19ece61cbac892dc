// Gestures as edits: each function turns one gesture into operations on the draft, in one undo step.

import { accepts, allSpecs, bridge, inWords, inputFor, outputFor, specOf } from "./catalogue.js";
import { draft } from "./draft.js";
import { edgeKey, flowsRight, groupsOf, newId } from "./graph.js";
import { cardPlace, frameId, membersMoved, roomFor, shownOf } from "./groups.js";
import { refusal } from "../dragged.js";
import { CARD, GAP } from "./geometry.js";
import { freePlace, freeShift } from "./placing.js";

export const snapped = ({ x, y }) => ({ x: Math.round(x / 4) * 4, y: Math.round(y / 4) * 4 });

const document = () => draft.get().document;

const NOTE = { width: 208, height: 80 };

// Counts operations of several edits that form one undo step.
let steps = 0;

const idFor = (module) => newId(module, (id) => Boolean(document().nodes[id]));

// Positions of drawn cards and notes, by id.
export const places = () => ({
  ...shownOf(document()).layout,
  ...Object.fromEntries(document().notes.map(({ id, x, y, width, height }) => [`note:${id}`, [x, y, width, height]])),
});

// Positions of all except some.
const standing = (...without) =>
  Object.entries(places()).filter(([id]) => !without.includes(id)).map(([, place]) => place);

// Positions of all after moving some.
const standingAfter = (moved) =>
  Object.entries(places()).map(([id, [x, y, ...size]]) => [moved[id]?.x ?? x, moved[id]?.y ?? y, ...size]);

function addition(spec, point, parameters = spec.parameters ?? {}, taken = standing()) {
  const wanted = snapped(point);
  const [x, y] = freePlace(taken, [wanted.x, wanted.y]);
  return { op: "add", id: idFor(spec.id), module: spec.id, version: spec.version, x, y, parameters };
}

// Apply operations created elsewhere in one step; added elements are placed without overlaps.
export function perform(operations, options) {
  const gone = operations.flatMap(({ op, ids }) => (op === "remove" ? ids : []));
  const taken = standing(...gone);
  const placed = operations.map((operation) => {
    if (operation.op !== "add") return operation;
    const [x, y] = freePlace(taken, [operation.x ?? 0, operation.y ?? 0]);
    taken.push([x, y]);
    return { ...operation, x, y };
  });
  draft.edit(placed, options);
}

// Add a module centred at a point.
export function addModule(spec, point, parameters) {
  const at = { x: point.x - CARD.width / 2, y: point.y - CARD.height / 2 };
  const operation = addition(spec, at, parameters);
  draft.edit([operation]);
  return operation.id;
}

// Add a module at the loose end of a wire and connect it.
export function addAtWire(spec, { node, port, side }, point) {
  const isRight = flowsRight(document());
  const [across, down] = side === "out" ? [0, 0] : [CARD.width, CARD.height];
  const at = isRight
    ? { x: point.x - across, y: point.y - CARD.height / 2 }
    : { x: point.x - CARD.width / 2, y: point.y - down };
  const operation = addition(spec, at);
  const type = portOf(node, port, side)?.type ?? "any";
  const other = side === "out" ? inputFor(spec, type) : outputFor(spec, type);
  const wire =
    side === "out"
      ? { op: "connect", source: node, output: port, target: operation.id, input: other?.name }
      : { op: "connect", source: operation.id, output: other?.name, target: node, input: port };
  draft.edit(other ? [operation, wire] : [operation]);
  return operation.id;
}

// The ports through which a module can be inserted into a wire; undefined if there are none.
export function portsOnWire(spec, edge) {
  const type = portOf(edge.source, edge.output, "out")?.type;
  const need = portOf(edge.target, edge.input, "in")?.type;
  if (!type || !need) return null;
  const input = spec.inputs.find((port) => port.type === type) ?? spec.inputs.find((port) => accepts(port.type, type));
  const output = spec.outputs.find((port) => port.type === need) ?? spec.outputs.find((port) => accepts(need, port.type));
  return input && output ? { input, output } : null;
}

// Insert a module into a wire; cards below make room.
export function insertOnWire(spec, edge, point) {
  const ports = portsOnWire(spec, edge);
  if (!ports) return null;
  const { place, moved } = roomOnWire(edge, snapped({ x: point.x - CARD.width / 2, y: point.y - CARD.height / 2 }));
  const operation = addition(spec, place, undefined, standingAfter(moved));
  const operations = [
    { op: "disconnect", ...edge },
    operation,
    { op: "connect", source: edge.source, output: edge.output, target: operation.id, input: ports.input.name },
    { op: "connect", source: operation.id, output: ports.output.name, target: edge.target, input: edge.input },
  ];
  move(moved, { before: operations });
  return operation.id;
}

// The place of a card inserted into a wire, and the new positions of the cards and notes from the wire's end on: they
// make room only if the wanted place is taken.
function roomOnWire({ source, target }, wanted) {
  const { layout, hostOf } = shownOf(document());
  const [start, end] = [layout[hostOf(source)], layout[hostOf(target)]];
  const [along, step] = flowsRight(document()) ? [0, CARD.width + GAP.right] : [1, CARD.row];
  const isFree = freeShift(standing(), [[wanted.x, wanted.y]]).every((shift) => shift === 0);
  if (isFree || end[along] <= start[along]) return { place: wanted, moved: {} };
  const place = [(start[0] + end[0]) / 2, (start[1] + end[1]) / 2];
  place[along] = start[along] + step;
  const shift = [0, 0];
  shift[along] = Math.max(0, place[along] + step - end[along]);
  const beyond = Object.entries(places()).filter(([, corner]) => corner[along] >= end[along]);
  const moved = beyond.map(([id, [x, y]]) => [id, { x: x + shift[0], y: y + shift[1] }]);
  return { place: { x: place[0], y: place[1] }, moved: Object.fromEntries(moved) };
}

export function connect(edge) {
  const exists = document().edges.some((other) => edgeKey(other) === edgeKey(edge));
  if (!exists) draft.edit([{ op: "connect", ...edge }]);
}

// A wire dropped on a card, not on a port, connects to the first compatible port, free ones first.
export function connectToCard(wire, node) {
  const spec = specOf(document().nodes[node]);
  const side = wire.side === "out" ? "in" : "out";
  const ports = (side === "in" ? spec?.inputs : spec?.outputs) ?? [];
  const fitting = ports.filter((port) => !refusal(wire, { node, port, side }));
  const taken = (port) => document().edges.some((edge) => edge.target === node && edge.input === port.name);
  const port = fitting.find((candidate) => side === "out" || !taken(candidate)) ?? fitting[0];
  if (!port) return false;
  connect(edgeBetween(wire, { node, port, side }));
  return true;
}

export function edgeBetween(wire, { node, port }) {
  return wire.side === "out"
    ? { source: wire.node, output: wire.port.name, target: node, input: port.name }
    : { source: node, output: port.name, target: wire.node, input: wire.port.name };
}

// The reason why a wire is refused, and the fix if there is one: { text, fix: { label, run } }.
export function refusalInWords(wire, end) {
  const code = refusal(wire, end);
  if (code === "same side") {
    const side = end.side === "in" ? "inputs" : "outputs";
    return { text: `Both ends are ${side}: connect an output at the bottom of a card to an input at the top of another.` };
  }
  if (code === "circle") return { text: "The wire would create a cycle: data would flow back to its own source." };
  const edge = edgeBetween(wire, end);
  const [have, need] = wire.side === "out" ? [wire.port.type, end.port.type] : [end.port.type, wire.port.type];
  const target = specOf(document().nodes[edge.target]);
  const between = bridge(have, need, specOf(document().nodes[edge.source]));
  const text = `${target.title} needs ${inWords(need)} here, not ${inWords(have)}.`;
  if (!between) return { text };
  return { text, fix: { label: `Insert ${between.title}`, run: () => insertBridge(between, edge, have, need) } };
}

function insertBridge(spec, edge, have, need) {
  const [[x1, y1], [x2, y2]] = [edge.source, edge.target].map((id) => document().layout[id] ?? [0, 0]);
  const operation = addition(spec, { x: (x1 + x2) / 2, y: (y1 + y2) / 2 });
  const input = spec.inputs.find((port) => port.type === have);
  const output = spec.outputs.find((port) => port.type === need);
  draft.edit([
    operation,
    { op: "connect", source: edge.source, output: edge.output, target: operation.id, input: input.name },
    { op: "connect", source: operation.id, output: output.name, target: edge.target, input: edge.input },
  ]);
}

// Delete nodes, notes and wires; with healing, connect the tables on both sides of a deleted node.
export function remove({ nodes, notes, edges }, heal = false) {
  const gone = new Set(nodes);
  const loose = edges.filter((edge) => !gone.has(edge.source) && !gone.has(edge.target));
  const joined = heal ? nodes.flatMap((id) => healing(id, gone)) : [];
  draft.edit([
    ...loose.map((edge) => ({ op: "disconnect", ...edge })),
    ...(nodes.length > 0 ? [{ op: "remove", ids: nodes }] : []),
    ...notes.map((id) => ({ op: "remove_note", id })),
    ...joined,
  ]);
}

function healing(id, gone) {
  const { edges } = document();
  const into = edges.find((edge) => edge.target === id && portOf(edge.source, edge.output, "out")?.type === "data");
  const origin = into && upstreamOf(into, gone);
  if (!origin) return [];
  return edges
    .filter((edge) => edge.source === id && !gone.has(edge.target))
    .filter((edge) => accepts(portOf(edge.target, edge.input, "in")?.type, "data"))
    .filter((edge) => portOf(edge.source, edge.output, "out")?.type === "data")
    .map((edge) => ({ op: "connect", ...origin, target: edge.target, input: edge.input }));
}

// The source of a wire's data when the nodes in between are deleted too.
function upstreamOf(edge, gone) {
  if (!gone.has(edge.source)) return { source: edge.source, output: edge.output };
  const before = document().edges.find(
    (other) => other.target === edge.source && portOf(other.source, other.output, "out")?.type === "data",
  );
  return before ? upstreamOf(before, gone) : null;
}

export function toggleDisabled(ids) {
  const disabled = ids.some((id) => !document().nodes[id]?.disabled);
  if (ids.length > 0) draft.edit([{ op: "disable", ids, disabled }]);
}

export function addNote(point) {
  const wanted = snapped(point);
  const [x, y] = freePlace(standing(), [wanted.x, wanted.y, NOTE.width, NOTE.height]);
  const id = newId("note", (name) => document().notes.some((note) => note.id === name));
  draft.edit([{ op: "note", id, text: "", x, y, ...NOTE }]);
  return id;
}

// Group nodes under a name; returns the group.
export function group(nodes) {
  const taken = (name) => groupsOf(document()).some((other) => other.id === name);
  const made = { id: newId("group", taken), title: "Group", nodes };
  draft.edit([{ op: "group", ...made }]);
  return made;
}

// Ungroup the groups of these nodes.
export function ungroup(nodes) {
  const around = groupsOf(document()).filter((other) => other.nodes.some((id) => nodes.includes(id)));
  draft.edit(around.map(({ id }) => ({ op: "ungroup", id })));
}

// Collapse or expand groups; cards in the way of an expanded group make room.
export function fold(ids, collapsed) {
  const folded = groupsOf(document()).filter((group) => ids.includes(group.id) && Boolean(group.collapsed) !== collapsed);
  steps += 1;
  for (const group of folded) {
    const { collapsed: _, ...others } = group;
    const operation = { op: "group", ...others, ...(collapsed && { collapsed }) };
    move(collapsed ? roomForCard(group) : roomFor(document(), group), { before: [operation], merge: `fold ${steps}` });
  }
}

// New positions of a group's members so that its card covers no other; empty if nothing has to move.
function roomForCard(group) {
  const { layout } = document();
  const [dx, dy] = freeShift(standing(...group.nodes, frameId(group)), [cardPlace(group, layout)]);
  if (dx === 0 && dy === 0) return {};
  return Object.fromEntries(group.nodes.map((id) => [id, { x: layout[id][0] + dx, y: layout[id][1] + dy }]));
}

// Expand the collapsed group that contains a node, if any.
export function unfoldAround(node) {
  const around = groupsOf(document()).filter((group) => group.collapsed && group.nodes.includes(node));
  fold(around.map(({ id }) => id), false);
}

// Move cards and notes to new positions, notes with their own operation; `before` are operations of the same step.
export function move(positions, { before: first = [], ...options } = {}) {
  const nodes = {};
  const operations = [];
  for (const [id, point] of Object.entries(membersMoved(document(), positions))) {
    const { x, y } = snapped(point);
    const note = id.startsWith("note:") && document().notes.find((other) => `note:${other.id}` === id);
    if (note && (note.x !== x || note.y !== y)) operations.push({ op: "note", ...note, x, y });
    const before = document().layout[id];
    if (document().nodes[id] && (before?.[0] !== x || before?.[1] !== y)) nodes[id] = [x, y];
  }
  if (Object.keys(nodes).length > 0) operations.unshift({ op: "move", positions: nodes });
  draft.edit([...first, ...operations], options);
}

export function nudge(ids, dx, dy) {
  const points = pointsOf(ids).map(([id, { x, y }]) => [id, { x: x + dx, y: y + dy }]);
  move(Object.fromEntries(points), { merge: `nudge ${ids.join(" ")}` });
}

// Align cards on their mean: "row" gives them one height, "column" one left edge. Overlapping cards move apart, and all
// of them together move off other elements.
export function align(ids, along) {
  const [axis, other, size, step] = along === "row" ? ["y", "x", CARD.width, CARD.column] : ["x", "y", CARD.height, CARD.row];
  const points = pointsOf(ids).sort(([, a], [, b]) => a[other] - b[other]);
  const common = points.reduce((sum, [, point]) => sum + point[axis], 0) / points.length;
  let last = -Infinity;
  const aligned = points.map(([id, point]) => {
    last = point[other] - last < size ? last + step : point[other];
    return [id, { [axis]: common, [other]: last }];
  });
  move(clear(Object.fromEntries(aligned)));
}

// Place laid-out cards together, without covering other cards or notes.
export function clear(laidOut, stays = (id) => !laidOut[id]) {
  const others = Object.entries(places()).filter(([id]) => stays(id)).map(([, place]) => place);
  const [dx, dy] = freeShift(others, Object.values(laidOut).map(({ x, y }) => [x, y]));
  return Object.fromEntries(Object.entries(laidOut).map(([id, { x, y }]) => [id, { x: x + dx, y: y + dy }]));
}

function pointsOf(ids) {
  return ids.map((id) => {
    const [x, y] = shownOf(document()).layout[id] ?? document().layout[id] ?? [0, 0];
    return [id, { x, y }];
  });
}

export function portOf(node, name, side) {
  const spec = specOf(document().nodes[node]);
  return (side === "out" ? spec?.outputs : spec?.inputs)?.find((port) => port.name === name);
}

export const specById = (id) => allSpecs().find((spec) => spec.id === id || spec.replaces.includes(id));
