// The preview card of a port: first rows and total size.

import { useLayoutEffect, useRef, useState } from "react";
import { useMark } from "../graph/marks.js";
import { glance, useOverlay } from "../overlays.js";
import { PortMark } from "./port.jsx";

const MARGIN = 8;
const GAP = 6;
const INDENT = 24;

export function GlanceCard() {
  const current = useOverlay(glance);
  if (!current) return null;
  return <Card key={`${current.key} ${current.number}`} spot={current} />;
}

function Card({ spot }) {
  const card = useRef(null);
  const [place, setPlace] = useState(null);
  const { stale } = useMark(spot.outlet?.node ?? "");
  const { size, columns, rows } = spot.answer;
  useLayoutEffect(() => {
    const { width, height } = card.current.getBoundingClientRect();
    setPlace(placed(spot, { width, height }));
  }, [spot]);
  return (
    <div
      ref={card}
      className="pop glance"
      role="tooltip"
      data-testid="glance"
      style={place ?? { left: 0, top: 0, visibility: "hidden" }}
    >
      <div className="row g2 head">
        <PortMark type={spot.type} />
        <span className="b ell">{spot.title}</span>
        {spot.title.toLowerCase() !== spot.type && <span className="t3 kind">{spot.type}</span>}
      </div>
      <div className="s t2">
        {size}
        {stale && rows.length > 0 && <span className="ok">, from before the last change</span>}
      </div>
      {columns.length > 0 && <Rows columns={columns} rows={rows} />}
    </div>
  );
}

function Rows({ columns, rows }) {
  return (
    <table className="tbl">
      <thead>
        <tr>
          {columns.map((column) => (
            <th key={column.name} scope="col" className={column.align}>
              <div className="ell">{column.name}</div>
              <div className="xs t3">{column.kind}</div>
            </th>
          ))}
        </tr>
      </thead>
      <tbody>
        {rows.map((row, number) => (
          <tr key={number}>
            {row.map((cell, index) => (
              <td key={columns[index].name} className={columns[index].align}>
                {cell === null ? <span className="miss">missing</span> : cell}
              </td>
            ))}
          </tr>
        ))}
      </tbody>
    </table>
  );
}

// The first position inside the window that does not cover the previewed element; otherwise the first position, moved
// inside.
function placed({ avoid, point, order }, { width, height }) {
  const places = order.map((side) => ({
    left: { right: avoid.right + GAP, left: avoid.left - GAP - width }[side] ?? within(point.x - INDENT, width, window.innerWidth),
    top: { below: avoid.bottom + GAP, above: avoid.top - GAP - height }[side] ?? within(point.y - INDENT, height, window.innerHeight),
  }));
  const isInside = ({ left, top }) =>
    left >= MARGIN && top >= MARGIN && left + width <= window.innerWidth - MARGIN && top + height <= window.innerHeight - MARGIN;
  const { left, top } = places.find(isInside) ?? places[0];
  return { left: within(left, width, window.innerWidth), top: within(top, height, window.innerHeight) };
}

const within = (start, size, room) => Math.max(MARGIN, Math.min(start, room - MARGIN - size));
