// Drawing a wire: valid ends, and the notice for a refused or loose end.

import { useMemo } from "react";
import { draft } from "./graph/draft.js";
import { dragged, refusal } from "./dragged.js";
import { connect, connectToCard, fold, portOf, refusalInWords } from "./graph/edits.js";
import { descendants } from "./graph/graph.js";
import { groupOf, isGroup, memberPort, shownOf } from "./graph/groups.js";
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
        connect(edgeOf({ source, sourceHandle, target, targetHandle })),
      onConnectStart(event, { nodeId, handleId, handleType }) {
        start = pointOf(event);
        notice.close();
        dragged.startWire(draft.get().document, { ...memberPort(nodeId, handleId), side: handleType === "source" ? "out" : "in" });
      },
      onConnectEnd(event, state) {
        const wire = dragged.wire();
        dragged.endWire();
        if (wire && !state.isValid) ended(wire, state, pointOf(event), start);
      },
    };
  }, []);
}

// Connect nodes, resolving cards that represent them.
function edgeOf({ source, sourceHandle, target, targetHandle }) {
  const [from, to] = [memberPort(source, sourceHandle), memberPort(target, targetHandle)];
  return { source: from.node, output: from.port, target: to.node, input: to.port };
}

function isValidConnection(connection) {
  const { source, output: outputName, target, input: inputName } = edgeOf(connection);
  const { document } = draft.get();
  const output = portOf(source, outputName, "out");
  const input = portOf(target, inputName, "in");
  if (!output || !input) return false;
  const wire = { node: source, port: output, side: "out", document, downstream: descendants(document, source) };
  return !refusal(wire, { node: target, port: input, side: "in" });
}

// The wire did not end at a compatible port: explain why, take a port of the card below, or offer matching modules.
function ended(wire, { toHandle, toNode }, point, start) {
  if (toHandle) {
    const side = toHandle.type === "source" ? "out" : "in";
    const { node, port: name } = memberPort(toHandle.nodeId, toHandle.id);
    const port = portOf(node, name, side);
    const isOrigin = node === wire.node && name === wire.port.name && side === wire.side;
    if (port && !isOrigin) notice.open({ ...refusalInWords(wire, { node, port, side }), ...point });
    return;
  }
  const card = toNode?.id ?? cardAt(point);
  if (card && card === shownOf(draft.get().document).hostOf(wire.node)) return;
  if (card && isGroup(card)) return refuseGroup(card, point);
  if (card) {
    if (!connectToCard(wire, card)) refuseCard(wire, card, point);
    return;
  }
  const isClick = start && Math.hypot(point.x - start.x, point.y - start.y) < CLICK_DISTANCE;
  if (!isClick && isOnPane(point)) quickAdd.open({ ...point, from: { node: wire.node, port: wire.port.name, side: wire.side } });
}

function refuseGroup(id, point) {
  const { id: group } = groupOf(draft.get().document, id);
  const fix = { label: "Expand", run: () => fold([group], false) };
  notice.open({ text: "This group is collapsed: expand it to choose one of its modules.", fix, ...point });
}

function refuseCard(wire, node, point) {
  const side = wire.side === "out" ? "in" : "out";
  const handle = document.querySelector(`[data-testid^="port-${CSS.escape(node)}-${side}-"]`);
  const port = handle && portOf(node, handle.dataset.handleid, side);
  if (port) notice.open({ ...refusalInWords(wire, { node, port, side }), ...point });
  else notice.open({ text: side === "in" ? "This module has no inputs." : "This module has no outputs.", ...point });
}

const cardAt = ({ x, y }) => document.elementFromPoint(x, y)?.closest(".react-flow__node-card, .react-flow__node-folded")?.dataset.id;

const isOnPane = ({ x, y }) => Boolean(document.elementFromPoint(x, y)?.closest(".react-flow__pane, .react-flow__edge"));

function pointOf(event) {
  const touch = event.changedTouches?.[0] ?? event;
  return { x: touch.clientX, y: touch.clientY };
}
