"""The scoring path: everything a scoring step needs at inference, with learned values pinned."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Literal, NamedTuple

from designer.contract.abilities import Purpose
from designer.contract.catalogue.library import Library
from designer.contract.errors import DesignerError
from designer.contract.module import Spec
from designer.contract.ports import Port, PortType
from designer.contract.schema import Schema
from designer.contract.values import Known
from designer.inference.outline import module_of, output_type
from designer.pipeline.graph import Edge, Node, Pipeline
from designer.pipeline.learners import learner_title
from designer.pipeline.walk import Outlet, title_of

HOLDERS: Mapping[PortType, Purpose] = {
    PortType.TRAINED: "holds a model",
    PortType.TRANSFORMATION: "holds a transformation",
}
"""The purpose of the module that replaces a step that learned a value of this type."""

EACH = "Works on each row as in training, with the same settings."
TOGETHER = "Works on the rows of a request together, as it did on all rows in training."

Fate = Literal["kept", "replaced", "removed"]


class NotRewritable(DesignerError):
    """A pipeline cannot be rewritten to an inference pipeline; names the node and the reason."""


class Result(NamedTuple):
    """The result of a run at an output: the digest of the value, and what is known of it (a schema or an outline)."""

    digest: str
    known: Known


Results = Mapping[Outlet, Result]


@dataclass(frozen=True)
class Reason:
    """How a node of the training pipeline behaves at inference, and why."""

    node: str
    title: str
    what: Fate
    text: str


@dataclass(frozen=True)
class Step:
    """A node that applies a trained model to a table, such as Score Model or Assign Data to Clusters."""

    id: str
    table: str
    """The input for the rows."""
    output: str
    """The output with the scores."""


@dataclass
class Path:
    """The nodes and edges collected while walking backwards from the scoring step."""

    nodes: dict[str, Node] = field(default_factory=dict)
    edges: list[Edge] = field(default_factory=list)
    reasons: dict[str, Reason] = field(default_factory=dict)
    pinned: dict[Outlet, Known] = field(default_factory=dict)
    stands_for: dict[Outlet, Outlet] = field(default_factory=dict)
    """The output that replaces each output of the training pipeline."""


def scoring_steps(pipeline: Pipeline, library: Library) -> list[Step]:
    """The steps of a pipeline that apply a trained model to a table, in order."""
    steps = (_scoring_step(pipeline, id, library) for id in pipeline.order())
    return [step for step in steps if step is not None]


def entry_of(pipeline: Pipeline, step: Step, library: Library) -> Outlet:
    """The output that the rows to score come from: follows first table inputs upstream.

    Raises NotRewritable if no rows reach the step.
    """
    edge = pipeline.into(step.id, step.table)
    while edge is not None:
        above = first_table(pipeline, edge.source, library)
        if above is None:
            return edge.source, edge.output
        edge = above
    title = title_of(pipeline.nodes[step.id], library)
    raise NotRewritable("no rows reach it", "Wire a dataset to it.").at(node=step.id, module=title)


def first_table(pipeline: Pipeline, id: str, library: Library) -> Edge | None:
    """The edge into the first wired table input of a node; None without one."""
    wires = {edge.input: edge for edge in pipeline.incoming(id)}
    for port in module_of(pipeline.nodes[id], library).spec().inputs:
        wire = wires.get(port.name)
        if wire and output_type(pipeline, wire.source, wire.output, library) is PortType.TABLE:
            return wire
    return None


def left_out(pipeline: Pipeline, id: str, wire: Edge) -> Pipeline:
    """The pipeline without a node: joins `wire` to its outgoing edges, and drops sources that only it used."""
    others = tuple(e for e in pipeline.edges if id not in (e.source, e.target))
    joined = tuple(Edge(wire.source, wire.output, e.target, e.input) for e in pipeline.outgoing(id))
    used = {e.source for e in others + joined}
    alone = {e.source for e in pipeline.incoming(id) if e.source not in used} | {id}
    nodes = {other: node for other, node in pipeline.nodes.items() if other not in alone}
    return replace(pipeline, nodes=nodes, edges=others + joined)


class Walk:
    """Walks from the scoring step to the entry. Raises NotRewritable naming the node that cannot be rewritten."""

    def __init__(
        self,
        pipeline: Pipeline,
        results: Results,
        library: Library,
        entry: Outlet,
        stands_for_entry: Outlet,
        *,
        takes_requests: bool,
    ) -> None:
        self._pipeline = pipeline
        self._results = results
        self._library = library
        self._takes_requests = takes_requests
        self.path = Path(stands_for={entry: stands_for_entry})

    def keep_above(self, id: str) -> None:
        """Keep a node and all nodes above it as they are."""
        kept = self._pipeline.ancestors(id) | {id}
        self.path.nodes |= {each: self._pipeline.nodes[each] for each in self._pipeline.order() if each in kept}
        self.path.edges += [edge for edge in self._pipeline.edges if edge.target in kept]

    def keep(self, id: str) -> None:
        """Keep a node with its parameters, and everything its inputs need."""
        node = self._pipeline.nodes[id]
        if id in self.path.nodes:
            return
        self.path.nodes[id] = node
        for edge in self._pipeline.incoming(id):
            source, output = self._needed(edge.source, edge.output)
            self.path.edges.append(Edge(source, output, id, edge.input))
        module = self._library.read(node.module, node.version, node.parameters)
        self._record(id, "kept", TOGETHER if module.reads_other_rows else EACH)

    def _needed(self, source: str, output: str) -> Outlet:
        kind = output_type(self._pipeline, source, output, self._library)
        outlet = self._value(source, output, kind) if kind in HOLDERS else self._table(source, output)
        self.path.stands_for[source, output] = outlet
        return outlet

    def _table(self, source: str, output: str) -> Outlet:
        if (source, output) in self.path.stands_for:
            return self.path.stands_for[source, output]
        node = self._pipeline.nodes[source]
        if node.disabled:
            return self._bypass(source, "It is switched off.")
        spec = module_of(node, self._library).spec()
        fitted = next((port for port in spec.outputs if port.type is PortType.TRANSFORMATION), None)
        if spec.at_inference == "select":
            return self._select(source, output)
        if spec.at_inference != "keep":
            return self._bypass(source, bypassed(spec))
        if spec.abilities.is_program and self._takes_requests:
            raise self._refusal(source, "it is a program, which only a run starts; a request cannot go through it",
                                "Score in batch, or wire the scoring step to the table above it.")  # fmt: skip
        if any(port.type is PortType.TRAINED for port in spec.outputs):
            raise self._refusal(source, "its rows come from training; a request cannot go through it",
                                "Wire the scoring step to the table above it.")  # fmt: skip
        rows = next(port.name for port in spec.outputs if port.type is PortType.TABLE)
        if fitted is not None and output != rows:
            title = next(port.title for port in spec.outputs if port.name == output)
            raise self._refusal(source, f"'{title}' was learned from training rows, and a request brings none",
                                f"Register '{title}' of a run as a dataset, and wire that.")  # fmt: skip
        if fitted is not None:
            return self._apply(source, fitted)
        if first_table(self._pipeline, source, self._library) is None:
            return self._side(source, output)
        if self._library.read(node.module, node.version, node.parameters).learns:
            raise self._refusal(source, "it learns from the rows it sees, and would learn anew from those of a request",
                                "Choose settings that learn nothing, such as constants.")  # fmt: skip
        self.keep(source)
        return source, output

    def _bypass(self, source: str, text: str) -> Outlet:
        above = first_table(self._pipeline, source, self._library)
        if above is None:
            raise self._refusal(source, "it has no table above it", "Wire its input.")
        self._record(source, "removed", text)
        return self._needed(above.source, above.output)

    def _select(self, source: str, output: str) -> Outlet:
        node = self._pipeline.nodes[source]
        spec, select = module_of(node, self._library).spec(), self._library.required("selects columns")
        above = first_table(self._pipeline, source, self._library)
        if above is None:
            raise self._refusal(source, "it has no table above it", "Wire its input.")
        if output != spec.outputs[0].name:
            title = next(port.title for port in spec.outputs if port.name == output)
            raise self._refusal(source, f"'{title}' was learned from training rows, and a request brings none",
                                f"Register '{title}' of a run as a dataset, and wire that.")  # fmt: skip
        result = self._results.get((source, output))
        if result is None or not isinstance(result.known, Schema):
            raise self._refusal(source, "it has no result that says which columns it kept", "Run the pipeline first.")
        if source not in self.path.nodes:
            columns = {"columns": {"rules": [{"names": list(result.known.names)}], "ordered": True}}
            title = title_of(node, self._library)
            self.path.nodes[source] = Node(source, select.id, select.version, columns, node.comment, title)
            rows = self._needed(above.source, above.output)
            self.path.edges.append(Edge(*rows, source, select.inputs[0].name))
        self._record(source, "replaced", "By a choice of the columns that it kept in training.")
        return source, select.outputs[0].name

    def _apply(self, source: str, fitted: Port) -> Outlet:
        above = first_table(self._pipeline, source, self._library)
        if above is None:
            raise self._refusal(source, "it has no table above it", "Wire its input.")
        node = self._pipeline.nodes[source]
        spec = self._library.required("applies transformations")
        transformation = next(port for port in spec.inputs if port.type is PortType.TRANSFORMATION)
        table = next(port for port in spec.inputs if port.type is PortType.TABLE)
        title = f"Apply {title_of(node, self._library)}"
        if source not in self.path.nodes:
            self.path.nodes[source] = Node(source, spec.id, spec.version, comment=node.comment, title=title)
            saved = self._value(source, fitted.name, fitted.type)
            rows = self._needed(above.source, above.output)
            self.path.edges.append(Edge(*saved, source, transformation.name))
            self.path.edges.append(Edge(*rows, source, table.name))
        self._record(source, "replaced", "By what it learned in training, pinned and applied to each request.")
        return source, spec.outputs[0].name

    def _value(self, source: str, output: str, kind: PortType | None) -> Outlet:
        node = self._pipeline.nodes[source]
        result = self._results.get((source, output))
        if module_of(node, self._library).spec().abilities.holds_learned:
            self.path.nodes[source] = node
            self.path.pinned[source, output] = result.known if result else None
            self._record(source, "kept", "Already pinned.")
            return source, output
        if result is None:
            raise self._refusal(source, "it has no result to pin", "Run the pipeline first.")
        saved = f"{source}-{output}"
        module = self._library.required(HOLDERS[kind or PortType.TRAINED])
        name = self._name_of(node, kind)
        parameters = {"name": name, "artifact": result.digest}
        self.path.nodes[saved] = Node(
            saved, module.id, module.version, parameters, title=f"{title_of(node, self._library)}, learned"
        )
        outlet = saved, module.outputs[0].name
        self.path.pinned[outlet] = result.known
        text = "By the model it trained, pinned." if kind is PortType.TRAINED else "By what it learned, pinned."
        self._record(source, "replaced", text)
        return outlet

    def _name_of(self, node: Node, kind: PortType | None) -> str:
        """The name of a pinned value: of a model, its learner, as on all other pages; of anything else, its node."""
        ports = [edge.input for edge in self._pipeline.incoming(node.id)] if kind is PortType.TRAINED else []
        learners = (learner_title(self._pipeline, self._library, node.id, port) for port in ports)
        return next(filter(None, learners), "") or title_of(node, self._library)

    def _side(self, source: str, output: str) -> Outlet:
        self.keep(source)
        self._record(source, "kept", "Its rows take part in every answer as they were in training.")
        result = self._results.get((source, output))
        if result is not None:
            self.path.pinned[source, output] = result.known
        return source, output

    def _refusal(self, id: str, problem: str, remedy: str) -> DesignerError:
        title = title_of(self._pipeline.nodes[id], self._library)
        return NotRewritable(problem, remedy).at(node=id, module=title)

    def _record(self, id: str, what: Fate, text: str) -> None:
        before = self.path.reasons.get(id)
        if before is None or before.what == "kept" or what == "replaced":
            self.path.reasons[id] = Reason(id, title_of(self._pipeline.nodes[id], self._library), what, text)


def bypassed(spec: Spec) -> str:
    """Why a step that only selects rows is not needed at inference."""
    if spec.abilities.splits_rows:
        return "Every request is scored; none is held out."
    return "It chooses rows for training; every row of a request is scored."


def _scoring_step(pipeline: Pipeline, id: str, library: Library) -> Step | None:
    module = library.get(pipeline.nodes[id].module)
    if module is None or pipeline.nodes[id].disabled or module.spec().at_inference != "keep":
        return None
    wires = {e.input: output_type(pipeline, e.source, e.output, library) for e in pipeline.incoming(id)}
    outputs = [port for port in module.spec().outputs if port.type is PortType.TABLE]
    table = next((p.name for p in module.spec().inputs if wires.get(p.name) is PortType.TABLE), None)
    if PortType.TRAINED in wires.values() and table and outputs:
        return Step(id, table, outputs[0].name)
    return None
