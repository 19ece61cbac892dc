// How groups are drawn. An expanded group is a frame around its cards. A collapsed group is one card that replaces its
// members; wires across its border end at ports of that card.

import { specOf } from "./catalogue.js";
import { CARD } from "./geometry.js";
import { edgeKey, flowsRight, groupsOf } from "./graph.js";

const PADDING = { side: 16, top: 40, bottom: 24 };
const NONE = Object.freeze([]);
const NO_PORTS = Object.freeze({ inputs: [], outputs: [] });

// The id of a group's frame or card; node ids contain no colon.
export const frameId = (group) => `group:${group.id}`;

export const isGroup = (id) => id.startsWith("group:");

export const groupOf = (document, id) => groupsOf(document).find((group) => frameId(group) === id);

// A port of a group's card is named after the member's node and port.
const portName = (node, port) => `${node}/${port}`;

export function memberPort(id, name) {
  if (!isGroup(id)) return { node: id, port: name };
  const slash = name.lastIndexOf("/");
  return { node: name.slice(0, slash), port: name.slice(slash + 1) };
}

// The box of a frame: around its cards, whose heights may be known.
export function frameBox(group, layout, heightOf) {
  const { left, top, right, bottom } = membersBox(group, layout, heightOf);
  const [x, y] = [left - PADDING.side, top - PADDING.top];
  return { x, y, width: right + PADDING.side - x, height: bottom + PADDING.bottom - y };
}

function membersBox(group, layout, heightOf = () => undefined) {
  const corners = group.nodes.map((id) => [...(layout[id] ?? [0, 0]), heightOf(id) ?? CARD.height]);
  return {
    left: Math.min(...corners.map(([left]) => left)),
    top: Math.min(...corners.map(([, top]) => top)),
    right: Math.max(...corners.map(([left]) => left + CARD.width)),
    bottom: Math.max(...corners.map(([, top, height]) => top + height)),
  };
}

const known = new WeakMap();

// The drawn graph of a document: card ids, positions, wires, and the card that represents each node.
export function shownOf(document) {
  if (!known.has(document)) known.set(document, shown(document));
  return known.get(document);
}

function shown(document) {
  const folded = groupsOf(document).filter((group) => group.collapsed);
  const hosts = new Map(folded.flatMap((group) => group.nodes.map((id) => [id, frameId(group)])));
  const hostOf = (id) => hosts.get(id) ?? id;
  const places = folded.map((group) => [frameId(group), cardPlace(group, document.layout)]);
  const edges = document.edges.map((edge) => drawn(edge, hosts)).filter(({ source, target }) => source !== target);
  const ports = portsOfGroups(edges, document);
  const lost = lostPorts(document);
  return {
    hostOf,
    cards: Object.keys(document.nodes).filter((id) => !hosts.has(id)),
    groups: folded,
    layout: folded.length === 0 ? document.layout : Object.fromEntries([...Object.entries(document.layout).filter(([id]) => !hosts.has(id)), ...places]),
    edges,
    // The ports of a card, in order.
    portsOf: (id) => (isGroup(id) ? (ports.get(id) ?? NO_PORTS) : (lost.get(id) ?? specOf(document.nodes[id]) ?? NO_PORTS)),
  };
}

// At the centre of its members' bounding box.
export function cardPlace(group, layout) {
  const { left, top, right, bottom } = membersBox(group, layout);
  const middle = (from, to, size) => Math.round((from + to - size) / 8) * 4;
  return [middle(left, right, CARD.width), middle(top, bottom, CARD.height)];
}

function drawn(edge, hosts) {
  const [source, target] = [hosts.get(edge.source), hosts.get(edge.target)];
  return {
    id: edgeKey(edge),
    edge,
    source: source ?? edge.source,
    sourceHandle: source ? portName(edge.source, edge.output) : edge.output,
    target: target ?? edge.target,
    targetHandle: target ? portName(edge.target, edge.input) : edge.input,
  };
}

// Cards with ports that wires refer to but the module lacks, because it changed or is not installed: draw such wires so
// that users can see and delete them.
function lostPorts(document) {
  const specs = new Map();
  const add = (id, side, name) => {
    const { inputs = NONE, outputs = NONE } = specs.get(id) ?? specOf(document.nodes[id]) ?? {};
    const ports = { inputs, outputs };
    if (ports[side].some((port) => port.name === name)) return;
    specs.set(id, { ...ports, [side]: [...ports[side], { name, title: name, type: "any", optional: true, lost: Boolean(specOf(document.nodes[id])) }] });
  };
  for (const { source, output, target, input } of document.edges) {
    add(source, "outputs", output);
    add(target, "inputs", input);
  }
  return specs;
}

// Ordered by the members' positions, to reduce wire crossings.
function portsOfGroups(edges, document) {
  const ports = new Map();
  const add = (id, side, name) => {
    if (!isGroup(id)) return;
    const of = ports.get(id) ?? { inputs: [], outputs: [] };
    if (!of[side].some((port) => port.name === name)) of[side].push({ name, ...memberPort(id, name) });
    ports.set(id, of);
  };
  for (const { source, sourceHandle, target, targetHandle } of edges) {
    add(source, "outputs", sourceHandle);
    add(target, "inputs", targetHandle);
  }
  const across = flowsRight(document) ? 1 : 0;
  const place = ({ node }) => document.layout[node]?.[across] ?? 0;
  for (const { inputs, outputs } of ports.values()) [inputs, outputs].forEach((side) => side.sort((a, b) => place(a) - place(b)));
  return ports;
}

// Positions of cards as positions of nodes: members move with the card of their group.
export function membersMoved(document, positions) {
  const moved = {};
  for (const [id, { x, y }] of Object.entries(positions)) {
    const group = groupOf(document, id);
    if (!group?.collapsed) {
      moved[id] = { x, y };
      continue;
    }
    const [fromX, fromY] = shownOf(document).layout[id];
    for (const node of group.nodes) {
      const [left, top] = document.layout[node] ?? [0, 0];
      moved[node] = { x: left + Math.round((x - fromX) / 4) * 4, y: top + Math.round((y - fromY) / 4) * 4 };
    }
  }
  return moved;
}

// New positions of other cards and notes that make room for an expanded group; empty if there is room.
export function roomFor(document, group) {
  const box = frameBox(group, document.layout, () => CARD.height);
  const frame = { left: box.x, top: box.y, right: box.x + box.width, bottom: box.y + box.height };
  const [left, top] = shownOf(document).layout[frameId(group)];
  const card = { left, top, right: left + CARD.width, bottom: top + CARD.height };
  const cards = Object.entries(shownOf(document).layout)
    .filter(([id]) => id !== frameId(group))
    .map(([id, [x, y]]) => ({ id, left: x, top: y, right: x + CARD.width, bottom: y + CARD.height }));
  const notes = document.notes.map(({ id, x, y, width, height }) => ({ id: `note:${id}`, left: x, top: y, right: x + width, bottom: y + height }));
  const others = [...cards, ...notes];
  const members = group.nodes.map((id) => document.layout[id] ?? [0, 0]);
  const isMet = (other) =>
    members.some(([x, y]) => other.left < x + CARD.width && x < other.right && other.top < y + CARD.height && y < other.bottom);
  if (!others.some(isMet)) return {};
  return Object.fromEntries(others.map((other) => [other.id, away(other, card, frame)]));
}

function away({ left, top, right, bottom }, card, frame) {
  if (top >= card.bottom) return { x: left, y: top + frame.bottom - card.bottom };
  if (bottom <= card.top) return { x: left, y: top + frame.top - card.top };
  if (left >= card.right) return { x: left + frame.right - card.right, y: top };
  if (right <= card.left) return { x: left + frame.left - card.left, y: top };
  return { x: left, y: top };
}
