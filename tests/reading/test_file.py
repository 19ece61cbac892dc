"""Files as users have them: broken, ambiguous, unusual."""

from __future__ import annotations

import csv
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from designer.contract.errors import DesignerError, DuplicateColumns, FileMissing, UnreadableFile
from designer.reading.file import ReadOptions, format_of, read_table, read_text
from designer.reading.notices import Notice


def read(tmp_path: Path, content: str | bytes, name: str = "a.csv", **options: object) -> pd.DataFrame:
    path = tmp_path / name
    path.write_bytes(content.encode() if isinstance(content, str) else content)
    return read_table(path, None, ReadOptions(**options))  # type: ignore[arg-type]


def test_leading_zeros_stay_text(tmp_path: Path) -> None:
    table = read(tmp_path, "code,count\n01234,1\n2,3\n")
    assert table["code"].tolist() == ["01234", "2"]
    assert table["count"].dtype == "int64"


def test_na_is_a_country_code_unless_named_as_missing(tmp_path: Path) -> None:
    assert read(tmp_path, "c\nNA\nDE\n")["c"].tolist() == ["NA", "DE"]
    assert read(tmp_path, "c\nNA\n3\n", missing=("", "NA"))["c"].dtype == "Int64"


def test_numbers_beyond_64_bits_and_decimal_commas_stay_text(tmp_path: Path) -> None:
    table = read(tmp_path, 'a,b\n12345678901234567890,"1,5"\n1,"2,5"\n')
    assert table["a"].tolist() == ["12345678901234567890", "1"]
    assert table["b"].tolist() == ["1,5", "2,5"]


def test_whole_numbers_stay_whole_where_some_are_missing(tmp_path: Path) -> None:
    table = read(tmp_path, "a,b,c\n1,true,2020-01-31\n,,\n3,false,2021-02-28 10:30\n")
    assert table.dtypes.astype(str).tolist() == ["Int64", "boolean", "datetime64[us]"]
    assert table["c"][2] == pd.Timestamp("2021-02-28 10:30")


def test_dates_with_a_zone_keep_their_moment(tmp_path: Path) -> None:
    table = read(tmp_path, "a\n2020-01-01T10:00:00+02:00\n")
    assert table["a"][0] == pd.Timestamp("2020-01-01T08:00:00Z")


@pytest.mark.parametrize(
    ("content", "message"),
    [
        ("", "empty"),
        ("\n\n  \n", "blank lines"),
        (b"\x89PNG\r\n\x1a\n", "PNG image"),
        (b"PK\x03\x04rest", "zip archive"),
        ("a,b\n1,2\n1,2,3\n", "row 3 has 3 cells where 2 are expected"),
        ("a,b\n1,2,3\n4,5,6\n", "row 2 has 3 cells where 2 are expected"),
        ("a,b\n1,2\n1\n", "row 3 has 1 cell where 2"),
        (b"a,b\n1,2\n3,\xe9\n", "row 3 holds a byte"),
        ("a,b\n1,\0\n", "row 2 holds a NUL"),
        (b"\xb5\xff\0\x01\n\x80", "row 1 holds a NUL"),
        ('a,b\n1,"x\n2,3\n', "quote opened in row 2"),
        ("a;b\n1;2\n", "Set Separator to Semicolon"),
        ("a,b\n1,2\n1e400,2\n", "row 3: 1e400 is too large"),
        ("a,b".encode("utf-16"), "UTF-16"),
        ("x\n" * 3, None),
    ],
)
def test_a_broken_file_is_named_with_its_row(tmp_path: Path, content: str | bytes, message: str | None) -> None:
    if message is None:
        assert len(read(tmp_path, content)) == 2
        return
    with pytest.raises(UnreadableFile, match=r"a\.csv") as error:
        read(tmp_path, content)
    assert message in str(error.value)


@pytest.mark.parametrize(
    ("header", "read"),
    [
        ("a,a,b", ["a", "a_2", "b"]),
        ("a,a,a", ["a", "a_2", "a_3"]),
        ("a, a ,a_2", ["a", "a_3", "a_2"]),
        ("a_2,a,a", ["a_2", "a", "a_3"]),
    ],
)
@pytest.mark.parametrize("suffix", ["csv", "xlsx"])
def test_names_that_come_twice_are_numbered_on_request(
    suffix: str, header: str, read: list[str], tmp_path: Path
) -> None:
    file = tmp_path / f"a.{suffix}"
    if suffix == "csv":
        file.write_text(f"{header}\n1,2,3\n")
    else:
        pd.DataFrame([header.split(","), [1, 2, 3]]).to_excel(file, header=False, index=False)
    with pytest.raises(DuplicateColumns, match="Give each its own name, or set Number duplicate names"):
        read_table(file)
    notices: list[Notice] = []
    table = read_table(file, options=ReadOptions(number_duplicates=True), notices=notices)
    assert list(table.columns) == read
    assert table.iloc[0].tolist() == [1, 2, 3]
    written = [name.strip() for name in header.split(",")]
    renamed = [f"“{name}” is now “{now}”" for name, now in zip(written, read, strict=True) if name != now]
    assert [notice.text for notice in notices] == [f"{', '.join(renamed)}."]


def test_what_would_do_fits_a_row_that_is_too_long_and_one_that_is_too_short(tmp_path: Path) -> None:
    with pytest.raises(UnreadableFile, match=r"row 3 has 1 cell where 2 are expected.*set Pad short rows"):
        read(tmp_path, "a,b\n1,2\n1\n1,2,3\n")
    with pytest.raises(UnreadableFile, match="row 4 has 3 cells where 2 are expected") as error:
        read(tmp_path, "a,b\n1,2\n1\n1,2,3\n", pad_short_rows=True)
    assert "short rows" not in str(error.value)


def test_duplicate_headers_are_listed(tmp_path: Path) -> None:
    with pytest.raises(DuplicateColumns, match="'a', 'b'"):
        read(tmp_path, "a,b,a,b\n1,2,3,4\n")


def test_unnamed_columns_get_a_name_by_position(tmp_path: Path) -> None:
    assert list(read(tmp_path, "a,,c\n1,2,3\n").columns) == ["a", "Col2", "c"]
    assert list(read(tmp_path, "1,2\n", header=False).columns) == ["Col1", "Col2"]


def test_skipped_rows_lie_above_the_header(tmp_path: Path) -> None:
    table = read(tmp_path, "made by x\n1,2,3\na,b\n5,6\n", skip_rows=2)
    assert table.to_dict("list") == {"a": [5], "b": [6]}


def test_other_encodings_and_separators_are_read(tmp_path: Path) -> None:
    assert read(tmp_path, b"a;b\n\xe9;2\n", separator=";", encoding="cp1252")["a"].tolist() == ["é"]
    assert read(tmp_path, "a\tb\n1\t2\n", "a.tsv")["b"].tolist() == [2]
    assert read(tmp_path, "a,b\n1,ü\n".encode("utf-16"), encoding="UTF-16")["b"].tolist() == ["ü"]
    assert read(tmp_path, b"\xef\xbb\xbfa,b\n1,2\n").columns[0] == "a"


def test_a_header_without_rows_is_an_empty_table(tmp_path: Path) -> None:
    table = read(tmp_path, "a,b\n")
    assert list(table.columns) == ["a", "b"]
    assert len(table) == 0


@pytest.mark.parametrize("content", ["a,b", "a,b\r\n", "note\na,b"])
def test_a_header_without_rows_needs_no_end_of_line(tmp_path: Path, content: str) -> None:
    (tmp_path / "header.csv").write_text(content, newline="")
    options = ReadOptions(skip_rows=content.startswith("note"))
    table = read_table(tmp_path / "header.csv", "CSV", options)
    assert (list(table.columns), len(table)) == (["a", "b"], 0)


def test_unknown_names_and_missing_files_are_refused(tmp_path: Path) -> None:
    with pytest.raises(UnreadableFile, match=r"\.pkl"):
        format_of(Path("model.pkl"))
    with pytest.raises(FileMissing):
        read_table(tmp_path / "none.csv")


def test_excel_parquet_and_json_lines_come_in_documented_types(tmp_path: Path) -> None:
    frame = pd.DataFrame(
        {"n": [1, 2], "x": [0.5, np.nan], "s": ["a", "b"], "d": pd.to_datetime(["2020-01-01", "2020-01-02"])}
    )
    frame.to_excel(tmp_path / "a.xlsx", index=False)
    frame.assign(c=frame["s"].astype("category"), small=frame["n"].astype("int8")).to_parquet(tmp_path / "a.parquet")
    excel, parquet = read_table(tmp_path / "a.xlsx"), read_table(tmp_path / "a.parquet")
    assert [d.name for d in excel.dtypes] == ["int64", "float64", "str", "datetime64[us]"]
    assert parquet["c"].dtype.name == "category"
    assert parquet["small"].dtype == "int64"
    lines = read(tmp_path, '{"a": 1, "b": "x"}\n{"a": 2.5, "c": true}\n', "a.jsonl")
    assert lines["a"].tolist() == [1.0, 2.5]
    assert lines["c"].dtype == "boolean"


@pytest.mark.parametrize(
    ("name", "content", "message"),
    [
        ("a.parquet", b"PAR1PAR1", "arquet"),
        ("a.xlsx", b"nothing", "not an Excel workbook"),
        ("a.jsonl", b'{"a": 1}\n{"a"', "row 2 is not JSON"),
        ("a.jsonl", b"3\n", "not a JSON object"),
        ("a.jsonl", b'{"a": {"b": 1}}\n', "objects inside its cells"),
    ],
)
def test_damaged_files_of_other_formats_are_refused(tmp_path: Path, name: str, content: bytes, message: str) -> None:
    with pytest.raises(DesignerError, match=message):
        read(tmp_path, content, name)


CELLS = st.text(st.characters(codec="utf-8", exclude_characters="\0\r"), max_size=12)


@given(st.lists(st.tuples(CELLS, CELLS), min_size=1, max_size=8))
def test_any_text_comes_back_unchanged_or_is_refused(rows: list[tuple[str, str]]) -> None:
    written = pd.DataFrame([("x" + a, "y" + b) for a, b in rows], columns=["first", "second"])
    read_back = read_text(written.to_csv(index=False, lineterminator="\n"))
    assert read_back["first"].tolist() == written["first"].tolist()
    assert read_back["second"].tolist() == written["second"].tolist()


@given(st.lists(st.floats(allow_nan=False, allow_infinity=False), min_size=1, max_size=8))
def test_any_number_comes_back_exactly(numbers: list[float]) -> None:
    written = pd.DataFrame({"number": np.array(numbers) + 0.0, "other": 1})
    assert read_text(written.to_csv(index=False))["number"].astype("float64").tolist() == written["number"].tolist()


def test_a_damaged_parquet_file_is_refused_without_its_folder(tmp_path: Path) -> None:
    (tmp_path / "rows.parquet").write_bytes(b"PAR1 and nothing of a table")
    with pytest.raises(UnreadableFile) as refused:
        read_table(tmp_path / "rows.parquet")
    assert str(tmp_path) not in str(refused.value)
    assert "rows.parquet" in str(refused.value)


@pytest.mark.parametrize("text", ["{long}\n1\n", "a,b\n1,{long}\n2\n"])
def test_a_cell_of_more_than_the_limit_is_refused_or_read(tmp_path: Path, text: str) -> None:
    csv.field_size_limit(2**31)  # as libraries do, for the whole process
    (tmp_path / "rows.csv").write_text(text.format(long="x" * 200_000))
    with pytest.raises(UnreadableFile, match=r"131,072 characters|row 3"):
        read_table(tmp_path / "rows.csv")
