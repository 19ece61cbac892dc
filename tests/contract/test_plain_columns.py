"""Tables to R and back: exact in every column type, and refused by name where R has no such value."""

from __future__ import annotations

import os
import subprocess
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from designer.contract.errors import DesignerError, InvalidValues
from designer.contract.files.plain_columns import READER, read_columns, write_columns

TEXTS = st.text(st.characters(exclude_categories=("Cs",), exclude_characters="\0"), max_size=8)
CELLS: dict[str, st.SearchStrategy[Any]] = {
    "float64": st.none() | st.floats(allow_nan=False),
    "Int64": st.none() | st.integers(-(2**53), 2**53),
    "small": st.integers(-(2**31) + 1, 2**31 - 1),
    "boolean": st.none() | st.booleans(),
    "str": st.none() | st.just("NA") | TEXTS,
    "category": st.none() | st.sampled_from(["b", "", "NA", "日本"]),
    "numbers": st.none() | st.sampled_from([3, 1, 20]),
    "time": st.none() | st.integers(-(10**15), 4 * 10**15),
}


@st.composite
def tables(draw: st.DrawFn) -> pd.DataFrame:
    rows = draw(st.integers(0, 6))
    kinds = draw(st.lists(st.sampled_from(sorted(CELLS)), max_size=5))
    names = draw(st.lists(TEXTS, min_size=len(kinds), max_size=len(kinds), unique=True))
    columns = {
        name: column(kind, draw(st.lists(CELLS[kind], min_size=rows, max_size=rows)))
        for name, kind in zip(names, kinds, strict=True)
    }
    return pd.DataFrame(columns, index=pd.RangeIndex(rows))


def column(kind: str, cells: list[Any]) -> pd.Series[Any]:
    """A column in a documented type."""
    match kind:
        case "category" | "numbers":
            categories = sorted({cell for cell in cells if cell is not None}, reverse=True)
            dtype = "str" if kind == "category" else "int64"
            return pd.Series(pd.Categorical(cells, pd.Index(categories, dtype=dtype), ordered=kind == "numbers"))
        case "time":
            return pd.Series(
                np.array([np.datetime64(cell, "us") if cell is not None else "NaT" for cell in cells], "M8[us]")
            )
        case "small":
            return pd.Series(cells, dtype="int64")
        case "Int64" | "boolean":
            series = pd.Series(cells, dtype=kind)  # type: ignore[call-overload]
            return series if series.hasnans else series.astype("int64" if kind == "Int64" else "bool")
        case _:
            return pd.Series(cells, dtype=kind)  # type: ignore[call-overload]


def through_r(frames: list[pd.DataFrame], place: Path, locale: str) -> list[pd.DataFrame]:
    """The tables, read and written by R."""
    for number, frame in enumerate(frames):
        write_columns(frame, place / "in" / str(number))
    (place / "out").mkdir()
    code = (
        "arguments <- commandArgs(TRUE); source(arguments[1]);"
        " for (n in list.files('in')) write_columns(read_columns(file.path('in', n)), file.path('out', n))"
    )
    environment = {**os.environ, "LC_ALL": locale, "TZ": "UTC"}
    subprocess.run(["Rscript", "--vanilla", "-e", code, str(READER)], cwd=place, env=environment, check=True)
    return [read_columns(place / "out" / str(number)) for number in range(len(frames))]


@settings(max_examples=4, deadline=None, suppress_health_check=list(HealthCheck))
@given(frames=st.lists(tables(), min_size=25, max_size=40), locale=st.sampled_from(["C", "C.UTF-8"]))
def test_every_table_comes_back_as_it_went(
    frames: list[pd.DataFrame], locale: str, tmp_path_factory: pytest.TempPathFactory
) -> None:
    for frame, back in zip(frames, through_r(frames, tmp_path_factory.mktemp("r"), locale), strict=True):
        pd.testing.assert_frame_equal(frame, back, check_index_type=False, check_column_type=False)


def test_missing_is_not_nan_in_r(tmp_path: Path) -> None:
    write_columns(pd.DataFrame({"x": [1.0, np.nan], "t": pd.Series(["NA", None], dtype="str")}), tmp_path / "in")
    code = "source(commandArgs(TRUE)[1]); x <- read_columns('in'); cat(is.na(x$x) & !is.nan(x$x), is.na(x$t))"
    command = ["Rscript", "--vanilla", "-e", code, str(READER)]
    done = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, check=True)
    assert done.stdout == "FALSE TRUE FALSE TRUE"


@pytest.mark.parametrize(
    ("series", "words"),
    [
        (pd.Series([1, 2**53 + 1]), r"column 'c' holds 9007199254740993, which R cannot hold exactly"),
        (pd.Series([None, -(2**63)], dtype="Int64"), "column 'c' holds -9223372036854775808"),
        (pd.Series(["a", "b\0c"], dtype="str"), "column 'c' holds a NUL character"),
    ],
)
def test_what_r_cannot_hold_is_refused_by_name_and_row(series: pd.Series[Any], words: str, tmp_path: Path) -> None:
    with pytest.raises(InvalidValues, match=words) as refusal:
        write_columns(pd.DataFrame({"c": series}), tmp_path / "in")
    assert refusal.value.place.row == 2


def test_what_a_table_cannot_hold_is_refused_by_r(tmp_path: Path) -> None:
    for value in ("I(list(1, 2))", "matrix(1:4, 2)", "complex(2)"):
        code = f"source(commandArgs(TRUE)[1]); x <- data.frame(id = 1:2); x$c <- {value}; write_columns(x, 'out')"
        command = ["Rscript", "--vanilla", "-e", code, str(READER)]
        done = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, check=False)
        assert done.returncode == 1
        assert "column 'c' of the table is a" in done.stderr


def test_two_columns_of_one_name_are_refused(tmp_path: Path) -> None:
    code = "source(commandArgs(TRUE)[1]); write_columns(setNames(data.frame(1, 2), c('a', 'a')), 'out')"
    subprocess.run(["Rscript", "--vanilla", "-e", code, str(READER)], cwd=tmp_path, check=True)
    with pytest.raises(DesignerError, match="several columns are named 'a'"):
        read_columns(tmp_path / "out")
