// The context menu of a node, a group, a wire or the empty canvas.

import { useEffect, useRef } from "react";

const NODE = [
  ["Run to here", "runToHere", "Ctrl Shift Enter"],
  ["Open settings", "openSettings", "Enter"],
  ["Rename", "rename", "F2"],
  ["Disable or enable", "disable", "D"],
  null,
  ["Copy", "copy", "Ctrl C"],
  ["Cut", "cut", "Ctrl X"],
  ["Duplicate", "duplicate", "Ctrl D"],
  null,
  ["Group", "group", "Ctrl G"],
  ["Ungroup", "ungroup", "Ctrl Shift G"],
  null,
  ["Delete", "remove", "Delete"],
  ["Delete and heal the wires", "removeAndHeal", "Ctrl Delete"],
];
const GROUP = [
  ["Rename", "rename", "F2"],
  ["Disable or enable", "disable", "D"],
  null,
  ["Copy", "copy", "Ctrl C"],
  ["Cut", "cut", "Ctrl X"],
  ["Duplicate", "duplicate", "Ctrl D"],
  null,
  ["Ungroup", "ungroup", "Ctrl Shift G"],
  ["Delete", "remove", "Delete"],
  ["Delete and heal the wires", "removeAndHeal", "Ctrl Delete"],
];
const SEVERAL = [["Align in a row", "alignRow", "Shift H"], ["Align in a column", "alignColumn", "Shift V"], ["Tidy", "tidy", "Shift L"], null];
const WIRE = [["Delete", "remove", "Delete"]];
const PANE = [
  ["Add a module", "addHere", "Tab"],
  ["Note", "note", "N"],
  ["Paste", "paste", "Ctrl V"],
  null,
  ["Select all", "selectAll", "Ctrl A"],
  ["Tidy", "tidy", "Shift L"],
  ["Fit", "fit", "1"],
];

function entriesOf({ kind, count }) {
  if (kind === "wire") return WIRE;
  if (kind === "frame") return [["Collapse", "fold", "Shift G"], ...GROUP];
  if (kind === "folded") return [["Expand", "fold", "Shift G"], ...GROUP];
  if (kind === "pane") return PANE;
  return count > 1 ? [...SEVERAL, ...NODE.filter((entry) => !["runToHere", "rename", "openSettings"].includes(entry?.[1]))] : NODE;
}

export function Menu({ request, actions, close }) {
  const menu = useRef(null);
  useEffect(() => {
    menu.current?.querySelector("button")?.focus();
  }, [request]);
  if (!request) return null;
  const step = (event, by) => {
    event.preventDefault();
    const buttons = [...menu.current.querySelectorAll("button")];
    buttons[(buttons.indexOf(document.activeElement) + by + buttons.length) % buttons.length].focus();
  };
  const pressed = (event) => {
    event.stopPropagation();
    if (event.key === "Escape" || event.key === "Tab") close();
    if (event.key === "ArrowDown") step(event, 1);
    if (event.key === "ArrowUp") step(event, -1);
  };
  const entries = entriesOf(request);
  const place = { left: Math.min(request.x, window.innerWidth - 260), top: Math.min(request.y, window.innerHeight - 40 - 30 * entries.length) };
  return (
    <>
      <div className="quick-away" onPointerDown={close} onContextMenu={(event) => { event.preventDefault(); close(); }} />
      <div className="pop menu" role="menu" ref={menu} style={place} onKeyDown={pressed}>
        {entries.map((entry, index) =>
          entry ? (
            <button type="button" role="menuitem" key={entry[1]} onClick={() => { close(); actions[entry[1]](); }}>
              <span className="grow">{entry[0]}</span>
              <span className="t3 xs">{entry[2]}</span>
            </button>
          ) : (
            <hr key={index} />
          ),
        )}
      </div>
    </>
  );
}
