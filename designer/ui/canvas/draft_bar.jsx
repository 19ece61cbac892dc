// Draft status in the top bar, next to the pipeline's name: saved or not, undo, redo.

import { Check, CloudOff, LoaderCircle, Redo2, Undo2 } from "lucide-react";
import { draft, useDraft } from "./graph/draft.js";

export function SavedChip() {
  const opened = useDraft((state) => state.opened);
  const waiting = useDraft((state) => state.waiting);
  const late = useDraft((state) => state.late);
  const saved = useDraft((state) => state.saved);
  if (!opened) return null;
  if (late) {
    return (
      <span className="chip warn" role="status" title="Unsaved edits are kept in this tab and resent until the server has saved them.">
        <CloudOff size={12} strokeWidth={2} aria-hidden="true" /> Not saved yet, edits are kept
      </span>
    );
  }
  const Icon = waiting > 0 ? LoaderCircle : Check;
  return (
    <span className="row g1 s t3" role="status" data-testid="saved">
      <Icon size={14} strokeWidth={1.75} aria-hidden="true" />
      {waiting > 0 ? "Saving" : `Saved ${saved}`}
    </span>
  );
}

export function UndoRedo() {
  const canUndo = useDraft((state) => state.canUndo ?? 0);
  const canRedo = useDraft((state) => state.canRedo ?? 0);
  return (
    <span className="row" role="group" aria-label="History">
      <button type="button" className="btn g i" title="Undo (Ctrl Z)" aria-label="Undo" disabled={!canUndo} onClick={draft.undo}>
        <Undo2 size={16} strokeWidth={1.75} aria-hidden="true" />
      </button>
      <button type="button" className="btn g i" title="Redo (Ctrl Shift Z)" aria-label="Redo" disabled={!canRedo} onClick={draft.redo}>
        <Redo2 size={16} strokeWidth={1.75} aria-hidden="true" />
      </button>
    </span>
  );
}
