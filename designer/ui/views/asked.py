"""Values of pipeline parameters that a form asks for."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from designer.contract.errors import DesignerError
from designer.pipeline.assignments import bounds_text, text_of
from designer.pipeline.graph import PipelineParameter
from designer.ui.views.payload import as_object
from designer.ui.views.prose import sentence

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


def asked_for(parameters: Iterable[PipelineParameter], datasets: list[str]) -> list[Asked]:
    """The values of parameters, filled with their defaults; `datasets` are the names to choose from."""
    return [_asked(parameter, datasets) for parameter in parameters]


def reads_dataset(parameters: Iterable[PipelineParameter]) -> bool:
    """Whether one of the parameters is a dataset."""
    return any(parameter.type == "dataset" for parameter in parameters)


def changed_values(asked: Sequence[Asked], form: Mapping[str, Any], kept: Collection[str] = ()) -> dict[str, str]:
    """The values of a form that differ from the defaults, as typed, and those of the names in `kept`."""
    texts = {item.name: _typed(item, as_object(form)) for item in asked}
    return {item.name: texts[item.name] for item in asked if texts[item.name] != item.text or item.name in kept}


def filled(asked: Sequence[Asked], values: Mapping[str, Any]) -> list[Asked]:
    """The values with other texts than the defaults, by name."""
    return [replace(item, text=text_of(values[item.name])) if item.name in values else item for item in asked]


def with_error(asked: Sequence[Asked], error: DesignerError | None) -> list[Asked]:
    """The values with an error at the one that it names; without any for None."""
    named = error.place.parameter if error is not None else None
    words = sentence(error.in_full("parameter")) if error is not None else ""
    return [replace(item, error=words if item.name == named else "") for item in asked]


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


def _typed(item: Asked, form: Mapping[str, Any]) -> str:
    value = form.get(item.name)
    if item.editor == "switch":
        return "true" if value in (CHECKED, True) else "false"
    return "" if value is None else str(value)
