// Cards, ports and wires as numbers: what has to be known before anything is measured.

export const CARD = { width: 232, height: 68, row: 108, column: 256 };

export const ZOOM = { least: 0.1, most: 2 };

const LEAST_BEND = 22;

const bendOf = (y1, y2) => Math.max(LEAST_BEND, Math.abs(y2 - y1) / 2);

export function wirePath([x1, y1], [x2, y2]) {
  const bend = bendOf(y1, y2);
  return `M${x1} ${y1}C${x1} ${y1 + bend} ${x2} ${y2 - bend} ${x2} ${y2}`;
}

// The point of a wire after a share of its way, 0 to 1.
export function wirePoint([x1, y1], [x2, y2], share) {
  const [t, u] = [share, 1 - share];
  const bend = bendOf(y1, y2);
  const x = x1 + (x2 - x1) * (3 * t * t - 2 * t * t * t);
  const y = u * u * u * y1 + 3 * u * u * t * (y1 + bend) + 3 * u * t * t * (y2 - bend) + t * t * t * y2;
  return [x, y];
}

// The share of the way at which a wire that runs down has come to a height.
export function shareAt(start, end, y) {
  let [low, high] = [0, 1];
  for (let step = 0; step < 12; step += 1) {
    const share = (low + high) / 2;
    if (wirePoint(start, end, share)[1] < y) low = share;
    else high = share;
  }
  return low;
}

// The middle of a port of a card whose upper left corner is at a point: port `index` of `count`.
export function portPoint([x, y], side, index, count, height = CARD.height) {
  return [x + (CARD.width * (index + 1)) / (count + 1), side === "in" ? y : y + height];
}
