"""Saving the browser's edits: applied to the newest revision, saved by compare-and-swap, answered with a revision."""

from __future__ import annotations

import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from designer.contract.errors import DesignerError
from designer.contract.library import Library
from designer.pipeline.document import from_document, to_document
from designer.pipeline.edit import apply
from designer.pipeline.graph import Pipeline
from designer.pipeline.versions import up_to_date
from designer.store.drafts import Conflict
from designer.store.records import Draft
from designer.store.workspace import Workspace

ATTEMPTS = 5
OPERATION_LIMIT = 20_000

Operation = Mapping[str, Any]


@dataclass(frozen=True)
class Saved:
    """What became of a batch of operations. `reason` says why it was refused; `merged` that others edited too."""

    pipeline: Pipeline
    revision: int
    saved: str
    reason: str = ""
    merged: bool = False


def save_edit(workspace: Workspace, library: Library, id: str, base: int, operations: Sequence[Operation]) -> Saved:
    """Apply operations that were made on revision `base` and save. Edits of another tab are kept: these go on top."""
    if len(operations) > OPERATION_LIMIT:
        return _refused(workspace, library, id, f"one edit may hold at most {OPERATION_LIMIT:,} operations")
    for _ in range(ATTEMPTS):
        draft = workspace.drafts.get(id)
        before = opened(draft, library).pipeline
        merged = draft.revision != base
        try:
            after = apply(before, _not_done_yet(before, operations) if merged else operations, library)
        except DesignerError as error:
            return _refused(workspace, library, id, str(error))
        if after == before:
            return Saved(before, draft.revision, _clock(draft.edited), merged=merged)
        try:
            revision = workspace.drafts.save(
                id, draft.revision, to_document(after), allow_empty=any(o.get("op") == "remove" for o in operations)
            )
        except Conflict:
            continue
        return Saved(after, revision, _clock(time.time()), merged=merged)
    return _refused(workspace, library, id, "the pipeline is being changed elsewhere all the time")


def opened(draft: Draft, library: Library) -> Saved:
    """A draft as it is, with settings of older versions of modules migrated; they are saved with the next edit."""
    pipeline = up_to_date(from_document(draft.document), library)
    return Saved(pipeline, draft.revision, _clock(draft.edited))


def _not_done_yet(pipeline: Pipeline, operations: Sequence[Operation]) -> list[Operation]:
    """A batch whose answer was lost is sent again: nodes that it added before are not added twice."""
    return [o for o in operations if not (o.get("op") == "add" and _is_there(pipeline, o))]


def _is_there(pipeline: Pipeline, operation: Operation) -> bool:
    node = pipeline.nodes.get(str(operation.get("id")))
    return node is not None and node.module == operation.get("module")


def _refused(workspace: Workspace, library: Library, id: str, reason: str) -> Saved:
    now = opened(workspace.drafts.get(id), library)
    return Saved(now.pipeline, now.revision, now.saved, reason=reason)


def _clock(moment: float) -> str:
    return time.strftime("%H:%M", time.localtime(moment))
