"""Automatic layout: layers from top to bottom, each node below all it needs, as few crossings as sweeps find.

The layered method of Sugiyama, Tagawa and Toda (1981): longest-path layers, barycentre ordering, then columns that
pull nodes over their neighbours without overlap.
"""

from __future__ import annotations

from collections.abc import Iterable

from designer.pipeline.graph import Pipeline, Point

CARD_WIDTH, CARD_HEIGHT = 232, 68
ROW, COLUMN = 108, CARD_WIDTH + 24
SWEEPS = 8


def arrange(pipeline: Pipeline) -> dict[str, Point]:
    """Positions of all nodes: rows 108 apart, columns at least 24 apart, on the 4 px grid."""
    layers = _ordered(pipeline, _layers(pipeline))
    columns = _columns(pipeline, layers)
    left = min(columns.values(), default=0.0)
    return {
        id: (float(round((columns[id] - left) * COLUMN / 4) * 4), float(row * ROW))
        for row, layer in enumerate(layers)
        for id in layer
    }


def _layers(pipeline: Pipeline) -> list[list[str]]:
    depth: dict[str, int] = {}
    for id in pipeline.order():
        depth[id] = 1 + max((depth.get(e.source, -1) for e in pipeline.incoming(id)), default=-1)
    for id in reversed(pipeline.order()):
        targets = [depth[e.target] for e in pipeline.outgoing(id) if depth[e.target] > depth[id]]
        if targets and not pipeline.incoming(id):
            depth[id] = min(targets) - 1  # a source stands just above what first needs it
    layers: list[list[str]] = [[] for _ in range(max(depth.values(), default=-1) + 1)]
    for id, row in depth.items():
        layers[row].append(id)
    return [layer for layer in layers if layer]


def _ordered(pipeline: Pipeline, layers: list[list[str]]) -> list[list[str]]:
    for sweep in range(SWEEPS):
        downwards = sweep % 2 == 0
        rows = range(len(layers)) if downwards else range(len(layers) - 1, -1, -1)
        place = {id: i - (len(layer) - 1) / 2 for layer in layers for i, id in enumerate(layer)}
        for row in rows:
            neighbours = {id: _neighbours(pipeline, id, downwards) for id in layers[row]}
            layers[row].sort(key=lambda id: _mean([place[n] for n in neighbours[id]], place[id]))
            place |= {id: i - (len(layers[row]) - 1) / 2 for i, id in enumerate(layers[row])}
    return layers


def _columns(pipeline: Pipeline, layers: list[list[str]]) -> dict[str, float]:
    place = {id: i - (len(layer) - 1) / 2 for layer in layers for i, id in enumerate(layer)}
    for sweep in range(SWEEPS):
        downwards = sweep % 2 == 0
        for layer in layers if downwards else reversed(layers):
            wanted = [_mean([place[n] for n in _neighbours(pipeline, id, downwards)], place[id]) for id in layer]
            place |= dict(zip(layer, _apart(wanted), strict=True))
    return place


def _apart(wanted: list[float]) -> list[float]:
    """Positions at least one column apart, in order, as close to those wanted as their mean allows."""
    placed: list[float] = []
    for position in wanted:
        placed.append(position if not placed else max(position, placed[-1] + 1))
    shift = _mean([w - p for w, p in zip(wanted, placed, strict=True)], 0.0)
    return [position + shift for position in placed]


def _neighbours(pipeline: Pipeline, id: str, downwards: bool) -> Iterable[str]:
    if downwards:
        return [edge.source for edge in pipeline.incoming(id)]
    return [edge.target for edge in pipeline.outgoing(id)]


def _mean(values: list[float], otherwise: float) -> float:
    return sum(values) / len(values) if values else otherwise
