// Where a card goes that is put on the canvas: where it was meant to, or the nearest place that no
// card or note covers.
// `designer/pipeline/placing.py` is the same rule in Python; both are held to `tests/pipeline/placing.json`.

import { CARD } from "./geometry.js";

const TALLEST = 86;
const REACH = 6;
const AROUND = [-1, 0, 1];
const MARGINS = [CARD.column - CARD.width, CARD.row - TALLEST];

// Up counts more, since data flows down.
const UP = 3;
const cost = ([x, y]) => x * x + (y < 0 ? UP * y : y) ** 2;

// Where to try, the nearest first.
const STEPS = range(REACH)
  .flatMap((i) => range(REACH).map((j) => [i * CARD.column, j * CARD.row]))
  .sort((a, b) => cost(a) - cost(b) || b[1] - a[1] || b[0] - a[0]);

function range(most) {
  return Array.from({ length: 2 * most + 1 }, (_, index) => index - most);
}

// How far what is put down together moves so that it covers nothing that stands. Of a card a place is its upper left corner
// [x, y], of a note [x, y, width, height].
export function freeShift(taken, moved) {
  const boxes = moved.map(boxOf);
  const isFree = standing(taken);
  if (boxes.every((box) => isFree(box, [0, 0]))) return [0, 0];
  const isRoomy = ([dx, dy]) => boxes.every(([x, y, width, height]) => isFree([x + dx, y + dy, width, height], MARGINS));
  const found = STEPS.find(isRoomy);
  if (found) return found;
  const edge = Math.max(...taken.map(boxOf).map(([x, , width]) => x + width)) + MARGINS[0];
  return [edge - Math.min(...boxes.map(([x]) => x)), 0];
}

// The place of one card or note that is wanted at a point.
export function freePlace(taken, [x, y, ...size]) {
  const [dx, dy] = freeShift(taken, [[x, y, ...size]]);
  return [x + dx, y + dy];
}

const boxOf = ([x, y, width = CARD.width, height = TALLEST]) => [x, y, width, height];

const isCard = ([, , width, height]) => width === CARD.width && height === TALLEST;

const meet = ([x, y, width, height], [left, top, wide, high], [across, down]) =>
  x < left + wide + across && left < x + width + across && y < top + high + down && top < y + height + down;

// Whether nothing is nearer than the margins; cards are kept by the cell of the canvas their corner is in.
function standing(taken) {
  const boxes = taken.map(boxOf);
  const notes = boxes.filter((box) => !isCard(box));
  const cells = new Map();
  const cellOf = ([x, y]) => [Math.floor(x / CARD.column), Math.floor(y / CARD.row)];
  for (const box of boxes.filter(isCard)) {
    const key = cellOf(box).join();
    cells.set(key, [...(cells.get(key) ?? []), box]);
  }
  const near = (box) => {
    if (!isCard(box)) return boxes;
    const [column, row] = cellOf(box);
    return [...AROUND.flatMap((i) => AROUND.flatMap((j) => cells.get(`${column + i},${row + j}`) ?? [])), ...notes];
  };
  return (box, margins) => !near(box).some((other) => meet(box, other, margins));
}
