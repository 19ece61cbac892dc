// The viewport that shows a whole document, from its layout alone: nothing has to be measured first.

import { getViewportForBounds } from "@xyflow/react";
import { CARD } from "./edits.js";

const PADDING = 0.06;
const LEAST_ZOOM = 0.2;

export function boundsOf(document) {
  const cards = Object.values(document.layout).map(([x, y]) => [x, y, x + CARD.width, y + CARD.height]);
  const notes = document.notes.map(({ x, y, width, height }) => [x, y, x + width, y + height]);
  const boxes = [...cards, ...notes];
  const [left, top] = [0, 1].map((side) => Math.min(...boxes.map((box) => box[side])));
  const [right, bottom] = [2, 3].map((side) => Math.max(...boxes.map((box) => box[side])));
  return { x: left, y: top, width: right - left, height: bottom - top };
}

export function fitting(element, document) {
  const { width, height } = element.getBoundingClientRect();
  return getViewportForBounds(boundsOf(document), width, height, LEAST_ZOOM, 1, PADDING);
}
