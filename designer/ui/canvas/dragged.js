// The drag in progress over the canvas: a wire from a port, or a module from the palette.

import { accepts, specOf } from "./graph/catalogue.js";
import { descendants } from "./graph/graph.js";

export function createDragged() {
  let wire = null;
  let module = null;
  const listeners = new Set();
  const notify = () => listeners.forEach((listener) => listener());

  return {
    subscribe(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    wire: () => wire,
    module: () => module,
    startModule: (id) => (module = id),
    endModule: () => (module = null),
    startWire(document, { node, port, side }) {
      const spec = specOf(document.nodes[node]);
      const found = (side === "out" ? spec?.outputs : spec?.inputs)?.find((other) => other.name === port);
      if (!found) return;
      wire = { node, port: found, side, document, downstream: descendants(document, node) };
      notify();
    },
    endWire() {
      wire = null;
      notify();
    },
    // "fits", "misfits" or "origin"; undefined while no wire is dragged.
    fit(node, port, side) {
      if (!wire) return "";
      if (wire.node === node && wire.side === side && wire.port.name === port.name) return "origin";
      return refusal(wire, { node, port, side }) ? "misfits" : "fits";
    },
  };
}

// The reason why a wire cannot end at a port, as a short code; empty if it can.
export function refusal(wire, { node, port, side }) {
  if (wire.side === side) return "same side";
  const [output, input] = wire.side === "out" ? [wire.port.type, port.type] : [port.type, wire.port.type];
  if (!accepts(input, output)) return "type";
  if (wire.node === node) return "circle";
  const [source, target] = wire.side === "out" ? [wire.node, node] : [node, wire.node];
  const below = wire.side === "out" ? descendants(wire.document, target) : wire.downstream;
  return below.has(source) ? "circle" : "";
}

export const dragged = createDragged();
