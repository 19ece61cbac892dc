"""Automatic layout: rows, columns, no overlap, and large graphs."""

from __future__ import annotations

from itertools import pairwise

from designer.pipeline.arrange import CARD_WIDTH, ROW, arrange
from designer.pipeline.graph import Edge, Node, Pipeline


def graph(wires: list[tuple[str, str]], alone: str = "") -> Pipeline:
    ids = dict.fromkeys([id for wire in wires for id in wire] + list(alone))
    return Pipeline(nodes={id: Node(id, "keep") for id in ids}, edges=tuple(Edge(s, "dataset", t, s) for s, t in wires))


def assert_no_overlap(layout: dict[str, tuple[float, float]]) -> None:
    rows: dict[float, list[float]] = {}
    for x, y in layout.values():
        rows.setdefault(y, []).append(x)
    for xs in rows.values():
        assert all(b - a >= CARD_WIDTH + 20 for a, b in pairwise(sorted(xs)))


def test_every_node_stands_below_what_it_needs() -> None:
    pipeline = graph([("a", "b"), ("a", "c"), ("b", "d"), ("c", "d"), ("a", "d")])
    layout = arrange(pipeline)
    assert all(layout[e.target][1] >= layout[e.source][1] + ROW for e in pipeline.edges)
    assert_no_overlap(layout)
    assert layout["a"][0] == layout["d"][0]


def test_a_learner_stands_just_above_the_node_that_trains_it() -> None:
    layout = arrange(graph([("data", "clean"), ("clean", "split"), ("split", "train"), ("learner", "train")]))
    assert layout["learner"][1] == layout["split"][1]


def test_a_chain_of_500_and_a_fan_of_200_are_laid_out() -> None:
    chain = graph([(f"n{i}", f"n{i + 1}") for i in range(500)])
    fan = graph([("root", f"n{i}") for i in range(200)])
    for pipeline in (chain, fan):
        layout = arrange(pipeline)
        assert len(layout) == len(pipeline.nodes)
        assert_no_overlap(layout)


def test_an_empty_pipeline_and_a_cycle_have_a_layout() -> None:
    assert arrange(Pipeline()) == {}
    assert set(arrange(graph([("a", "b"), ("b", "a")]))) == {"a", "b"}
