"""Errors name the place, the finding and the remedy."""

from __future__ import annotations

import pytest

from designer.contract.errors import ColumnNotFound, DesignerError, EmptySelection, InvalidParameter, Place


def test_a_message_has_place_finding_and_remedy() -> None:
    error = ColumnNotFound.named("incme", ["age", "income"], "Label column").at(module="Train Model", node="n1")
    assert str(error) == "Train Model, Label column: no column 'incme' (2 columns). Did you mean 'income'?"
    assert error.code == "0001"


def test_a_place_is_filled_in_from_inside_out() -> None:
    error = DesignerError("it broke", parameter="Inner").at(parameter="Outer", row=3)
    assert error.place == Place(parameter="Inner", row=3)
    assert str(error) == "Inner, row 3: it broke."


def test_an_error_is_a_document() -> None:
    document = EmptySelection("nothing", "Choose.", parameter="Columns").to_json()
    assert document == {
        "type": "EmptySelection",
        "code": "0011",
        "message": "Columns: nothing. Choose.",
        "found": "nothing",
        "remedy": "Choose.",
        "place": {"parameter": "Columns"},
    }


def test_without_a_close_name_the_columns_are_listed() -> None:
    many = ColumnNotFound.named("zzz", [f"column{i}" for i in range(20)])
    assert many.remedy == f"Columns are: {', '.join(f'column{i}' for i in range(8))} and more."
    assert ColumnNotFound.named("a", []).remedy == "The table has no columns."


def test_a_row_or_line_is_named_once() -> None:
    assert str(DesignerError("row 3 has 4 cells", row=3, file="a.csv")) == "a.csv: row 3 has 4 cells."
    assert str(DesignerError("line 3: ValueError", row=3)) == "line 3: ValueError."
    assert str(DesignerError("row 31 has 4 cells", row=3)) == "row 3: row 31 has 4 cells."


@pytest.mark.parametrize(
    ("found", "text"),
    [
        ("no datastore is chosen", "Datastore: no datastore is chosen. Choose one."),
        ("is it there?", "Datastore: is it there? Choose one."),
        ("it is gone.", "Datastore: it is gone. Choose one."),
    ],
)
def test_a_finding_ends_like_a_sentence_before_its_remedy(found: str, text: str) -> None:
    error = InvalidParameter(found, "Choose one.", parameter="Datastore")
    assert (str(error), error.in_full()) == (text, text)
    assert error.in_full("parameter") == text.removeprefix("Datastore: ")
    assert InvalidParameter(found).in_full("parameter") == text.removeprefix("Datastore: ").removesuffix(" Choose one.")
