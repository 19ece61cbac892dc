// Geometry of cards, ports and wires, computed before anything is measured. If data flows to the right instead of down,
// the axes are swapped.

export const CARD = { width: 232, height: 68, row: 108, column: 256 };

// Space between consecutive cards, enough for a badge.
export const GAP = { down: CARD.row - CARD.height, right: 112 };

export const ZOOM = { least: 0.1, most: 2 };

const LEAST_BEND = 22;

const exchanged = ([x, y]) => [y, x];

// The two control points of a wire.
function controls(start, end, isRight) {
  if (isRight) return controls(exchanged(start), exchanged(end), false).map(exchanged);
  const bend = Math.max(LEAST_BEND, Math.abs(end[1] - start[1]) / 2);
  return [[start[0], start[1] + bend], [end[0], end[1] - bend]];
}

export function wirePath(start, end, isRight) {
  const [first, second] = controls(start, end, isRight);
  return `M${start.join(" ")}C${first.join(" ")} ${second.join(" ")} ${end.join(" ")}`;
}

// The point of a wire at a curve parameter from 0 to 1.
export function wirePoint(start, end, share, isRight) {
  const [first, second] = controls(start, end, isRight);
  const [t, u] = [share, 1 - share];
  return [0, 1].map((i) => u * u * u * start[i] + 3 * u * u * t * first[i] + 3 * u * t * t * second[i] + t * t * t * end[i]);
}

// The parameter at which a wire reaches a given position along the flow axis.
export function shareAt(start, end, place, isRight) {
  let [low, high] = [0, 1];
  for (let step = 0; step < 12; step += 1) {
    const share = (low + high) / 2;
    if (wirePoint(start, end, share, isRight)[isRight ? 0 : 1] < place) low = share;
    else high = share;
  }
  return low;
}

// The centre of a card's port from the card's upper left corner: port `index` of `count`.
export function portPoint([x, y], side, index, count, height = CARD.height, isRight = false) {
  const share = (index + 1) / (count + 1);
  if (isRight) return [side === "in" ? x : x + CARD.width, y + height * share];
  return [x + CARD.width * share, side === "in" ? y : y + height];
}
