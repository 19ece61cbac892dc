// A note on the canvas. A double click edits it; notes do not affect runs.

import { memo } from "react";
import { NodeResizer } from "@xyflow/react";
import { draft, useDraft } from "../graph/draft.js";
import { renaming, useOverlay } from "../overlays.js";

const LEAST = { width: 120, height: 48 };

export const NoteCard = memo(function NoteCard({ id, selected }) {
  const note = useDraft((state) => state.document.notes.find((other) => `note:${other.id}` === id));
  const isEdited = useOverlay(renaming) === id;
  if (!note) return null;
  const write = (fields) => draft.edit([{ op: "note", ...note, ...fields }]);
  const resized = (_, { x, y, width, height }) =>
    write({ x: Math.round(x), y: Math.round(y), width: Math.round(width), height: Math.round(height) });
  const [first, ...rest] = note.text.split("\n");
  return (
    <div
      className={`note-card ${selected ? "sel" : ""}`}
      data-testid={`note-${note.id}`}
      onDoubleClick={() => renaming.open(id)}
    >
      <NodeResizer isVisible={selected} minWidth={LEAST.width} minHeight={LEAST.height} onResizeEnd={resized} />
      {isEdited ? (
        <NoteField text={note.text} finish={(text) => { renaming.close(); if (text !== note.text) write({ text }); }} />
      ) : (
        <>
          <div className={rest.length > 0 ? "b" : ""}>{first || <span className="t3">Double click to edit</span>}</div>
          {rest.length > 0 && <div className="rest">{rest.join("\n")}</div>}
        </>
      )}
    </div>
  );
});

function NoteField({ text, finish }) {
  return (
    <textarea
      className="nodrag nowheel"
      aria-label="Text of the note"
      defaultValue={text}
      autoFocus
      onBlur={(event) => finish(event.target.value)}
      onKeyDown={(event) => {
        if (event.key === "Escape") event.target.blur();
        event.stopPropagation();
      }}
    />
  );
}
