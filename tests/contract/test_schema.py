"""Schemas: columns known before any row is read."""

from __future__ import annotations

import copy
import pickle

import pandas as pd
import pytest

from designer.contract.errors import ColumnNotFound
from designer.contract.schema import Column, Kind, Role, Schema
from tests.tables import mixed

SCHEMA = Schema((Column("a", Kind.INTEGER), Column("b", Kind.STRING, Role.LABEL), Column("c", Kind.DECIMAL)))


def test_kinds_are_read_from_the_types_of_a_frame() -> None:
    kinds = {column.name: str(column.kind) for column in Schema.of(mixed())}
    assert kinds["whole"] == kinds["some_whole"] == "Integer"
    assert kinds["flag"] == kinds["some_flag"] == "Boolean"
    assert (kinds["decimal"], kinds["text"], kinds["level"], kinds["moment"]) == (
        "Decimal",
        "String",
        "Categorical",
        "DateTime",
    )
    assert Schema.of(mixed())["level"].categories == ("high", "low")


def test_roles_come_from_the_attached_schema_and_kinds_from_the_frame() -> None:
    frame = SCHEMA.attach(pd.DataFrame({"b": [1.5], "new": [True]}))
    assert Schema.of(frame)["b"] == Column("b", Kind.DECIMAL, Role.LABEL)
    assert Schema.of(frame)["new"].role is Role.FEATURE


def test_columns_are_selected_dropped_replaced_and_renamed() -> None:
    assert SCHEMA.select(["c", "a"]).names == ["c", "a"]
    assert SCHEMA.drop(["b"]).names == ["a", "c"]
    appended = SCHEMA.append(Column("b", Kind.BOOLEAN), Column("d", Kind.STRING))
    assert appended.names == ["a", "b", "c", "d"]
    assert appended["b"].kind is Kind.BOOLEAN
    assert SCHEMA.rename({"a": "z"}).names == ["z", "b", "c"]
    assert SCHEMA.with_role(Role.LABEL) == ["b"]
    assert SCHEMA.drop(["b"]).append(Column("b", Kind.STRING)).roles_from(SCHEMA)["b"].role is Role.LABEL


def test_a_name_that_is_not_there_is_answered_with_the_closest() -> None:
    with pytest.raises(ColumnNotFound, match="Did you mean 'a'"):
        Schema((Column("a", Kind.STRING),))["A"]
    assert SCHEMA.get("none") is None


def test_a_schema_survives_json_pickling_and_copying() -> None:
    full = Schema.of(mixed()).open()
    assert Schema.from_json(full.to_json()) == full
    assert "level" in full
    assert pickle.loads(pickle.dumps(full)) == full
    assert pickle.dumps(full) == pickle.dumps(pickle.loads(pickle.dumps(full)))
    assert copy.deepcopy(full) is full
