"""Edits: pure, reversible, and rejected with a reason."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import asdict, replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from designer.contract.catalogue.library import Library
from designer.pipeline.document import dumps, from_document, loads, to_document
from designer.pipeline.edit import RefusedEdit, apply, connect, refusal, remove
from designer.pipeline.graph import Edge, Group, Node, Pipeline
from tests.pipeline.edit_cases import CASES, START, comparable, expected

ROWS = {"op": "add", "id": "rows", "module": "rows", "x": 0, "y": 0}
KEEP = {"op": "add", "id": "keep", "module": "keep", "x": 0, "y": 108}
HALVE = {"op": "add", "id": "halve", "module": "halve", "x": 0, "y": 216}
WIRE = {"op": "connect", "source": "rows", "output": "dataset", "target": "keep", "input": "dataset"}
WIRE_2 = {"op": "connect", "source": "keep", "output": "kept_columns", "target": "halve", "input": "dataset"}


def chain(library: Library) -> Pipeline:
    return apply(Pipeline(), [ROWS, KEEP, HALVE, WIRE, WIRE_2], library)


def test_edits_build_a_pipeline_in_order(library: Library) -> None:
    pipeline = chain(library)
    assert pipeline.order() == ["rows", "keep", "halve"]
    assert pipeline.layout["keep"] == (0.0, 108.0)
    assert pipeline.ancestors("halve") == {"rows", "keep"}


def test_an_edit_leaves_the_pipeline_before_it_unchanged(library: Library) -> None:
    before = chain(library)
    after = apply(before, [{"op": "set", "id": "rows", "parameters": {"count": 5}}], library)
    assert before.nodes["rows"].parameters == {}
    assert after.nodes["rows"].parameters == {"count": 5}
    assert before != after


def test_wire_into_a_taken_input_replaces_it(library: Library) -> None:
    pipeline = chain(library)
    again = connect(pipeline, Edge("rows", "dataset", "halve", "dataset"), library)
    assert again.into("halve", "dataset") == Edge("rows", "dataset", "halve", "dataset")
    assert len(again.edges) == 2


def test_wire_of_the_wrong_type_is_refused_in_words(library: Library) -> None:
    pipeline = apply(chain(library), [{"op": "add", "id": "train", "module": "train"}], library)
    reason = refusal(pipeline, Edge("rows", "dataset", "train", "untrained_model"), library)
    assert reason == "Train needs an untrained model at Untrained model, not data"


def test_wire_that_closes_a_circle_is_refused(library: Library) -> None:
    pipeline = apply(chain(library), [{"op": "add", "id": "keep2", "module": "keep"}], library)
    pipeline = connect(pipeline, Edge("halve", "first", "keep2", "dataset"), library)
    with pytest.raises(RefusedEdit, match="cycle"):
        connect(pipeline, Edge("keep2", "kept_columns", "keep", "dataset"), library)


def test_wire_to_a_port_that_does_not_exist_is_refused(library: Library) -> None:
    assert "no output 'nothing'" in refusal(chain(library), Edge("rows", "nothing", "keep", "dataset"), library)


def test_removing_a_node_removes_its_wires_and_its_place(library: Library) -> None:
    pipeline = remove(chain(library), ["keep"])
    assert set(pipeline.nodes) == {"rows", "halve"}
    assert pipeline.edges == ()
    assert "keep" not in pipeline.layout


def test_removing_with_heal_joins_what_stood_around(library: Library) -> None:
    pipeline = apply(chain(library), [{"op": "remove", "ids": ["keep"], "heal": True}], library)
    assert pipeline.edges == (Edge("rows", "dataset", "halve", "dataset"),)


def test_operations_apply_all_or_none(library: Library) -> None:
    pipeline = chain(library)
    with pytest.raises(RefusedEdit):
        apply(pipeline, [{"op": "rename", "name": "New"}, {"op": "comment", "id": "ghost", "text": "?"}], library)
    assert pipeline.name == "Untitled pipeline"


@pytest.mark.parametrize(
    "operation",
    [
        {"op": "explode"},
        {"op": "add", "id": "a/../b", "module": "rows"},
        {"op": "add", "id": "rows", "module": "rows"},
        {"op": "move", "positions": {"rows": ["x", 1]}},
        {"op": "rename", "name": ""},
        {"op": "set", "id": "rows", "parameters": [1]},
        "text",
    ],
)
def test_an_edit_that_cannot_be_read_is_refused(library: Library, operation: object) -> None:
    with pytest.raises(RefusedEdit):
        apply(chain(library), [operation], library)  # type: ignore[list-item]


def test_a_wire_that_stood_before_comes_back_whatever_became_of_its_ports(library: Library) -> None:
    old = Edge("keep", "rows_of_old", "gone", "in")
    ghost = Node("gone", "not-installed")
    pipeline = replace(chain(library), nodes={**chain(library).nodes, "gone": ghost})
    wire = {"op": "connect", **asdict(old)}
    with pytest.raises(RefusedEdit, match="not installed"):
        apply(pipeline, [wire], library)
    back = apply(pipeline, [{**wire, "restored": True}], library)
    assert old in back.edges
    circle = {"op": "connect", "source": "gone", "output": "out", "target": "rows", "input": "in", "restored": True}
    with pytest.raises(RefusedEdit, match="cycle"):
        apply(back, [circle], library)
    with pytest.raises(RefusedEdit, match="does not exist"):
        apply(back, [{**circle, "source": "nowhere"}], library)


def test_nodes_are_grouped_regrouped_and_ungrouped(library: Library) -> None:
    first = apply(chain(library), [{"op": "group", "id": "a", "title": "Reading", "nodes": ["rows", "keep"]}], library)
    assert first.groups == (Group("a", "Reading", ("rows", "keep")),)
    second = apply(first, [{"op": "group", "id": "b", "title": "Splitting", "nodes": ["keep", "halve"]}], library)
    assert second.groups == (Group("a", "Reading", ("rows",)), Group("b", "Splitting", ("keep", "halve")))
    assert remove(second, ["rows"]).groups == (Group("b", "Splitting", ("keep", "halve")),)
    assert apply(second, [{"op": "ungroup", "id": "b"}], library).groups == (Group("a", "Reading", ("rows",)),)
    assert second.subgraph(["halve"]).groups == (Group("b", "Splitting", ("halve",)),)


def test_a_group_is_collapsed_and_stays_so_with_fewer_nodes(library: Library) -> None:
    framed = {"op": "group", "id": "a", "title": "Reading", "nodes": ["rows", "keep"]}
    folded = apply(chain(library), [framed, {**framed, "collapsed": True}], library)
    assert folded.groups == (Group("a", "Reading", ("rows", "keep"), collapsed=True),)
    assert remove(folded, ["rows"]).groups == (Group("a", "Reading", ("keep",), collapsed=True),)
    assert apply(folded, [framed], library).groups == (Group("a", "Reading", ("rows", "keep")),)


@pytest.mark.parametrize("nodes", [[], ["nowhere"]])
def test_a_group_of_nothing_is_refused(library: Library, nodes: list[str]) -> None:
    with pytest.raises(RefusedEdit, match=r"group needs at least one node|no node 'nowhere'"):
        apply(chain(library), [{"op": "group", "id": "a", "nodes": nodes}], library)


EDITS = st.lists(
    st.one_of(
        st.builds(lambda i: {"op": "add", "id": f"n{i}", "module": "keep", "x": i, "y": i}, st.integers(0, 5)),
        st.builds(lambda i: {"op": "remove", "ids": [f"n{i}"]}, st.integers(0, 5)),
        st.builds(
            lambda i, j: {
                "op": "connect", "source": f"n{i}", "output": "kept_columns", "target": f"n{j}", "input": "dataset",
            },
            st.integers(0, 5),
            st.integers(0, 5),
        ),
        st.builds(lambda i, t: {"op": "comment", "id": f"n{i}", "text": t}, st.integers(0, 5), st.text(max_size=5)),
        st.builds(
            lambda name, ids, folded: {
                "op": "group", "id": name, "title": "", "nodes": [f"n{i}" for i in ids], "collapsed": folded,
            },
            st.sampled_from("ab"),
            st.lists(st.integers(0, 5), max_size=3),
            st.booleans(),
        ),
        st.builds(lambda direction: {"op": "turn", "direction": direction}, st.sampled_from(["down", "right"])),
        st.builds(lambda name: {"op": "ungroup", "id": name}, st.sampled_from("ab")),
        st.builds(lambda name: {"op": "parameter", "name": name, "type": "columns"}, st.sampled_from("pq")),
        st.builds(lambda name: {"op": "remove_parameter", "name": name}, st.sampled_from("pq")),
        st.builds(
            lambda i, name: {"op": "set", "id": f"n{i}", "parameters": {"columns": {"$parameter": name}}},
            st.integers(0, 5), st.sampled_from("pq"),
        ),
        st.builds(lambda i, x: {"op": "move", "positions": {f"n{i}": [x, 0]}}, st.integers(0, 5), st.integers(0, 99)),
    ),
    max_size=30,
)  # fmt: skip


TEXTS = st.sampled_from(["", "x", "x" * 501, "x" * 20_001])
NUMBERS = st.sampled_from([0.0, -1e6, 1e7, 1e300, math.inf, math.nan])
EXTREMES = st.one_of(
    st.fixed_dictionaries(
        {"op": st.just("add"), "id": st.sampled_from(["new", "x" * 81, ""]), "module": st.sampled_from(["keep", ""])},
        optional={"x": NUMBERS, "title": TEXTS, "comment": TEXTS, "version": st.sampled_from([0, 1])},
    ),
    st.fixed_dictionaries({"op": st.sampled_from(["comment", "title"]), "id": st.just("keep"), "text": TEXTS}),
    st.fixed_dictionaries({"op": st.just("note"), "id": TEXTS, "text": TEXTS, "x": NUMBERS, "width": NUMBERS}),
    st.fixed_dictionaries({"op": st.just("group"), "id": TEXTS, "title": TEXTS, "nodes": st.just(["keep"])}),
    st.fixed_dictionaries({"op": st.just("rename"), "name": TEXTS}),
    st.fixed_dictionaries(
        {"op": st.just("parameter"), "name": TEXTS, "type": st.sampled_from(["integer", "choice", "party"])},
        optional={"minimum": NUMBERS, "default": st.sampled_from([1, "x", None]), "title": TEXTS},
    ),
    st.builds(lambda x, y: {"op": "move", "positions": {"keep": [x, y]}}, NUMBERS, NUMBERS),
)


@given(edit=EXTREMES)
def test_an_edit_is_refused_or_can_be_saved_and_opened_again(library: Library, edit: dict[str, object]) -> None:
    try:
        edited = apply(chain(library), [edit], library)
    except RefusedEdit:
        return
    assert loads(dumps(edited)) == edited


@given(edits=EDITS)
def test_any_edits_and_as_many_undos_are_the_identity(library: Library, edits: list[dict[str, object]]) -> None:
    history = [Pipeline()]
    for edit in edits:
        try:
            history.append(apply(history[-1], [edit], library))
        except RefusedEdit:
            continue
        assert not history[-1].cycle()
        framed = [id for group in history[-1].groups for id in group.nodes]
        assert set(framed) <= history[-1].nodes.keys()
        assert len(framed) == len(set(framed))
    snapshots = list(history)
    while len(history) > 1:
        history.pop()
    assert history == [Pipeline()]
    assert all(a == b for a, b in zip(snapshots, [*history, *snapshots[1:]], strict=True))


@pytest.mark.parametrize("case", CASES, ids=[case["name"] for case in CASES])
def test_operations_do_what_the_browser_does(case: Mapping[str, Any], library: Library) -> None:
    after = apply(from_document(START), case["operations"], library)
    assert comparable(to_document(after)) == comparable(expected(case))
