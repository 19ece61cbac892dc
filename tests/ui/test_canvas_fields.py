"""The settings form is derived from the parameter declarations alone."""

from collections.abc import Mapping
from typing import Any, Literal

import pytest

from designer.contract.errors import InvalidParameter
from designer.contract.module import Module
from designer.contract.parameters import Parameter, param
from designer.contract.schema import Column, Kind, Role, Schema
from designer.contract.selection import ColumnName, Columns, Rule
from designer.contract.values import Table
from designer.pipeline.check import Problem
from designer.pipeline.graph import Node
from designer.ui.state.editor.columns import names_of
from designer.ui.state.editor.fields import Field, chosen_text, fields_of, read_value

SCHEMA = Schema((Column("age", Kind.INTEGER), Column("sex", Kind.STRING), Column("income", Kind.STRING, Role.LABEL)))


class Trimming(Module, category="Test"):
    """Trim a table."""

    mode: Literal["Rows", "Columns"] = param("Rows", label="Mode")
    """What to trim."""

    share: float = param(0.5, ge=0, le=1, label="Share", when={"mode": "Rows"})
    """Share of the rows to keep."""

    seed: int | None = param(None, label="Seed", when={"mode": "Rows"})
    """Seed of the random numbers."""

    columns: Columns = param(Columns(), label="Columns", when={"mode": "Columns"})
    """Columns to keep."""

    label: ColumnName = param(ColumnName(""), label="Label", when={"mode": "Columns"})
    """The label column."""

    loud: bool = param(False, label="Say so")
    """Whether to print a message."""

    def run(self, dataset: Table) -> Table:
        return dataset


SPEC = Trimming.spec()


def fields(
    parameters: Mapping[str, Any], problems: tuple[Problem, ...] = (), schema: Schema | None = SCHEMA
) -> dict[str, Field]:
    node = Node("n", SPEC.id, parameters=parameters)
    return {item.name: item for item in fields_of(node, SPEC, {"dataset": schema}, problems)}


def parameter(name: str) -> Parameter:
    declared = SPEC.parameter(name)
    assert declared is not None
    return declared


def test_only_fields_that_matter_under_the_present_values_are_shown() -> None:
    assert list(fields({})) == ["mode", "share", "seed", "loud"]
    assert list(fields({"mode": "Columns"})) == ["mode", "columns", "label", "loud"]


def test_numbers_with_short_labels_share_a_line() -> None:
    shown = fields({})
    assert (shown["share"].is_half, shown["seed"].is_half, shown["mode"].is_half) == (True, True, False)


def test_what_is_wrong_stands_at_its_field() -> None:
    shown = fields(
        {"share": 7},
        (
            Problem("n", InvalidParameter("Use a number"), parameter="share"),
            Problem("m", InvalidParameter("No"), parameter="seed"),
        ),
    )
    assert shown["share"].error == "Use a number."
    assert shown["seed"].error == ""


def test_a_column_field_offers_the_columns_that_are_known() -> None:
    assert fields({"mode": "Columns"})["label"].choices == ["age", "sex", "income"]
    assert fields({"mode": "Columns", "label": "gone"})["label"].choices == ["gone", "age", "sex", "income"]


def test_a_column_can_be_typed_where_not_all_columns_are_known() -> None:
    assert fields({"mode": "Columns"}, schema=SCHEMA.open())["label"].editor == "column text"


def test_a_selection_says_what_it_takes() -> None:
    shown = fields({"mode": "Columns", "columns": ["age", "income"]})["columns"]
    assert (shown.text, shown.detail) == ("age, income", "2 of 3: age, income")


@pytest.mark.parametrize(
    ("name", "typed", "value"),
    [
        ("share", "0.25", 0.25),
        ("share", " 1 ", 1.0),
        ("share", "much", "much"),
        ("share", "nan", "nan"),
        ("seed", "7", 7),
        ("seed", "7.5", 7.5),
        ("seed", "", None),
        ("mode", "Columns", "Columns"),
        ("mode", "Cells", "Cells"),
        ("loud", True, True),
        ("label", "age", "age"),
    ],
)
def test_what_is_typed_becomes_a_value_or_stays_as_it_is(name: str, typed: object, value: object) -> None:
    read = read_value(parameter(name), typed)
    assert read == value
    assert type(read) is type(value)


def test_a_selection_of_names_opens_by_name_and_others_with_rules() -> None:
    assert names_of(Columns.named("age", "sex"), SCHEMA) == ["age", "sex"]
    assert names_of(Columns.all(), SCHEMA) == SCHEMA.names
    assert names_of(Columns.of_kind("Numeric"), SCHEMA) is None
    assert names_of(Columns(start="all", rules=(Rule(action="exclude", names=("age",)),)), SCHEMA) is None


def test_a_selection_is_counted_only_where_columns_are_known() -> None:
    assert chosen_text(Columns.of_kind("String"), SCHEMA) == "2 of 3: sex, income"
    assert chosen_text(Columns.named("gone"), SCHEMA) == "Takes no column."
    assert chosen_text(Columns.all(), None) == "Columns are known after the wire or a run."
