"""The dialogs "Create inference pipeline" and "Deploy"."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from typing import Any, Literal

import reflex as rx

from designer.contract.errors import DesignerError
from designer.inference.create import create
from designer.inference.path import scoring_steps
from designer.inference.rewrite import Rewritten
from designer.pipeline.document import from_document, to_document
from designer.pipeline.graph import Pipeline
from designer.serving.consume import request_schema
from designer.serving.deploying import deploy_apart
from designer.store.records import Draft, Run
from designer.ui import address, failure, figures, inference_view
from designer.ui.inference_view import StepView, Tally
from designer.ui.library import library
from designer.ui.model_titles import node_title
from designer.ui.reporting import Report, reporting
from designer.ui.small_graph import SmallGraph, small_graph
from designer.ui.state.editor_tabs import TabsState
from designer.ui.workspace import workspace, workspace_folder

_KINDS = ("realtime", "batch")


@dataclass(frozen=True)
class Choice:
    """One scoring step that may answer."""

    id: str
    title: str


class InferenceState(rx.State):
    """What the dialog shows. The pipeline is created anew from the run each time; nothing of value lives here."""

    is_open: bool = False
    is_ready: bool = False
    pipeline_id: str = ""
    is_training: bool = True
    title: str = ""
    subtitle: str = ""
    warning: str = ""
    kind: str = "realtime"
    steps: rx.Field[list[StepView]] = rx.field(default_factory=list)
    wires: rx.Field[list[str]] = rx.field(default_factory=list)
    height: float = 0
    graph: SmallGraph = SmallGraph()
    tally: Tally = Tally()
    choices: rx.Field[list[Choice]] = rx.field(default_factory=list)
    score: str = ""
    can_create: bool = False
    checked: str = ""
    promised: str = ""
    asks_name: bool = False
    name: str = ""
    name_problem: str = ""
    name_words: str = ""
    busy: str = ""
    progress: float = 0
    problem: str = ""
    _place: str = ""

    @rx.event
    def arrive(self) -> None:
        """Close the dialog where a page opens that it does not stand on; after a reload or a reconnect it stays."""
        if self.router.url.path != self._place:
            self.is_open = False

    @rx.event
    def open_create(self, pipeline_id: str) -> Any:
        """Open the dialog for a pipeline."""
        return self._open(pipeline_id, asks_name=False)

    @rx.event
    def open_deploy(self, pipeline_id: str, name: str = "") -> Any:
        """Open the dialog with the question for a name; a new version of an endpoint brings it along."""
        return self._open(pipeline_id, asks_name=True, name=name)

    @rx.event
    def close(self) -> None:
        """Close the dialog; a deployment that has begun goes on."""
        self.is_open = False

    @rx.event
    def choose_kind(self, kind: str) -> Any:
        """Real-time or batch."""
        if kind not in _KINDS or self.busy:
            return None
        self.kind, self.is_ready = kind, False
        return InferenceState.prepare

    @rx.event
    def choose_score(self, step: str) -> Any:
        """Which scoring step answers."""
        if step not in [choice.id for choice in self.choices] or self.busy:
            return None
        self.score, self.is_ready = step, False
        return InferenceState.prepare

    @rx.event
    def ask_name(self) -> None:
        """Ask for the name of the endpoint."""
        self.asks_name = True

    @rx.event
    def name_it(self, name: str) -> None:
        """The name of the endpoint."""
        self.name = str(name)[:100].strip()
        self._check_name()

    @rx.event(background=True)
    async def prepare(self) -> None:
        """Create the inference pipeline of the latest run and show it."""
        async with self:
            pipeline_id, kind, score = self.pipeline_id, self.kind, self.score
        problem, made, draft, run = "", None, None, None
        try:
            draft = await asyncio.to_thread(workspace().drafts.get, pipeline_id)
            run = _run_of(draft)
            made = await asyncio.to_thread(_created, draft, run, kind, score)
        except Exception as error:
            problem = failure.in_words(error)
        async with self:
            self.problem, self.is_ready = problem, True
            if made is not None and draft is not None:
                self._show(draft, run, made)

    @rx.event(background=True)
    async def edit(self) -> Any:
        """Create the pipeline as a draft and open it; one made before from the same pipeline is updated."""
        async with self:
            pipeline_id, kind, score, can_create = self.pipeline_id, self.kind, self.score, self.can_create
        if not can_create:
            return None
        try:
            id = await asyncio.to_thread(_kept, pipeline_id, kind, score)
        except Exception as error:
            async with self:
                self.problem = failure.in_words(error)
            return None
        async with self:
            self.is_open = False
        announce: Any = TabsState.announce
        return [announce(id), rx.redirect(f"/pipelines/{id}")]

    @rx.event(background=True)
    async def deploy(self) -> Any:
        """Create the pipeline, deploy it in a process of its own, and open the endpoint."""
        async with self:
            self._check_name()
            if self.busy or self.name_problem or not self.can_create or self.kind != "realtime":
                return None
            self.busy, self.progress, self.problem = "Preparing", 0, ""
            pipeline_id, score, name = self.pipeline_id, self.score, self.name
        try:
            await reporting(lambda report: _deployed(pipeline_id, score, name, report), self._tell)
        except Exception as error:
            async with self:
                self.busy, self.problem = "", failure.in_words(error)
            return None
        async with self:
            self.busy, self.is_open = "", False
        return rx.redirect(f"/endpoints/{name}")

    async def _tell(self, progress: float, text: str) -> None:
        async with self:
            self.progress, self.busy = progress, text

    def _open(self, pipeline_id: str, asks_name: bool, name: str = "") -> Any:
        self._place = self.router.url.path
        if self.busy:
            self.is_open = True
            return None
        # A page that is not filled yet knows its pipeline by its address only.
        self.pipeline_id = str(pipeline_id) or address.part(self.router.url, 1)
        self.is_open, self.is_ready, self.asks_name = True, False, asks_name
        self.kind, self.score, self.name, self.problem = "realtime", "", str(name)[:100], ""
        self.can_create, self.warning, self.steps, self.graph = False, "", [], SmallGraph()
        self.checked, self.promised, self.tally, self.choices = "", "", Tally(), []
        return InferenceState.prepare

    def _show(self, draft: Draft, run: Run | None, made: Rewritten) -> None:
        self.is_training = run is not None
        self.kind = made.pipeline.kind if made.pipeline.kind in _KINDS else self.kind
        self.can_create = not made.problems
        self.checked, self.promised = inference_view.checked(made)
        self.graph = SmallGraph() if made.problems else small_graph(made.pipeline, library())
        self.tally, self.score = inference_view.tally(made), made.score
        self.name = self.name or inference_view.endpoint_name(draft.name)
        self._check_name()
        self.title = "Create inference pipeline" if run else f"Deploy “{draft.name}”"
        self.subtitle = "The pipeline answers requests as it stands."
        if run is None:
            return
        training = from_document(run.document)
        self.steps = inference_view.step_views(training, made, library())
        self.wires = inference_view.step_wires(training, made)
        self.height = max((step.top for step in self.steps), default=0) + inference_view.STEP_HEIGHT + 24
        names = {step.id: node_title(training.nodes[step.id], library()) for step in scoring_steps(training, library())}
        self.choices = [Choice(id, title) for id, title in names.items()]
        self.subtitle = (
            f"From the run of {figures.moment(run.created)} of “{draft.name}”. "
            "Learning steps go; what they learned stays, pinned."
        )
        is_edited = _computed(draft.document) != _computed(run.document)
        self.warning = "The pipeline was edited since this run; the edits are not in it." if is_edited else ""

    @rx.var
    def name_tone(self) -> str:
        """What the line under the name speaks of: a failed deployment, a wrong name, or nothing wrong."""
        return "problem" if self.problem else "name" if self.name_problem else ""

    def _check_name(self) -> None:
        self.name_problem = inference_view.name_problem(self.name)
        versions = [] if self.name_problem else _versions(self.name)
        number = versions[0] + 1 if versions else 1
        self.name_words = f"Becomes version {number} of this endpoint." if versions else "A new endpoint."


def _run_of(draft: Draft) -> Run | None:
    """The newest finished run that scored; None for an inference pipeline, which needs none."""
    if draft.kind != "training":
        return None
    finished = [run for run in workspace().runs.all(draft.id, 50) if run.state == "finished"]
    if not finished:
        raise DesignerError("nothing was learned yet", "Run the pipeline first, then create the inference pipeline.")
    # A run to a step above the model learned nothing; where no run scored, the newest says what is missing.
    return next((run for run in finished if _has_scored(run)), finished[0])


def _has_scored(run: Run) -> bool:
    nodes = workspace().runs.nodes(run.id)
    steps = scoring_steps(from_document(run.document), library())
    return any(step.id in nodes and nodes[step.id].state in ("finished", "reused") for step in steps)


def _created(draft: Draft, run: Run | None, kind: str, score: str) -> Rewritten:
    if draft.kind == "batch":
        raise DesignerError("a batch pipeline is run on a dataset, not deployed", "Create a real-time one instead.")
    if run is None:
        return Rewritten(from_document(draft.document), schema=request_schema(draft.document))
    wanted: Literal["realtime", "batch"] = "batch" if kind == "batch" else "realtime"
    return create(workspace(), run.id, wanted, library(), score=score or None)


def _sound(draft: Draft, run: Run | None, kind: str, score: str) -> Pipeline:
    made = _created(draft, run, kind, score)
    if made.problems:
        raise DesignerError(made.problems[0].message, made.problems[0].remedy)
    return made.pipeline


def _kept(pipeline_id: str, kind: str, score: str) -> str:
    """Save the inference pipeline as a draft of its own, or into the one made before; returns its id."""
    drafts = workspace().drafts
    draft = drafts.get(pipeline_id)
    run = _run_of(draft)
    pipeline = _sound(draft, run, kind, score)
    before = next(iter(drafts.all(kind=pipeline.kind, parent=pipeline_id)), None)
    if before is None:
        origin = {"parent": pipeline_id, "parent_run": run.id if run else None}
        return drafts.create(pipeline.name, to_document(pipeline), kind=pipeline.kind, **origin).id
    document = {**to_document(pipeline), "name": before.name}
    drafts.save(before.id, before.revision, document, action="update from training")
    return before.id


def _deployed(pipeline_id: str, score: str, name: str, report: Report) -> dict[str, Any]:
    draft = workspace().drafts.get(pipeline_id)
    run = _run_of(draft)
    pipeline = _sound(draft, run, "realtime", score)
    run_id = run.id if run else draft.parent_run
    return deploy_apart(workspace_folder(), pipeline, name, run_id=run_id, pipeline_id=pipeline_id, report=report)


def _versions(name: str) -> list[int]:
    return [version.version for version in workspace().endpoints.versions(name)]


def _computed(document: Any) -> tuple[Any, Any]:
    """What a run depends on: not the layout, not the notes."""
    return document.get("nodes"), document.get("edges")
