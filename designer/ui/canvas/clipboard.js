// Copy, cut and paste as readable JSON text: part of a pipeline document, good in any tab and any text editor.

import { draft } from "./draft.js";
import { excerpt, insertionOf } from "./graph.js";

const OFFSET = 24;

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

// A text may come from anywhere: what does not look like part of a pipeline is left out, or is none at all.
function soundPart({ format, nodes, edges, notes, groups, layout }) {
  if (format !== 1) return null;
  const entries = Object.entries(nodes ?? {}).filter(([, node]) => typeof node?.module === "string");
  const known = new Map(entries);
  const part = {
    nodes: Object.fromEntries(entries.map(([id, node]) => [id, { ...node, parameters: asMapping(node.parameters) }])),
    edges: asList(edges).filter((edge) => [edge?.source, edge?.output, edge?.target, edge?.input].every(isText)),
    notes: asList(notes).filter((note) => isText(note?.text) && [note.x, note.y, note.width, note.height].every(Number.isFinite)),
    groups: asList(groups).filter((group) => isText(group?.title) && asList(group.nodes).some((id) => known.has(id))).map(soundGroup),
    layout: Object.fromEntries(Object.entries(layout ?? {}).filter(([, place]) => asList(place).slice(0, 2).every(Number.isFinite) && place.length === 2)),
  };
  return known.size + part.notes.length > 0 ? part : null;
}

const soundGroup = ({ title, nodes, collapsed }) => ({ title, nodes, ...(collapsed === true && { collapsed }) });

const isText = (value) => typeof value === "string";
const asList = (value) => (Array.isArray(value) ? value : []);
const asMapping = (value) => (value && typeof value === "object" && !Array.isArray(value) ? value : {});

// Put a part on the canvas around a point, or beside the original; returns the new ids.
export function paste(part, point = null) {
  const shift = point ? towards(part, point) : [OFFSET, OFFSET];
  const { operations, ids } = insertionOf(draft.get().document, part, shift);
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
