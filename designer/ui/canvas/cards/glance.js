// Data preview on hover over a port or a wire. The first rows come from the server; nothing is requested while a button
// is held, and any action closes the card.

import { useEffect } from "react";
import { specOf } from "../graph/catalogue.js";
import { draft } from "../graph/draft.js";
import { portOf } from "../graph/edits.js";
import { edgeKey, flowsRight } from "../graph/graph.js";
import { memberPort } from "../graph/groups.js";
import { glance } from "../overlays.js";
import { command } from "../graph/outbox.js";

const REST_MS = 400;
// Long enough to move from the port to the card; hovering the card keeps it open.
const GRACE_MS = 180;
const NEAR = 14;

// Candidate positions of the card, best first: away from the card of the node.
const ORDERS = {
  down: { out: ["below", "right", "left", "above"], in: ["above", "right", "left", "below"] },
  right: { out: ["right", "below", "above", "left"], in: ["left", "below", "above", "right"] },
  wire: ["right", "left", "below", "above"],
};

let spot = null;
let number = 0;
let rest = 0;
let grace = 0;

export function useGlance(root) {
  useEffect(() => {
    const element = root.current;
    let document = draft.get().document;
    const changed = () => {
      if (draft.get().document !== document) forgetGlance();
      document = draft.get().document;
    };
    const ends = [
      on(element, "pointermove", moved),
      on(element, "pointerleave", left),
      on(window, "pointerdown", forgetGlance, true),
      on(window, "wheel", forgetGlance, { capture: true, passive: true }),
      on(window, "blur", forgetGlance),
      draft.subscribe(changed),
    ];
    return () => ends.forEach((end) => end());
  }, [root]);
}

function on(target, type, listener, options) {
  target.addEventListener(type, listener, options);
  return () => target.removeEventListener(type, listener, options);
}

export function forgetGlance() {
  clearTimeout(rest);
  clearTimeout(grace);
  spot = null;
  if (glance.current()) glance.close();
}

// Handle the server's answer; ignore answers to earlier requests.
export function answerGlance(answer) {
  if (spot && answer.number === spot.number) glance.open({ ...spot, answer });
}

function moved(event) {
  if (event.buttons !== 0 || event.pointerType === "touch") return forgetGlance();
  if (event.target.closest?.(".glance")) return clearTimeout(grace);
  const target = spotAt(event);
  if (!target) return left();
  if (spot?.key === target.key && spot.number) return clearTimeout(grace);
  if (spot?.key !== target.key) forgetGlance();
  spot = target;
  clearTimeout(rest);
  rest = setTimeout(ask, REST_MS);
}

function left() {
  if (!spot?.number) return forgetGlance();
  clearTimeout(grace);
  grace = setTimeout(forgetGlance, GRACE_MS);
}

function ask() {
  number += 1;
  spot = { ...spot, number };
  if (spot.outlet) command("glance", { ...spot.outlet, number });
  else glance.open({ ...spot, answer: { size: "Not wired", columns: [], rows: [] } });
}

function spotAt(event) {
  const port = event.target.closest?.(".react-flow__handle");
  if (port) return spotOfPort(port);
  const wire = event.target.closest?.("[data-wire], .react-flow__edge");
  return wire && !event.target.closest("button") ? spotOfWire(wire, event) : null;
}

function spotOfPort(element) {
  const { node, port: name } = memberPort(element.dataset.nodeid, element.dataset.handleid);
  const side = element.classList.contains("source") ? "out" : "in";
  const { document } = draft.get();
  const edge = side === "in" && document.edges.find((other) => other.target === node && other.input === name);
  const outlet = side === "out" ? { node, port: name } : edge ? { node: edge.source, port: edge.output } : null;
  const port = portOf(node, name, side);
  const card = element.closest(".react-flow__node").getBoundingClientRect();
  const place = element.getBoundingClientRect();
  return {
    key: `${node}/${side}/${name}`,
    outlet,
    title: port?.title ?? name,
    type: port?.type ?? "any",
    avoid: around([card, place]),
    point: { x: place.left + place.width / 2, y: place.top + place.height / 2 },
    order: ORDERS[flowsRight(document) ? "right" : "down"][side],
  };
}

function spotOfWire(element, { clientX, clientY }) {
  const id = element.dataset.wire ?? element.dataset.id;
  const { document } = draft.get();
  const edge = document.edges.find((other) => edgeKey(other) === id);
  if (!edge) return null;
  const node = document.nodes[edge.source];
  const port = portOf(edge.source, edge.output, "out");
  // Keep the badge and the plus of the wire uncovered when the mouse is near them.
  const parts = [...window.document.querySelectorAll(`[data-wire="${CSS.escape(id)}"] > *`)];
  const label = parts.length > 0 ? around(parts.map((part) => part.getBoundingClientRect())) : null;
  const isNear = label && label.top < clientY + NEAR && clientY - NEAR < label.bottom;
  const pointed = { left: clientX - NEAR, right: clientX + NEAR, top: clientY - NEAR, bottom: clientY + NEAR };
  return {
    key: id,
    outlet: { node: edge.source, port: edge.output },
    title: `${node.title || specOf(node)?.title || node.module} / ${port?.title ?? edge.output}`,
    type: port?.type ?? "any",
    avoid: around(isNear ? [pointed, label] : [pointed]),
    point: { x: clientX, y: clientY },
    order: ORDERS.wire,
  };
}

function around(boxes) {
  const least = (side) => Math.min(...boxes.map((box) => box[side]));
  const most = (side) => Math.max(...boxes.map((box) => box[side]));
  return { left: least("left"), top: least("top"), right: most("right"), bottom: most("bottom") };
}
