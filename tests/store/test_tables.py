"""Tables as files: round trips, pages, and columns that are refused by name."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from designer.contract.errors import DuplicateColumns, InvalidValues
from designer.store.artifacts.blobs import digest_of
from designer.store.artifacts.tables import read_page, read_table, write_table

EVERYTHING = pd.DataFrame(
    {
        "decimal": [1.5, np.nan, -0.0],
        "integer": np.array([1, 2, 3]),
        "nullable": pd.array([1, None, 3], dtype="Int64"),
        "boolean": [True, False, True],
        "perhaps": pd.array([True, None, False], dtype="boolean"),
        "text": pd.array(["a", None, "ü"], dtype="str"),
        "category": pd.Categorical(["x", None, "y"], categories=["y", "x", "unused"]),
        "moment": pd.to_datetime(["2024-02-29T00:00:00", None, "1969-12-31T23:59:59"]),
    }
)


def test_every_column_type_comes_back_as_it_went(tmp_path: Path) -> None:
    write_table(EVERYTHING, tmp_path / "t")
    pd.testing.assert_frame_equal(read_table(tmp_path / "t"), EVERYTHING)


def test_index_is_left_out(tmp_path: Path) -> None:
    write_table(EVERYTHING.iloc[[2, 0]], tmp_path / "t")
    pd.testing.assert_frame_equal(read_table(tmp_path / "t"), EVERYTHING.iloc[[2, 0]].reset_index(drop=True))


@pytest.mark.parametrize("frame", [pd.DataFrame(), EVERYTHING.head(0), pd.DataFrame({"a": []})])
def test_empty_tables_keep_their_columns(tmp_path: Path, frame: pd.DataFrame) -> None:
    write_table(frame, tmp_path / "t")
    back = read_table(tmp_path / "t")
    assert list(back.columns) == list(frame.columns)
    assert len(back) == 0


def test_page_holds_the_rows_asked_for(tmp_path: Path) -> None:
    frame = pd.DataFrame({"n": np.arange(1000), "t": [f"row {n}" for n in range(1000)]})
    write_table(frame, tmp_path / "t")
    assert read_page(tmp_path / "t", 990, 5)["n"].tolist() == [990, 991, 992, 993, 994]
    assert read_page(tmp_path / "t", 998, 50)["t"].tolist() == ["row 998", "row 999"]
    assert len(read_page(tmp_path / "t", 5000, 50)) == 0


def test_equal_frames_are_equal_bytes_however_they_were_put_together(tmp_path: Path) -> None:
    whole = pd.DataFrame({"n": np.arange(100.0), "t": pd.array(list("ab") * 50, dtype="str")})
    pieces = pd.concat([whole.head(30), whole.tail(70)])
    write_table(whole, tmp_path / "whole")
    write_table(pieces, tmp_path / "pieces")
    assert digest_of(tmp_path / "whole") == digest_of(tmp_path / "pieces")


def test_objects_of_one_type_become_that_type(tmp_path: Path) -> None:
    frame = pd.DataFrame(
        {"i": pd.Series([1, None, 3], dtype=object), "b": pd.Series([True, None, False], dtype=object),
         "s": pd.Series(["a", None, "b"], dtype=object), "none": pd.Series([None, None, None], dtype=object)}
    )  # fmt: skip
    write_table(frame, tmp_path / "t")
    assert [str(kind) for kind in read_table(tmp_path / "t").dtypes] == ["Int64", "boolean", "str", "str"]


@pytest.mark.parametrize(
    ("column", "content"),
    [
        (pd.Series([1, "a"], dtype=object), "a mix of int, str"),
        (pd.Series([{"a": 1}, {"b": 2}], dtype=object), "type dict"),
        (pd.Series([1 + 2j, 3]), "complex"),
        (pd.Series(pd.cut([1, 2], 2)), "intervals"),
        (pd.Series(pd.arrays.SparseArray([0, 1])), "Sparse"),
        (pd.Series(pd.to_timedelta([1, 2], unit="s")), "timedelta"),
        (pd.Series([2**70, 1], dtype=object), "do not fit"),
    ],
)
def test_column_that_no_table_keeps_is_refused_by_name(tmp_path: Path, column: pd.Series[Any], content: str) -> None:
    with pytest.raises(InvalidValues, match=f"column 'odd' holds .*{content}") as raised:
        write_table(pd.DataFrame({"fine": [1, 2], "odd": column}), tmp_path / "t")
    assert raised.value.place.column == "odd"


def test_duplicate_names_are_refused_by_name(tmp_path: Path) -> None:
    with pytest.raises(DuplicateColumns, match="'a'"):
        write_table(pd.DataFrame([[1, 2]], columns=["a", "a"]), tmp_path / "t")


CELLS = st.one_of(
    st.lists(st.floats(allow_nan=True), min_size=1, max_size=20).map(lambda v: pd.Series(v, dtype="float64")),
    st.lists(st.one_of(st.none(), st.text(max_size=8).filter(lambda s: s.isprintable())), max_size=20).map(
        lambda v: pd.Series(v, dtype="str")
    ),
    st.lists(st.one_of(st.none(), st.integers(-(2**62), 2**62)), max_size=20).map(
        lambda v: pd.Series(v, dtype="Int64")
    ),
)


@settings(max_examples=40, deadline=None)
@given(column=CELLS)
def test_any_column_comes_back_as_it_went(tmp_path_factory: pytest.TempPathFactory, column: pd.Series[Any]) -> None:
    file = tmp_path_factory.mktemp("tables") / "t"
    write_table(pd.DataFrame({"c": column}), file)
    pd.testing.assert_series_equal(read_table(file)["c"], column, check_names=False)
