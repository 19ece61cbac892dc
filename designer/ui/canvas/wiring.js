// Drawing a wire: which ends are right, what a refused or loose end says.

import { useMemo } from "react";
import { draft } from "./draft.js";
import { dragged, refusal } from "./dragged.js";
import { connect, connectToCard, portOf, refusalInWords } from "./edits.js";
import { descendants } from "./graph.js";
import { notice, quickAdd } from "./overlays.js";

const CLICK_DISTANCE = 12;

export function useWiring() {
  return useMemo(() => {
    let start = null;
    return {
      connectOnClick: false,
      connectionRadius: 24,
      isValidConnection,
      onConnect: ({ source, sourceHandle, target, targetHandle }) =>
        connect({ source, output: sourceHandle, target, input: targetHandle }),
      onConnectStart(event, { nodeId, handleId, handleType }) {
        start = pointOf(event);
        notice.close();
        dragged.startWire(draft.get().document, { node: nodeId, port: handleId, side: handleType === "source" ? "out" : "in" });
      },
      onConnectEnd(event, state) {
        const wire = dragged.wire();
        dragged.endWire();
        if (wire && !state.isValid) ended(wire, state, pointOf(event), start);
      },
    };
  }, []);
}

function isValidConnection({ source, sourceHandle, target, targetHandle }) {
  const { document } = draft.get();
  const output = portOf(source, sourceHandle, "out");
  const input = portOf(target, targetHandle, "in");
  if (!output || !input) return false;
  const wire = { node: source, port: output, side: "out", document, downstream: descendants(document, source) };
  return !refusal(wire, { node: target, port: input, side: "in" });
}

// The wire did not end at a port that takes it: say why, take a port of the card below, or offer what fits.
function ended(wire, { toHandle, toNode }, point, start) {
  if (toHandle) {
    const side = toHandle.type === "source" ? "out" : "in";
    const port = portOf(toHandle.nodeId, toHandle.id, side);
    const isOrigin = toHandle.nodeId === wire.node && toHandle.id === wire.port.name && side === wire.side;
    if (port && !isOrigin) notice.open({ ...refusalInWords(wire, { node: toHandle.nodeId, port, side }), ...point });
    return;
  }
  const card = toNode?.id ?? cardAt(point);
  if (card === wire.node) return;
  if (card) {
    if (!connectToCard(wire, card)) refuseCard(wire, card, point);
    return;
  }
  const isClick = start && Math.hypot(point.x - start.x, point.y - start.y) < CLICK_DISTANCE;
  if (!isClick && isOnPane(point)) quickAdd.open({ ...point, from: { node: wire.node, port: wire.port.name, side: wire.side } });
}

function refuseCard(wire, node, point) {
  const side = wire.side === "out" ? "in" : "out";
  const handle = document.querySelector(`[data-testid^="port-${CSS.escape(node)}-${side}-"]`);
  const port = handle && portOf(node, handle.dataset.handleid, side);
  if (port) notice.open({ ...refusalInWords(wire, { node, port, side }), ...point });
  else notice.open({ text: side === "in" ? "This module takes no input." : "This module gives no output.", ...point });
}

const cardAt = ({ x, y }) => document.elementFromPoint(x, y)?.closest(".react-flow__node-card")?.dataset.id;

const isOnPane = ({ x, y }) => Boolean(document.elementFromPoint(x, y)?.closest(".react-flow__pane, .react-flow__edge"));

function pointOf(event) {
  const touch = event.changedTouches?.[0] ?? event;
  return { x: touch.clientX, y: touch.clientY };
}
