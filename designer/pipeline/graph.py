"""The pipeline: a frozen value. Every edit returns a new one, so that undo is a list and `!=` detects changes."""

from __future__ import annotations

from collections.abc import Container, Iterable, Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import Any, Literal

import networkx as nx

PipelineKind = Literal["training", "realtime", "batch"]
Direction = Literal["down", "right"]
"""The direction of data flow on the canvas."""
Point = tuple[float, float]
ParameterType = Literal[
    "string", "text", "integer", "number", "boolean", "choice", "columns", "column", "dataset", "path",
    "datapath",
]  # fmt: skip


@dataclass(frozen=True)
class Node:
    """One step: a module with its parameters and a stable id, which is never shown.

    `compute` is where it runs: the name of a compute, `local`, or empty for what the pipeline says.
    """

    id: str
    module: str
    version: int = 1
    parameters: Mapping[str, Any] = field(default_factory=dict)
    comment: str = ""
    title: str = ""
    disabled: bool = False
    compute: str = ""


@dataclass(frozen=True)
class Edge:
    """An edge from an output port to an input port."""

    source: str
    output: str
    target: str
    input: str


@dataclass(frozen=True)
class Note:
    """A note on the canvas; it does not affect runs."""

    id: str
    text: str
    x: float = 0
    y: float = 0
    width: float = 200
    height: float = 80


@dataclass(frozen=True)
class Group:
    """A named group of nodes, framed on the canvas or, if collapsed, drawn as one card; it does not affect runs."""

    id: str
    title: str
    nodes: tuple[str, ...]
    collapsed: bool = False


@dataclass(frozen=True)
class PipelineParameter:
    """A value that is set for each run; nodes refer to it by its name. A default of None means that it must be given.

    `minimum` and `maximum` are allowed; they hold for numbers. `choices` are the allowed values; empty allows any.
    """

    name: str
    type: ParameterType
    default: Any = None
    title: str = ""
    description: str = ""
    minimum: float | None = None
    maximum: float | None = None
    choices: tuple[Any, ...] = ()


@dataclass(frozen=True)
class Pipeline:
    """Nodes by id, edges, layout, notes, groups, parameters. Mappings and tuples are never changed in place.

    `compute` is where its nodes run: the name of a compute, `local`, or empty for the default of the workspace.
    """

    name: str = "Untitled pipeline"
    kind: PipelineKind = "training"
    nodes: Mapping[str, Node] = field(default_factory=dict)
    edges: tuple[Edge, ...] = ()
    layout: Mapping[str, Point] = field(default_factory=dict)
    notes: tuple[Note, ...] = ()
    description: str = ""
    groups: tuple[Group, ...] = ()
    direction: Direction = "down"
    parameters: Mapping[str, PipelineParameter] = field(default_factory=dict)
    compute: str = ""

    @cached_property
    def graph(self) -> nx.MultiDiGraph[str]:
        """The networkx graph of node ids, without edges to missing nodes."""
        graph: nx.MultiDiGraph[str] = nx.MultiDiGraph()
        graph.add_nodes_from(self.nodes)
        graph.add_edges_from((e.source, e.target) for e in self.edges if {e.source, e.target} <= self.nodes.keys())
        return graph

    def order(self) -> list[str]:
        """Node ids in topological order; nodes on a cycle come last, in no particular order."""
        return list(self._order)

    @cached_property
    def _order(self) -> tuple[str, ...]:
        position = {id: i for i, id in enumerate(self.nodes)}
        acyclic = self.graph.subgraph(self.nodes.keys() - self.on_cycles) if self.on_cycles else self.graph
        first = nx.lexicographical_topological_sort(acyclic, key=position.__getitem__)
        return (*first, *(id for id in self.nodes if id in self.on_cycles))

    @cached_property
    def on_cycles(self) -> frozenset[str]:
        """The nodes on cycles, including self-loops."""
        parts = (part for part in nx.strongly_connected_components(self.graph) if len(part) > 1)
        return frozenset(nx.nodes_with_selfloops(self.graph)).union(*parts)

    def cycle(self) -> list[str]:
        """The ids of one cycle; empty if there is none."""
        return [source for source, *_ in nx.find_cycle(self.graph)] if self.on_cycles else []

    def ancestors(self, id: str) -> set[str]:
        """All nodes upstream of a node."""
        return set(nx.ancestors(self.graph, id))

    def descendants(self, id: str) -> set[str]:
        """All nodes downstream of a node."""
        return set(nx.descendants(self.graph, id))

    def incoming(self, id: str) -> list[Edge]:
        """The edges into a node."""
        return self._incoming.get(id, [])

    def outgoing(self, id: str) -> list[Edge]:
        """The edges out of a node."""
        return self._outgoing.get(id, [])

    def into(self, id: str, input: str) -> Edge | None:
        """The edge into an input port; None if there is none."""
        return next((edge for edge in self.incoming(id) if edge.input == input), None)

    def subgraph(self, ids: Iterable[str]) -> Pipeline:
        """The pipeline with only these nodes and the edges between them."""
        chosen = set(ids)
        return replace(
            self,
            nodes={id: node for id, node in self.nodes.items() if id in chosen},
            edges=tuple(e for e in self.edges if e.source in chosen and e.target in chosen),
            layout={id: point for id, point in self.layout.items() if id in chosen},
            groups=groups_among(self.groups, chosen),
        )

    @cached_property
    def _incoming(self) -> dict[str, list[Edge]]:
        return _grouped(self.edges, "target")

    @cached_property
    def _outgoing(self) -> dict[str, list[Edge]]:
        return _grouped(self.edges, "source")


def groups_among(groups: Iterable[Group], ids: Container[str]) -> tuple[Group, ...]:
    """The groups restricted to these nodes, without empty ones."""
    smaller = (replace(group, nodes=tuple(id for id in group.nodes if id in ids)) for group in groups)
    return tuple(group for group in smaller if group.nodes)


def _grouped(edges: Iterable[Edge], end: Literal["source", "target"]) -> dict[str, list[Edge]]:
    groups: dict[str, list[Edge]] = {}
    for edge in edges:
        groups.setdefault(getattr(edge, end), []).append(edge)
    return groups
