// Where the badges of wires stand: on their wire, never over a card or over each other. A size is said once for each
// port, on its straightest wire; the others say it when they are pointed at. Worked out for all wires at once when the
// document, a height or a mark changes; while a card is dragged, a badge keeps its share of the way.

import { useSyncExternalStore } from "react";
import { draft } from "./draft.js";
import { CARD, GAP, portPoint, shareAt, wirePoint } from "./geometry.js";
import { flowsRight } from "./graph.js";
import { shownOf } from "./groups.js";
import { marks } from "./marks.js";

const BADGE = { height: 20, letter: 6.2, padding: 16, warning: 36 };
const CLEARANCE = 3;
// What is in different strips of the canvas cannot meet.
const STRIP = 128;
// Shares of the way to try, the best first.
const SHARES = [0.5, 0.38, 0.62, 0.26, 0.74, 0.16, 0.84];
// A wire past other cards: in the gap before its end, in the gap after its beginning, then between.
const LONG = 2.5;
const USUAL = Object.freeze({ share: 0.5, isShown: true });

export function createLabels(draft, marks) {
  const heights = new Map();
  const listeners = new Map();
  let places = new Map();
  let isPlanned = false;

  function renew() {
    isPlanned = false;
    const before = places;
    places = placesOf(draft.get().document, marks, heights);
    for (const id of new Set([...before.keys(), ...places.keys()])) {
      const [old, now] = [before.get(id) ?? USUAL, places.get(id) ?? USUAL];
      if (old.share === now.share && old.isShown === now.isShown) places.set(id, old);
      else listeners.get(id)?.forEach((listener) => listener());
    }
  }

  function plan() {
    if (isPlanned) return;
    isPlanned = true;
    queueMicrotask(renew);
  }

  let document = null;
  draft.subscribe(() => {
    if (draft.get().document !== document) plan();
    document = draft.get().document;
  });
  marks.subscribe("*", plan);

  return {
    get: (id) => places.get(id) ?? USUAL,
    // A card has another height than it had.
    measured(id, height) {
      if (heights.get(id) === height) return;
      heights.set(id, height);
      plan();
    },
    subscribe(id, listener) {
      if (!listeners.has(id)) listeners.set(id, new Set());
      listeners.get(id).add(listener);
      return () => listeners.get(id)?.delete(listener);
    },
  };
}

export function placesOf(document, marks, heights) {
  const taken = createStrips();
  const shown = shownOf(document);
  for (const [id, [x, y]] of Object.entries(shown.layout)) {
    taken.add({ left: x, right: x + CARD.width, top: y, bottom: y + (heights.get(id) ?? CARD.height) });
  }
  const isRight = flowsRight(document);
  const badges = shown.edges.map((wire) => badgeOf(wire, shown, isRight, marks, heights)).filter(Boolean);
  const straightest = new Map();
  for (const badge of badges) {
    const other = straightest.get(badge.port);
    if (!other || badge.detour < other.detour) straightest.set(badge.port, badge);
  }
  const places = new Map();
  // Warnings have to be seen: they choose first.
  for (const badge of badges.sort((a, b) => Boolean(b.warning) - Boolean(a.warning))) {
    const isWanted = badge.warning || straightest.get(badge.port) === badge;
    const share = isWanted ? freeShare(badge, taken) : undefined;
    places.set(badge.id, { share: share ?? USUAL.share, isShown: share !== undefined || Boolean(badge.warning) });
    if (isWanted && places.get(badge.id).isShown) taken.add(boxOf(badge, places.get(badge.id).share));
  }
  return places;
}

function badgeOf({ id, edge, ...ends }, shown, isRight, marks, heights) {
  const port = `${edge.source}/${edge.output}`;
  const [{ shape = "" }, { warning }] = [marks.get(port), marks.get(`wire:${id}`)];
  const [start, end] = [endOf(ends.source, ends.sourceHandle, "out"), endOf(ends.target, ends.targetHandle, "in")];
  if ((!shape && !warning) || !start || !end) return null;
  const text = shape.length * BADGE.letter + (warning ? warning.word.length * BADGE.letter + BADGE.warning : 0);
  const [along, across] = isRight ? [0, 1] : [1, 0];
  const detour = Math.abs(end[across] - start[across]) + (end[along] < start[along] ? 10_000 : 0);
  return { id, port, start, end, isRight, warning, detour, width: text + BADGE.padding };

  function endOf(node, name, side) {
    const ported = shown.portsOf(node);
    const ports = (side === "in" ? ported?.inputs : ported?.outputs) ?? [];
    const index = ports.findIndex((other) => other.name === name);
    return index < 0 ? null : portPoint(shown.layout[node] ?? [0, 0], side, index, ports.length, heights.get(node), isRight);
  }
}

function freeShare(badge, taken) {
  const { start, end, isRight } = badge;
  const [axis, gap] = isRight ? [0, GAP.right] : [1, GAP.down];
  const places = end[axis] - start[axis] < LONG * gap ? [] : [end[axis] - gap / 2, start[axis] + gap / 2];
  const gaps = places.map((place) => shareAt(start, end, place, isRight));
  return [...gaps, ...SHARES].find((share) => taken.isFree(boxOf(badge, share)));
}

function boxOf({ start, end, isRight, width }, share) {
  const [x, y] = wirePoint(start, end, share, isRight);
  const [across, down] = [width / 2 + CLEARANCE, BADGE.height / 2 + CLEARANCE];
  return { left: x - across, right: x + across, top: y - down, bottom: y + down };
}

function createStrips() {
  const strips = new Map();
  const stripsOf = ({ top, bottom }) => {
    const [first, last] = [Math.floor(top / STRIP), Math.floor(bottom / STRIP)];
    return Array.from({ length: last - first + 1 }, (_, index) => first + index);
  };
  const meets = (a, b) => a.left < b.right && b.left < a.right && a.top < b.bottom && b.top < a.bottom;
  return {
    add(box) {
      for (const strip of stripsOf(box)) strips.set(strip, strips.get(strip) ?? []).get(strip).push(box);
    },
    isFree: (box) => stripsOf(box).every((strip) => !(strips.get(strip) ?? []).some((other) => meets(box, other))),
  };
}

export const labels = createLabels(draft, marks);

export function useLabel(id) {
  return useSyncExternalStore(
    (listener) => labels.subscribe(id, listener),
    () => labels.get(id),
  );
}
