// Copy, cut and paste as readable JSON text: part of a pipeline document, good in any tab and any text editor.

import { draft } from "./draft.js";
import { excerpt, insertionOf } from "./graph.js";

const OFFSET = 24;

export function textOf({ nodes, notes }) {
  return JSON.stringify(excerpt(draft.get().document, nodes, notes), null, 2);
}

export function readPart(text) {
  try {
    const part = JSON.parse(text);
    return part && typeof part.nodes === "object" && part.format === 1 ? part : null;
  } catch {
    return null;
  }
}

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
