"""Pipelines in code: steps and what they are wired to, as a pipeline document."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any, Protocol, TypeAlias

from designer.contract.errors import DesignerError, FileMissing, InvalidParameter
from designer.contract.wording.articles import with_article
from designer.export.sdk import to_code
from designer.pipeline.assembly import arranged, automatic_ids
from designer.pipeline.document import from_document, loads, to_document
from designer.pipeline.graph import Direction, Edge, Group, Node, Note, PipelineKind, PipelineParameter, Point
from designer.pipeline.graph import Pipeline as Graph
from designer.registry.pipeline_job.reading import read_pipeline_job
from designer.registry.scripts import Source
from designer.sdk.display.drawing import Drawing, drawn
from designer.sdk.library import default_library
from designer.sdk.parameters import Parameter, Use, declared
from designer.sdk.programs import Program
from designer.sdk.steps import Output, Step, Wire, Wireable, plain
from designer.store.components import Origin

if TYPE_CHECKING:
    from designer.sdk.connections.connection import Connection
    from designer.sdk.plans import Plan, Problems
    from designer.sdk.published import Published
    from designer.sdk.saved import SavedPipeline
    from designer.sdk.workspace import Workspace

Ends: TypeAlias = "Wire | Iterable[Wire]"


class _Program(Protocol):
    """A program that is stored when the pipeline is submitted, saved or planned."""

    @property
    def build(self) -> Callable[[], Source]: ...

    @property
    def origin(self) -> Origin: ...


@dataclass(frozen=True)
class _Read:
    """The program of a job in a file."""

    source: Source
    origin: Origin = "yaml"

    def build(self) -> Source:
        return self.source


class Pipeline:
    """A pipeline of these steps and everything that they are wired to, found by their inputs.

    It is a document as the canvas has it: `layout` places cards by step id (default: arranged), `notes` and `groups`
    are those of the canvas, `wires` are further wires as (step id, output, step id, input), `parameters` further
    parameters than those in the place of values, `compute` is where its steps run that name no other.
    """

    def __init__(
        self,
        *steps: Ends,
        name: str = "Untitled pipeline",
        description: str = "",
        kind: PipelineKind = "training",
        layout: Mapping[str, Point] | None = None,
        notes: Sequence[Note] = (),
        groups: Sequence[Group] = (),
        direction: Direction = "down",
        wires: Iterable[tuple[str, str, str, str]] = (),
        parameters: Iterable[Parameter] = (),
        compute: str = "",
    ) -> None:
        graph = Graph(
            name=name, kind=kind, description=description, notes=tuple(notes), groups=tuple(groups),
            direction=direction, compute=compute,
        )  # fmt: skip
        graph = _with_steps(graph, list(_flat(steps)), [Edge(*wire) for wire in wires], parameters)
        graph = replace(graph, layout=_points(layout or {}))
        from_document(to_document(graph))  # raises for what a document cannot hold
        self.graph = arranged(graph) if layout is None else graph
        self._programs: Mapping[str, _Program] = _programs(graph, steps)

    @classmethod
    def from_document(cls, document: Mapping[str, Any] | str | Path) -> Pipeline:
        """The pipeline of a document: its content, or the file that holds it. Raises DamagedDocument, FileMissing."""
        return cls.of(from_document(dict(document)) if isinstance(document, Mapping) else _read(Path(document)))

    @classmethod
    def from_yaml(cls, file: str | Path, workspace: Workspace | None = None) -> Pipeline:
        """The pipeline of a pipeline job in YAML, as Azure describes them, laid out.

        Its programs are packed now; nothing of it is executed. `workspace` has the components that it names as
        `azureml:NAME:VERSION`. Raises InvalidYaml with file, line and field for what cannot be read or done.
        """
        job = read_pipeline_job(Path(file), workspace.connection.library if workspace else default_library())
        pipeline = cls.of(arranged(job.graph))
        pipeline._programs = {id: _Read(source) for id, source in job.programs.items()}
        return pipeline

    @classmethod
    def of(cls, graph: Graph) -> Pipeline:
        """The pipeline of a graph."""
        pipeline = cls.__new__(cls)
        pipeline.graph = graph
        pipeline._programs = {}
        return pipeline

    def packed(self, connection: Connection) -> Graph:
        """The graph with its programs stored as they are now."""
        ids = {id: connection.keep_program(step.build(), step.origin) for id, step in self._programs.items()}
        nodes = {id: replace(node, module=ids.get(id, node.module)) for id, node in self.graph.nodes.items()}
        return replace(self.graph, nodes=nodes)

    @property
    def name(self) -> str:
        """Its name."""
        return self.graph.name

    @property
    def steps(self) -> list[str]:
        """The ids of its steps, in the order of a run."""
        return self.graph.order()

    @property
    def parameters(self) -> Mapping[str, PipelineParameter]:
        """The values that a run may set, by name: type, default, bounds, choices."""
        return self.graph.parameters

    def to_document(self) -> dict[str, Any]:
        """The document, as the canvas saves it and `designer run` reads it."""
        return to_document(self.graph)

    def to_code(self) -> str:
        """Python that makes this pipeline."""
        return to_code(self.graph, default_library())

    def plan(self, workspace: Workspace) -> Plan:
        """What a run would do, and why; runs nothing."""
        return workspace.plan(self)

    def check(self, workspace: Workspace) -> Problems:
        """What keeps steps from running; empty if nothing does."""
        return workspace.check(self)

    def save(self, workspace: Workspace, *, replace: bool = False) -> SavedPipeline:
        """Save it in a workspace, to be opened on the canvas.

        An equal pipeline of that name is not saved again. With `replace` it becomes the next revision of the pipeline
        of that name.
        """
        return workspace.pipelines.save(self, replace=replace)

    def publish(self, workspace: Workspace, name: str = "", *, description: str = "", version: str = "") -> Published:
        """Publish it in a workspace: see `Workspace.publish`."""
        return workspace.publish(self, name, description=description, version=version)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Pipeline) and self.graph == other.graph

    __hash__ = None  # type: ignore[assignment]

    def __repr__(self) -> str:
        return f"<pipeline {self.name!r} of {len(self.graph.nodes)} steps>"

    def _repr_html_(self) -> str:
        return self._drawing.svg

    def _repr_mimebundle_(self, include: Any = None, exclude: Any = None) -> dict[str, Any]:
        return {"text/plain": repr(self), "text/html": self._repr_html_()}

    @property
    def _drawing(self) -> Drawing:
        return drawn(self.graph, default_library())


def _programs(graph: Graph, steps: Sequence[Ends]) -> dict[str, Program]:
    """The programs among the steps, by the id of their node."""
    ordered = _in_order(list(_flat(steps)))
    return {id: step for id, step in zip(graph.nodes, ordered, strict=True) if isinstance(step, Program)}


def _in_order(steps: Iterable[Step]) -> list[Step]:
    """The steps and everything that they are wired to, in the order in which they were made."""
    return sorted(_with_upstream(steps), key=lambda step: step.number)


def _with_steps(graph: Graph, steps: Sequence[Step], wires: Sequence[Edge], parameters: Iterable[Parameter]) -> Graph:
    ordered = _in_order(steps)
    ids = dict(zip(ordered, automatic_ids([(step.module, step.id) for step in ordered]), strict=True))
    repeated = next((id for id, count in Counter(ids.values()).items() if count > 1), None)
    if repeated is not None:
        raise InvalidParameter(f"two steps are named '{repeated}'", "Give each an id of its own.")
    nodes = {id: _node(step, id) for step, id in ids.items()}
    edges = [Edge(ids[o.step], o.name, id, port) for step, id in ids.items() for port, o in step.inputs.items()]
    uses = [use for step in ordered for use in step.uses.values()]
    uses += [Use(parameter) for parameter in parameters]
    plainly = [replace(use, parameter=_plain(use.parameter)) for use in uses]
    return replace(graph, nodes=nodes, edges=(*edges, *wires), parameters=declared(plainly))


def _plain(parameter: Parameter) -> Parameter:
    default, choices = plain(parameter.default, parameter.name), plain(list(parameter.choices), parameter.name)
    return replace(parameter, default=default, choices=tuple(choices))


def _with_upstream(steps: Iterable[Step]) -> set[Step]:
    reached, open_steps = set(steps), list(steps)
    while open_steps:
        for output in open_steps.pop().inputs.values():
            if output.step not in reached:
                reached.add(output.step)
                open_steps.append(output.step)
    return reached


def _node(step: Step, id: str) -> Node:
    return Node(id, step.module, step.version, step.parameters, step.comment, step.title, step.disabled, step.compute)


def _flat(ends: Iterable[Any]) -> Iterable[Step]:
    for end in ends:
        match end:
            case Step():
                yield end
            case Output():
                yield end.step
            case Wireable():
                yield end.as_step()
            case list() | tuple():
                yield from _flat(end)
            case Mapping():
                yield from _flat(end.values())
            case _:
                problem = f"{with_article(type(end).__name__)} is not a step"
                raise InvalidParameter(problem, "Give steps, or outputs of steps.")


def _points(layout: Mapping[str, Point]) -> dict[str, Point]:
    return {id: (float(x), float(y)) for id, (x, y) in layout.items()}


def _read(file: Path) -> Graph:
    try:
        return loads(file.read_bytes())
    except OSError as error:
        raise FileMissing(f"the file cannot be read ({error.strerror})", "Check the path.", file=str(file)) from None
    except DesignerError as error:
        raise error.at(file=file.name) from None
