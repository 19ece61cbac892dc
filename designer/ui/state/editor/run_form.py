"""The form that asks for the values of pipeline parameters before a run."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass, field, replace
from functools import partial
from typing import Any

import reflex as rx

from designer.contract.errors import DesignerError
from designer.pipeline.assignments import bounds_text, text_of
from designer.pipeline.graph import PipelineParameter
from designer.ui.state.editor.pipeline import EditorState
from designer.ui.state.editor.run import RunState
from designer.ui.views.prose import sentence
from designer.ui.workbench import workbench

CHECKED = "on"
"""What a browser sends for a ticked box; it sends nothing for one that is not."""


@dataclass(frozen=True)
class Asked:
    """One value that the form asks for."""

    name: str
    label: str
    help: str
    editor: str
    text: str
    choices: list[str] = field(default_factory=list)
    error: str = ""


class RunFormState(EditorState):
    """The open form, and what it runs."""

    is_open: bool = False
    asked: rx.Field[list[Asked]] = rx.field(default_factory=list)
    title: str = ""
    _to: str = ""
    _force: bool = False

    @rx.event
    def begin(self, to: str = "", force: bool = False) -> Any:
        """Run the pipeline, up to node `to` if given; where it has parameters, ask for their values first."""
        pipeline = self._pipeline.value
        if not pipeline.parameters or not pipeline.nodes:
            start: Any = RunState.start
            return start(to, force)
        names = workbench().datasets.names() if _reads_dataset(pipeline.parameters.values()) else []
        self.asked = [_asked(parameter, names) for parameter in pipeline.parameters.values()]
        self._to, self._force, self.is_open = to, force, True
        self.title = f"Run {self.name}"
        return None

    @rx.event
    def close(self) -> None:
        """Close without running."""
        self.is_open = False

    @rx.event
    async def run(self, form: dict[str, Any]) -> Any:
        """Run with the values of the form; one that does not fit is shown at its field."""
        texts = {item.name: _typed(item, form) for item in self.asked}
        pipeline = self._pipeline.value
        given = {item.name: texts[item.name] for item in self.asked if texts[item.name] != item.text}
        self.asked = [replace(item, error="") for item in self.asked]
        try:
            check = partial(workbench().runs.checked_assignments, pipeline, given)
            assignments = await asyncio.to_thread(check)
        except DesignerError as error:
            words = sentence(f"{error.finding('parameter')} {error.remedy}".strip())
            named = error.place.parameter
            self.asked = [replace(item, error=words if item.name == named else "") for item in self.asked]
            return None
        self.is_open = False
        start: Any = RunState.start
        return start(self._to, self._force, assignments)


def _reads_dataset(parameters: Any) -> bool:
    return any(parameter.type == "dataset" for parameter in parameters)


def _asked(parameter: PipelineParameter, datasets: list[str]) -> Asked:
    text = text_of(parameter.default)
    choices = [str(choice) for choice in parameter.choices]
    if parameter.type == "dataset" and not choices:
        choices = datasets if not text or text in datasets else [text, *datasets]
    allowed = bounds_text(parameter) if not choices else ""
    help = " ".join(filter(None, (parameter.description, f"{allowed[:1].upper()}{allowed[1:]}." if allowed else "")))
    return Asked(parameter.name, parameter.title or parameter.name, help, _editor(parameter, choices), text, choices)


def _editor(parameter: PipelineParameter, choices: list[str]) -> str:
    match parameter.type:
        case "boolean":
            return "switch"
        case "text":
            return "lines"
        case "integer" | "number" if not choices:
            return "number"
        case _:
            return "choice" if choices else "line"


def _typed(item: Asked, form: dict[str, Any]) -> str:
    value = form.get(item.name)
    if item.editor == "switch":
        return "true" if value in (CHECKED, True) else "false"
    return "" if value is None else str(value)
