"""Narrow a scoring path to a table with fewer columns: remove the missing columns from the settings of its steps."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

from designer.contract.catalogue.library import Library
from designer.contract.errors import DesignerError
from designer.contract.module import Module
from designer.contract.ports import PortType
from designer.contract.schema import Schema
from designer.contract.values import Known
from designer.inference.outline import module_of
from designer.inference.path import NotRewritable, first_table, left_out
from designer.inference.selections import included, without
from designer.pipeline.graph import Edge, Node, Pipeline
from designer.pipeline.walk import Outlet, Visit, by_output, visits, walk


@dataclass(frozen=True)
class Narrowed:
    """A path narrowed to fewer columns: its graph, what is known of its outputs, and what was changed."""

    pipeline: Pipeline
    outlines: Mapping[Outlet, Known]
    lighter: frozenset[str]
    """The nodes whose selections lost columns."""
    idle: frozenset[str]
    """The nodes that only worked on removed columns and are left out."""


def narrowed(
    pipeline: Pipeline, full: Mapping[Outlet, Known], pinned: Mapping[Outlet, Known], library: Library
) -> Narrowed:
    """Narrow a path to the columns of the tables in `pinned`; `full` is what is known of all outputs without narrowing.

    Only steps that process each column independently lose columns; the output of others could change. Raises the error
    of the first step that needs a removed column.
    """
    walker = _Narrowing(pipeline, full, pinned, library)
    outlines = walk(visits(pipeline, library), walker.read, pinned)
    graph = replace(pipeline, nodes={**pipeline.nodes, **walker.lighter})
    for id, wire in walker.idle.items():
        graph = left_out(graph, id, graph.into(id, wire.input) or wire)
    return Narrowed(graph, outlines, frozenset(walker.lighter), frozenset(walker.idle))


class _Narrowing:
    """Visits the steps in order; collects those that lost columns and those that have nothing left to do."""

    def __init__(
        self, pipeline: Pipeline, full: Mapping[Outlet, Known], pinned: Mapping[Outlet, Known], library: Library
    ) -> None:
        self._pipeline, self._full, self._pinned, self._library = pipeline, full, pinned, library
        self.lighter: dict[str, Node] = {}
        self.idle: dict[str, Edge] = {}

    def read(self, visit: Visit, inputs: Mapping[str, Known]) -> dict[str, Known]:
        """Infer what is known of the outputs of a step, narrowed if needed."""
        module = module_of(visit.node, self._library)
        ports = module.spec().outputs
        if not ports or all((visit.id, port.name) in self._pinned for port in ports):
            return {}
        wire = first_table(self._pipeline, visit.id, self._library)
        node = self._narrowed_node(visit, module, wire, inputs) if wire is not None else visit.node
        if node is None:
            assert wire is not None
            self.idle[visit.id] = wire
            return {port.name: inputs[wire.input] for port in ports if port.type is PortType.TABLE}
        step = self._library.read(node.module, node.version, node.parameters)
        outlines = by_output(module, step.infer(**inputs))
        if node != visit.node:
            self.lighter[visit.id] = node
            self._require_same(visit, outlines)
        return outlines

    def _narrowed_node(
        self, visit: Visit, module: type[Module], wire: Edge, inputs: Mapping[str, Known]
    ) -> Node | None:
        """The step without the removed columns; None if it does nothing to the others."""
        before, now = self._full.get((wire.source, wire.output)), inputs.get(wire.input)
        if not isinstance(before, Schema) or not isinstance(now, Schema):
            return visit.node
        removed = set(before.names) - set(now.names)
        if not removed:
            return visit.node
        if not module.spec().abilities.by_column:
            if removed & included(visit.node, self._library):
                raise visit.located(_needed(removed))
            return visit.node
        node = without(visit.node, removed, before, self._library)
        if node is None:
            tables = [port.name for port in module.spec().outputs if port.type is PortType.TABLE]
            self._require_same(visit, dict.fromkeys(tables, now))
        return node

    def _require_same(self, visit: Visit, outlines: Mapping[str, Known]) -> None:
        """Raise NotRewritable if narrowing the step changed one of the remaining columns."""
        for port, schema in outlines.items():
            before = self._full.get((visit.id, port))
            if isinstance(schema, Schema) and isinstance(before, Schema):
                changed = {column.name for column in schema if column not in before.columns}
                if changed:
                    raise visit.located(_needed(changed))


def _needed(names: set[str]) -> DesignerError:
    problem = f"it needs {', '.join(repr(name) for name in sorted(names))}"
    return NotRewritable(problem, "Leave the column in the request.")
