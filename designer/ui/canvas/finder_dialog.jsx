// Find a node, run a command or add a module by name; and the list of shortcuts.

import { useEffect, useRef, useState } from "react";
import { createPortal } from "react-dom";
import { ArrowRight } from "lucide-react";
import { keyOf, searchModules, specOf } from "./graph/catalogue.js";
import { draft } from "./graph/draft.js";
import { unfoldAround } from "./graph/edits.js";
import { ModuleTile } from "./cards/icons.jsx";
import { GESTURES, KEYS } from "./keys.js";
import { finder, useOverlay } from "./overlays.js";
import { ranked } from "./graph/ranking.js";

const COMMANDS = KEYS.filter((entry) => !["walk", "extend", "nudge", "preview", "commands", "addHere"].includes(entry.action));
const SHOWN = 40;

export function FinderDialog({ actions, select }) {
  const mode = useOverlay(finder);
  if (!mode) return null;
  // Rendered in the body: inside the canvas, bars and panels would cover it.
  return createPortal(
    <>
      <div className="canvas-scrim" onPointerDown={finder.close} />
      {mode === "shortcuts" ? <Shortcuts /> : <Finder mode={mode} actions={actions} select={select} />}
    </>,
    document.body,
  );
}

function Finder({ mode, actions, select }) {
  const [query, setQuery] = useState("");
  const [index, setIndex] = useState(0);
  const row = useRef(null);
  const items = mode === "nodes" ? nodeItems(query, actions, select) : commandItems(query, actions);
  const current = items[Math.min(index, items.length - 1)];
  useEffect(() => {
    row.current?.scrollIntoView({ block: "nearest" });
  }, [index]);
  const choose = (item) => {
    finder.close();
    item?.run();
  };
  const keys = {
    ArrowDown: () => setIndex(Math.min(items.length - 1, index + 1)),
    ArrowUp: () => setIndex(Math.max(0, index - 1)),
    Enter: () => choose(current),
    Escape: () => finder.close(),
  };
  const pressed = (event) => {
    event.stopPropagation();
    if (!keys[event.key]) return;
    event.preventDefault();
    keys[event.key]();
  };
  const label = mode === "nodes" ? "Find a node" : "Commands, modules and datasets";
  return (
    <div className="pop canvas-finder" role="dialog" aria-label={label} aria-modal="true" onKeyDown={pressed}>
      <input
        className="field"
        autoFocus
        placeholder={label}
        aria-label={label}
        value={query}
        onChange={(event) => { setQuery(event.target.value); setIndex(0); }}
      />
      <ul role="listbox" aria-label={label}>
        {items.map((item) => (
          <li
            key={item.key}
            ref={item === current ? row : null}
            role="option"
            aria-selected={item === current}
            className={item === current ? "on" : ""}
            onClick={() => choose(item)}
          >
            {item.module ? <ModuleTile icon={item.icon} category={item.category} small /> : <Arrow />}
            <span className="ell grow">{item.label}</span>
            <span className="t3 xs ell">{item.hint}</span>
          </li>
        ))}
      </ul>
      {items.length === 0 && <p className="t3 s none">No results.</p>}
    </div>
  );
}

const Arrow = () => (
  <span className="tile sm k-script" aria-hidden="true">
    <ArrowRight size={13} strokeWidth={1.75} />
  </span>
);

function nodeItems(query, actions, select) {
  const { nodes } = draft.get().document;
  const items = Object.entries(nodes)
    .map(([id, node]) => ({ id, node, spec: specOf(node) }))
    .map((item) => ({ ...item, label: item.node.title || item.spec?.title || item.node.module }));
  return ranked(items, query, ({ id, label, node, spec }) => [label, [id, spec?.title ?? ""], node.comment ?? ""])
    .slice(0, SHOWN)
    .map(({ id, label, spec, node }) => ({
      key: id,
      label,
      hint: node.title ? spec?.title : "",
      module: node.module,
      icon: spec?.icon,
      category: spec?.category,
      run: () => { unfoldAround(id); select([id]); actions.reveal(id); },
    }));
}

function commandItems(query, actions) {
  const commands = COMMANDS.map((entry) => ({
    key: entry.action,
    label: entry.label,
    hint: entry.keys[0].replaceAll("+", " "),
    others: [],
    words: "",
    run: () => actions[entry.action](),
  }));
  const modules = searchModules("").map((spec) => ({
    key: keyOf(spec),
    label: spec.title,
    hint: spec.key ? spec.description : spec.category,
    module: spec.id,
    icon: spec.icon,
    category: spec.category,
    others: spec.key ? [] : [...spec.synonyms, spec.id],
    words: spec.key ? "" : `${spec.category} ${spec.description}`,
    run: () => actions.addAtMiddle(spec),
  }));
  return ranked([...commands, ...modules], query, ({ label, others, words }) => [label, others, words]).slice(0, SHOWN);
}

function Shortcuts() {
  const dialog = useRef(null);
  useEffect(() => {
    dialog.current?.focus();
  }, []);
  const groups = [...new Set(KEYS.map((entry) => entry.group))];
  return (
    <div
      className="pop shortcuts"
      role="dialog"
      aria-label="Keyboard shortcuts"
      aria-modal="true"
      tabIndex={-1}
      ref={dialog}
      data-testid="shortcuts"
      onKeyDown={(event) => { event.stopPropagation(); if (event.key === "Escape") finder.close(); }}
    >
      <h2>Keyboard shortcuts</h2>
      <div className="columns">
        {groups.map((group) => (
          <section key={group}>
            <h3>{group}</h3>
            {[...KEYS, ...GESTURES].filter((entry) => entry.group === group).map((entry) => (
              <div className="line" key={`${entry.label} ${entry.keys[0]}`}>
                <span className="grow">{entry.label}</span>
                {short(entry.keys).map((key) => <span className="kbd" key={key}>{key}</span>)}
              </div>
            ))}
          </section>
        ))}
      </div>
    </div>
  );
}

// Four arrow keys or nine digits form one entry.
function short(keys) {
  if (keys[0].endsWith("ArrowUp")) return [keys[0].replace("ArrowUp", "arrows").replaceAll("+", " ")];
  if (keys.length > 3) return [`${keys[0].replaceAll("+", " ")} … 9`];
  return keys.map((key) => (key.length > 1 ? key.replaceAll("+", " ") : key));
}
