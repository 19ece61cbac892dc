"""Placing of new cards: never on another card; a pipeline without a layout is arranged."""

from __future__ import annotations

import json
from collections.abc import Iterable
from itertools import combinations
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from designer.contract.catalogue.library import Library
from designer.pipeline.arrange import arrange
from designer.pipeline.edit import apply
from designer.pipeline.graph import Edge, Node, Note, Pipeline, Point
from designer.pipeline.lint.lint import lint
from designer.pipeline.placing import CARD_WIDTH, TALLEST_CARD, Box, free_place, free_shift, laid_out, placed

CASES = json.loads((Path(__file__).parent / "placing.json").read_text(encoding="utf-8"))
CORNERS = st.lists(st.tuples(st.integers(-900, 900), st.integers(-900, 900)), max_size=30)
CHAIN = Pipeline(
    nodes={id: Node(id, "keep") for id in "abcd"},
    edges=tuple(Edge(a, "dataset", b, "dataset") for a, b in ("ab", "bc", "cd")),
)


def overlapping(corners: Iterable[Point]) -> list[tuple[Point, Point]]:
    return [
        (a, b) for a, b in combinations(corners, 2) if abs(a[0] - b[0]) < CARD_WIDTH and abs(a[1] - b[1]) < TALLEST_CARD
    ]


def box(corner: Point) -> Box:
    return (*corner, CARD_WIDTH, TALLEST_CARD)


@pytest.mark.parametrize("case", CASES, ids=[case["name"] for case in CASES])
def test_a_card_takes_the_nearest_place_that_no_other_covers(case: dict[str, Any]) -> None:
    taken, cards = ([tuple(corner) for corner in case[part]] for part in ("taken", "cards"))
    assert free_shift(taken, cards) == tuple(case["shift"])


@given(taken=CORNERS, corner=st.tuples(st.integers(-900, 900), st.integers(-900, 900)))
def test_a_free_place_covers_no_card(taken: list[Point], corner: Point) -> None:
    place = free_place(taken, corner)
    assert all(abs(place[0] - x) >= CARD_WIDTH or abs(place[1] - y) >= TALLEST_CARD for x, y in taken)


BOXES = st.lists(st.tuples(*[st.integers(-900, 900)] * 2, *[st.integers(1, 700)] * 2), max_size=10)


@given(taken=CORNERS, notes=BOXES, cards=CORNERS, moved=BOXES)
def test_what_is_put_down_together_covers_nothing_that_stands(
    taken: list[Point], notes: list[Box], cards: list[Point], moved: list[Box]
) -> None:
    standing, put = [*map(box, taken), *notes], [*map(box, cards), *moved]
    dx, dy = free_shift([*taken, *notes], [*cards, *moved])
    for x, y, width, height in put:
        for left, top, wide, high in standing:
            is_beside = x + dx >= left + wide or left >= x + dx + width
            assert is_beside or y + dy >= top + high or top >= y + dy + height


def test_a_card_that_finds_its_place_when_opened_covers_no_note() -> None:
    note = Note("n", "Here", x=40, y=100, width=208, height=80)
    half = Pipeline(nodes=CHAIN.nodes, edges=CHAIN.edges, layout={"a": (40.0, 0.0), "c": (300.0, 500.0)}, notes=(note,))
    assert laid_out(half).layout["b"] == (40, 216)
    bare = Pipeline(nodes=CHAIN.nodes, edges=CHAIN.edges, notes=(note,))
    assert not any(
        x < 248 and x + CARD_WIDTH > 40 and y < 180 and y + TALLEST_CARD > 100
        for x, y in laid_out(bare).layout.values()
    )


def test_a_card_that_an_edit_adds_covers_no_note() -> None:
    noted = Pipeline(notes=(Note("n", "Here", width=208, height=80),))
    (operation,) = placed(noted, [{"op": "add", "id": "a", "module": "keep", "x": 100.0, "y": 40.0}])
    assert (operation["x"], operation["y"]) == (100, 148)


def test_a_full_canvas_grows_to_the_right() -> None:
    taken = [(i * 256.0, j * 108.0) for i in range(-8, 9) for j in range(-8, 9)]
    assert free_place(taken, (0, 0)) == (9 * 256, 0)


def test_a_pipeline_without_places_is_arranged() -> None:
    assert laid_out(CHAIN).layout == arrange(CHAIN)


def test_a_pile_is_arranged() -> None:
    pile = Pipeline(nodes=CHAIN.nodes, edges=CHAIN.edges, layout=dict.fromkeys("abcd", (0.0, 0.0)))
    assert laid_out(pile).layout == arrange(CHAIN)


def test_what_lacks_a_place_stands_beside_what_it_is_wired_to_and_the_rest_stays() -> None:
    half = Pipeline(nodes=CHAIN.nodes, edges=CHAIN.edges, layout={"a": (40.0, 0.0), "c": (300.0, 500.0)})
    layout = laid_out(half).layout
    assert layout == {"a": (40, 0), "b": (40, 108), "c": (300, 500), "d": (300, 608)}


def test_a_layout_that_is_whole_is_left_alone() -> None:
    whole = Pipeline(nodes=CHAIN.nodes, edges=CHAIN.edges, layout={id: (i * 10.0, 0.0) for i, id in enumerate("abcd")})
    assert laid_out(whole) is whole
    assert laid_out(Pipeline()) == Pipeline()


def test_sixty_nodes_without_places_get_one_each() -> None:
    many = Pipeline(nodes={f"n{i}": Node(f"n{i}", "keep") for i in range(60)})
    assert len(laid_out(many).layout) == 60
    assert overlapping(laid_out(many).layout.values()) == []


@pytest.mark.parametrize("edges", [("ab", "ba"), ("aa",)])
def test_a_circle_is_laid_out_too(edges: tuple[str, ...]) -> None:
    circle = Pipeline(nodes=CHAIN.nodes, edges=tuple(Edge(a, "dataset", b, "dataset") for a, b in edges))
    assert len(laid_out(circle).layout) == 4


def test_a_fix_of_a_warning_puts_its_node_on_no_other() -> None:
    library = Library.scan()
    nodes = {
        "data": Node("data", "dataset", parameters={"name": "Automobile price"}),
        "scale": Node("scale", "normalize-data", parameters={"columns": ["horsepower"]}),
        "split": Node("split", "split-data"),
        "left": Node("left", "sort"),
        "right": Node("right", "sort"),
    }
    wires = (
        Edge("data", "dataset", "scale", "dataset"),
        Edge("scale", "transformed_dataset", "split", "dataset"),
        Edge("split", "results_dataset1", "left", "dataset"),
        Edge("split", "results_dataset2", "right", "dataset"),
    )
    layout = {
        "data": (0.0, 0.0),
        "scale": (0.0, 108.0),
        "split": (0.0, 216.0),
        "left": (0.0, 324.0),
        "right": (256.0, 270.0),
    }
    pipeline = Pipeline(nodes=nodes, edges=wires, layout=layout)
    fixes = [warning.fix for warning in lint(pipeline, library) if warning.fix]
    assert fixes
    for fix in fixes:
        assert overlapping(apply(pipeline, fix, library).layout.values()) == []
