"""Pipelines of a workspace: create, import, duplicate, delete, restore."""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass

from designer.contract.errors import Ambiguous, DesignerError, FileMissing, InvalidParameter
from designer.pipeline.document import loads, to_document
from designer.pipeline.graph import Pipeline
from designer.pipeline.placing import laid_out
from designer.samples.templates import template, templates
from designer.store.records import Draft, Run
from designer.store.workspace import Workspace

UNTITLED = "Untitled pipeline"
DOCUMENT_BYTES = 5 << 20
"""A document of a thousand steps takes a tenth of it."""


@dataclass(frozen=True)
class Pipelines:
    """The pipelines of a workspace."""

    workspace: Workspace

    def all(self, *, trashed: bool = False, limit: int | None = None) -> list[Draft]:
        """The pipelines, last edited first, or those in the trash; at most `limit` of them."""
        return self.workspace.drafts.all(trashed=trashed, limit=limit)

    def edited_last(self) -> Draft:
        """The training pipeline edited last, or a new one where there is none."""
        recent = self.workspace.drafts.all(kind="training")
        return recent[0] if recent else self.create_blank()

    def inference_of(self, id: str) -> Draft | None:
        """The saved real-time inference pipeline of a training pipeline; None without one."""
        return next(iter(self.workspace.drafts.all(kind="realtime", parent=id)), None)

    def get(self, id: str) -> Draft:
        """A pipeline by id, also from the trash; raises FileMissing."""
        return self.workspace.drafts.get(id)

    def of_run(self, run: Run) -> Draft | None:
        """The pipeline that was run; None where it was not saved or was deleted permanently."""
        try:
            return self.get(run.pipeline_id) if run.pipeline_id else None
        except DesignerError:
            return None

    def find(self, text: str, *, trashed: bool = False) -> Draft:
        """A pipeline by its id, a prefix of its id, or its name.

        Raises FileMissing where there is none, Ambiguous where there are several.
        """
        drafts = self.all(trashed=trashed)
        exact = [draft for draft in drafts if draft.id == text]
        named = [draft for draft in drafts if draft.name.casefold() == text.strip().casefold()]
        prefixed = [draft for draft in drafts if len(text) >= 4 and draft.id.startswith(text)]
        candidates = exact or named or prefixed
        if not candidates:
            where, listed = (" in the trash", " --trash") if trashed else ("", "")
            remedy = f"Pipelines are listed by: designer pipeline list{listed}."
            raise FileMissing(f"there is no pipeline '{text}'{where}", remedy)
        if len(candidates) > 1:
            ids = ", ".join(draft.id[:8] for draft in candidates)
            raise Ambiguous(f"{len(candidates)} pipelines are called '{text}'", f"Name one by its id: {ids}.")
        return candidates[0]

    def create(self, pipeline: Pipeline, *, name: str = "") -> Draft:
        """Create a pipeline with this graph; every node gets a position."""
        _require_one_line(name or pipeline.name)
        document = to_document(laid_out(pipeline))
        return self.workspace.drafts.create(name or pipeline.name, document, kind=pipeline.kind)

    def keep(self, pipeline: Pipeline, *, replace: bool = False) -> Draft:
        """Save a pipeline under its name, unless an equal one of that name is there.

        With `replace` it becomes the next revision of the pipeline of that name; raises Ambiguous where there are
        several.
        """
        document = to_document(laid_out(pipeline))
        named = [draft for draft in self.all() if draft.name == pipeline.name]
        equal = next((draft for draft in named if draft.document == document), None)
        if equal is not None or not (replace and named):
            return equal or self.create(pipeline)
        draft = self.find(pipeline.name)
        self.workspace.drafts.save(draft.id, draft.revision, document, action="sdk")
        return self.get(draft.id)

    def replace(self, id: str, pipeline: Pipeline, base: int) -> Draft:
        """Replace the graph of a pipeline that is still at revision `base`.

        Raises FileMissing, Conflict if it was saved in the meantime, WouldEmpty if every step would be removed.
        """
        document = to_document(laid_out(pipeline))
        self.workspace.drafts.save(id, base, document, action="rest")
        return self.get(id)

    def create_blank(self) -> Draft:
        """Create a pipeline without nodes."""
        return self.create(Pipeline(), name=UNTITLED)

    def create_from_template(self, id: str) -> Draft:
        """Create a pipeline from a template; raises FileMissing naming the templates."""
        sample = template(id)
        if sample is None:
            ids = ", ".join(each.id for each in templates())
            raise FileMissing(f"there is no template '{id}'", f"Templates are: {ids}.")
        return self.create(sample.pipeline, name=sample.title)

    def import_document(self, content: bytes, *, name: str = "") -> Draft:
        """Create a pipeline from an exported document. Nothing in it is run.

        Raises FileMissing for one that is too large, InvalidDocument for one that is no pipeline.
        """
        if len(content) > DOCUMENT_BYTES:
            raise FileMissing("the file is larger than a pipeline document can be", "Choose one that Designer wrote.")
        return self.create(loads(content), name=name)

    def duplicate(self, id: str, name: str | None = None) -> Draft:
        """Copy a pipeline under another name."""
        return self.workspace.drafts.duplicate(id, name)

    def delete(self, id: str) -> None:
        """Move a pipeline to the trash; its runs and deployments stay."""
        self.get(id)
        self.workspace.drafts.delete(id)

    def restore(self, id: str) -> None:
        """Restore a pipeline from the trash."""
        self.get(id)
        self.workspace.drafts.restore(id)

    def forget(self, id: str) -> None:
        """Delete a pipeline in the trash permanently, with its history; its runs stay."""
        self.workspace.drafts.forget(id)


def _require_one_line(name: str) -> None:
    if any(unicodedata.category(sign) == "Cc" for sign in name):
        problem = f"the name {name[:80]!r} has a line break or another control character"
        raise InvalidParameter(problem, "Write it on one line.", parameter="Name")
