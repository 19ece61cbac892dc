"""The dialog of a pipeline's parameters: the list, and the chosen one as a form. Every change is an edit."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

import reflex as rx

from designer.contract.errors import DesignerError
from designer.pipeline.assignments import bounds_text, text_of
from designer.pipeline.graph import PipelineParameter
from designer.ui.state.editor.pipeline import EditorState, ask
from designer.ui.views.prose import sentence
from designer.ui.workbench import workbench
from designer.workbench.parameters import Listed

BOUNDED = ("integer", "number")


@dataclass(frozen=True)
class FilledField:
    """A field that a parameter fills."""

    node: str
    field: str
    text: str


@dataclass(frozen=True)
class ParameterRow:
    """A parameter as the dialog shows it."""

    name: str
    type: str
    default: str
    title: str
    description: str
    minimum: str
    maximum: str
    choices: str
    allowed: str
    is_bounded: bool
    is_long: bool
    fills: list[FilledField] = field(default_factory=list)


_NONE = ParameterRow("", "", "", "", "", "", "", "", "", False, False)


class ParametersState(EditorState):
    """The open dialog."""

    is_open: bool = False
    chosen: str = ""
    row: ParameterRow = _NONE
    rows: rx.Field[list[ParameterRow]] = rx.field(default_factory=list)
    wrong: str = ""
    """The part of the declaration whose text does not fit."""
    problem: str = ""

    @rx.event
    def open(self, name: str = "") -> None:
        """Open the dialog on a parameter, or on the first."""
        self.is_open, self.chosen, self.wrong, self.problem = True, str(name), "", ""
        self.refresh()

    @rx.event
    def close(self) -> None:
        """Close the dialog."""
        self.is_open = False

    @rx.event
    def write(self, name: str, part: str, text: str) -> Any:
        """Take what was typed into a part of the declaration of a parameter."""
        text = str(text).strip() if part == "name" else str(text)
        try:
            operations = workbench().parameters.change(self._pipeline.value, str(name), {str(part): text})
        except DesignerError as error:
            self.wrong, self.problem = str(part), sentence(error.in_full("parameter"))
            return None
        self.wrong, self.problem = "", ""
        if part == "name":
            self.chosen = text
        return ask("edit", operations, {"merge": f"parameter {name} {part}"}) if operations else None

    @rx.event
    def remove(self, name: str) -> Any:
        """Remove a parameter; its fields get the default."""
        self.chosen = ""
        return ask("edit", workbench().parameters.remove(self._pipeline.value, str(name)))

    @rx.event
    def lead_to(self, node: str, field: str) -> Any:
        """Close the dialog and go to a field."""
        self.is_open = False
        return ask("show", node, field)

    def refresh(self) -> None:
        """List the parameters of the pipeline as it is now."""
        if not self.is_open:
            return
        rows = [_row(listed) for listed in workbench().parameters.listed(self._pipeline.value)]
        self._put(rows=rows, row=next((row for row in rows if row.name == self.chosen), rows[0] if rows else _NONE))
        self._put(chosen=self.row.name)


def _row(listed: Listed) -> ParameterRow:
    parameter = listed.parameter
    return ParameterRow(
        name=parameter.name,
        type=parameter.type,
        default=text_of(parameter.default),
        title=parameter.title,
        description=parameter.description,
        minimum=_number(parameter.minimum),
        maximum=_number(parameter.maximum),
        choices=", ".join(map(str, parameter.choices)),
        allowed=_summary(parameter),
        is_bounded=parameter.type in BOUNDED,
        is_long=parameter.type == "text",
        fills=[FilledField(f.node, f.field, f"{f.title}: {f.label}") for f in listed.fills],
    )


def _summary(parameter: PipelineParameter) -> str:
    default = text_of(parameter.default) if parameter.default is not None else "given for each run"
    return ", ".join(filter(None, (parameter.type, default, bounds_text(parameter))))


def _number(value: float | None) -> str:
    return "" if value is None else str(int(value)) if float(value).is_integer() else str(value)
