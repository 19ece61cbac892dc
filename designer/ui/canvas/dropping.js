// Drops from the palette, on the canvas or on a wire. Palette rows are plain draggable elements with `data-module`.

import { useCallback, useEffect } from "react";
import { dragged } from "./dragged.js";
import { draft } from "./graph/draft.js";
import { addModule, insertOnWire, portsOnWire, specById } from "./graph/edits.js";
import { edgeKey } from "./graph/graph.js";

export function useDropping(flow, show) {
  useEffect(() => {
    const start = (event) => {
      const row = event.target.closest?.("[data-module]");
      if (!row) return;
      dragged.startModule({ module: row.dataset.module, parameters: JSON.parse(row.dataset.parameters || "{}") });
      event.dataTransfer.setData("text/plain", row.dataset.module);
      event.dataTransfer.effectAllowed = "copy";
    };
    const end = () => dragged.endModule();
    document.addEventListener("dragstart", start);
    document.addEventListener("dragend", end);
    return () => {
      document.removeEventListener("dragstart", start);
      document.removeEventListener("dragend", end);
    };
  }, []);

  return useCallback(
    (event) => {
      event.preventDefault();
      const dropped = dragged.module();
      const spec = dropped && specById(dropped.module);
      if (!spec) return;
      const point = flow.screenToFlowPosition({ x: event.clientX, y: event.clientY });
      const edge = edgeAt(event.clientX, event.clientY);
      const onWire = edge && portsOnWire(spec, edge);
      const id = onWire ? insertOnWire(spec, edge, point) : addModule(spec, point, dropped.parameters);
      dragged.endModule();
      if (id) show([id]);
    },
    [flow, show],
  );
}

function edgeAt(x, y) {
  const wire = document.elementsFromPoint(x, y).map((element) => element.closest(".react-flow__edge")).find(Boolean);
  return wire && draft.get().document.edges.find((edge) => edgeKey(edge) === wire.dataset.id);
}
