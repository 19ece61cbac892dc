"""The browser's edits of a document equal those in Python, and each can be undone."""

from collections.abc import Mapping
from typing import Any

import pytest
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
