"""The browser's edits of a document equal those in Python, and each can be undone."""

from collections.abc import Mapping
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from playwright.sync_api import Page

from tests.pipeline.edit_cases import CASES, START, comparable, expected

pytestmark = pytest.mark.browser

EDIT = "({ start, operations }) => import('/graph/graph.js').then((graph) => graph.applyAll(start, operations))"
UNDO = (
    "({ start, operations }) => import('/graph/graph.js').then((graph) =>"
    " graph.applyAll(graph.applyAll(start, operations), graph.inverseOf(start, operations)))"
)


@pytest.mark.parametrize("case", CASES, ids=[case["name"] for case in CASES])
def test_operations_do_what_python_does(scripts: Page, case: Mapping[str, Any]) -> None:
    edited = scripts.evaluate(EDIT, {"start": START, "operations": case["operations"]})
    assert comparable(edited) == comparable(expected(case))


@pytest.mark.parametrize("case", CASES, ids=[case["name"] for case in CASES])
def test_operations_are_undone(scripts: Page, case: Mapping[str, Any]) -> None:
    undone = scripts.evaluate(UNDO, {"start": START, "operations": case["operations"]})
    assert comparable(undone) == comparable(START)


VALUES = st.one_of(st.integers(0, 9), st.sampled_from("pq").map(lambda name: {"$parameter": name}))
PARAMETER_EDITS = st.lists(
    st.one_of(
        st.builds(
            lambda name, default: {"op": "parameter", "name": name, "type": "integer", "default": default},
            st.sampled_from("pq"),
            st.one_of(st.none(), st.integers(0, 9)),
        ),
        st.builds(lambda name: {"op": "remove_parameter", "name": name}, st.sampled_from("pq")),
        st.builds(
            lambda id, field, value: {"op": "set", "id": id, "parameters": {field: value}},
            st.sampled_from(["rows", "keep", "gone"]),
            st.sampled_from(["count", "other"]),
            VALUES,
        ),
    ),
    max_size=12,
)


@settings(max_examples=60, deadline=None)
@given(operations=PARAMETER_EDITS)
def test_any_edits_of_parameters_are_undone(scripts: Page, operations: list[dict[str, Any]]) -> None:
    undone = scripts.evaluate(UNDO, {"start": START, "operations": operations})
    assert comparable(undone) == comparable(START)


def test_a_copied_node_brings_the_parameters_that_it_refers_to(scripts: Page) -> None:
    declared = {"type": "integer", "default": 7, "title": "", "description": "", "minimum": 1, "maximum": 9}
    operations = [
        {"op": "parameter", "name": "n", **declared},
        {"op": "parameter", "name": "unused", **declared},
        {"op": "set", "id": "rows", "parameters": {"count": {"$parameter": "n"}}},
    ]
    pasted = scripts.evaluate(
        "({ start, operations }) => import('/graph/graph.js').then((graph) => {"
        " const part = graph.excerpt(graph.applyAll(start, operations), ['rows']);"
        " return graph.applyAll(graph.EMPTY, graph.insertionOf(graph.EMPTY, part, [0, 0]).operations); })",
        {"start": START, "operations": operations},
    )
    assert pasted["parameters"] == {"n": {**declared, "choices": []}}
    assert pasted["nodes"]["rows"]["parameters"] == {"count": {"$parameter": "n"}}
