"""A table written to a file and read again has the same cells, or is refused with a place, or noted in the run."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import numpy as np
import openpyxl
import pandas as pd
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from designer.contract.column_types import plain_where_full
from designer.contract.errors import InvalidParameter
from designer.contract.files.sources import using
from designer.reading.file import read_table
from modules.dataset.export_data import ExportData
from modules.dataset.import_data import ImportData
from modules.dataset.read_back import read_back_differently
from modules.dataset.written_table import write_table
from tests.folder_sources import FolderSources

FILES = {"CSV": "a.csv", "TSV": "a.tsv", "Excel": "a.xlsx", "JSON Lines": "a.jsonl", "Parquet": "a.parquet"}
every_format = pytest.mark.parametrize("format", list(FILES))


@pytest.fixture(autouse=True)
def sources(tmp_path: Path) -> Iterator[None]:
    with using(FolderSources(tmp_path, {}, {})):
        yield


def through(table: pd.DataFrame, format: str, folder: Path) -> pd.DataFrame:
    write_table(table, str(folder / FILES[format]), format)
    return read_table(folder / FILES[format])


def texts(*cells: str | None) -> pd.DataFrame:
    return pd.DataFrame({"n": range(len(cells)), "t": pd.Series(cells, dtype="str")})


@every_format
@pytest.mark.parametrize(
    "cell",
    ["=2*3", "== todo", "+1-2", "#N/A", "left\rright", "a\r\nb", "a\nb", ' "x" ', " a ", "_x0041_", "a,b;c\td", "'x",
     "\\N", "\u2028", "\x85", "😀", "TRUE?", "12E3", "0012", "1,5"],
)  # fmt: skip
def test_text_comes_back_as_it_is(cell: str, format: str, tmp_path: Path) -> None:
    table = texts(cell, "plain", None)
    pd.testing.assert_frame_equal(through(table, format, tmp_path), table)


@pytest.mark.parametrize("format", ["Excel", "JSON Lines", "Parquet"])
def test_text_that_looks_like_a_number_stays_text_where_the_format_says_so(format: str, tmp_path: Path) -> None:
    table = texts("1", "2.50", "true")
    pd.testing.assert_frame_equal(through(table, format, tmp_path), table)


def test_control_characters_survive_a_workbook(tmp_path: Path) -> None:
    table = texts("a\x08b", "\x1b[0m", "\uffff")
    pd.testing.assert_frame_equal(through(table, "Excel", tmp_path), table)


@every_format
def test_numbers_keep_all_their_digits(format: str, tmp_path: Path) -> None:
    decimals = [0.6000000000000001, 0.1 + 0.2, 1.7976931348623157e308, 5e-324, -0.0, 3.0]
    table = pd.DataFrame({"x": decimals, "k": [1, -2, 2**53, 0, 5, 6]})
    back = through(table, format, tmp_path)
    pd.testing.assert_frame_equal(back, table, check_exact=True)
    assert np.signbit(back["x"][4])


@pytest.mark.parametrize("format", ["CSV", "TSV", "JSON Lines", "Parquet"])
def test_whole_numbers_of_64_bits_come_back(format: str, tmp_path: Path) -> None:
    table = pd.DataFrame({"id": pd.array([2**63 - 1, None, -(2**63), 9007199254740993], dtype="Int64")})
    pd.testing.assert_frame_equal(through(table, format, tmp_path), table)


@every_format
@pytest.mark.parametrize(
    "dates",
    [
        pd.to_datetime(["2024-02-29", None, "1900-03-01"]),
        pd.to_datetime(["2024-02-29 10:11:12.123456", "2024-01-01", None], format="ISO8601"),
        pd.to_datetime(["0001-01-01", "9999-12-31 23:59:59.999999", None], format="ISO8601"),
        pd.to_datetime(["2024-02-29T10:00:00Z", None, "1999-01-01T00:00:00.5Z"], format="ISO8601"),
    ],
)
def test_dates_come_back_to_the_microsecond(dates: pd.DatetimeIndex, format: str, tmp_path: Path) -> None:
    table = pd.DataFrame({"d": pd.Series(dates).dt.as_unit("us"), "n": [1, 2, 3]})
    pd.testing.assert_frame_equal(through(table, format, tmp_path), table)


@every_format
def test_rows_without_any_value_are_rows(format: str, tmp_path: Path) -> None:
    table = pd.DataFrame({"x": [np.nan, 1.5, np.nan, np.nan]})
    pd.testing.assert_frame_equal(through(table, format, tmp_path), table)


def test_a_text_beyond_a_cell_of_excel_is_refused_with_column_and_row() -> None:
    export = ExportData.read({"path": "a.xlsx", "format": "Excel"})
    with pytest.raises(InvalidParameter, match=r"column 't', row 2: the cell has more than the 32,767 characters"):
        export.run(texts("short", "z" * 33_000))
    export.run(texts("z" * 32_767))
    with pytest.raises(InvalidParameter, match="column 't', row 1"):
        export.run(texts("😀" * 16_384))


def test_what_a_format_cannot_hold_is_refused_with_column_and_row() -> None:
    with pytest.raises(InvalidParameter, match="column 'id', row 2: the cell has more digits than Excel keeps"):
        ExportData.read({"path": "a.xlsx", "format": "Excel"}).run(pd.DataFrame({"id": [1, 2**53 + 1]}))
    for format in ("CSV", "TSV", "Excel", "JSON Lines"):
        with pytest.raises(InvalidParameter, match="column 'x', row 2: the number is infinite"):
            ExportData.read({"path": "a", "format": format}).run(pd.DataFrame({"x": [1.0, np.inf]}))


def test_cells_of_a_workbook_are_text_to_a_spreadsheet_too(tmp_path: Path) -> None:
    write_table(texts("=2*3"), str(tmp_path / "a.xlsx"), "Excel")
    cell = openpyxl.load_workbook(tmp_path / "a.xlsx").active["B2"]
    assert (cell.data_type, cell.value, cell.quotePrefix) == ("s", "=2*3", True)


def test_a_run_says_what_comes_back_otherwise() -> None:
    table = pd.DataFrame({"zip": pd.Series(["12", "34"], dtype="str"), "c": pd.Categorical(["a", "b"])})
    assert read_back_differently(table, "Parquet") == []
    assert "'zip' (and 1 more)" in read_back_differently(table, "CSV")[0]
    assert "'c' is read back" in read_back_differently(table, "Excel")[0]
    export = ExportData.read({"path": "a.csv"})
    assert "empty texts" in export.explain({"dataset": texts("", "a")}, {})


def test_files_that_are_read_with_other_marks_are_read_by_the_settings(tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_text("a;b\n1.250;2,5\n  ; ? \n")
    settings = {"separator": "Semicolon", "decimal_mark": "Comma", "thousands_mark": "Point", "missing_values": "?"}
    module = ImportData.read({"path": "a.csv", **settings})
    assert module.run().isna().to_numpy().tolist() == [[False, False], [True, True]]
    assert module.run().iloc[0].tolist() == [1250, 2.5]
    assert module.reads_as().to_json()["thousands"] == "."
    (tmp_path / "short.csv").write_text("a,b\n1\n")
    assert ImportData.read({"path": "short.csv", "fill_up_short_rows": True}).run().to_dict("list")["a"] == [1]


CELL_TEXT = st.text(st.characters(codec="utf-8"), max_size=6)
MOMENTS = st.datetimes().map(lambda moment: pd.Timestamp(moment).as_unit("us"))
COLUMNS = {
    "float64": st.floats(allow_nan=True, allow_infinity=True),
    "Int64": st.none() | st.integers(-(2**63), 2**63 - 1),
    "boolean": st.none() | st.booleans(),
    "str": st.none() | CELL_TEXT,
    "category": st.none() | CELL_TEXT,
    "datetime64[us]": st.none() | MOMENTS,
}


@st.composite
def tables(draw: st.DrawFn) -> pd.DataFrame:
    rows = draw(st.integers(1, 4))
    kinds = draw(st.lists(st.sampled_from(list(COLUMNS)), min_size=1, max_size=3))
    names = draw(st.lists(CELL_TEXT.filter(bool), min_size=len(kinds), max_size=len(kinds), unique_by=str.strip))
    cells = [draw(st.lists(COLUMNS[kind], min_size=rows, max_size=rows)) for kind in kinds]
    made = {n: pd.Series(c, dtype=k) for n, c, k in zip(names, cells, kinds, strict=True)}
    return pd.DataFrame({name: plain_where_full(series) for name, series in made.items()})


@every_format
@given(tables())
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=80)
def test_any_table_comes_back_or_is_refused_or_is_spoken_of(format: str, tmp_path: Path, table: pd.DataFrame) -> None:
    try:
        write_table(table, str(tmp_path / FILES[format]), format)
    except InvalidParameter:
        return
    notes = read_back_differently(table, format)
    if not notes:
        pd.testing.assert_frame_equal(read_table(tmp_path / FILES[format]), table, check_exact=True)
