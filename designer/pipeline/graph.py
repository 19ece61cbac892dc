"""The pipeline: a frozen value. Every edit returns a new one, so undo is a list and changed is `!=`."""

from __future__ import annotations

from collections.abc import Container, Iterable, Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import Any, Literal

import networkx as nx

PipelineKind = Literal["training", "realtime", "batch"]
Direction = Literal["down", "right"]
"""Where data flows to on the canvas."""
Point = tuple[float, float]


@dataclass(frozen=True)
class Node:
    """One step: a module with its parameters, under a stable id that is never shown."""

    id: str
    module: str
    version: int = 1
    parameters: Mapping[str, Any] = field(default_factory=dict)
    comment: str = ""
    title: str = ""
    disabled: bool = False


@dataclass(frozen=True)
class Edge:
    """A wire from an output port to an input port."""

    source: str
    output: str
    target: str
    input: str


@dataclass(frozen=True)
class Note:
    """A note on the canvas; it has no meaning for a run."""

    id: str
    text: str
    x: float = 0
    y: float = 0
    width: float = 200
    height: float = 80


@dataclass(frozen=True)
class Group:
    """Nodes that belong together, framed on the canvas under a name or, collapsed, drawn as one card; it has no
    meaning for a run."""

    id: str
    title: str
    nodes: tuple[str, ...]
    collapsed: bool = False


@dataclass(frozen=True)
class Pipeline:
    """Nodes by id, edges, layout, notes and groups. Mappings and tuples are never changed in place."""

    name: str = "Untitled pipeline"
    kind: PipelineKind = "training"
    nodes: Mapping[str, Node] = field(default_factory=dict)
    edges: tuple[Edge, ...] = ()
    layout: Mapping[str, Point] = field(default_factory=dict)
    notes: tuple[Note, ...] = ()
    description: str = ""
    groups: tuple[Group, ...] = ()
    direction: Direction = "down"

    @cached_property
    def graph(self) -> nx.MultiDiGraph[str]:
        """The networkx graph of node ids; edges to nodes that do not exist are left out."""
        graph: nx.MultiDiGraph[str] = nx.MultiDiGraph()
        graph.add_nodes_from(self.nodes)
        graph.add_edges_from((e.source, e.target) for e in self.edges if {e.source, e.target} <= self.nodes.keys())
        return graph

    def order(self) -> list[str]:
        """Node ids so that every node comes after those it needs; nodes on a cycle come last, in no order."""
        return list(self._order)

    @cached_property
    def _order(self) -> tuple[str, ...]:
        position = {id: i for i, id in enumerate(self.nodes)}
        acyclic = self.graph.subgraph(self.nodes.keys() - self.on_cycles) if self.on_cycles else self.graph
        first = nx.lexicographical_topological_sort(acyclic, key=position.__getitem__)
        return (*first, *(id for id in self.nodes if id in self.on_cycles))

    @cached_property
    def on_cycles(self) -> frozenset[str]:
        """Nodes that wait for themselves, over other nodes or by a wire of their own."""
        parts = (part for part in nx.strongly_connected_components(self.graph) if len(part) > 1)
        return frozenset(nx.nodes_with_selfloops(self.graph)).union(*parts)

    def cycle(self) -> list[str]:
        """The ids of one cycle, empty where there is none."""
        return [source for source, *_ in nx.find_cycle(self.graph)] if self.on_cycles else []

    def ancestors(self, id: str) -> set[str]:
        """All nodes that this one needs."""
        return set(nx.ancestors(self.graph, id))

    def descendants(self, id: str) -> set[str]:
        """All nodes that need this one."""
        return set(nx.descendants(self.graph, id))

    def incoming(self, id: str) -> list[Edge]:
        """The wires into a node."""
        return self._incoming.get(id, [])

    def outgoing(self, id: str) -> list[Edge]:
        """The wires out of a node."""
        return self._outgoing.get(id, [])

    def into(self, id: str, input: str) -> Edge | None:
        """The wire into one port."""
        return next((edge for edge in self.incoming(id) if edge.input == input), None)

    def subgraph(self, ids: Iterable[str]) -> Pipeline:
        """Only these nodes, with the wires among them."""
        kept = set(ids)
        return replace(
            self,
            nodes={id: node for id, node in self.nodes.items() if id in kept},
            edges=tuple(e for e in self.edges if e.source in kept and e.target in kept),
            layout={id: point for id, point in self.layout.items() if id in kept},
            groups=groups_among(self.groups, kept),
        )

    @cached_property
    def _incoming(self) -> dict[str, list[Edge]]:
        return _grouped(self.edges, "target")

    @cached_property
    def _outgoing(self) -> dict[str, list[Edge]]:
        return _grouped(self.edges, "source")


def groups_among(groups: Iterable[Group], kept: Container[str]) -> tuple[Group, ...]:
    """The groups with only these nodes in them; one that keeps none is gone."""
    smaller = (replace(group, nodes=tuple(id for id in group.nodes if id in kept)) for group in groups)
    return tuple(group for group in smaller if group.nodes)


def _grouped(edges: Iterable[Edge], end: Literal["source", "target"]) -> dict[str, list[Edge]]:
    groups: dict[str, list[Edge]] = {}
    for edge in edges:
        groups.setdefault(getattr(edge, end), []).append(edge)
    return groups
