"""The preview of a port that appears when the pointer rests on it."""

from pathlib import Path

import pandas as pd
import pytest

from designer.contract.schema import Column, Kind, Schema
from designer.store.artifacts.values import Stored
from designer.store.workspace import Workspace, open_workspace
from designer.ui.state.editor.glance import glance


@pytest.fixture
def workspace(tmp_path: Path) -> Workspace:
    return open_workspace(tmp_path)


def stored(workspace: Workspace, table: pd.DataFrame) -> Stored:
    return workspace.artifacts.put(table)


def test_a_large_table_shows_its_first_rows_and_columns_and_says_so(workspace: Workspace) -> None:
    table = pd.DataFrame({f"c{i}": range(20_000) for i in range(14)})
    kept = stored(workspace, table)
    preview = glance(kept, workspace.page(kept, 0, 5), None)
    assert preview["size"] == "first 5 of 20,000 rows, 6 of 14 columns"
    assert [column["name"] for column in preview["columns"]] == ["c0", "c1", "c2", "c3", "c4", "c5"]
    assert preview["rows"] == [[str(row)] * 6 for row in range(5)]


def test_a_small_table_is_shown_whole_with_kinds_and_what_is_missing(workspace: Workspace) -> None:
    kept = stored(workspace, pd.DataFrame({"name": pd.Series(["Ada", None], dtype="str"), "age": [36.0, 1.5]}))
    preview = glance(kept, workspace.page(kept, 0, 5), None)
    assert preview["size"] == "2 rows, 2 columns"
    assert preview["columns"] == [
        {"name": "name", "kind": "String", "align": ""},
        {"name": "age", "kind": "Decimal", "align": "num"},
    ]
    assert preview["rows"] == [["Ada", "36"], [None, "1.5"]]


def test_one_row_of_one_column_is_said_in_the_singular(workspace: Workspace) -> None:
    kept = stored(workspace, pd.DataFrame({"a": [1]}))
    assert glance(kept, workspace.page(kept, 0, 5), None)["size"] == "1 row, 1 column"


@pytest.mark.parametrize(
    ("columns", "complete", "size"),
    [
        (2, True, "2 columns; rows after a run"),
        (9, True, "first 6 of 9 columns; rows after a run"),
        (2, False, "2 columns, more after a run; rows after a run"),
        (0, False, "Known after a run"),
    ],
)
def test_before_a_run_the_columns_that_are_known_are_shown(columns: int, complete: bool, size: str) -> None:
    known = Schema(tuple(Column(f"c{i}", Kind.INTEGER) for i in range(columns)), complete=complete)
    preview = glance(None, None, known)
    assert (preview["size"], preview["rows"]) == (size, [])
    assert [column["name"] for column in preview["columns"]] == [f"c{i}" for i in range(min(columns, 6))]
