"""Create the inference pipeline of a trained pipeline, save it, deploy it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from designer.contract.catalogue.library import Library
from designer.contract.errors import DesignerError
from designer.inference.create import create
from designer.inference.rewrite import Kind, Rewritten, unchanged
from designer.pipeline.document import from_document, to_document
from designer.pipeline.graph import Pipeline
from designer.pipeline.parameters import bound
from designer.serving.deploying import deploy_apart
from designer.serving.endpoints import Deployed, deploy
from designer.store.records import Draft
from designer.store.workspace import Workspace
from designer.workbench.results.source_run import SourceRun, source_run

Report = Callable[[float, str], None]


@dataclass(frozen=True)
class Prepared:
    """The inference pipeline of a draft as it would be created now.

    `source` is None for a draft that is an inference pipeline already and needs no run.
    """

    draft: Draft
    source: SourceRun | None
    rewritten: Rewritten

    @property
    def was_edited(self) -> bool:
        """Whether the draft was edited after the run, so that the edits are not in the inference pipeline."""
        return self.source is not None and not self.source.is_current

    def pipeline(self) -> Pipeline:
        """The inference pipeline; raises the first problem where the draft cannot be rewritten."""
        return self.rewritten.required().pipeline


@dataclass(frozen=True)
class Inference:
    """Inference pipelines of a workspace."""

    workspace: Workspace
    library: Library

    def prepare(self, pipeline: str, kind: Kind = "realtime", score: str | None = None) -> Prepared:
        """Create the inference pipeline of a pipeline from its source run, without saving it.

        `score` names the scoring step that answers where there are several. Raises DesignerError where no run finished
        and for a batch pipeline; what cannot be rewritten is a problem of the result.
        """
        draft = self.workspace.drafts.get(pipeline)
        if draft.kind == "batch":
            raise DesignerError("a batch pipeline is run on a dataset, not deployed", "Create a real-time one instead.")
        if draft.kind != "training":
            return Prepared(draft, None, unchanged(bound(from_document(draft.document)), self.library))
        source = source_run(self.workspace, draft, self.library)
        made = create(self.workspace, source.run.id, kind, self.library, score=score)
        return Prepared(draft, source, made)

    def keep(self, pipeline: str, kind: Kind = "realtime", score: str | None = None) -> Draft:
        """Save the inference pipeline as its own draft, or into the one saved before from the same pipeline."""
        prepared, drafts = self.prepare(pipeline, kind, score), self.workspace.drafts
        made = prepared.pipeline()
        before = next(iter(drafts.all(kind=made.kind, parent=pipeline)), None)
        if before is None:
            run = prepared.source.run.id if prepared.source else None
            return drafts.create(made.name, to_document(made), kind=made.kind, parent=pipeline, parent_run=run)
        document = {**to_document(made), "name": before.name}
        drafts.save(before.id, before.revision, document, action="update from training")
        return drafts.get(before.id)

    def of_run(self, run: str, kind: Kind = "realtime", score: str | None = None) -> Rewritten:
        """The inference pipeline of a finished run; raises the first problem where it cannot be rewritten."""
        return create(self.workspace, run, kind, self.library, score=score).required()

    def deploy_document(
        self, pipeline: Pipeline, name: str, *, accept_differences: bool = False, report: Report | None = None
    ) -> Deployed:
        """Deploy an inference pipeline from outside the workspace. Runs its steps in this process."""
        return deploy(
            self.workspace, self.library, bound(pipeline), name, accept_differences=accept_differences, report=report
        )

    def deploy(
        self,
        pipeline: str,
        name: str,
        score: str | None = None,
        *,
        accept_differences: bool = False,
        report: Report | None = None,
    ) -> dict[str, Any]:
        """Deploy the real-time inference pipeline in a child process; returns `Deployed.to_json()`."""
        prepared = self.prepare(pipeline, "realtime", score)
        run = prepared.source.run.id if prepared.source else prepared.draft.parent_run
        return deploy_apart(
            self.workspace.path,
            prepared.pipeline(),
            name,
            run_id=run,
            pipeline_id=pipeline,
            accept_differences=accept_differences,
            report=report,
        )
