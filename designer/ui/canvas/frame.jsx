// The frame of a group, behind its cards. Its title moves them all; a double click renames it.

import { memo } from "react";
import { useReactFlow, useStoreApi } from "@xyflow/react";
import { draft, useDraft } from "./draft.js";
import { move } from "./edits.js";
import { CARD } from "./geometry.js";
import { groupsOf } from "./graph.js";
import { renaming, useOverlay } from "./overlays.js";
import { TitleField } from "./title_field.jsx";

const PADDING = { side: 16, top: 40, bottom: 24 };

export const frameId = (group) => `group:${group.id}`;

// Where a frame stands: around its cards, whose heights may be known.
export function frameBox(group, layout, heightOf) {
  const corners = group.nodes.map((id) => [...(layout[id] ?? [0, 0]), heightOf(id) ?? CARD.height]);
  const x = Math.min(...corners.map(([left]) => left)) - PADDING.side;
  const y = Math.min(...corners.map(([, top]) => top)) - PADDING.top;
  const right = Math.max(...corners.map(([left]) => left + CARD.width)) + PADDING.side;
  const bottom = Math.max(...corners.map(([, top, height]) => top + height)) + PADDING.bottom;
  return { x, y, width: right - x, height: bottom - y };
}

export const GroupFrame = memo(function GroupFrame({ id }) {
  const group = useDraft((state) => groupsOf(state.document).find((other) => frameId(other) === id));
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
        {isEdited ? <TitleField text={group.title} label="Name of this group" finish={finish} /> : group.title}
      </div>
    </section>
  );
});

// Pressing the title selects the cards of the group; moving it moves them, as one step of undo.
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
