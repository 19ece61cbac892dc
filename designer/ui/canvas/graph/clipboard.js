// Copy, cut and paste as readable JSON: an excerpt of a pipeline document, usable in any tab or text editor.

import { draft } from "./draft.js";
import { places } from "./edits.js";
import { excerpt, insertionOf } from "./graph.js";
import { freePlace, freeShift } from "./placing.js";

// The bounds of the canvas; saved pipelines have no positions beyond.
const FARTHEST = 1e6;

export function textOf({ nodes, notes }) {
  return JSON.stringify(excerpt(draft.get().document, nodes, notes), null, 2);
}

export function readPart(text) {
  try {
    return soundPart(JSON.parse(text));
  } catch {
    return null;
  }
}

// The text may come from anywhere: drop whatever is not part of a pipeline.
function soundPart({ format, nodes, edges, notes, groups, layout, parameters }) {
  if (format !== 1 && format !== 2) return null;
  const entries = Object.entries(nodes ?? {}).filter(([, node]) => typeof node?.module === "string");
  const known = new Map(entries);
  const part = {
    nodes: Object.fromEntries(entries.map(([id, node]) => [id, { ...node, parameters: asMapping(node.parameters) }])),
    edges: asList(edges).filter((edge) => [edge?.source, edge?.output, edge?.target, edge?.input].every(isText)),
    notes: asList(notes).filter((note) => isText(note?.text) && [note.x, note.y, note.width, note.height].every(isPlace)),
    groups: asList(groups).filter((group) => isText(group?.title) && asList(group.nodes).some((id) => known.has(id))).map(soundGroup),
    layout: soundLayout(asMapping(layout), known),
    parameters: Object.fromEntries(Object.entries(asMapping(parameters)).filter(([, declared]) => isText(declared?.type))),
  };
  return known.size + part.notes.length > 0 ? part : null;
}

// Stack cards without a valid position next to the positioned ones.
function soundLayout(layout, nodes) {
  const has = (id) => asList(layout[id]).length === 2 && layout[id].every(isPlace);
  const positions = Object.fromEntries([...nodes.keys()].filter(has).map((id) => [id, layout[id]]));
  for (const id of nodes.keys()) positions[id] ??= freePlace(Object.values(positions), [0, 0]);
  return positions;
}

const isPlace = (value) => Number.isFinite(value) && Math.abs(value) <= FARTHEST;

const soundGroup = ({ title, nodes, collapsed }) => ({ title, nodes, ...(collapsed === true && { collapsed }) });

const isText = (value) => typeof value === "string";
const asList = (value) => (Array.isArray(value) ? value : []);
const asMapping = (value) => (value && typeof value === "object" && !Array.isArray(value) ? value : {});

// Insert an excerpt around a point, or next to the original, without overlaps; returns the new ids.
export function paste(part, point = null) {
  const [x, y] = point ? towards(part, point) : [0, 0];
  const copies = [...Object.values(part.layout), ...part.notes.map((note) => [note.x, note.y, note.width, note.height])];
  const [dx, dy] = freeShift(Object.values(places()), copies.map(([left, top, ...size]) => [left + x, top + y, ...size]));
  const { operations, ids } = insertionOf(draft.get().document, part, [x + dx, y + dy]);
  draft.edit(operations);
  return ids;
}

export function duplicate(selection) {
  return paste(excerpt(draft.get().document, selection.nodes, selection.notes));
}

function towards(part, { x, y }) {
  const points = [...Object.values(part.layout ?? {}), ...(part.notes ?? []).map((note) => [note.x, note.y])];
  if (points.length === 0) return [0, 0];
  const left = Math.min(...points.map(([px]) => px));
  const top = Math.min(...points.map(([, py]) => py));
  return [x - left, y - top].map((value) => Math.round(value / 4) * 4);
}
