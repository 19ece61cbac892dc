"""Edit a pipeline: pure functions from pipeline to pipeline, and the operations that the browser sends."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field, TypeAdapter, ValidationError

from designer.contract.catalogue.library import Library
from designer.contract.errors import DesignerError
from designer.contract.ports import PortType
from designer.contract.reference import referenced
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
    PipelineParameter,
    Point,
    groups_among,
)


class RefusedEdit(DesignerError):
    """An edit that the graph does not allow, with the reason."""


def add(pipeline: Pipeline, node: Node, at: Point) -> Pipeline:
    """Add a node. Raises RefusedEdit for an existing id, or beyond the node limit."""
    if node.id in pipeline.nodes:
        raise RefusedEdit(f"there is already a node '{node.id}'")
    if len(pipeline.nodes) >= NODE_LIMIT:
        raise RefusedEdit(f"a pipeline holds at most {NODE_LIMIT:,} nodes")
    return replace(pipeline, nodes={**pipeline.nodes, node.id: node}, layout={**pipeline.layout, node.id: at})


def remove(pipeline: Pipeline, ids: Iterable[str], library: Library | None = None, *, heal: bool = False) -> Pipeline:
    """Remove nodes and their edges; `heal` reconnects their neighbours where the port types fit."""
    removed = set(ids)
    for id in removed if heal and library is not None else ():
        pipeline = _healed(pipeline, id, library) if library else pipeline
    return replace(
        pipeline,
        nodes={id: node for id, node in pipeline.nodes.items() if id not in removed},
        edges=tuple(e for e in pipeline.edges if e.source not in removed and e.target not in removed),
        layout={id: point for id, point in pipeline.layout.items() if id not in removed},
        groups=groups_among(pipeline.groups, pipeline.nodes.keys() - removed),
    )


def connect(pipeline: Pipeline, edge: Edge, library: Library, *, restored: bool = False) -> Pipeline:
    """Add an edge, replacing one that ends at the same input. Raises RefusedEdit with the reason.

    A `restored` edge existed before: it is added even if a module is not installed or no longer has the port; `check`
    reports the problem.
    """
    reason = _impossible(pipeline, edge) if restored else refusal(pipeline, edge, library)
    if reason:
        raise RefusedEdit(reason)
    others = tuple(e for e in pipeline.edges if (e.target, e.input) != (edge.target, edge.input))
    return replace(pipeline, edges=(*others, edge))


def refusal(pipeline: Pipeline, edge: Edge, library: Library) -> str:
    """The reason why an edge cannot be added, in words; empty if it can."""
    source, target = pipeline.nodes.get(edge.source), pipeline.nodes.get(edge.target)
    if source is None or target is None:
        return _impossible(pipeline, edge)
    from_module, to_module = library.get(source.module), library.get(target.module)
    if from_module is None or to_module is None:
        is_alike = from_module is to_module
        return _impossible(pipeline, edge) if is_alike else "one end of the wire is a module that is not installed"
    output, input = from_module.spec().output(edge.output), to_module.spec().input(edge.input)
    if output is None:
        return f"{from_module.spec().title} has no output '{edge.output}'"
    if input is None:
        return f"{to_module.spec().title} has no input '{edge.input}'"
    if not input.type.accepts(output.type):
        needed, offered = _with_article(input.type), _with_article(output.type)
        return f"{to_module.spec().title} needs {needed} at {input.title}, not {offered}"
    return _impossible(pipeline, edge)


def _impossible(pipeline: Pipeline, edge: Edge) -> str:
    """The reason why no edge can connect these nodes, whatever their ports; empty if one can."""
    if edge.source not in pipeline.nodes or edge.target not in pipeline.nodes:
        return "one end of the wire is a node that does not exist"
    if edge.source == edge.target or edge.source in pipeline.descendants(edge.target):
        return "the wire would create a cycle: data would flow back to its own source"
    return ""


def disconnect(pipeline: Pipeline, edge: Edge) -> Pipeline:
    """Remove an edge."""
    return replace(pipeline, edges=tuple(e for e in pipeline.edges if e != edge))


def move(pipeline: Pipeline, positions: Mapping[str, Point]) -> Pipeline:
    """Move nodes."""
    moved = {id: (float(x), float(y)) for id, (x, y) in positions.items() if id in pipeline.nodes}
    return replace(pipeline, layout={**pipeline.layout, **moved})


def change(pipeline: Pipeline, id: str, **fields: Any) -> Pipeline:
    """Change fields of a node: comment, title, disabled, version, parameters. Raises RefusedEdit for an unknown id."""
    if id not in pipeline.nodes:
        raise RefusedEdit(f"there is no node '{id}'", "It may have been removed in another tab.")
    return replace(pipeline, nodes={**pipeline.nodes, id: replace(pipeline.nodes[id], **fields)})


def set_parameters(pipeline: Pipeline, id: str, parameters: Mapping[str, Any]) -> Pipeline:
    """Set some parameters of a node. Values are not validated; `check` reports invalid ones."""
    before = pipeline.nodes[id].parameters if id in pipeline.nodes else {}
    return change(pipeline, id, parameters={**before, **parameters})


def write_note(pipeline: Pipeline, note: Note) -> Pipeline:
    """Add a note, or replace the one with the same id. Raises RefusedEdit beyond the limit."""
    notes = {n.id: n for n in pipeline.notes} | {note.id: note}
    if len(notes) > NODE_LIMIT:
        raise RefusedEdit(f"a pipeline holds at most {NODE_LIMIT:,} notes")
    return replace(pipeline, notes=tuple(notes.values()))


def remove_note(pipeline: Pipeline, id: str) -> Pipeline:
    """Remove a note."""
    return replace(pipeline, notes=tuple(n for n in pipeline.notes if n.id != id))


def group(pipeline: Pipeline, group: Group) -> Pipeline:
    """Group nodes, or replace the group with the same id. Nodes leave their former groups.

    Raises RefusedEdit for an empty group and for unknown nodes.
    """
    missing = [id for id in group.nodes if id not in pipeline.nodes]
    if missing or not group.nodes:
        named = f"there is no node '{missing[0]}'" if missing else "a group needs at least one node"
        raise RefusedEdit(named, "It may have been removed in another tab." if missing else "")
    others = groups_among((g for g in pipeline.groups if g.id != group.id), pipeline.nodes.keys() - set(group.nodes))
    return replace(pipeline, groups=tuple(sorted((*others, group), key=lambda g: g.id)))


def ungroup(pipeline: Pipeline, id: str) -> Pipeline:
    """Remove a group and keep its nodes."""
    return replace(pipeline, groups=tuple(g for g in pipeline.groups if g.id != id))


def write_parameter(pipeline: Pipeline, parameter: PipelineParameter) -> Pipeline:
    """Add a pipeline parameter, or replace the one of its name. Raises RefusedEdit beyond the limit.

    Its default is not validated; `check` reports one that does not fit.
    """
    parameters = {**pipeline.parameters, parameter.name: parameter}
    if len(parameters) > PARAMETER_LIMIT:
        raise RefusedEdit(f"a pipeline has at most {PARAMETER_LIMIT:,} parameters")
    return replace(pipeline, parameters=parameters)


def remove_parameter(pipeline: Pipeline, name: str) -> Pipeline:
    """Remove a pipeline parameter; the fields that refer to it get its default, or none where it has none."""
    if name not in pipeline.parameters:
        return pipeline
    default = pipeline.parameters[name].default
    parameters = {other: each for other, each in pipeline.parameters.items() if other != name}
    nodes = {id: _detached(node, name, default) for id, node in pipeline.nodes.items()}
    return replace(pipeline, parameters=parameters, nodes=nodes)


def _detached(node: Node, name: str, default: Any) -> Node:
    if not any(referenced(value) == name for value in node.parameters.values()):
        return node
    values = {field: default if referenced(value) == name else value for field, value in node.parameters.items()}
    kept = {field: value for field, value in values.items() if value is not None or node.parameters[field] is None}
    return replace(node, parameters=kept)


def apply(pipeline: Pipeline, operations: Sequence[Mapping[str, Any]], library: Library) -> Pipeline:
    """Apply the browser's operations in order, all or none. Raises RefusedEdit."""
    try:
        read = _OPERATIONS.validate_python(list(operations))
    except ValidationError as error:
        first = error.errors(include_url=False)[0]
        place, problem = ".".join(str(step)[:60] for step in first["loc"]), first["msg"].lower()
        raise RefusedEdit(f"the edit cannot be read at '{place}': {problem}") from None
    for operation in read:
        pipeline = operation.on(pipeline, library)
    return pipeline


class _Operation(BaseModel):
    model_config = ConfigDict(extra="forbid", strict=False)


class _Add(_Operation):
    op: Literal["add"]
    id: str = Field(min_length=1, max_length=80, pattern=r"^[A-Za-z0-9_.-]+$")
    module: str = Field(min_length=1, max_length=200)
    version: int = Field(default=1, ge=1)
    x: Coordinate = 0
    y: Coordinate = 0
    parameters: dict[str, Any] = {}
    comment: Text = ""
    title: Title = ""
    disabled: bool = False
    compute: Compute = ""

    def on(self, pipeline: Pipeline, library: Library) -> Pipeline:
        fields = self.model_dump(exclude={"op", "x", "y"})
        return add(pipeline, Node(**fields), (self.x, self.y))


class _Remove(_Operation):
    op: Literal["remove"]
    ids: list[str]
    heal: bool = False

    def on(self, pipeline: Pipeline, library: Library) -> Pipeline:
        return remove(pipeline, self.ids, library, heal=self.heal)


class _Wire(_Operation):
    op: Literal["connect", "disconnect"]
    source: str
    output: str
    target: str
    input: str
    restored: bool = False

    def on(self, pipeline: Pipeline, library: Library) -> Pipeline:
        edge = Edge(self.source, self.output, self.target, self.input)
        if self.op == "disconnect":
            return disconnect(pipeline, edge)
        return connect(pipeline, edge, library, restored=self.restored)


class _Move(_Operation):
    op: Literal["move"]
    positions: dict[str, tuple[Coordinate, Coordinate]]

    def on(self, pipeline: Pipeline, library: Library) -> Pipeline:
        return move(pipeline, self.positions)


class _Set(_Operation):
    op: Literal["set"]
    id: str
    parameters: dict[str, Any]
    replace: bool = False

    def on(self, pipeline: Pipeline, library: Library) -> Pipeline:
        if self.replace:
            return change(pipeline, self.id, parameters=self.parameters)
        return set_parameters(pipeline, self.id, self.parameters)


class _Comment(_Operation):
    op: Literal["comment"]
    id: str
    text: Text

    def on(self, pipeline: Pipeline, library: Library) -> Pipeline:
        return change(pipeline, self.id, comment=self.text)


class _Retitle(_Operation):
    op: Literal["title"]
    id: str
    text: Title

    def on(self, pipeline: Pipeline, library: Library) -> Pipeline:
        return change(pipeline, self.id, title=self.text)


class _Disable(_Operation):
    op: Literal["disable"]
    ids: list[str]
    disabled: bool = True

    def on(self, pipeline: Pipeline, library: Library) -> Pipeline:
        for id in self.ids:
            pipeline = change(pipeline, id, disabled=self.disabled)
        return pipeline


class _Place(_Operation):
    """Choose where nodes run; without `ids`, where the pipeline does."""

    op: Literal["compute"]
    ids: list[str] | None = None
    compute: Compute = ""

    def on(self, pipeline: Pipeline, library: Library) -> Pipeline:
        if self.ids is None:
            return replace(pipeline, compute=self.compute)
        for id in self.ids:
            pipeline = change(pipeline, id, compute=self.compute)
        return pipeline


class _WriteNote(_Operation):
    op: Literal["note"]
    id: Id
    text: Text = ""
    x: Coordinate = 0
    y: Coordinate = 0
    width: Coordinate = 200
    height: Coordinate = 80

    def on(self, pipeline: Pipeline, library: Library) -> Pipeline:
        return write_note(pipeline, Note(**self.model_dump(exclude={"op"})))


class _RemoveNote(_Operation):
    op: Literal["remove_note"]
    id: str

    def on(self, pipeline: Pipeline, library: Library) -> Pipeline:
        return remove_note(pipeline, self.id)


class _Group(_Operation):
    op: Literal["group"]
    id: Id
    title: Title = ""
    nodes: list[str]
    collapsed: bool = False

    def on(self, pipeline: Pipeline, library: Library) -> Pipeline:
        return group(pipeline, Group(self.id, self.title, tuple(dict.fromkeys(self.nodes)), self.collapsed))


class _Ungroup(_Operation):
    op: Literal["ungroup"]
    id: str

    def on(self, pipeline: Pipeline, library: Library) -> Pipeline:
        return ungroup(pipeline, self.id)


class _WriteParameter(_Operation):
    op: Literal["parameter"]
    name: ParameterName
    type: ParameterType
    default: Any = None
    title: Title = ""
    description: Text = ""
    minimum: Number | None = None
    maximum: Number | None = None
    choices: list[Any] = Field(default=[], max_length=CHOICE_LIMIT)

    def on(self, pipeline: Pipeline, library: Library) -> Pipeline:
        fields = self.model_dump(exclude={"op"})
        return write_parameter(pipeline, PipelineParameter(**{**fields, "choices": tuple(self.choices)}))


class _RemoveParameter(_Operation):
    op: Literal["remove_parameter"]
    name: str

    def on(self, pipeline: Pipeline, library: Library) -> Pipeline:
        return remove_parameter(pipeline, self.name)


class _Turn(_Operation):
    op: Literal["turn"]
    direction: Direction

    def on(self, pipeline: Pipeline, library: Library) -> Pipeline:
        return replace(pipeline, direction=self.direction)


class _Rename(_Operation):
    op: Literal["rename"]
    name: str = Field(min_length=1, max_length=500)

    def on(self, pipeline: Pipeline, library: Library) -> Pipeline:
        return replace(pipeline, name=self.name)


_OPERATIONS: TypeAdapter[list[Any]] = TypeAdapter(
    list[
        Annotated[
            _Add
            | _Remove
            | _Wire
            | _Move
            | _Set
            | _Comment
            | _Retitle
            | _Disable
            | _Place
            | _WriteNote
            | _RemoveNote
            | _Group
            | _Ungroup
            | _WriteParameter
            | _RemoveParameter
            | _Turn
            | _Rename,
            Field(discriminator="op"),
        ]
    ]
)


def _healed(pipeline: Pipeline, id: str, library: Library) -> Pipeline:
    """Connect the first table into a node to all consumers of the node's outputs, where the types fit."""
    sources = [e for e in pipeline.incoming(id) if _type_of(pipeline, e, library) is PortType.TABLE]
    for out in pipeline.outgoing(id) if sources else ():
        joined = Edge(sources[0].source, sources[0].output, out.target, out.input)
        without = disconnect(pipeline, out)
        if not refusal(without, joined, library):
            pipeline = connect(without, joined, library)
    return pipeline


def _type_of(pipeline: Pipeline, edge: Edge, library: Library) -> PortType | None:
    module = library.get(pipeline.nodes[edge.source].module) if edge.source in pipeline.nodes else None
    port = module.spec().output(edge.output) if module else None
    return port.type if port else None


def _with_article(type: PortType) -> str:
    match type:
        case PortType.TABLE:
            return "data"
        case PortType.UNTRAINED | PortType.EVALUATION | PortType.ARCHIVE | PortType.ANY:
            return f"an {type}"
        case PortType.TRAINED | PortType.TRANSFORMATION | PortType.FOLDER | PortType.FILE:
            return f"a {type}"
