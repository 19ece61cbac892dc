// Request a layout from the worker. Unwired nodes form a separate column on the right.

import { CARD, GAP } from "./geometry.js";
import { flowsRight, groupsOf } from "./graph.js";
import { shownOf } from "./groups.js";

let worker = null;
let number = 0;
const waiting = new Map();

function started() {
  if (worker) return worker;
  worker = new Worker(new URL("./arrange_worker.js", import.meta.url), { type: "module" });
  worker.onmessage = ({ data }) => {
    waiting.get(data.number)?.(data.positions);
    waiting.delete(data.number);
  };
  return worker;
}

// Resolves to positions for these cards, around their current centre.
export function arranged(document, ids, heights, isRight = flowsRight(document)) {
  const kept = new Set(ids);
  const nodes = ids.map((id) => ({ id, width: CARD.width, height: heights(id) ?? CARD.height }));
  const edges = shownOf(document).edges.filter((edge) => kept.has(edge.source) && kept.has(edge.target));
  number += 1;
  const framed = groupsOf(document).filter((group) => !group.collapsed);
  const groups = framed.map(({ id, nodes: members }) => ({ id, nodes: members.filter((node) => kept.has(node)) }));
  started().postMessage({ number, nodes, edges, groups, isRight, gap: isRight ? GAP.right : GAP.down });
  return new Promise((resolve) => waiting.set(number, (positions) => resolve(anchored(document, positions))));
}

function anchored(document, positions) {
  const ids = Object.keys(positions);
  const corner = (points) => [0, 1].map((axis) => Math.min(...points.map((point) => point[axis])));
  const before = corner(ids.map((id) => shownOf(document).layout[id] ?? [0, 0]));
  const after = corner(ids.map((id) => positions[id]));
  const shift = [0, 1].map((axis) => before[axis] - after[axis]);
  return Object.fromEntries(ids.map((id) => [id, { x: positions[id][0] + shift[0], y: positions[id][1] + shift[1] }]));
}
