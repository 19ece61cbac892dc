"""State of the dialogs "Create inference pipeline" and "Deploy"."""

from __future__ import annotations

import asyncio
from functools import partial
from typing import Any

import reflex as rx

from designer.inference.rewrite import Kind
from designer.store.records import Draft
from designer.ui import address
from designer.ui.reporting import reporting
from designer.ui.state.editor.pipeline import ask
from designer.ui.state.editor.tabs import TabsState
from designer.ui.views import failure
from designer.ui.views import inference as inference_view
from designer.ui.views.inference import DialogView, dialog_view
from designer.ui.workbench import workbench
from designer.workbench.inference import Prepared
from designer.workbench.results.source_run import NotTrained

_KINDS = ("realtime", "batch")


class InferenceState(rx.State):
    """What the dialog shows. The inference pipeline is derived from the run each time; nothing is stored here."""

    is_open: bool = False
    is_ready: bool = False
    pipeline_id: str = ""
    is_training: bool = True
    title: str = ""
    kind: str = "realtime"
    view: DialogView = DialogView()
    score: str = ""
    asks_name: bool = False
    name: str = ""
    name_problem: str = ""
    name_words: str = ""
    busy: str = ""
    progress: float = 0
    problem: str = ""
    lacks_run: bool = False
    """Whether the only thing missing is a run of the pipeline."""
    is_on_canvas: bool = False
    """Whether the dialog is open on the page of the pipeline, whose canvas can run it."""

    @rx.event
    def open_create(self, pipeline_id: str) -> Any:
        """Open the dialog for a pipeline."""
        return self._open(pipeline_id, asks_name=False)

    @rx.event
    def open_deploy(self, pipeline_id: str, name: str = "") -> Any:
        """Open the dialog and ask for an endpoint name; for a new version of an endpoint, the name is given."""
        return self._open(pipeline_id, asks_name=True, name=name)

    @rx.event
    def run(self) -> Any:
        """Close the dialog and run the pipeline of the page."""
        self.is_open = False
        return ask("run", {})

    @rx.event
    def close(self) -> None:
        """Close the dialog; a deployment in progress continues."""
        self.is_open = False

    @rx.event
    def choose_kind(self, kind: str) -> Any:
        """Choose real-time or batch, and prepare the pipeline again."""
        if kind not in _KINDS or self.busy:
            return None
        self.kind, self.is_ready = kind, False
        return InferenceState.prepare

    @rx.event
    def choose_score(self, step: str) -> Any:
        """Choose the scoring step whose output is the response, and prepare the pipeline again."""
        if step not in [choice.id for choice in self.view.choices] or self.busy:
            return None
        self.score, self.is_ready = step, False
        return InferenceState.prepare

    @rx.event
    def ask_name(self) -> None:
        """Ask for the name of the endpoint."""
        self.asks_name = True

    @rx.event
    def name_it(self, name: str) -> None:
        """Set the name of the endpoint and check it."""
        self.name = str(name)[:100].strip()
        self._check_name()

    @rx.event(background=True)
    async def prepare(self) -> None:
        """Derive the inference pipeline from the run that counts for the pipeline and show it."""
        async with self:
            request = pipeline_id, score, kind = self.pipeline_id, self.score, _kind(self.kind)
        problem, prepared, lacks_run = "", None, False
        try:
            prepared = await asyncio.to_thread(workbench().inference.prepare, pipeline_id, kind, score or None)
        except Exception as error:
            problem, lacks_run = failure.in_words(error), isinstance(error, NotTrained)
        async with self:
            if request != (self.pipeline_id, self.score, _kind(self.kind)):
                return  # something else was chosen meanwhile, and is being prepared
            self.problem, self.is_ready, self.lacks_run = problem, True, lacks_run
            if prepared is not None:
                self._show(prepared)

    @rx.event(background=True)
    async def edit(self) -> Any:
        """Save the inference pipeline as a draft and open it; an earlier draft from the same pipeline is updated."""
        async with self:
            pipeline_id, score, can_create = self.pipeline_id, self.score, self.view.can_create
            kind = _kind(self.kind)
        if not can_create:
            return None
        try:
            id = (await asyncio.to_thread(workbench().inference.keep, pipeline_id, kind, score or None)).id
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
        """Deploy the inference pipeline in a separate process and open the endpoint's page."""
        async with self:
            self._check_name()
            if self.busy or self.name_problem or not self.view.can_create or self.kind != "realtime":
                return None
            self.busy, self.progress, self.problem = "Preparing", 0, ""
            pipeline_id, score, name = self.pipeline_id, self.score, self.name
        try:
            deploy = partial(workbench().inference.deploy, pipeline_id, name, score or None)
            await reporting(lambda report: deploy(report=report), self._tell)
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
        if self.busy:
            self.is_open = True
            return None
        # On a pipeline's page the address decides: the page's state may still hold the previous pipeline.
        here = address.part(self.router.url, 1) if address.part(self.router.url, 0) == "pipelines" else ""
        self.pipeline_id = here or str(pipeline_id)
        self.is_open, self.is_ready, self.asks_name = True, False, asks_name
        self.lacks_run, self.is_on_canvas = False, bool(here)
        self.kind, self.score, self.name, self.problem = "realtime", "", str(name)[:100], ""
        self.title, self.view = "Deploy" if asks_name else "Create inference pipeline", DialogView()
        self.is_training, self.name_problem, self.name_words = True, "", ""
        return InferenceState.prepare

    def _show(self, prepared: Prepared) -> None:
        made = prepared.rewritten
        self.is_training = prepared.source is not None
        self.kind = made.pipeline.kind if made.pipeline.kind in _KINDS else self.kind
        self.view, self.score = dialog_view(prepared, workbench().library), made.score
        self.name = self.name or _usual_name(prepared.draft)
        self._check_name()
        self.title = "Create inference pipeline" if self.is_training else f"Deploy “{prepared.draft.name}”"

    @rx.var
    def name_tone(self) -> str:
        """What the line under the name reports: `problem`, `name` for an invalid name, empty for neither."""
        return "problem" if self.problem else "name" if self.name_problem else ""

    def _check_name(self) -> None:
        self.name_problem = inference_view.name_problem(self.name)
        number = 1 if self.name_problem else workbench().endpoints.next_version(self.name)
        self.name_words = f"Becomes version {number} of this endpoint." if number > 1 else "A new endpoint."


def _usual_name(draft: Draft) -> str:
    """The endpoint that this pipeline was deployed to, so that it gets a new version; else a name made from its own."""
    deployed = workbench().endpoints.of_pipeline(draft.id)
    return deployed.name if deployed else inference_view.endpoint_name(draft.name)


def _kind(kind: str) -> Kind:
    return "batch" if kind == "batch" else "realtime"
