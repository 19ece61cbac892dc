"""Column selection by rules that accumulate in order."""

from __future__ import annotations

from typing import Any

import pandas as pd
import pytest

from designer.contract.errors import ColumnNotFound, DuplicateColumns, EmptySelection, InvalidParameter
from designer.contract.schema import Column, Kind, Role, Schema
from designer.contract.selection import ColumnName, Columns

SCHEMA = Schema(
    (
        Column("id", Kind.INTEGER, Role.NONE),
        Column("age", Kind.DECIMAL),
        Column("city", Kind.STRING),
        Column("grade", Kind.CATEGORICAL),
        Column("income", Kind.DECIMAL, Role.LABEL),
    )
)


def chosen(*rules: dict[str, Any], start: str = "none", ordered: bool = False) -> list[str]:
    return Columns.model_validate({"start": start, "rules": list(rules), "ordered": ordered}).of(SCHEMA)


def test_a_plain_list_names_columns_in_the_order_of_the_table() -> None:
    assert Columns.model_validate(["city", "id"]).of(SCHEMA) == ["id", "city"]


def test_rules_accumulate_in_order() -> None:
    assert chosen({"by": "kinds", "kinds": ["Numeric"]}, {"action": "exclude", "names": ["id"]}) == ["age", "income"]
    assert chosen({"action": "exclude", "by": "roles", "roles": ["Label"]}, start="all") == [
        "id",
        "age",
        "city",
        "grade",
    ]
    assert chosen({"action": "exclude", "by": "all"}, {"names": ["age"]}, start="all") == ["age"]
    assert chosen({"by": "roles", "roles": ["Feature"]}) == ["age", "city", "grade"]


def test_an_ordered_selection_keeps_order_and_duplicates() -> None:
    assert chosen({"names": ["city", "id"]}, {"names": ["city"]}, ordered=True) == ["city", "id", "city"]


def test_positions_count_from_one() -> None:
    assert chosen({"by": "indices", "indices": "5,1-2"}) == ["id", "age", "income"]
    assert chosen({"by": "indices", "indices": "5,1-2"}, ordered=True) == ["income", "id", "age"]


@pytest.mark.parametrize("text", ["3-", "-2", "x", "²", "1,1", "1-3,2"])
def test_open_ranges_and_duplicates_are_no_positions(text: str) -> None:
    with pytest.raises(InvalidParameter) as refused:
        chosen({"by": "indices", "indices": text})
    assert refused.value.code == "0059"


@pytest.mark.parametrize("text", ["0", "6", "4-6", "4-2"])
def test_positions_outside_the_table_are_refused(text: str) -> None:
    with pytest.raises(InvalidParameter) as refused:
        chosen({"by": "indices", "indices": text})
    assert refused.value.code == "0060"


def test_a_missing_name_is_an_error_only_where_it_is_included() -> None:
    with pytest.raises(ColumnNotFound, match="Did you mean 'income'"):
        chosen({"names": ["incme"]})
    assert chosen({"action": "exclude", "names": ["gone"]}, start="all") == SCHEMA.names


def test_an_empty_choice_is_refused_but_not_before_the_columns_are_known() -> None:
    with pytest.raises(EmptySelection) as nothing:
        chosen({"by": "kinds", "kinds": ["DateTime"]})
    with pytest.raises(EmptySelection) as unset:
        Columns().of(SCHEMA)
    assert (nothing.value.code, unset.value.code) == ("0011", "0003")
    assert Columns.named("later").of(SCHEMA.open()) == []
    assert Columns().of(SCHEMA, allow_empty=True) == []


def test_duplicate_names_in_the_table_are_refused() -> None:
    with pytest.raises(DuplicateColumns, match="'a'"):
        Columns.all().of(pd.DataFrame([[1, 2]], columns=["a", "a"]))


def test_a_selection_says_itself_in_words() -> None:
    assert str(Columns.all().excluding("id")) == "All columns, all but id"
    assert str(Columns()) == "No columns"
    assert Columns.named("a", "b").mentioned == ["a", "b"]


def test_one_column_must_exist() -> None:
    assert ColumnName("age").of(SCHEMA) == "age"
    assert ColumnName("later").of(SCHEMA.open()) == "later"
    with pytest.raises(InvalidParameter, match="no column is chosen") as unset:
        ColumnName("").of(SCHEMA)
    assert unset.value.code == "0003"
    with pytest.raises(ColumnNotFound):
        ColumnName("later").of(SCHEMA)
