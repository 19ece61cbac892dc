"""Place new cards on the canvas: at the wanted point, or at the nearest one that no card or note covers.

`designer/ui/canvas/graph/placing.js` implements the same rule in the browser; `tests/pipeline/placing.json` tests both.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from functools import cached_property
from itertools import product
from typing import Any

from designer.pipeline.arrange import arrange
from designer.pipeline.graph import Pipeline, Point

CARD_WIDTH, TALLEST_CARD = 232, 86
"""The size of the tallest card, one with a two-line title."""

COLUMN, ROW = 256, 108
Box = tuple[float, float, float, float]
"""The upper left corner, width and height of a note."""

Place = Point | Box
"""A card, by its upper left corner, or a note."""

_REACH, _UP = 6, 3
_STEPS = sorted(
    ((i * COLUMN, j * ROW) for i in range(-_REACH, _REACH + 1) for j in range(-_REACH, _REACH + 1)),
    key=lambda step: (step[0] ** 2 + (_UP * step[1] if step[1] < 0 else step[1]) ** 2, -step[1], -step[0]),
)
"""The offsets to try, nearest first; upward distances count three times, since data flows down."""


class _Taken:
    """The occupied places of the canvas; cards are indexed by grid cell, for fast lookup among thousands."""

    def __init__(self, places: Iterable[Place]) -> None:
        self.boxes = [_box(place) for place in places]

    @cached_property
    def _cells(self) -> Mapping[tuple[int, int], list[Box]]:
        cells: dict[tuple[int, int], list[Box]] = {}
        for box in self.boxes:
            if _is_card(box):
                cells.setdefault((int(box[0] // COLUMN), int(box[1] // ROW)), []).append(box)
        return cells

    @cached_property
    def _notes(self) -> list[Box]:
        return [box for box in self.boxes if not _is_card(box)]

    def is_free(self, box: Box, across: float = 0, down: float = 0) -> bool:
        """Whether no card or note is closer than these margins."""
        return not any(_meet(box, other, across, down) for other in self._near(box))

    def _near(self, box: Box) -> Iterator[Box]:
        if not _is_card(box):
            yield from self.boxes
            return
        column, row = int(box[0] // COLUMN), int(box[1] // ROW)
        for i, j in product((-1, 0, 1), repeat=2):
            yield from self._cells.get((column + i, row + j), ())
        yield from self._notes

    def right_edge(self) -> float:
        return max(x + width for x, _, width, _ in self.boxes) + COLUMN - CARD_WIDTH


def free_shift(taken: Iterable[Place], moved: Sequence[Place]) -> Point:
    """The offset by which a set of new cards and notes must move to cover nothing; (0, 0) if it covers nothing.

    They are moved together, which keeps their relative positions.
    """
    occupied = _Taken(taken)
    boxes = [_box(place) for place in moved]
    if all(occupied.is_free(box) for box in boxes):
        return (0.0, 0.0)
    margins = COLUMN - CARD_WIDTH, ROW - TALLEST_CARD
    for dx, dy in _STEPS:
        if all(occupied.is_free((x + dx, y + dy, width, height), *margins) for x, y, width, height in boxes):
            return (float(dx), float(dy))
    return (occupied.right_edge() - min(x for x, *_ in boxes), 0.0)


def free_place(taken: Iterable[Place], preferred: Point) -> Point:
    """The free place nearest to the wanted point of a card."""
    dx, dy = free_shift(taken, [preferred])
    return (preferred[0] + dx, preferred[1] + dy)


def laid_out(pipeline: Pipeline) -> Pipeline:
    """The pipeline with a place for every node. Without any layout the whole pipeline is arranged, else nodes without a
    place are put next to their neighbours. A card exactly on top of another counts as having none."""
    places, notes = _distinct_places(pipeline), _notes(pipeline)
    if len(places) == len(pipeline.nodes) == len(pipeline.layout):
        return pipeline
    if len(places) <= 1:
        return replace(pipeline, layout=_clear_of(notes, arrange(pipeline)))
    for id in pipeline.order():
        if id not in places:
            places[id] = free_place([*places.values(), *notes], _wanted(pipeline, id, places))
    return replace(pipeline, layout={id: places[id] for id in pipeline.nodes})


def placed(pipeline: Pipeline, operations: Sequence[Mapping[str, Any]]) -> tuple[Mapping[str, Any], ...]:
    """The operations of an edit, with new cards moved so that they cover no card or note."""
    notes = _notes(pipeline)
    removed = {id for operation in operations if operation.get("op") == "remove" for id in operation["ids"]}
    moved = [operation["positions"] for operation in operations if operation.get("op") == "move"]
    places = {id: point for id, point in pipeline.layout.items() if id not in removed}
    for positions in moved:
        places |= {id: tuple(point) for id, point in positions.items()}
    placed_operations: list[Mapping[str, Any]] = []
    for operation in operations:
        if operation.get("op") == "add":
            x, y = free_place([*places.values(), *notes], (operation.get("x", 0.0), operation.get("y", 0.0)))
            places[operation["id"]] = (x, y)
            placed_operations.append({**operation, "x": x, "y": y})
        else:
            placed_operations.append(operation)
    return tuple(placed_operations)


def _box(place: Place) -> Box:
    x, y, *size = place
    width, height = size or (CARD_WIDTH, TALLEST_CARD)
    return (x, y, width, height)


def _is_card(box: Box) -> bool:
    return box[2:] == (CARD_WIDTH, TALLEST_CARD)


def _meet(one: Box, other: Box, across: float, down: float) -> bool:
    (x, y, width, height), (left, top, wide, high) = one, other
    return x < left + wide + across and left < x + width + across and y < top + high + down and top < y + height + down


def _notes(pipeline: Pipeline) -> list[Box]:
    return [(note.x, note.y, note.width, note.height) for note in pipeline.notes]


def _clear_of(notes: Sequence[Box], layout: Mapping[str, Point]) -> dict[str, Point]:
    dx, dy = free_shift(notes, list(layout.values()))
    return {id: (x + dx, y + dy) for id, (x, y) in layout.items()}


def _distinct_places(pipeline: Pipeline) -> dict[str, Point]:
    places: dict[str, Point] = {}
    points: set[Point] = set()
    for id in pipeline.nodes:
        point = pipeline.layout.get(id)
        if point is not None and point not in points:
            places[id] = point
            points.add(point)
    return places


def _wanted(pipeline: Pipeline, id: str, places: Mapping[str, Point]) -> Point:
    """The preferred point: below the node's inputs, else above its consumers, else right of everything."""
    dx, dy = (COLUMN + ROW, 0) if pipeline.direction == "right" else (0, ROW)
    above = [places[edge.source] for edge in pipeline.incoming(id) if edge.source in places]
    if above:
        x, y = max(above, key=lambda point: (point[0], point[1]) if dx else (point[1], point[0]))
        return (x + dx, y + dy)
    below = [places[edge.target] for edge in pipeline.outgoing(id) if edge.target in places]
    if below:
        x, y = min(below, key=lambda point: (point[0], point[1]) if dx else (point[1], point[0]))
        return (x - dx, y - dy)
    return (max(x for x, _ in places.values()) + COLUMN, min(y for _, y in places.values()))
