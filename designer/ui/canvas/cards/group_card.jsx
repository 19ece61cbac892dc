// The card of a collapsed group: name, number of modules, combined state.

import { memo, useSyncExternalStore } from "react";
import { ChevronRight, Group } from "lucide-react";
import { inWords, specOf } from "../graph/catalogue.js";
import { draft, useDraft } from "../graph/draft.js";
import { fold, portOf } from "../graph/edits.js";
import { groupOf } from "../graph/groups.js";
import { marks } from "../graph/marks.js";
import { combined, StateLine, toneOf } from "./node_state.jsx";
import { renaming, useOverlay } from "../overlays.js";
import { Port } from "./port.jsx";
import { TitleField } from "./title_field.jsx";

export const GroupCard = memo(function GroupCard({ id, selected, data }) {
  const group = useDraft((state) => groupOf(state.document, id));
  const { state, mark } = useCombined(group);
  const isEdited = useOverlay(renaming) === id;
  if (!group) return null;
  const finish = (text) => {
    renaming.close();
    if (text && text !== group.title) draft.edit([{ op: "group", ...group, title: text }]);
  };
  const names = inOrder(group.nodes).map(titleOf).join(", ");
  const classes = ["card-node", "group-card", `is-${state.replace(" ", "-")}`, `tone-${toneOf(state)}`, selected ? "sel" : ""];
  return (
    <div className={classes.join(" ")} data-testid={`group-${group.id}`} data-state={state}>
      <button
        type="button"
        className="btn g sm i nodrag"
        aria-label={`Expand ${group.title}`}
        title="Expand (Shift G)"
        aria-expanded="false"
        onClick={() => fold([group.id], false)}
        onDoubleClick={(event) => event.stopPropagation()}
      >
        <ChevronRight size={14} strokeWidth={1.75} aria-hidden="true" />
      </button>
      <div className="grow body">
        {isEdited ? (
          <TitleField text={group.title} label="Name of this group" finish={finish} />
        ) : (
          <div className="ti" onDoubleClick={() => renaming.open(id)}>
            <Group size={14} strokeWidth={1.75} aria-hidden="true" /> {group.title}
          </div>
        )}
        <div className="su ell" title={names}>
          {group.nodes.length === 1 ? "1 module" : `${group.nodes.length} modules`}: {names}
        </div>
        <StateLine state={state} mark={mark} />
      </div>
      <Ports ports={data.ports} isRight={data.isRight} />
    </div>
  );
});

// In drawing order: top to bottom, left to right.
function inOrder(nodes) {
  const { layout } = draft.get().document;
  const place = (id) => layout[id] ?? [0, 0];
  return [...nodes].sort((a, b) => place(a)[1] - place(b)[1] || place(a)[0] - place(b)[0]);
}

function titleOf(id) {
  const node = draft.get().document.nodes[id];
  return node?.title || specOf(node)?.title || node?.module;
}

// The states of all members as one string, so that the card renders only when it changes.
function useCombined(group) {
  const nodes = group?.nodes ?? [];
  const text = useSyncExternalStore(
    (listener) => {
      const ends = [draft.subscribe(listener), ...nodes.map((node) => marks.subscribe(node, listener))];
      return () => ends.forEach((end) => end());
    },
    () => JSON.stringify(combined(nodes.map((id) => ({ node: draft.get().document.nodes[id], mark: marks.get(id), title: titleOf(id) })))),
  );
  return JSON.parse(text);
}

// A port of the card is a member's port, labelled with the member's name.
function Ports({ ports, isRight }) {
  const drawn = (side) => (inside, index, { length }) => {
    const port = portOf(inside.node, inside.port, side) ?? { name: inside.port, title: inside.port, type: "any", optional: true };
    return (
      <Port
        key={`${side}-${inside.name}`}
        node={inside.node}
        port={port}
        side={side}
        place={index + 1}
        count={length}
        wired
        isRight={isRight}
        handle={inside.name}
        label={`${titleOf(inside.node)}, ${port.title}: ${inWords(port.type)}`}
      />
    );
  };
  return [...ports.inputs.map(drawn("in")), ...ports.outputs.map(drawn("out"))];
}
