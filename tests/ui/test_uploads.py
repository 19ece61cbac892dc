"""How the cells of a table are told in a grid."""

from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from designer.ui.file_child import examine
from designer.ui.uploads import Upload, lines


def texts(column: object) -> list[str]:
    return [line.cells[0].text for line in lines(pd.DataFrame({"x": column}), 0)]


@pytest.mark.parametrize(
    ("column", "shown"),
    [
        ([18.0, 0.0, 12.5], ["18.00", "0.00", "12.50"]),
        ([0.538, 0.469, 0.4], ["0.538", "0.469", "0.400"]),
        ([4.09, 4.9671, 4.9671], ["4.090", "4.967", "4.967"]),
        ([0.00632, 0.17], ["0.00632", "0.17000"]),
        ([1234567.891, -5.0], ["1,234,567.89", "−5.00"]),
        ([1e-7, 0.5], ["1e−07", "0.50"]),
        ([np.nan, np.inf, 2.0], ["missing", "inf", "2.00"]),
        (pd.array([12345, None, -7], dtype="Int64"), ["12,345", "missing", "−7"]),
        (pd.array([True, None], dtype="boolean"), ["true", "missing"]),
        (pd.to_datetime(["2026-05-14", None]), ["2026-05-14", "missing"]),
        (["x" * 100], ["x" * 79 + "…"]),
    ],
    ids=str,
)
def test_the_numbers_of_a_column_have_the_same_decimals(column: object, shown: list[str]) -> None:
    assert texts(column) == shown


def test_lines_are_numbered_from_where_the_page_begins() -> None:
    assert [line.number for line in lines(pd.DataFrame({"x": [1, 2]}), 50)] == [51, 52]


def test_whole_numbers_with_missing_cells_of_a_file_are_shown(tmp_path: Path) -> None:
    (tmp_path / "people.csv").write_text("age,member\n41,true\n,false\n17,\n")
    examine(str(tmp_path), None)
    rows = Upload(tmp_path).rows(["age", "member"], 0, 10)
    assert [[cell.text for cell in line.cells] for line in rows] == [
        ["41", "true"],
        ["missing", "false"],
        ["17", "missing"],
    ]
