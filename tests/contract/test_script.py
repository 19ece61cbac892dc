"""Generating a plain Python script."""

from __future__ import annotations

import math
import re

import pandas as pd
import pytest
from sklearn.ensemble import RandomForestClassifier

from designer.contract.errors import NotExportable
from designer.contract.schema import Schema
from designer.contract.script import Script, Variable
from designer.contract.selection import ColumnName
from modules.split.split_data import split_rows


def test_a_called_function_brings_all_that_it_uses() -> None:
    script = Script()
    table = Variable("table", Schema())
    script.line(f"halves = {script.call(split_rows, table, fraction=0.5, seed=None, key='k')}")
    source = str(script)
    namespace: dict[str, object] = {"table": pd.DataFrame({"k": list("aabb")})}
    exec(source, namespace)
    assert [half["k"].tolist() for half in namespace["halves"]] == [["a", "b"], ["a", "b"]]  # type: ignore[attr-defined]
    assert re.findall(r"^def (\w+)", source, re.MULTILINE) == ["shares", "whole_values", "split_rows"]
    assert "import numpy as np" in source
    assert "modules" not in source
    assert "DataFrame" not in source


def test_literals_are_python_expressions() -> None:
    script = Script()
    value = {"a": [1, 2.5, float("inf")], "b": (True, None, "x'y"), "c": (1,), "d": ColumnName("n")}
    assert eval(script.literal(value)) == {**value, "d": "n"}
    assert math.isnan(eval(script.literal(float("nan"))))
    assert script.literal(Variable("table")) == "table"
    with pytest.raises(NotExportable, match="set"):
        script.literal({1, 2}.__class__([1]))


def test_estimators_are_written_with_what_is_not_default() -> None:
    script = Script()
    assert script.estimator(RandomForestClassifier(n_estimators=8)) == "RandomForestClassifier(n_estimators=8)"
    assert "from sklearn.ensemble import RandomForestClassifier" in str(script)


def test_variables_never_clash() -> None:
    script = Script()
    assert [script.variable("my data"), script.variable("my data"), script.variable("1st")] == [
        "my_data",
        "my_data_2",
        "_1st",
    ]
    assert script.variable("list") != "list"


def test_columns_that_are_not_known_are_refused() -> None:
    with pytest.raises(NotExportable, match="not known"):
        _ = Variable("t", Schema.unknown()).schema
    assert Variable("t", Schema()).schema == Schema()
