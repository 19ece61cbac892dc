// Place a new card at the wanted position, or at the nearest position without overlaps. `designer/pipeline/placing.py`
// implements the same rule in Python; tests/pipeline/placing.json covers both.

import { CARD } from "./geometry.js";

const TALLEST = 86;
const REACH = 6;
const AROUND = [-1, 0, 1];
const MARGINS = [CARD.column - CARD.width, CARD.row - TALLEST];

// Moving up costs more, since data flows down.
const UP = 3;
const cost = ([x, y]) => x * x + (y < 0 ? UP * y : y) ** 2;

// Candidate steps, nearest first.
const STEPS = range(REACH)
  .flatMap((i) => range(REACH).map((j) => [i * CARD.column, j * CARD.row]))
  .sort((a, b) => cost(a) - cost(b) || b[1] - a[1] || b[0] - a[0]);

function range(most) {
  return Array.from({ length: 2 * most + 1 }, (_, index) => index - most);
}

// The shift of elements placed together so that they overlap nothing. A card is given by its upper left corner [x, y],
// a note by [x, y, width, height].
export function freeShift(taken, moved) {
  const boxes = moved.map(boxOf);
  const isFree = standing(taken);
  if (boxes.every((box) => isFree(box, [0, 0]))) return [0, 0];
  const isRoomy = ([dx, dy]) => boxes.every(([x, y, width, height]) => isFree([x + dx, y + dy, width, height], MARGINS));
  const step = STEPS.find(isRoomy);
  if (step) return step;
  const edge = Math.max(...taken.map(boxOf).map(([x, , width]) => x + width)) + MARGINS[0];
  return [edge - Math.min(...boxes.map(([x]) => x)), 0];
}

// The position of one card or note near a point.
export function freePlace(taken, [x, y, ...size]) {
  const [dx, dy] = freeShift(taken, [[x, y, ...size]]);
  return [x + dx, y + dy];
}

const boxOf = ([x, y, width = CARD.width, height = TALLEST]) => [x, y, width, height];

const isCard = ([, , width, height]) => width === CARD.width && height === TALLEST;

const meet = ([x, y, width, height], [left, top, wide, high], [across, down]) =>
  x < left + wide + across && left < x + width + across && y < top + high + down && top < y + height + down;

// Whether nothing is within the margins; cards are indexed by the grid cell of their corner.
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
