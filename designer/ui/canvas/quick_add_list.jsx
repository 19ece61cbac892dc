// The module list at the pointer: all modules, those that fit a loose end, or those that can be inserted into a wire.

import { useEffect, useMemo, useRef, useState } from "react";
import { useReactFlow } from "@xyflow/react";
import { keyOf, modulesThatFit, searchModules } from "./graph/catalogue.js";
import { draft } from "./graph/draft.js";
import { addAtWire, addModule, insertOnWire, portOf, portsOnWire } from "./graph/edits.js";
import { ModuleTile } from "./cards/icons.jsx";
import { quickAdd, useOverlay } from "./overlays.js";

const SHOWN = 60;
const SIZE = { width: 280, height: 340 };

export function QuickAddList({ select }) {
  const request = useOverlay(quickAdd);
  return request ? <List key={`${request.x} ${request.y}`} request={request} select={select} /> : null;
}

function List({ request, select }) {
  const { screenToFlowPosition } = useReactFlow();
  const [query, setQuery] = useState("");
  const [index, setIndex] = useState(0);
  const row = useRef(null);
  const fitting = useMemo(() => candidates(request), [request]);
  const matches = (query ? searchModules(query, fitting) : fitting).slice(0, SHOWN);
  const current = matches[Math.min(index, matches.length - 1)];
  useEffect(() => {
    row.current?.scrollIntoView({ block: "nearest" });
  }, [index]);

  const choose = (spec) => {
    const point = screenToFlowPosition(request);
    quickAdd.close();
    const id = request.edge
      ? insertOnWire(spec, request.edge, point)
      : request.from
        ? addAtWire(spec, request.from, point)
        : addModule(spec, point);
    if (id) select(id);
  };
  const move = (step) => setIndex(Math.max(0, Math.min(matches.length - 1, index + step)));
  const keys = {
    ArrowDown: () => move(1),
    ArrowUp: () => move(-1),
    Enter: () => current && choose(current),
    Escape: () => quickAdd.close(),
    Tab: () => quickAdd.close(),
  };
  const pressed = (event) => {
    event.stopPropagation();
    if (!keys[event.key]) return;
    event.preventDefault();
    keys[event.key]();
  };

  return (
    <>
      <div className="quick-away" onPointerDown={() => quickAdd.close()} />
      <div className="pop quick-add" role="dialog" aria-label="Add a module" style={place(request)} onKeyDown={pressed}>
        <input
          className="field"
          autoFocus
          role="combobox"
          aria-expanded="true"
          aria-controls="quick-add-list"
          aria-activedescendant={current ? `quick-${keyOf(current)}` : undefined}
          placeholder={request.from || request.edge ? "Modules and datasets that fit" : "Search modules and datasets"}
          data-testid="quick-add"
          value={query}
          onChange={(event) => { setQuery(event.target.value); setIndex(0); }}
        />
        <ul id="quick-add-list" role="listbox" aria-label="Modules">
          {matches.map((spec) => (
            <li
              key={keyOf(spec)}
              id={`quick-${keyOf(spec)}`}
              ref={spec === current ? row : null}
              role="option"
              aria-selected={spec === current}
              className={spec === current ? "on" : ""}
              title={spec.description}
              onClick={() => choose(spec)}
            >
              <ModuleTile icon={spec.icon} category={spec.category} small />
              <span className="ell">{spec.title}</span>
            </li>
          ))}
        </ul>
        {matches.length === 0 && <p className="t3 s none">No matching module or dataset fits here.</p>}
      </div>
    </>
  );
}

function candidates(request) {
  if (request.edge) {
    const { source, output } = request.edge;
    return thatFit(source, output, "out").filter((spec) => portsOnWire(spec, request.edge));
  }
  if (!request.from) return isEmpty() ? sourcesFirst(searchModules("")) : searchModules("");
  const { node, port, side } = request.from;
  return thatFit(node, port, side);
}

const isEmpty = () => Object.keys(draft.get().document.nodes).length === 0;

// A pipeline starts with data: data sources come first.
function sourcesFirst(specs) {
  const isSource = (spec) => spec.inputs.length === 0 && spec.outputs.some(({ type }) => type === "data");
  return [...specs.filter(isSource), ...specs.filter((spec) => !isSource(spec))];
}

function thatFit(node, port, side) {
  return modulesThatFit(portOf(node, port, side) ?? { type: "any" }, side, draft.get().document.nodes[node]?.module);
}

function place({ x, y }) {
  const left = Math.max(8, Math.min(x, window.innerWidth - SIZE.width - 8));
  const top = Math.max(56, Math.min(y, window.innerHeight - SIZE.height - 8));
  return { left, top, width: SIZE.width, maxHeight: SIZE.height };
}
