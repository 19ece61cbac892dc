// The minimap: one block per node, in the colour of its state.

import { memo, useMemo, useSyncExternalStore } from "react";
import { MiniMap, useStore } from "@xyflow/react";
import { specOf } from "../graph/catalogue.js";
import { draft } from "../graph/draft.js";
import { hasRoomForMap } from "../graph/fitting.js";
import { groupOf } from "../graph/groups.js";
import { marks } from "../graph/marks.js";
import { combined, stateOf, toneOf } from "./node_state.jsx";

const COLOURS = { run: "var(--accent)", ok: "var(--ok)", stale: "var(--ok-line)", bad: "var(--bad)", idle: "var(--line-strong)" };

const SIZE = { width: 168, height: 108 };

const listen = (listener) => marks.subscribe("*", listener);

// Outside the graph component, so that dragging a card does not render the map.
export const SmallMap = memo(function SmallMap() {
  const version = useSyncExternalStore(listen, marks.version);
  const hasRoom = useStore(hasRoomForMap);
  // React Flow reads the colours again only when it gets a new function.
  const colour = useMemo(() => (node) => colourOf(node), [version]);
  if (!hasRoom) return null;
  return (
    <MiniMap
      className="small-map"
      style={SIZE}
      pannable
      zoomable
      ariaLabel="Map of the canvas"
      nodeColor={colour}
      nodeBorderRadius={6}
      nodeStrokeWidth={0}
      maskColor="transparent"
      maskStrokeColor="var(--accent)"
      maskStrokeWidth={2}
    />
  );
});

function colourOf(node) {
  if (node.type === "frame") return "transparent";
  if (node.type === "note") return "var(--cat-train-tint)";
  const document = draft.get().document;
  if (node.type === "folded") return COLOURS[toneOf(stateOfGroup(document, node.id))];
  const member = document.nodes[node.id];
  if (!member) return COLOURS.idle;
  return COLOURS[toneOf(stateOf(member, specOf(member), marks.get(node.id)))];
}

function stateOfGroup(document, id) {
  const nodes = groupOf(document, id)?.nodes ?? [];
  return combined(nodes.map((node) => ({ node: document.nodes[node], mark: marks.get(node), title: "" }))).state;
}
