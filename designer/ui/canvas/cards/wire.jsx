// A wire: a Bezier curve in the colour of its port, with a rows x columns badge and, on hover, a plus to insert a
// module.

import { memo, useSyncExternalStore } from "react";
import { EdgeLabelRenderer, useStoreApi } from "@xyflow/react";
import { Plus, TriangleAlert } from "lucide-react";
import { specOf } from "../graph/catalogue.js";
import { useDraft } from "../graph/draft.js";
import { perform } from "../graph/edits.js";
import { wirePath, wirePoint } from "../graph/geometry.js";
import { flowsRight } from "../graph/graph.js";
import { useLabel } from "../graph/labels.js";
import { marks, useMark } from "../graph/marks.js";
import { notice, quickAdd } from "../overlays.js";
import { portColour } from "./port.jsx";

// Wires end at the centre of a port; React Flow gives the outer edge of its hit area.
const HALF_PORT = 12;

export const Wire = memo(function Wire({ id, sourceX, sourceY, targetX, targetY, selected, data }) {
  const { edge } = data;
  const type = useDraft((state) => outputType(state.document, edge));
  const { share, shift, isShown } = useLabel(id);
  const flows = useFlows(edge);
  const isRight = useDraft((state) => flowsRight(state.document));
  const start = isRight ? [sourceX - HALF_PORT, sourceY] : [sourceX, sourceY - HALF_PORT];
  const end = isRight ? [targetX + HALF_PORT, targetY] : [targetX, targetY + HALF_PORT];
  const path = wirePath(start, end, isRight);
  return (
    <>
      <path className="react-flow__edge-interaction" d={path} fill="none" strokeOpacity={0} strokeWidth={20} />
      <path
        id={id}
        className={`wire ${flows ? "flow" : ""} ${selected ? "sel" : ""}`}
        d={path}
        style={{ "--wire": `var(--wire-${portColour(type)})` }}
      />
      <EdgeLabelRenderer>
        <Label id={id} edge={edge} point={wirePoint(start, end, share, isRight)} shift={shift} isShown={isShown} />
      </EdgeLabelRenderer>
    </>
  );
});

// Data is awaited on a wire while its source runs and its target is queued.
function useFlows({ source, target }) {
  return useSyncExternalStore(
    (listener) => {
      const ends = [marks.subscribe(source, listener), marks.subscribe(target, listener)];
      return () => ends.forEach((unsubscribe) => unsubscribe());
    },
    () => marks.get(source).state === "running" && marks.get(target).state === "queued",
  );
}

// A click on the badge selects the wire; the plus is next to it, so short wires remain clickable.
function Label({ id, edge, point: [x, y], shift, isShown }) {
  const store = useStoreApi();
  const { shape } = useMark(`${edge.source}/${edge.output}`);
  const { hover, warning } = useMark(`wire:${id}`);
  const insert = (event) => {
    event.stopPropagation();
    quickAdd.open({ x: event.clientX, y: event.clientY, edge });
  };
  return (
    <div className={`wire-label ${hover ? "hover" : ""}`} data-wire={id} style={{ transform: `translate(-50%, -50%) translate(${x + shift}px, ${y}px)` }}>
      {(shape || warning) && (
        <span
          className={`badge ${warning ? "wn" : ""} ${isShown ? "" : "hidden"}`}
          data-testid={`badge-${id}`}
          onClick={() => store.getState().addSelectedEdges([id])}
        >
          {shape}
          {warning && <Warning warning={warning} />}
        </span>
      )}
      <button type="button" className="insert" aria-label="Insert a module on this wire" tabIndex={-1} onClick={insert}>
        <Plus size={12} strokeWidth={2.2} aria-hidden="true" />
      </button>
    </div>
  );
}

function Warning({ warning }) {
  const open = (event) => {
    event.stopPropagation();
    const parts = warning.parts.map(({ title, message, fix, operations }) => ({
      title,
      text: message,
      fix: fix && { label: fix, run: () => perform(operations) },
    }));
    notice.open({ parts, x: event.clientX, y: event.clientY });
  };
  return (
    <button type="button" className="w" title={warning.title} onClick={open}>
      <TriangleAlert size={12} strokeWidth={2} aria-hidden="true" /> {warning.word}
    </button>
  );
}

const INTO_PORT = { top: [0, HALF_PORT], bottom: [0, -HALF_PORT], left: [HALF_PORT, 0], right: [-HALF_PORT, 0] };

export function LooseWire({ fromX, fromY, toX, toY, fromPosition }) {
  const [dx, dy] = INTO_PORT[fromPosition];
  const [from, to] = [[fromX + dx, fromY + dy], [toX, toY]];
  const isRight = fromPosition === "left" || fromPosition === "right";
  const isFromInput = fromPosition === "top" || fromPosition === "left";
  return <path className="wire loose" d={isFromInput ? wirePath(to, from, isRight) : wirePath(from, to, isRight)} />;
}

function outputType(document, edge) {
  const spec = specOf(document.nodes[edge.source]);
  return spec?.outputs.find((port) => port.name === edge.output)?.type ?? "any";
}
