"""Modules made from plain functions and loaded from a workspace's folder."""

from __future__ import annotations

from pathlib import Path

import pandas as pd
import pytest

from designer.contract.catalogue.library import Library
from designer.contract.errors import InvalidParameter
from designer.contract.function import module
from designer.contract.parameters import param
from designer.contract.selection import ColumnName
from designer.contract.values import Table


@module("Add a constant", version=2, synonyms=("plus",))
def add_constant(dataset: Table, column: ColumnName, amount: float = param(1.0, ge=0, label="How much")) -> Table:
    """Add a number to a column."""
    return dataset.assign(**{column: dataset[column] + amount})


def test_arguments_become_ports_and_parameters() -> None:
    spec = add_constant.spec()
    assert (spec.id, spec.title, spec.version, spec.description) == (
        "add-a-constant", "Add a constant", 2, "Add a number to a column.",
    )  # fmt: skip
    assert [port.name for port in spec.inputs] == ["dataset"]
    assert [(p.name, p.label, p.editor) for p in spec.parameters] == [
        ("column", "Column", "column"), ("amount", "How much", "number"),
    ]  # fmt: skip


def test_the_function_runs_with_the_parameters_set() -> None:
    answer = add_constant.read({"column": "a", "amount": 2}).run(pd.DataFrame({"a": [1.0, 2.0]}))
    assert answer["a"].tolist() == [3.0, 4.0]


def test_a_parameter_out_of_bounds_is_refused_with_the_bound() -> None:
    with pytest.raises(InvalidParameter, match=r"How much: -1 is below 0\. Use a number at least 0"):
        add_constant.read({"amount": -1})


SOURCE = '''
"""A module of a user."""
from designer.contract.function import module
from designer.contract.values import Table

@module("Double")
def double(dataset: Table) -> Table:
    """Twice the numbers."""
    return dataset * {factor}
'''


def test_a_workspace_module_appears_without_a_restart_and_its_code_is_versioned(tmp_path: Path) -> None:
    assert "double" not in Library.scan(tmp_path)
    (tmp_path / "double.py").write_text(SOURCE.replace("{factor}", "2"))
    first = Library.scan(tmp_path)
    assert first.read("double", 1, {}).run(pd.DataFrame({"a": [1]}))["a"].tolist() == [2]
    (tmp_path / "double.py").write_text(SOURCE.replace("{factor}", "3"))
    second = Library.scan(tmp_path)
    assert second.read("double", 1, {}).run(pd.DataFrame({"a": [1]}))["a"].tolist() == [3]
    assert first.code["double"] != second.code["double"]


@pytest.mark.parametrize(
    "text", ["def (", "raise SystemError('boom')", "import nothing_like_this", "1/0", "raise SystemExit"]
)
def test_a_broken_file_is_named_and_harms_nothing(tmp_path: Path, text: str) -> None:
    (tmp_path / "bad.py").write_text(text)
    (tmp_path / "double.py").write_text(SOURCE.replace("{factor}", "2"))
    library = Library.scan(tmp_path)
    assert "double" in library
    assert set(library.broken) == {"bad.py"}
