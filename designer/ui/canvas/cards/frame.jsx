// The frame of a group, drawn behind its cards. Dragging its title moves them all, a double click renames it, the
// chevron collapses it.

import { memo } from "react";
import { ChevronDown } from "lucide-react";
import { useReactFlow, useStoreApi } from "@xyflow/react";
import { draft, useDraft } from "../graph/draft.js";
import { fold, move } from "../graph/edits.js";
import { groupOf } from "../graph/groups.js";
import { renaming, useOverlay } from "../overlays.js";
import { TitleField } from "./title_field.jsx";

export const GroupFrame = memo(function GroupFrame({ id }) {
  const group = useDraft((state) => groupOf(state.document, id));
  const isEdited = useOverlay(renaming) === id;
  const held = useHolding(id, group);
  if (!group) return null;
  const finish = (text) => {
    renaming.close();
    if (text && text !== group.title) draft.edit([{ op: "group", ...group, title: text }]);
  };
  return (
    <section className="group-frame" aria-label={`Group ${group.title}`} data-testid={`frame-${group.id}`}>
      <div className="frame-title" onPointerDown={held} onDoubleClick={() => renaming.open(id)}>
        <button
          type="button"
          className="btn g sm i nodrag"
          aria-label={`Collapse ${group.title}`}
          title="Collapse (Shift G)"
          aria-expanded="true"
          onPointerDown={(event) => event.stopPropagation()}
          onDoubleClick={(event) => event.stopPropagation()}
          onClick={() => fold([group.id], true)}
        >
          <ChevronDown size={14} strokeWidth={1.75} aria-hidden="true" />
        </button>
        {isEdited ? <TitleField text={group.title} label="Name of this group" finish={finish} /> : <span className="ell">{group.title}</span>}
      </div>
    </section>
  );
});

// Pressing the title selects the cards of the group; moving it moves them in one undo step.
function useHolding(id, group) {
  const flow = useReactFlow();
  const store = useStoreApi();
  return (event) => {
    if (event.button !== 0) return;
    const title = event.currentTarget;
    const { addSelectedNodes, triggerNodeChanges } = store.getState();
    const moved = [id, ...group.nodes].map((node) => ({ node, from: flow.getNode(node)?.position })).filter(({ from }) => from);
    const start = flow.screenToFlowPosition({ x: event.clientX, y: event.clientY });
    let isMoved = false;
    const placesAt = (next) => {
      const { x, y } = flow.screenToFlowPosition({ x: next.clientX, y: next.clientY });
      return moved.map(({ node, from }) => [node, { x: from.x + x - start.x, y: from.y + y - start.y }]);
    };
    const paint = (next, dragging) =>
      triggerNodeChanges(placesAt(next).map(([node, position]) => ({ id: node, type: "position", position, dragging })));
    const follow = (next) => {
      isMoved = true;
      paint(next, true);
    };
    const drop = (next) => {
      title.removeEventListener("pointermove", follow);
      if (!isMoved) return;
      paint(next, false);
      move(Object.fromEntries(placesAt(next)));
    };
    addSelectedNodes(group.nodes);
    title.setPointerCapture(event.pointerId);
    title.addEventListener("pointermove", follow);
    title.addEventListener("pointerup", drop, { once: true });
  };
}
