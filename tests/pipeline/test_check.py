"""Columns known before a run, and problems that point to a field."""

from __future__ import annotations

from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from designer.contract.catalogue.library import Library
from designer.contract.schema import Role, Schema
from designer.pipeline.check import check
from designer.pipeline.edit import apply
from designer.pipeline.graph import Edge, Node, Pipeline
from designer.pipeline.propagate import propagate


def pipeline(library: Library, keep: object, **more: Any) -> Pipeline:
    return apply(
        Pipeline(),
        [
            {"op": "add", "id": "rows", "module": "rows"},
            {"op": "add", "id": "keep", "module": "keep", "parameters": {"columns": keep}},
            {"op": "connect", "source": "rows", "output": "dataset", "target": "keep", "input": "dataset"},
        ],
        library,
    )


def test_columns_are_known_before_the_run(library: Library) -> None:
    known = propagate(pipeline(library, ["b"]), library)
    kept = known.outlets["keep", "kept_columns"]
    assert isinstance(kept, Schema)
    assert kept.names == ["b"]


def test_a_missing_column_is_a_problem_at_its_field_with_the_closest_name(library: Library) -> None:
    graph = apply(
        pipeline(library, ["a", "bb"]), [{"op": "set", "id": "keep", "parameters": {"columns": ["A"]}}], library
    )
    (problem,) = check(graph, library)
    assert (problem.node, problem.parameter) == ("keep", "columns")
    assert problem.message == "Keep, Columns to keep: no column 'A' (2 columns)."
    assert problem.remedy == "Did you mean 'a'?"


def test_an_unwired_required_input_is_a_problem_at_its_port(library: Library) -> None:
    graph = apply(Pipeline(), [{"op": "add", "id": "halve", "module": "halve"}], library)
    (problem,) = check(graph, library)
    assert (problem.node, problem.port) == ("halve", "dataset")


def test_a_wire_that_brings_something_else_is_one_problem_at_its_port(library: Library) -> None:
    graph = pipeline(library, ["a"])
    learner = Node("learn", "learn")
    train = Node("train", "train", parameters={"label": "a"})
    wires = (
        Edge("learn", "untrained_model", "train", "untrained_model"),
        Edge("learn", "untrained_model", "train", "dataset"),
    )
    (problem,) = check(
        Pipeline(nodes={**graph.nodes, "learn": learner, "train": train}, edges=wires + graph.edges), library
    )
    assert (problem.node, problem.port) == ("train", "dataset")
    assert str(problem) == "Train, Dataset: the wire brings untrained model. Connect data instead."


def test_hidden_parameters_need_no_value_and_shown_ones_do(library: Library) -> None:
    graph = apply(Pipeline(), [{"op": "add", "id": "halve", "module": "halve"}], library)
    assert {p.parameter for p in check(graph, library)} == {None}
    graph = apply(graph, [{"op": "set", "id": "halve", "parameters": {"how": "key"}}], library)
    assert "key" in {p.parameter for p in check(graph, library)}


def test_a_value_out_of_range_names_the_range(library: Library) -> None:
    graph = apply(pipeline(library, ["a"]), [{"op": "set", "id": "rows", "parameters": {"count": 99}}], library)
    (problem,) = check(graph, library)
    assert problem.parameter == "count"
    assert "at least 1 and at most 10" in problem.remedy


def test_roles_travel_and_a_disabled_node_passes_its_input_through(library: Library) -> None:
    graph = apply(
        pipeline(library, ["a"]),
        [
            {"op": "add", "id": "label", "module": "label"},
            {"op": "connect", "source": "rows", "output": "dataset", "target": "label", "input": "dataset"},
            {"op": "connect", "source": "label", "output": "dataset", "target": "keep", "input": "dataset"},
        ],
        library,
    )
    known = propagate(graph, library).outlets
    assert known["keep", "kept_columns"]["a"].role is Role.LABEL  # type: ignore[index]
    off = apply(graph, [{"op": "disable", "ids": ["label"]}], library)
    assert propagate(off, library).outlets["keep", "kept_columns"]["a"].role is Role.FEATURE  # type: ignore[index]


def test_an_unknown_module_is_a_problem_and_the_rest_is_still_known(library: Library) -> None:
    graph = apply(pipeline(library, ["a"]), [{"op": "add", "id": "ghost", "module": "gone"}], library)
    (problem,) = check(graph, library)
    assert problem.node == "ghost"
    assert "not installed" in problem.message


def test_a_module_that_raises_harms_nothing(library: Library) -> None:
    graph = apply(
        pipeline(library, ["a"]),
        [
            {"op": "add", "id": "bad", "module": "raises"},
            {"op": "connect", "source": "rows", "output": "dataset", "target": "bad", "input": "dataset"},
        ],
        library,
    )
    (problem,) = check(graph, library)
    assert problem.node == "bad"
    assert "bug" not in problem.message


def test_a_cycle_is_named_and_nothing_hangs(library: Library) -> None:
    nodes = {id: Node(id, "keep", parameters={"columns": ["a"]}) for id in ("x", "y")}
    edges = (Edge("x", "kept_columns", "y", "dataset"), Edge("y", "kept_columns", "x", "dataset"))
    problems = check(Pipeline(nodes=nodes, edges=edges), library)
    assert {p.node for p in problems if "cycle" in p.message} == {"x", "y"}


PARAMETERS = st.dictionaries(
    st.sampled_from(["columns", "count", "how", "key", "label", "zzz"]),
    st.none() | st.integers() | st.text(max_size=3) | st.lists(st.text(max_size=2), max_size=2) | st.floats(),
    max_size=3,
)
NODES = st.dictionaries(
    st.sampled_from("abcd"),
    st.tuples(st.sampled_from(["rows", "keep", "halve", "train", "label", "raises", "gone"]), PARAMETERS),
    max_size=4,
)
WIRES = st.lists(
    st.tuples(*[st.sampled_from(choice) for choice in ("abcd", ["dataset", "first"], "abcd", ["dataset", "label"])])
)


@given(nodes=NODES, wires=WIRES)
def test_check_and_propagate_never_raise(library: Library, nodes: Any, wires: Any) -> None:
    graph = Pipeline(
        nodes={id: Node(id, module, parameters=parameters) for id, (module, parameters) in nodes.items()},
        edges=tuple(Edge(s, o, t, i) for s, o, t, i in wires if s in nodes and t in nodes),
    )
    for problem in check(graph, library):
        assert problem.message
        assert problem.node in graph.nodes
