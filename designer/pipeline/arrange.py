"""Automatic layout in layers from top to bottom: each node below its inputs, edges beside cards rather than behind.

The layered method of Sugiyama, Tagawa and Toda (1981): longest-path layers, dummy nodes in every layer that an edge
crosses, barycentre ordering, then horizontal positions that align nodes with their neighbours without overlap.
"""

from __future__ import annotations

from itertools import pairwise

from designer.pipeline.graph import Pipeline, Point

CARD_WIDTH, CARD_HEIGHT = 232, 68
ROW, GAP, WIRE_WIDTH = 108, 24, 16
SWEEPS = 12


def arrange(pipeline: Pipeline) -> dict[str, Point]:
    """Positions of all nodes: rows 108 px apart, cards at least 24 px apart, x on a 4 px grid."""
    depth = _depths(pipeline)
    drawing = _Drawing(pipeline, depth)
    drawing.order()
    centres = drawing.centres()
    left = min((centres[id] for id in depth), default=0.0)
    return {id: (float(round((centres[id] - left) / 4) * 4), float(row * ROW)) for id, row in depth.items()}


def _depths(pipeline: Pipeline) -> dict[str, int]:
    """The layer of each node: one below its lowest input; a source is directly above its first consumer."""
    order = pipeline.order()
    depth: dict[str, int] = {}
    for id in order:
        depth[id] = 1 + max((depth.get(e.source, -1) for e in pipeline.incoming(id)), default=-1)
    for id in reversed(order):
        targets = [depth[e.target] for e in pipeline.outgoing(id) if depth[e.target] > depth[id]]
        if targets and not pipeline.incoming(id):
            depth[id] = min(targets) - 1
    used = {row: i for i, row in enumerate(sorted(set(depth.values())))}
    return {id: used[row] for id, row in depth.items()}


class _Drawing:
    """Layers of cards and of dummy nodes for long edges, each with its neighbours above and below."""

    def __init__(self, pipeline: Pipeline, depth: dict[str, int]) -> None:
        self.layers: list[list[str]] = [[] for _ in range(max(depth.values(), default=-1) + 1)]
        self.above: dict[str, list[str]] = {id: [] for id in depth}
        self.below: dict[str, list[str]] = {id: [] for id in depth}
        self.cards = frozenset(depth)
        for id, row in depth.items():
            self.layers[row].append(id)
        for number, edge in enumerate(pipeline.edges):
            if {edge.source, edge.target} <= depth.keys() and depth[edge.source] < depth[edge.target]:
                self._thread(edge.source, edge.target, depth, number)

    def _thread(self, source: str, target: str, depth: dict[str, int], number: int) -> None:
        rows = range(depth[source] + 1, depth[target])
        passed = [f"\0{number}:{row}" for row in rows]
        for row, place in zip(rows, passed, strict=True):
            self.layers[row].append(place)
            self.above[place], self.below[place] = [], []
        for upper, lower in pairwise([source, *passed, target]):
            self.below[upper].append(lower)
            self.above[lower].append(upper)

    def order(self) -> None:
        """Sort each layer by the barycentre of the neighbours, in alternating downward and upward sweeps."""
        for sweep in range(SWEEPS):
            place = {id: i - (len(layer) - 1) / 2 for layer in self.layers for i, id in enumerate(layer)}
            neighbours = self.above if sweep % 2 == 0 else self.below
            for layer in self.layers if sweep % 2 == 0 else reversed(self.layers):
                layer.sort(key=lambda id: _mean([place[n] for n in neighbours[id]], place[id]))
                place |= {id: i - (len(layer) - 1) / 2 for i, id in enumerate(layer)}

    def centres(self) -> dict[str, float]:
        """The horizontal centre of each card and dummy node, as close to its neighbours as its layer allows."""
        place = {
            id: x for layer in self.layers for id, x in zip(layer, self._spread(layer, [0.0] * len(layer)), strict=True)
        }
        for sweep in range(SWEEPS):
            downwards = sweep % 2 == 0
            for layer in self.layers if downwards else reversed(self.layers):
                near, far = (self.above, self.below) if downwards else (self.below, self.above)
                preferred = [_mean([place[n] for n in near[id] or far[id]], place[id]) for id in layer]
                place |= dict(zip(layer, self._spread(layer, preferred), strict=True))
        return place

    def _spread(self, layer: list[str], preferred: list[float]) -> list[float]:
        """Positions in order without overlap; colliding items are pushed apart symmetrically."""
        groups: list[tuple[list[float], list[float]]] = []
        for i, (id, position) in enumerate(zip(layer, preferred, strict=True)):
            offset = 0.0 if i == 0 else self._distance(layer[i - 1], id)
            groups.append(([position], [0.0]))
            while len(groups) > 1 and self._collide(groups[-2], groups[-1], offset):
                offset = self._merge(groups, offset, layer, i)
        return [x for group in groups for x in _placed(group)]

    def _collide(
        self, left: tuple[list[float], list[float]], right: tuple[list[float], list[float]], distance: float
    ) -> bool:
        return _placed(left)[-1] + distance > _placed(right)[0] + 1e-9

    def _merge(
        self, groups: list[tuple[list[float], list[float]]], distance: float, layer: list[str], last: int
    ) -> float:
        """Merge the last two groups into one that moves as a whole; returns the distance to the group before it."""
        right, left = groups.pop(), groups.pop()
        shift = left[1][-1] + distance
        groups.append((left[0] + right[0], left[1] + [shift + x for x in right[1]]))
        first = last - len(groups[-1][0]) + 1
        return self._distance(layer[first - 1], layer[first]) if first > 0 else 0.0

    def _distance(self, left: str, right: str) -> float:
        """The minimum distance between two neighbouring centres in a layer."""
        widths = [CARD_WIDTH if id in self.cards else WIRE_WIDTH for id in (left, right)]
        return sum(widths) / 2 + GAP


def _placed(group: tuple[list[float], list[float]]) -> list[float]:
    """A group's positions: its offsets, shifted to the mean of its members' wanted positions."""
    preferred, offsets = group
    start = _mean([w - o for w, o in zip(preferred, offsets, strict=True)], 0.0)
    return [start + offset for offset in offsets]


def _mean(values: list[float], otherwise: float) -> float:
    return sum(values) / len(values) if values else otherwise
