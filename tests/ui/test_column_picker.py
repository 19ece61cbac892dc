"""The column picker lists the known columns, including those that become known while it is open."""

from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from designer.contract.schema import Column, Kind, Schema
from designer.pipeline.graph import Edge, Node, Pipeline
from designer.pipeline.propagate import Propagation
from designer.ui.state.editor.columns import BY_NAME, ColumnsState
from designer.ui.state.editor.held import Held

PIPELINE = Pipeline(
    nodes={
        "data": Node("data", "dataset", parameters={"name": "Iris"}),
        "choose": Node("choose", "select-columns-in-dataset"),
    },
    edges=(Edge("data", "dataset", "choose", "dataset"),),
)
KNOWN = Propagation(
    {("data", "dataset"): Schema((Column("age", Kind.INTEGER), Column("sex", Kind.STRING)), complete=True)}
)


@pytest.fixture
def picker(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Any:
    monkeypatch.setenv("DESIGNER_WORKSPACE", str(tmp_path))
    state: Any = ColumnsState(_reflex_internal_init=True)  # type: ignore[call-arg]
    state._pipeline = Held(PIPELINE)
    return state


def turn(state: Any, event: str, *arguments: Any) -> None:
    ColumnsState.event_handlers[event].fn(state, *arguments)


def test_columns_that_become_known_while_it_is_open_are_listed(picker: Any) -> None:
    turn(picker, "open", "choose", "columns")
    turn(picker, "show_tab", BY_NAME)
    assert (picker.is_known, list(picker.choices)) == (False, [])
    picker._known = Held(KNOWN)
    picker.refresh()
    assert picker.is_known
    assert [choice.name for choice in picker.choices] == ["age", "sex"]


def test_what_was_chosen_before_stays_chosen(picker: Any) -> None:
    picker._pipeline = Held(
        replace(PIPELINE, nodes={**PIPELINE.nodes, "choose": replace(
            PIPELINE.nodes["choose"], parameters={"columns": {"rules": [{"names": ["sex"]}]}})})
    )  # fmt: skip
    turn(picker, "open", "choose", "columns")
    picker._known = Held(KNOWN)
    picker.refresh()
    assert [(choice.name, choice.is_chosen, choice.is_missing) for choice in picker.choices] == [
        ("age", False, False),
        ("sex", True, False),
    ]
