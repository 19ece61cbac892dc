"""Detection of the encoding and dialect of text files."""

from pathlib import Path

import pytest

from designer.reading.cells.number_marks import has_decimal_commas, has_groups
from designer.reading.dialect import guess

ROWS = [("name", "note", "price"), ("a", "x, y", "1"), ("b", "z", "2"), ("c", "", "3")]


@pytest.mark.parametrize("separator", [",", ";", "\t", "|"])
def test_the_separator_is_the_one_that_splits_rows_evenly(tmp_path: Path, separator: str) -> None:
    file = tmp_path / "table.csv"
    file.write_text("\n".join(separator.join(f'"{cell}"' for cell in row) for row in ROWS))
    assert guess(file).separator == separator


@pytest.mark.parametrize(("encoding", "written"), [("UTF-8", "utf-8"), ("cp1252", "cp1252"), ("UTF-16", "utf-16")])
def test_the_encoding_is_one_that_reads_the_file(tmp_path: Path, encoding: str, written: str) -> None:
    file = tmp_path / "table.csv"
    file.write_bytes("städte;größe\nköln;3\n".encode(written))
    dialect = guess(file)
    assert (dialect.encoding, dialect.separator) == (encoding, ";")


def test_a_late_byte_that_is_not_utf8_is_seen(tmp_path: Path) -> None:
    file = tmp_path / "table.csv"
    file.write_bytes(b"name,n\n" + b"plain,1\n" * 200_000 + "größe,2\n".encode("cp1252"))
    assert guess(file).encoding == "cp1252"


def test_a_tsv_file_is_split_at_tabs_and_one_column_stays_one(tmp_path: Path) -> None:
    tabbed, single = tmp_path / "a.tsv", tmp_path / "b.csv"
    tabbed.write_text("a;b\tc\n1;2\t3\n")
    single.write_text("word\none\ntwo\n")
    assert guess(tabbed).separator == "\t"
    assert guess(single).separator == ","


def test_a_file_that_cannot_be_read_keeps_the_defaults(tmp_path: Path) -> None:
    assert guess(tmp_path / "missing.csv").separator == ","


def test_decimal_commas_need_a_comma_and_nothing_else() -> None:
    assert has_decimal_commas(["1,5", "-2,25", "3", "1.234,5"])
    assert not has_decimal_commas(["1", "2"])
    assert not has_decimal_commas(["1,5", "about 2"])


@pytest.mark.parametrize(
    ("cells", "mark", "decimal", "are_grouped"),
    [
        (["1.250", "3.410"], ".", ",", True),
        (["169.313,76", "1.250,5", "12,5"], ".", ",", True),
        (["1,250.75", "99.5"], ",", ".", True),
        (["12,5", "3,25"], ".", ",", False),
        (["1.25,5"], ".", ",", False),
        (["1.250", "1.2.3"], ".", ",", False),
    ],
)
def test_marks_between_thousands_are_seen_also_before_a_fraction(
    cells: list[str], mark: str, decimal: str, are_grouped: bool
) -> None:
    assert has_groups(cells, mark, decimal) == are_grouped
