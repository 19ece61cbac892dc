"""Contents of the palette, the data grid and the statistics."""

import datetime
import math

import pandas as pd
import pytest

from designer.charts.profile import profile
from designer.contract.catalogue.library import Library
from designer.contract.schema import Column, Kind, Role, Schema
from designer.ui.state.editor.grid import MISSING, bars_of, cell_text, grid_columns, grid_rows, number_text
from designer.ui.state.editor.palette import by_category, fitting, matching
from designer.ui.state.editor.profile import histograms, statistics, ticks

LIBRARY = Library.scan()


def test_a_search_finds_titles_before_descriptions() -> None:
    matches = [spec.id for spec in matching((module.spec() for module in LIBRARY), "split")]
    assert matches[0] == "split-data"


def test_what_fits_a_learner_trains_it() -> None:
    fits = [spec.id for spec in fitting(LIBRARY["two-class-logistic-regression"].spec(), LIBRARY)]
    assert fits[0] == "train-model"
    assert "split-data" not in fits


def test_every_module_stands_in_the_palette_once() -> None:
    rows = [row.module for _, rows in by_category(LIBRARY) for row in rows]
    assert sorted(rows) == sorted(LIBRARY.modules)


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (None, MISSING),
        (math.nan, MISSING),
        (pd.NA, MISSING),
        (pd.NaT, MISSING),
        (True, "true"),
        (1234567, "1,234,567"),
        (0.1 + 0.2, "0.3"),
        (1234.5, "1,234.5"),
        (1e-9, "1e-09"),
        ("<b>", "<b>"),
        (pd.Timestamp("2024-05-01"), "2024-05-01"),
        (datetime.timedelta(days=1), "1 day, 0:00:00"),
    ],
)
def test_a_cell_is_text(value: object, text: str) -> None:
    assert cell_text(value) == text


def test_numbers_keep_the_digits_that_matter() -> None:
    assert [number_text(x) for x in (0.0, 12.0, 0.000123456, 1e15)] == ["0", "12", "0.000123", "1e+15"]


def test_a_count_that_is_not_zero_is_seen_in_the_smallest_histogram() -> None:
    heights = [bar.height for bar in bars_of([10_000, 1, 0])]
    assert heights == [20.0, 1.0, 0.0]


def test_headings_carry_kind_and_role() -> None:
    schema = Schema((Column("age", Kind.INTEGER), Column("income", Kind.STRING, Role.LABEL)))
    age, income = grid_columns(schema, {"age": [1, 2]})
    assert (age.kind, age.align, len(age.bars)) == ("Integer", "num", 2)
    assert (income.kind, income.align) == ("String, label", "")


def test_rows_are_read_across() -> None:
    table = pd.DataFrame({"a": [1, 2], "b": ["x", None]})
    assert grid_rows(table) == [["1", "x"], ["2", MISSING]]
    assert grid_rows(table.head(0)) == []


def test_statistics_and_charts_come_from_the_profile() -> None:
    table = pd.DataFrame({"n": [1.0, 2.0, None], "t": ["x", "y", "x"]})
    document = profile(table)
    number, text = statistics(document)
    assert (number.count, number.missing, number.mean, number.maximum) == ("3", "1", "1.5", "2")
    assert (text.unique, text.mean) == ("2", "")
    assert [(tick.label, tick.count, tick.share) for tick in ticks(document, "t")] == [
        ("x", "2", 100.0),
        ("y", "1", 50.0),
    ]
    assert [tick.label for tick in ticks(document, "n")] == ["1", "2"]
    assert set(histograms(document)) == {"n", "t"}
    assert ticks(document, "gone") == []
