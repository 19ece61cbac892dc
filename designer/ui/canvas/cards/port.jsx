// A port. Each type has its own shape and colour; types never differ by colour alone.

import { useSyncExternalStore } from "react";
import { Handle, Position } from "@xyflow/react";
import { inWords } from "../graph/catalogue.js";
import { dragged } from "../dragged.js";
import legend from "../legend.json";

export const portColour = (type) => (legend.ports[type] ?? legend.ports.any).colour;

const HEXAGON = "M4.2 2.1h5.6L12.6 7 9.8 11.900H4.2L1.4 7z";
const FOLDER = "M1.8 3h3.9l1.5 1.7h5v6.7H1.8z";
const PAGE = "M3.2 1.7h4.9l2.7 2.7v7.9H3.2z";
const DIAMOND = "M7 1.2L12.8 7 7 12.8 1.2 7z";

const SHAPES = {
  circle: (paint) => <circle cx="7" cy="7" r="4.5" {...paint} />,
  diamond: (paint) => <path d={DIAMOND} {...paint} />,
  square: (paint) => <rect x="2.5" y="2.5" width="9" height="9" rx="1" {...paint} />,
  folder: (paint) => <path d={FOLDER} {...paint} />,
  page: (paint) => <path d={PAGE} {...paint} />,
  hexagon: (paint) => <path d={HEXAGON} {...paint} />,
};

export function PortMark({ type, hollow = false, dashed = false, missing = false }) {
  const known = legend.ports[type] ?? legend.ports.any;
  const shape = SHAPES[known.shape];
  const colour = missing ? "var(--bad)" : `var(--port-${known.colour})`;
  const empty = hollow || dashed || missing || known.hollow;
  const fill = empty ? "var(--surface)" : colour;
  return (
    <svg className="mark" viewBox="0 0 14 14" width="14" height="14" aria-hidden="true">
      {shape({ stroke: "var(--canvas)", strokeWidth: 5, fill: "var(--canvas)", strokeLinejoin: "round" })}
      {shape({
        fill,
        stroke: colour,
        strokeWidth: 2,
        strokeLinejoin: "round",
        strokeDasharray: dashed ? "2.6 2" : undefined,
      })}
    </svg>
  );
}

const PLACES = { down: { in: Position.Top, out: Position.Bottom }, right: { in: Position.Left, out: Position.Right } };

// `handle` and `label` are those of the card that represents the port's node.
export function Port({ node, port, side, place, count, wired, isRight, handle, label }) {
  const fit = useSyncExternalStore(dragged.subscribe, () => dragged.fit(node, port, side));
  const missing = port.lost || (side === "in" && !wired && !port.optional);
  const dashed = side === "in" && !wired && port.optional;
  const name = `${port.title}: ${inWords(port.type)}${port.optional && !port.lost ? ", optional" : ""}${missing ? (port.lost ? ", no port of this module" : ", not wired") : ""}`;
  return (
    <Handle
      type={side === "in" ? "target" : "source"}
      position={PLACES[isRight ? "right" : "down"][side]}
      id={handle ?? port.name}
      className={`port ${fit}`}
      style={{ [isRight ? "top" : "left"]: `${(100 * place) / (count + 1)}%` }}
      aria-label={label ?? name}
      data-testid={`port-${node}-${side}-${port.name}`}
    >
      <PortMark type={port.type} missing={missing} dashed={dashed} />
    </Handle>
  );
}
