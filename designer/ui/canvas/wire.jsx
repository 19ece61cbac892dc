// A wire: bezier in the colour of its port, rows x columns on a badge, a plus to insert a module on hover.

import { memo } from "react";
import { EdgeLabelRenderer } from "@xyflow/react";
import { Plus, TriangleAlert } from "lucide-react";
import { specOf } from "./catalogue.js";
import { draft, useDraft } from "./draft.js";
import { useMark } from "./marks.js";
import { notice } from "./notice.jsx";
import { PORT_KEYS } from "./port.jsx";
import { quickAdd } from "./quick_add.js";

// Wires end in the middle of a port; React Flow gives the outer edge of its hit area.
const HALF_PORT = 12;

export function bezier([x1, y1], [x2, y2]) {
  const bend = Math.max(22, Math.abs(y2 - y1) / 2);
  return `M${x1} ${y1}C${x1} ${y1 + bend} ${x2} ${y2 - bend} ${x2} ${y2}`;
}

// A label stands in the gap between two rows: in the middle of a short wire, above the target of a long one, below
// the source of one that runs upwards; no card of the rows between can cover it there.
const GAP = 20;
const LONG = 100;

function placeOfLabel([x1, y1], [x2, y2]) {
  const height = y2 - y1;
  if (height < 0) return [x1, y1 + GAP];
  if (height < LONG) return [(x1 + x2) / 2, (y1 + y2) / 2];
  const along = (from, to, t) => from + (to - from) * (3 * t * t - 2 * t * t * t);
  const down = (t) => 1.5 * t * (1 - t) * (1 - t) + 1.5 * t * t * (1 - t) + t * t * t;
  let [low, high] = [0, 1];
  for (let step = 0; step < 12; step += 1) {
    const t = (low + high) / 2;
    if (y1 + height * down(t) < y2 - GAP) low = t;
    else high = t;
  }
  return [along(x1, x2, low), y2 - GAP];
}

export const Wire = memo(function Wire({ id, sourceX, sourceY, targetX, targetY, selected, data }) {
  const { edge } = data;
  const type = useDraft((state) => outputType(state.document, edge));
  const shape = useMark(`${edge.source}/${edge.output}`);
  const source = useMark(edge.source);
  const target = useMark(edge.target);
  const [start, end] = [[sourceX, sourceY - HALF_PORT], [targetX, targetY + HALF_PORT]];
  const path = bezier(start, end);
  const flows = source.state === "running" && target.state === "queued";
  const middle = placeOfLabel(start, end);
  return (
    <>
      <path className="react-flow__edge-interaction" d={path} fill="none" strokeOpacity={0} strokeWidth={20} />
      <path
        id={id}
        className={`wire ${flows ? "flow" : ""} ${selected ? "sel" : ""}`}
        d={path}
        style={{ "--wire": `var(--wire-${PORT_KEYS[type] ?? "any"})` }}
      />
      <EdgeLabelRenderer>
        <Label id={id} shape={shape} edge={edge} middle={middle} />
      </EdgeLabelRenderer>
    </>
  );
});

function Label({ id, shape, edge, middle: [x, y] }) {
  const { hover, warning } = useMark(`wire:${id}`);
  const insert = (event) => {
    event.stopPropagation();
    quickAdd.open({ x: event.clientX, y: event.clientY, edge });
  };
  return (
    <div className={`wire-label ${hover ? "hover" : ""}`} style={{ transform: `translate(-50%, -50%) translate(${x}px, ${y}px)` }}>
      {(shape.shape || warning) && (
        <span className={`badge ${warning ? "wn" : ""}`} data-testid={`badge-${id}`}>
          {shape.shape}
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
    const fix = warning.fix && { label: warning.fix, run: () => draft.edit(warning.operations) };
    notice.show({ title: warning.title, text: warning.message, fix, x: event.clientX, y: event.clientY });
  };
  return (
    <button type="button" className="w" title={warning.title} onClick={open}>
      <TriangleAlert size={12} strokeWidth={2} aria-hidden="true" /> {warning.word}
    </button>
  );
}

export function LooseWire({ fromX, fromY, toX, toY, fromPosition }) {
  const isUp = fromPosition === "top";
  const from = [fromX, fromY + (isUp ? HALF_PORT : -HALF_PORT)];
  return <path className="wire loose" d={isUp ? bezier([toX, toY], from) : bezier(from, [toX, toY])} />;
}

function outputType(document, edge) {
  const spec = specOf(document.nodes[edge.source]);
  return spec?.outputs.find((port) => port.name === edge.output)?.type ?? "any";
}
