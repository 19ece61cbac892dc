"""The form that asks for the experiment of a run, and for the values of pipeline parameters."""

from __future__ import annotations

import asyncio
from functools import partial
from typing import Any

import reflex as rx

from designer.contract.errors import DesignerError
from designer.ui.state.editor.pipeline import EditorState
from designer.ui.state.editor.run import RunState
from designer.ui.views.asked import Asked, asked_for, changed_values, reads_dataset, with_error
from designer.ui.views.payload import form_text
from designer.ui.views.prose import sentence
from designer.ui.workbench import workbench

EXPERIMENT = ":experiment"
"""The name of its field, which stands beside those of parameters: these have no colon."""


class RunFormState(EditorState):
    """The open form, and what it runs."""

    is_open: bool = False
    asked: rx.Field[list[Asked]] = rx.field(default_factory=list)
    title: str = ""
    experiment: str = ""
    experiments: rx.Field[list[str]] = rx.field(default_factory=list)
    experiment_problem: str = ""
    _to: str = ""
    _force: bool = False

    @rx.event
    def begin(self, to: str = "", force: bool = False, asks: bool = False) -> Any:
        """Run the pipeline, up to node `to` if given; where it has parameters, or with `asks`, show the form first."""
        pipeline = self._pipeline.value
        if not (pipeline.parameters or asks) or not pipeline.nodes:
            start: Any = RunState.start
            return start(to, force)
        names = workbench().datasets.names() if reads_dataset(pipeline.parameters.values()) else []
        self.asked = asked_for(pipeline.parameters.values(), names)
        experiments = workbench().experiments
        self.experiments = [each.experiment.name for each in experiments.all()]
        self.experiment, self.experiment_problem = experiments.last_of(self.pipeline_id), ""
        self._to, self._force, self.is_open = to, force, True
        self.title = f"Run {self.name}"
        return None

    @rx.event
    def close(self) -> None:
        """Close without running."""
        self.is_open = False

    @rx.event
    async def run(self, form: dict[str, Any]) -> Any:
        """Run with the texts of the form; one that does not fit is shown at its field."""
        pipeline, given = self._pipeline.value, changed_values(self.asked, form)
        self.asked, self.experiment_problem = with_error(self.asked, None), ""
        try:
            experiment = await asyncio.to_thread(workbench().experiments.usable, form_text(form, EXPERIMENT))
        except DesignerError as error:
            self.experiment_problem = sentence(error.in_full("parameter"))
            return None
        try:
            check = partial(workbench().runs.checked_assignments, pipeline, given)
            assignments = await asyncio.to_thread(check)
        except DesignerError as error:
            self.asked = with_error(self.asked, error)
            return None
        self.is_open = False
        start: Any = RunState.start
        return start(self._to, self._force, assignments, experiment)
