// Placement of wire badges: on their wire, never over a card or another badge, and off other wires if their own has
// room. Each port shows its size once, on its straightest wire; the others show it on hover. Computed for all wires
// when the document, a height or a mark changes; while a card is dragged, a badge keeps its curve parameter.

import { useSyncExternalStore } from "react";
import { draft } from "./draft.js";
import { CARD, GAP, portPoint, shareAt, wirePoint } from "./geometry.js";
import { flowsRight } from "./graph.js";
import { shownOf } from "./groups.js";
import { marks } from "./marks.js";

const BADGE = { height: 20, letter: 6.2, padding: 16, warning: 36 };
const CLEARANCE = 3;
// Items in different strips of the canvas cannot overlap.
const STRIP = 128;
// Curve parameters to try, best first.
const SHARES = [0.5, 0.38, 0.62, 0.26, 0.74, 0.16, 0.84];
// Number of boxes that approximate a curve, to find overlaps.
const PIECES = 16;
// For a wire past other cards: the gap before its end, the gap after its start, then in between.
const LONG = 2.5;
const USUAL = Object.freeze({ share: 0.5, shift: 0, isShown: true });
// A badge moved aside still overlaps its wire by this much.
const HOLD = 14;

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
      if (old.share === now.share && old.shift === now.shift && old.isShown === now.isShown) places.set(id, old);
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
    // The height of a card has changed.
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
  const wires = createStrips();
  if (badges.length > 0) for (const wire of shown.edges) for (const piece of piecesOf(wire, shown, isRight, heights)) wires.add(piece);
  const straightest = new Map();
  for (const badge of badges) {
    const other = straightest.get(badge.port);
    if (!other || badge.detour < other.detour) straightest.set(badge.port, badge);
  }
  const places = new Map();
  // Warnings take precedence.
  for (const badge of badges.sort((a, b) => Boolean(b.warning) - Boolean(a.warning))) {
    const isWanted = badge.warning || straightest.get(badge.port) === badge;
    const place = isWanted ? freePlace(badge, taken, wires) : undefined;
    places.set(badge.id, { ...(place ?? { share: USUAL.share, shift: 0 }), isShown: Boolean(place ?? badge.warning) });
    if (isWanted && places.get(badge.id).isShown) taken.add(boxOf(badge, places.get(badge.id)));
  }
  return places;
}

function badgeOf(wire, shown, isRight, marks, heights) {
  const { id, edge } = wire;
  const port = `${edge.source}/${edge.output}`;
  const [{ shape = "" }, { warning }] = [marks.get(port), marks.get(`wire:${id}`)];
  if (!shape && !warning) return null;
  const [start, end] = endsOf(wire, shown, isRight, heights);
  if (!start || !end) return null;
  const text = shape.length * BADGE.letter + (warning ? warning.word.length * BADGE.letter + BADGE.warning : 0);
  const [along, across] = isRight ? [0, 1] : [1, 0];
  const detour = Math.abs(end[across] - start[across]) + (end[along] < start[along] ? 10_000 : 0);
  return { id, port, start, end, isRight, warning, detour, width: text + BADGE.padding };
}

function endsOf({ source, sourceHandle, target, targetHandle }, shown, isRight, heights) {
  const endOf = (node, name, side) => {
    const ported = shown.portsOf(node);
    const ports = (side === "in" ? ported?.inputs : ported?.outputs) ?? [];
    const index = ports.findIndex((other) => other.name === name);
    return index < 0 ? null : portPoint(shown.layout[node] ?? [0, 0], side, index, ports.length, heights.get(node), isRight);
  };
  return [endOf(source, sourceHandle, "out"), endOf(target, targetHandle, "in")];
}

function piecesOf(wire, shown, isRight, heights) {
  const [start, end] = endsOf(wire, shown, isRight, heights);
  if (!start || !end) return [];
  const points = Array.from({ length: PIECES + 1 }, (_, index) => wirePoint(start, end, index / PIECES, isRight));
  return points.slice(1).map(([x, y], index) => {
    const [fromX, fromY] = points[index];
    return { id: wire.id, left: Math.min(x, fromX), right: Math.max(x, fromX), top: Math.min(y, fromY), bottom: Math.max(y, fromY) };
  });
}

// On the wire where no other wire crosses, else aside, else on the wire regardless.
function freePlace(badge, taken, wires) {
  const { start, end, isRight } = badge;
  const [axis, gap] = isRight ? [0, GAP.right] : [1, GAP.down];
  const places = end[axis] - start[axis] < LONG * gap ? [] : [end[axis] - gap / 2, start[axis] + gap / 2];
  const gaps = places.map((place) => shareAt(start, end, place, isRight));
  const aside = badge.width / 2 - HOLD;
  const free = [0, aside, -aside].flatMap((shift) =>
    [...gaps, ...SHARES].map((share) => ({ share, shift })).filter((place) => taken.isFree(boxOf(badge, place))),
  );
  return free.find((place) => wires.isFree(boxOf(badge, place), badge.id)) ?? free[0];
}

function boxOf({ start, end, isRight, width }, { share, shift }) {
  const [middle, y] = wirePoint(start, end, share, isRight);
  const x = middle + shift;
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
    // Items of the wire itself are not obstacles on it.
    isFree: (box, own) =>
      stripsOf(box).every((strip) => !(strips.get(strip) ?? []).some((other) => (!own || other.id !== own) && meets(box, other))),
  };
}

export const labels = createLabels(draft, marks);

export function useLabel(id) {
  return useSyncExternalStore(
    (listener) => labels.subscribe(id, listener),
    () => labels.get(id),
  );
}
