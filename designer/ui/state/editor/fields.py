"""The settings form as a list of fields derived from a module's declaration, and the parsing of typed values."""

from __future__ import annotations

import json
import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Any

from pydantic import ValidationError

from designer.contract.module import Spec
from designer.contract.parameters import Parameter, shown
from designer.contract.ports import PortType
from designer.contract.schema import Schema
from designer.contract.selection import Columns
from designer.pipeline.check import Problem
from designer.pipeline.graph import Node
from designer.reading.file import suffixes
from designer.ui.state.editor.problems import finding_at_field
from designer.ui.views.prose import plain

SHORT_LABEL, SHORT_HELP = 20, 48
NAMES_SHOWN = 4


@dataclass(frozen=True)
class Field:
    """One field of the form: `text` is its content, `detail` a second line, `error` what is wrong with it."""

    key: str
    node: str
    name: str
    label: str
    help: str
    editor: str
    text: str = ""
    checked: bool = False
    detail: str = ""
    error: str = ""
    language: str = ""
    choices: list[str] = field(default_factory=list)
    is_half: bool = False
    is_required: bool = False
    accept: str = ""
    """File suffixes for the file picker, separated by commas."""
    store: str = ""
    """The datastore that the path of the field lies in, where one is chosen."""
    parameter: str = ""
    """The pipeline parameter that fills the field; empty where none does."""
    can_promote: bool = False
    """Whether the field can be made a pipeline parameter."""
    shareable: list[str] = field(default_factory=list)
    """The pipeline parameters that may fill the field too."""


def fields_of(
    node: Node,
    spec: Spec,
    schemas: Mapping[str, Schema | None],
    problems: Iterable[Problem],
    datasets: Sequence[str] = (),
    datastores: Mapping[str, str] = MappingProxyType({}),
) -> list[Field]:
    """The fields visible under the node's current values; `schemas` are the columns known at its inputs."""
    values = {p.name: node.parameters.get(p.name, p.default) for p in spec.parameters}
    errors = {p.parameter: finding_at_field(p) for p in problems if p.node == node.id and p.parameter}
    visible = [p for p in shown(spec.parameters, values) if not p.hidden]
    fields = [
        _field(node, p, values[p.name], columns_for(p, spec, schemas), errors.get(p.name, ""), datasets, datastores)
        for p in visible
    ]
    return _side_by_side(fields)


def columns_for(parameter: Parameter, spec: Spec, schemas: Mapping[str, Schema | None]) -> Schema | None:
    """The columns that a parameter selects from: those of its port, or of the first table port."""
    if parameter.editor not in ("column", "columns"):
        return None
    first = next((port.name for port in spec.inputs if port.type is PortType.TABLE), "")
    return schemas.get(parameter.input or first)


def read_value(parameter: Parameter, typed: Any) -> Any:
    """Parse typed input. What cannot be parsed is kept as typed: the pipeline check reports it."""
    match parameter.editor:
        case "number":
            return _number(parameter, typed)
        case "switch":
            return typed in (True, "True")
        case "choice":
            return next((choice for choice in parameter.choices if _text(choice) == str(typed)), typed)
        case "dataset" | "datastore" | "column" | "text" | "lines" | "code" | "file" | "table":
            return None if parameter.optional and typed == "" else _like_default(parameter, typed)
        case "columns":
            return typed


def read_columns(value: Any) -> Columns:
    """The column selection in a document; an empty one where it is invalid."""
    try:
        return value if isinstance(value, Columns) else Columns.model_validate(value or {})
    except ValidationError:
        return Columns()


def chosen_text(columns: Columns, schema: Schema | None) -> str:
    """Which columns a selection takes, in one line."""
    if columns.is_empty:
        return ""
    if schema is None or not len(schema):
        return "Columns are known after the wire or a run."
    try:
        names = columns.of(Schema(schema.columns, complete=False), allow_empty=True)
    except Exception as error:  # the pipeline check reports it at the field
        return str(error)
    more = ", …" if len(names) > NAMES_SHOWN else ""
    return f"{len(names)} of {len(schema)}: {', '.join(names[:NAMES_SHOWN])}{more}" if names else "Takes no column."


def _field(
    node: Node,
    parameter: Parameter,
    value: Any,
    schema: Schema | None,
    error: str,
    datasets: Sequence[str],
    datastores: Mapping[str, str],
) -> Field:
    text, detail, choices = _text(value), "", [_text(choice) for choice in parameter.choices]
    editor: str = parameter.editor
    match parameter.editor:
        case "columns":
            columns = read_columns(value)
            text, detail = str(columns), chosen_text(columns, schema)
        case "column":
            choices = _with_present(schema.names if schema else [], text)
            editor = "column" if schema and schema.complete and schema.names else "column text"
        case "dataset":
            choices = _with_present(list(datasets), text)
        case "datastore":
            choices = _with_present([name for name, holds in datastores.items() if holds in parameter.accepts], text)
            editor = "datastore" if parameter.required else "place"
        case _:
            pass
    return Field(
        key=f"{node.id} {parameter.name}",
        node=node.id,
        name=parameter.name,
        label=parameter.label,
        help=_help(parameter),
        editor=editor,
        text=text,
        checked=bool(value),
        detail=detail,
        error=error,
        language=parameter.language or "",
        choices=choices,
        store=_store_of(node, parameter, datastores),
        is_required=parameter.required and parameter.default in (None, ""),
        accept=",".join(parameter.accepts or suffixes()) if parameter.editor == "file" else "",
    )


def _store_of(node: Node, parameter: Parameter, datastores: Mapping[str, str]) -> str:
    """The datastore in which the path of a field can be chosen; empty for this computer and for one named in it."""
    chosen = str(node.parameters.get(parameter.within) or "") if parameter.within else ""
    return chosen if datastores.get(chosen) == "files" else ""


def _side_by_side(fields: list[Field]) -> list[Field]:
    """Put two adjacent numbers with short labels and help on one line."""
    paired: list[Field] = []
    waiting: Field | None = None
    for item in fields:
        is_number = item.editor == "number"
        is_short = is_number and len(item.label) <= SHORT_LABEL and len(item.help) <= SHORT_HELP
        if waiting is not None and is_short:
            paired[-1] = _halved(waiting)
            paired.append(_halved(item))
            waiting = None
        else:
            paired.append(item)
            waiting = item if is_short else None
    return paired


def _halved(item: Field) -> Field:
    return Field(**{**vars(item), "is_half": True})


def _with_present(names: list[str], present: str) -> list[str]:
    return names if not present or present in names else [present, *names]


def _text(value: Any) -> str:
    match value:
        case None:
            return ""
        case bool():
            return "True" if value else "False"
        case float():
            return repr(value) if not value.is_integer() or abs(value) >= 1e16 else f"{value:.1f}"
        case dict():
            return json.dumps(value, ensure_ascii=False)
        case list() | tuple():
            return ", ".join(_text(item) for item in value)
        case _:
            return str(value)


def _number(parameter: Parameter, typed: Any) -> Any:
    text = str(typed).strip().replace("−", "-")
    if not text:
        return None
    try:
        number = float(text)
    except ValueError:
        return text[:200]
    if not math.isfinite(number):
        return text
    return int(number) if parameter.integer and number.is_integer() else number


def _like_default(parameter: Parameter, typed: Any) -> Any:
    """Typed text as the type of the default: a list is typed with commas between its items."""
    if isinstance(parameter.default, list | tuple):
        return [part.strip() for part in str(typed).split(",") if part.strip()]
    return str(typed)


def _help(parameter: Parameter) -> str:
    required = parameter.required and parameter.default in (None, "") and parameter.editor not in ("switch", "choice")
    help = plain(parameter.help)
    return f"{help} Required.".strip() if required else help
