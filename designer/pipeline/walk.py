"""Walk a pipeline: node order, connected ports, disabled nodes and cycles.

Schemas, plans, scoring, ONNX graphs and scripts are readings of the walk. A reading computes the outputs of one node
from its inputs; the walk passes values along the edges, bypasses disabled nodes and reports unconnected ports.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any, TypeVar

from designer.contract.catalogue.library import Library
from designer.contract.errors import DesignerError
from designer.contract.module import Module, Spec
from designer.pipeline.graph import Edge, Node, Pipeline
from designer.pipeline.wires import Misfit, misfit, unconnected

Outlet = tuple[str, str]
"""A node's id and the name of one of its output ports."""

Value = TypeVar("Value")
Reading = Callable[["Visit", dict[str, Value]], Mapping[str, Value]]
"""Computes the values of a node's output ports from those of its input ports."""


@dataclass(frozen=True)
class Visit:
    """A node during the walk. `module` is None if the library does not have it."""

    pipeline: Pipeline
    node: Node
    module: type[Module] | None
    library: Library

    @property
    def id(self) -> str:
        """The node's id."""
        return self.node.id

    @property
    def title(self) -> str:
        """The title of the node on screen."""
        return title_of(self.node, self.library)

    @property
    def spec(self) -> Spec:
        """The spec of the module. Raises UnknownModule naming the node."""
        try:
            return self.library[self.node.module].spec()
        except DesignerError as error:
            raise self.located(error) from None

    @property
    def is_on_cycle(self) -> bool:
        """Whether the node is on a cycle."""
        return self.id in self.pipeline.on_cycles

    @cached_property
    def misfits(self) -> tuple[Misfit, ...]:
        """The edges into the node that do not fit."""
        checked = (misfit(self.pipeline, edge, self.library) for edge in self.pipeline.incoming(self.id))
        return tuple(wrong for wrong in checked if wrong is not None)

    @cached_property
    def wires(self) -> Mapping[str, Edge]:
        """The edges into the node that fit, by input port."""
        wires = self.pipeline.incoming(self.id)
        return {wire.input: wire for wire in wires if misfit(self.pipeline, wire, self.library) is None}

    @cached_property
    def passed(self) -> Mapping[str, Outlet]:
        """The sources of a disabled node's outputs: each passes the first connected input of its type through."""
        sources: dict[str, Outlet] = {}
        for output in self.spec.outputs:
            wires = (self.wires.get(port.name) for port in self.spec.inputs if port.type is output.type)
            wire = next((wire for wire in wires if wire is not None), None)
            if wire is not None:
                sources[output.name] = (wire.source, wire.output)
        return sources

    def instance(self) -> Module:
        """The module with the node's parameters. Raises InvalidParameter or UnknownModule naming the node."""
        try:
            return self.library.read(self.node.module, self.node.version, self.node.parameters)
        except DesignerError as error:
            raise self.located(error) from error.__cause__

    def require_wiring(self) -> None:
        """Raise the first error that keeps the node from running: a cycle, an unfitting edge, an unconnected input."""
        spec = self.spec
        if self.is_on_cycle:
            raise self.located(DesignerError("the node waits for its own result", "Remove a wire of the cycle."))
        for wrong in self.misfits:
            raise wrong.error
        for port in spec.inputs:
            if not port.optional and self.pipeline.into(self.id, port.name) is None:
                raise self.located(unconnected(port))

    def located(self, error: DesignerError) -> DesignerError:
        """The error with the node as its place."""
        return error.at(node=self.id, module=self.title)


def visit_of(pipeline: Pipeline, id: str, library: Library) -> Visit:
    """The visit of one node of a pipeline."""
    node = pipeline.nodes[id]
    return Visit(pipeline, node, library.get(node.module), library)


def visits(pipeline: Pipeline, library: Library) -> Iterator[Visit]:
    """The visits of all nodes in topological order; nodes on a cycle come last."""
    return (visit_of(pipeline, id, library) for id in pipeline.order())


def walk(
    visits: Iterable[Visit], read: Reading[Value], preset: Mapping[Outlet, Value] | None = None
) -> dict[Outlet, Value]:
    """The value of every output of these nodes; `preset` are known outputs, which `read` does not override.

    Errors of `read` propagate.
    """
    values: dict[Outlet, Value] = dict(preset or {})
    for visit in visits:
        outputs = handed_on(visit, values) if visit.node.disabled else read(visit, reaching(visit, values))
        for port, value in outputs.items():
            values.setdefault((visit.id, port), value)
    return values


def reaching(visit: Visit, values: Mapping[Outlet, Value]) -> dict[str, Value]:
    """The values at a node's input ports; ports without a value are left out."""
    outlets = {port: (wire.source, wire.output) for port, wire in visit.wires.items()}
    return {port: values[outlet] for port, outlet in outlets.items() if outlet in values}


def handed_on(visit: Visit, values: Mapping[Outlet, Value]) -> dict[str, Value]:
    """The values at the outputs of a disabled node."""
    if visit.module is None or visit.is_on_cycle:
        return {}
    return {port: values[outlet] for port, outlet in visit.passed.items() if outlet in values}


def title_of(node: Node, library: Library) -> str:
    """The title of a node on screen: its own, or that of its module."""
    module = library.get(node.module)
    return node.title or (module.spec().title if module else node.module)


def by_output(module: type[Module], answer: Any) -> dict[str, Any]:
    """The result of `run`, `infer`, `to_onnx` or `to_python` by output port."""
    ports = module.spec().outputs
    if not ports:
        return {}
    is_record = isinstance(answer, tuple) and hasattr(answer, "_fields") and len(answer) == 1
    values = (answer,) if len(ports) == 1 and not is_record else tuple(answer)
    return {port.name: value for port, value in zip(ports, values, strict=True)}
