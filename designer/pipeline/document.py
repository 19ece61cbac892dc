"""Read and write a pipeline as a readable, sorted JSON document with a versioned format."""

from __future__ import annotations

import json
import math
from collections.abc import Callable, Iterator, Mapping
from typing import Annotated, Any

from pydantic import (
    BaseModel,
    ConfigDict,
    Field,
    GetCoreSchemaHandler,
    GetJsonSchemaHandler,
    ValidationError,
    ValidatorFunctionWrapHandler,
)
from pydantic_core import CoreSchema, core_schema

from designer.contract.errors import DesignerError
from designer.pipeline.fields import (
    CHOICE_LIMIT,
    NODE_LIMIT,
    PARAMETER_LIMIT,
    Compute,
    Coordinate,
    Id,
    Number,
    ParameterName,
    Text,
    Title,
)
from designer.pipeline.graph import (
    Direction,
    Edge,
    Group,
    Node,
    Note,
    ParameterType,
    Pipeline,
    PipelineKind,
    PipelineParameter,
    Point,
    groups_among,
)

FORMAT = 2
MIGRATIONS: Mapping[int, Callable[[dict[str, Any]], dict[str, Any]]] = {1: dict}
"""Migrations by format number, each to the next format."""


class DamagedDocument(DesignerError):
    """A document is not a valid pipeline, with the place and the finding."""


class _OrElse:
    """Validate a layout value, or use the default: an invalid layout must not make a document unreadable."""

    def __init__(self, default: Any) -> None:
        self.default = default

    def __get_pydantic_core_schema__(self, source: Any, handler: GetCoreSchemaHandler) -> CoreSchema:
        return core_schema.no_info_wrap_validator_function(self._read, handler(source))

    def __get_pydantic_json_schema__(self, schema: CoreSchema, handler: GetJsonSchemaHandler) -> dict[str, Any]:
        return {"anyOf": [handler(schema), {}]}

    def _read(self, value: Any, reader: ValidatorFunctionWrapHandler) -> Any:
        try:
            return reader(value)
        except ValidationError:
            return self.default


_Place = Annotated[tuple[Coordinate, Coordinate] | None, _OrElse(None)]


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", use_attribute_docstrings=True)


class _Node(_Strict):
    module: str = Field(min_length=1, max_length=200)
    """The id of a module, or NAME@VERSION of a component."""
    version: int = Field(default=1, ge=1)
    """The version of the module that the parameters were set for."""
    parameters: dict[str, Any] = {}
    """Values by name; {"$parameter": NAME} stands for a parameter of the pipeline."""
    comment: Text = ""
    """Shown on the card."""
    title: Title = ""
    """In place of the title of the module."""
    disabled: bool = False
    """The step is passed by in a run."""
    compute: Compute = ""
    """The compute that runs the step; `local` for this computer, by default that of the pipeline."""


class _Edge(_Strict):
    source: Id
    """The id of the node that the wire comes from."""
    output: Id
    """The output port of the source."""
    target: Id
    """The id of the node that the wire goes to."""
    input: Id
    """The input port of the target."""


class _Note(_Strict):
    id: Id
    text: Text = ""
    x: Annotated[Coordinate, _OrElse(0.0)] = 0
    y: Annotated[Coordinate, _OrElse(0.0)] = 0
    width: Annotated[Coordinate, _OrElse(200.0)] = 200
    height: Annotated[Coordinate, _OrElse(80.0)] = 80


class _Group(_Strict):
    id: Id
    title: Title = ""
    nodes: list[str] = Field(min_length=1)
    """The ids of its nodes."""
    collapsed: bool = False
    """Drawn as one card."""


class _Parameter(_Strict):
    type: ParameterType
    default: Any = None
    """Used where a run gives no value; without one, a run has to."""
    title: Title = ""
    description: Text = ""
    minimum: Number | None = None
    """The least value that is allowed, of a number."""
    maximum: Number | None = None
    """The largest value that is allowed, of a number."""
    choices: list[Any] = Field(default=[], max_length=CHOICE_LIMIT)
    """The values that are allowed; empty for any."""


class _Document(_Strict):
    format: int
    """The version of the format."""
    name: Title = "Untitled pipeline"
    kind: PipelineKind = "training"
    description: Text = ""
    nodes: dict[Id, _Node] = Field(default={}, max_length=NODE_LIMIT)
    """The steps by id."""
    edges: list[_Edge] = Field(default=[], max_length=10 * NODE_LIMIT)
    """The wires between steps."""
    notes: list[_Note] = Field(default=[], max_length=NODE_LIMIT)
    """Notes on the canvas."""
    groups: list[_Group] = Field(default=[], max_length=NODE_LIMIT)
    """Named frames around nodes."""
    direction: Direction = "down"
    """Where data flows on the canvas."""
    compute: Compute = ""
    """The compute that runs its steps; `local` for this computer, by default that of the workspace."""
    parameters: dict[ParameterName, _Parameter] = Field(default={}, max_length=PARAMETER_LIMIT)
    """The values that a run may set, by name."""
    layout: Annotated[dict[str, _Place], _OrElse({})] = {}
    """The place of each card, in pixels of the canvas; cards without one are placed."""


def to_document(pipeline: Pipeline) -> dict[str, Any]:
    """The pipeline as plain JSON values; optional fields with their default are left out."""
    document = {
        "format": FORMAT,
        "name": pipeline.name,
        "kind": pipeline.kind,
        "description": pipeline.description,
        "nodes": {id: _node_document(node) for id, node in pipeline.nodes.items()},
        "edges": [
            {"source": e.source, "output": e.output, "target": e.target, "input": e.input} for e in pipeline.edges
        ],
        "notes": [_note_document(note) for note in pipeline.notes],
        "layout": {id: [float(x), float(y)] for id, (x, y) in pipeline.layout.items()},
    }
    extras = {
        "groups": [_group_document(group) for group in pipeline.groups],
        "direction": "" if pipeline.direction == "down" else pipeline.direction,
        "parameters": {name: parameter_document(each) for name, each in pipeline.parameters.items()},
        "compute": pipeline.compute,
    }
    return document | {name: value for name, value in extras.items() if value}


def from_document(document: Any) -> Pipeline:
    """Read a document of this or an older format. Unknown modules are kept; unreadable positions are dropped.

    Raises DamagedDocument naming the first invalid place.
    """
    if not isinstance(document, dict) or "format" not in document:
        raise DamagedDocument("this is not a pipeline document", "Choose a file that Designer wrote.")
    try:
        read = _Document.model_validate(_migrated(document))
    except ValidationError as error:
        first = error.errors(include_url=False)[0]
        place = ".".join(_shortened(str(step)) for step in first["loc"])
        problem = "an object with fields should stand here" if first["type"] == "model_type" else first["msg"].lower()
        raise DamagedDocument(f"the document is damaged at '{place}': {problem}") from None
    return Pipeline(
        name=read.name,
        kind=read.kind,
        description=read.description,
        nodes={id: Node(id=id, **dict(node)) for id, node in read.nodes.items()},
        edges=_checked_edges(read),
        layout=_places(read),
        notes=tuple(Note(**dict(note)) for note in read.notes),
        direction=read.direction,
        groups=groups_among((Group(g.id, g.title, tuple(g.nodes), g.collapsed) for g in read.groups), read.nodes),
        parameters={name: _read_parameter(name, each) for name, each in read.parameters.items()},
        compute=read.compute,
    )


def fields_schema() -> dict[str, Any]:
    """The JSON Schema of what `from_document` reads; parameters of nodes are any values."""
    schema = _Document.model_json_schema(ref_template="#/$defs/{model}")
    schema["properties"]["format"] |= {"minimum": 1, "maximum": FORMAT, "default": FORMAT}
    return schema


def dumps(pipeline: Pipeline) -> str:
    """The document as JSON text: indented by two spaces, with sorted keys and a final newline."""
    return json.dumps(to_document(pipeline), indent=2, sort_keys=True, ensure_ascii=False, allow_nan=False) + "\n"


def loads(text: str | bytes) -> Pipeline:
    """Read what `dumps` wrote. Raises DamagedDocument."""
    try:
        document = json.loads(text, object_pairs_hook=_unique, parse_constant=_number, parse_float=_number)
    except (ValueError, RecursionError) as error:
        line = getattr(error, "lineno", None)
        where = f" in line {line}" if line else ""
        raise DamagedDocument(f"the file is not JSON{where}", "Choose a file that Designer wrote.") from None
    infinite = next(_not_finite(document), None)
    if infinite is not None:
        raise DamagedDocument(f"the number {_shortened(infinite.text)} is not finite", "Write a finite number.")
    return from_document(document)


def parameter_document(parameter: PipelineParameter) -> dict[str, Any]:
    """A pipeline parameter as plain JSON values, without its name."""
    fields = {name: value for name, value in vars(parameter).items() if name != "name"}
    return {**fields, "choices": list(parameter.choices)}


def _read_parameter(name: str, read: _Parameter) -> PipelineParameter:
    return PipelineParameter(name=name, **{**dict(read), "choices": tuple(read.choices)})


def _unique(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    """Build a JSON object. Raises DamagedDocument for a repeated name."""
    fields = dict(pairs)
    if len(fields) < len(pairs):
        names = [name for name, _ in pairs]
        repeated = next(name for name in names if names.count(name) > 1)
        raise DamagedDocument(f"the name '{_shortened(repeated)}' occurs twice in one object", "Remove one of the two.")
    return fields


class _NotFinite(float):
    """A non-finite number, with its text."""

    text: str


def _number(text: str) -> float:
    number = float(text)
    if math.isfinite(number):
        return number
    infinite = _NotFinite(number)
    infinite.text = text
    return infinite


def _not_finite(value: Any, *, is_document: bool = True) -> Iterator[_NotFinite]:
    """The non-finite numbers outside the layout and notes, whose values may be dropped."""
    match value:
        case _NotFinite():
            yield value
        case dict():
            for name, item in value.items():
                if not (is_document and name in ("layout", "notes")):
                    yield from _not_finite(item, is_document=False)
        case list():
            for item in value:
                yield from _not_finite(item, is_document=False)
        case _:
            pass


def _shortened(text: str) -> str:
    return text if len(text) <= 60 else f"{text[:57]}..."


def _node_document(node: Node) -> dict[str, Any]:
    document: dict[str, Any] = {"module": node.module, "version": node.version, "parameters": dict(node.parameters)}
    extras = {"comment": node.comment, "title": node.title, "disabled": node.disabled, "compute": node.compute}
    return document | {name: value for name, value in extras.items() if value}


def _note_document(note: Note) -> dict[str, Any]:
    place = {"x": note.x, "y": note.y, "width": note.width, "height": note.height}
    return {"id": note.id, "text": note.text, **{name: float(value) for name, value in place.items()}}


def _group_document(group: Group) -> dict[str, Any]:
    document: dict[str, Any] = {"id": group.id, "title": group.title, "nodes": list(group.nodes)}
    return document | ({"collapsed": True} if group.collapsed else {})


def _migrated(document: dict[str, Any]) -> dict[str, Any]:
    number = document["format"]
    if not isinstance(number, int) or isinstance(number, bool) or number < 1:
        raise DamagedDocument(f"the format {number!r} does not exist", f"This version reads formats 1 to {FORMAT}.")
    if number > FORMAT:
        raise DamagedDocument(f"the format {number} is newer than this version reads ({FORMAT})", "Update Designer.")
    while number < FORMAT:
        document, number = {**MIGRATIONS[number](document), "format": number + 1}, number + 1
    return document


def _places(read: _Document) -> dict[str, Point]:
    return {id: point for id, point in read.layout.items() if point is not None and id in read.nodes}


def _checked_edges(read: _Document) -> tuple[Edge, ...]:
    edges: list[Edge] = []
    taken: set[tuple[str, str]] = set()
    for number, edge in enumerate(read.edges):
        for end in (edge.source, edge.target):
            if end not in read.nodes:
                raise DamagedDocument(f"wire {number + 1} ends at '{end}', and there is no such node")
        if (edge.target, edge.input) in taken:
            raise DamagedDocument(f"two wires end at input '{edge.input}' of '{edge.target}'")
        taken.add((edge.target, edge.input))
        edges.append(Edge(edge.source, edge.output, edge.target, edge.input))
    return tuple(edges)
