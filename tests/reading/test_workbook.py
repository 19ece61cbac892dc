"""Workbooks found in practice: errors, formulas, times, declared sizes."""

from __future__ import annotations

import datetime
import re
import zipfile
from pathlib import Path

import numpy as np
import openpyxl
import pytest

from designer.contract.errors import UnreadableFile
from designer.reading.file import ReadOptions, read_table


def workbook(folder: Path, *rows: list[object]) -> Path:
    book = openpyxl.Workbook()
    for row in rows:
        book.active.append(row)
    book.save(folder / "a.xlsx")
    return folder / "a.xlsx"


def rewritten(path: Path, pattern: str, text: str) -> Path:
    """Replace text in the XML of the sheet."""
    with zipfile.ZipFile(path) as archive:
        files = {name: archive.read(name) for name in archive.namelist()}
    sheet = "xl/worksheets/sheet1.xml"
    files[sheet] = re.sub(pattern.encode(), text.encode(), files[sheet])
    with zipfile.ZipFile(path, "w") as archive:
        for name, content in files.items():
            archive.writestr(name, content)
    return path


@pytest.mark.parametrize("stated", ["A1", "A1:A2", "B2:B2"])
def test_a_stated_size_is_a_hint_and_the_cells_are_read(stated: str, tmp_path: Path) -> None:
    path = rewritten(workbook(tmp_path, ["a", "b"], [1, 2], [3, 4]), 'ref="[A-Z0-9:]+"', f'ref="{stated}"')
    assert read_table(path).to_dict("list") == {"a": [1, 3], "b": [2, 4]}


def test_an_error_is_missing_and_leaves_numbers_numbers(tmp_path: Path) -> None:
    table = read_table(workbook(tmp_path, ["r", "n"], [2.5, 1], ["#DIV/0!", 2], [3.5, 3], ["#N/A", 4]))
    np.testing.assert_array_equal(table["r"], [2.5, np.nan, 3.5, np.nan])


def test_a_formula_without_a_stored_value_is_named(tmp_path: Path) -> None:
    with pytest.raises(UnreadableFile, match="cell B2 holds a formula without a stored value"):
        read_table(workbook(tmp_path, ["a", "b"], [1, "=2*3"]))


def test_times_and_durations_and_mixtures_are_read(tmp_path: Path) -> None:
    path = workbook(
        tmp_path,
        ["time", "took", "mixed", "large"],
        [datetime.time(10, 30), datetime.timedelta(hours=30), 1, 9007199254740993],
        [datetime.time(23, 59, 1), datetime.timedelta(seconds=90), "x", 2.5],
        [None, None, True, None],
    )
    table = read_table(path)
    assert table["time"].tolist()[:2] == ["10:30:00", "23:59:01"]
    assert table["took"].tolist()[:2] == [108000.0, 90.0]
    assert table["mixed"].tolist() == ["1", "x", "true"]


def test_markers_count_as_numbers_and_as_text(tmp_path: Path) -> None:
    path = workbook(tmp_path, ["a", "b"], [-999, "?"], [3, 2])
    table = read_table(path, None, ReadOptions(missing=("", "?", "-999")))
    assert table.isna().to_numpy().tolist() == [[True, True], [False, False]]
    assert table.iloc[1].tolist() == [3, 2]
