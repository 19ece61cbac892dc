// The viewport that shows a whole document, computed from its layout without measuring.

import { getViewportForBounds } from "@xyflow/react";
import { CARD } from "./geometry.js";
import { shownOf } from "./groups.js";

const LEAST_ZOOM = 0.2;
const READABLE = 0.75;
const MARGIN = 24;
const MAP = { width: 192, height: 132 };
const LEGEND = { width: 140, height: 190 };
const NOTHING = { width: 0, height: 0 };
// Height reserved at the lower edge for the tools and selection actions; also leaves room for two-line titles.
const EDGE = 66;

// On a small canvas the graph takes the space of explanatory elements.
export const hasRoomForMap = ({ width, height }) => width >= 720 && height >= 480;
export const hasRoomForLegend = ({ width, height }) => width >= 560 && height >= 540;

// The bounding box of a card, from its upper left corner, or of a note, which has its own size.
export const boxOf = ([x, y, width = CARD.width, height = CARD.height]) => [x, y, x + width, y + height];

function around(boxes) {
  const [left, top] = [0, 1].map((side) => Math.min(...boxes.map((box) => box[side])));
  const [right, bottom] = [2, 3].map((side) => Math.max(...boxes.map((box) => box[side])));
  return { x: left, y: top, width: right - left, height: bottom - top };
}

export function boundsOf(document) {
  const notes = document.notes.map(({ x, y, width, height }) => [x, y, width, height]);
  return around([...Object.values(shownOf(document).layout), ...notes].map(boxOf));
}

// The viewport that shows the boxes, or undefined if they are in view. Boxes cut by the edge are brought in by the
// shortest way; distant ones are centred at a readable zoom.
export function revealing({ width, height }, { x, y, zoom }, boxes) {
  const bounds = around(boxes);
  const start = [bounds.x * zoom + x, bounds.y * zoom + y];
  const size = [bounds.width * zoom, bounds.height * zoom];
  const room = [width, height];
  const isBeyond = (axis) => start[axis] + size[axis] < 0 || start[axis] > room[axis];
  const isTooLarge = [0, 1].some((axis) => size[axis] > room[axis] - 2 * MARGIN);
  if ([0, 1].some(isBeyond)) {
    const scale = Math.max(zoom, READABLE);
    return { x: width / 2 - (bounds.x + bounds.width / 2) * scale, y: height / 2 - (bounds.y + bounds.height / 2) * scale, zoom: scale };
  }
  if (isTooLarge) return null;
  const ends = [width - MARGIN, height - EDGE];
  const shift = (axis) => Math.max(MARGIN - start[axis], 0) + Math.min(ends[axis] - start[axis] - size[axis], 0);
  const [dx, dy] = [shift(0), shift(1)];
  return dx === 0 && dy === 0 ? null : { x: x + dx, y: y + dy, zoom };
}

// Keep cards clear of the map, the legend and the tools: try the whole canvas first, then without their columns and the
// lower edge.
export function fitting(element, document) {
  const { width, height } = element.getBoundingClientRect();
  if (Object.keys(document.nodes).length + document.notes.length === 0) return { x: 0, y: 0, zoom: 1 };
  const bounds = boundsOf(document);
  if (bounds.width * LEAST_ZOOM > width || bounds.height * LEAST_ZOOM > height) return first(document, { width, height });
  const within = (left, right, below) => {
    const view = getViewportForBounds(bounds, width - left - right, height - below, LEAST_ZOOM, 1, `${MARGIN}px`);
    return { ...view, x: view.x + left };
  };
  const map = hasRoomForMap({ width, height }) ? MAP : NOTHING;
  const legend = hasRoomForLegend({ width, height }) ? LEGEND : NOTHING;
  const sides = [[0, 0], [0, map.width], [legend.width, 0], [legend.width, map.width]];
  const tries = [0, EDGE - MARGIN].flatMap((below) => sides.map(([left, right]) => within(left, right, below)));
  return tries.find((view) => isClear(view, document, { width, height, map, legend })) ?? tries[0];
}

// For a graph that does not fit, show its beginning: its centre may be empty.
function first(document, { width, height }) {
  const { layout } = shownOf(document);
  const corners = [...Object.values(layout), ...document.notes.map(({ x, y }) => [x, y])];
  const [x, y] = corners.reduce((best, corner) => (corner[0] + corner[1] < best[0] + best[1] ? corner : best));
  return { x: width / 2 - (x + CARD.width / 2) * LEAST_ZOOM, y: height / 4 - y * LEAST_ZOOM, zoom: LEAST_ZOOM };
}

function isClear({ x, y, zoom }, document, { width, height, map, legend }) {
  return Object.values(shownOf(document).layout).every(([left, top]) => {
    const right = (left + CARD.width) * zoom + x;
    const bottom = (top + CARD.height) * zoom + y;
    const underMap = right > width - map.width && bottom > height - map.height;
    const underLegend = left * zoom + x < legend.width && bottom > height - legend.height;
    return !underMap && !underLegend && bottom <= height - EDGE + 1;
  });
}
