// The small map: one block a node, in the colour of its state.

import { useSyncExternalStore } from "react";
import { MiniMap } from "@xyflow/react";
import { specOf } from "./catalogue.js";
import { draft } from "./draft.js";
import { marks } from "./marks.js";
import { stateOf } from "./node_state.jsx";

const COLOURS = {
  running: "var(--accent)",
  finished: "var(--ok)",
  reused: "var(--ok)",
  stale: "var(--ok)",
  failed: "var(--bad)",
  ghost: "var(--bad)",
};

const SIZE = { width: 168, height: 108 };

let painted = 0;
const listen = (listener) => marks.subscribe("*", () => { painted += 1; listener(); });

export function SmallMap() {
  const version = useSyncExternalStore(listen, () => painted);
  return (
    <MiniMap
      key={version > 0 ? "painted" : "plain"}
      className="small-map"
      style={SIZE}
      pannable
      zoomable
      ariaLabel="Map of the canvas"
      nodeColor={(node) => colourOf(node, version)}
      nodeBorderRadius={6}
      nodeStrokeWidth={0}
      maskColor="transparent"
      maskStrokeColor="var(--accent)"
      maskStrokeWidth={2}
    />
  );
}

function colourOf(node) {
  if (node.type === "note") return "var(--cat-train-tint)";
  const document = draft.get().document;
  const found = document.nodes[node.id];
  if (!found) return "var(--line-strong)";
  return COLOURS[stateOf(found, specOf(found), marks.get(node.id))] ?? "var(--line-strong)";
}
