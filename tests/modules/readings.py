"""Checks that all readings of a module agree on a given table."""

from __future__ import annotations

from typing import Any

import numpy as np
import onnxruntime
import pandas as pd
from pandas.testing import assert_frame_equal

from designer.contract.module import Module
from designer.contract.onnx import MISSING, OnnxGraph, TensorColumn
from designer.contract.schema import Kind, Schema
from designer.contract.script import Script, Variable
from designer.contract.values import cells, outline
from designer.inference.onnx_model import onnx_model


def run(module: Module, *tables: Any) -> Any:
    """Run a module and assert that its inputs are unchanged and that `infer` predicted the columns."""
    before = [table.copy(deep=True) if isinstance(table, pd.DataFrame) else table for table in tables]
    outputs = module.run(*tables)
    for table, copy in zip(tables, before, strict=True):
        if isinstance(table, pd.DataFrame):
            assert_frame_equal(table, copy)
    inferred = module.infer(*(outline(table) for table in tables))
    many = isinstance(outputs, tuple)
    for output, known in zip(outputs if many else (outputs,), inferred if many else (inferred,), strict=True):
        if isinstance(output, pd.DataFrame):
            agree(output, known)
    return outputs


def agree(table: pd.DataFrame, known: Schema) -> None:
    """Assert that a table has the inferred columns, in documented types."""
    observed = Schema.of(table)
    assert all(series.dtype.name in DOCUMENTED or series.dtype.kind == "M" for _, series in table.items()), table.dtypes
    assert list(table.index) == list(range(len(table)))
    kinds = [(column.name, column.kind) for column in observed]
    expected = [(column.name, column.kind) for column in known]
    if known.complete:
        assert kinds == expected
    else:
        assert set(expected) <= set(kinds)


DOCUMENTED = ("float64", "int64", "Int64", "bool", "boolean", "str", "category")


def script_of(module: Module, *tables: pd.DataFrame) -> tuple[Any, ...]:
    """Run the exported plain Python script on the same tables."""
    script = Script()
    inputs = [Variable(script.variable(f"input_{i}"), Schema.of(table)) for i, table in enumerate(tables)]
    outputs = module.to_python(script, *inputs)
    scope: dict[str, Any] = {v.name: table for v, table in zip(inputs, tables, strict=True)}
    text = str(script)
    assert "designer" not in text
    assert "import modules" not in text
    exec(compile(text, "script", "exec"), scope)
    return tuple(scope[name] for name in outputs)


def same_as_script(module: Module, *tables: pd.DataFrame) -> None:
    """Assert that the first table of the script equals that of the run."""
    result = module.run(*tables)
    first = result[0] if isinstance(result, tuple) else result
    assert_frame_equal(script_of(module, *tables)[0], first, check_dtype=False)


def onnx_of(build: Any, table: pd.DataFrame) -> dict[str, np.ndarray[Any, Any]]:
    """Run an ONNX graph; `build(graph, columns)` appends the step."""
    graph = OnnxGraph()
    schema = Schema.of(table)
    outputs: dict[str, TensorColumn] = build(graph, graph.input_table(schema))
    graph.output_table(outputs)
    model = onnx_model(graph)
    session = onnxruntime.InferenceSession(model.SerializeToString(), providers=["CPUExecutionProvider"])
    input_names = {i.name for i in session.get_inputs()}
    feed = {c.name: _fed(table[c.name], c.kind) for c in schema if c.name in input_names}
    names = [o.name for o in session.get_outputs()]
    return {name.removeprefix("out:"): array[:, 0] for name, array in zip(names, session.run(names, feed), strict=True)}


def _fed(series: pd.Series[Any], kind: Kind) -> np.ndarray[Any, Any]:
    values = cells(series, str(kind))
    if values.dtype == object:
        values = values.where(values.notna(), MISSING)
    return values.to_numpy().reshape(-1, 1)


def same_as_onnx(build: Any, table: pd.DataFrame, expected: pd.DataFrame) -> None:
    """Assert that the ONNX graph gives the result of the run, within 1e-9."""
    answers = onnx_of(build, table)
    assert list(answers) == list(expected.columns)
    for column in Schema.of(expected):
        expected_cells = _fed(expected[column.name], column.kind)[:, 0]
        if expected_cells.dtype == object:
            assert list(answers[column.name]) == list(expected_cells)
        else:
            np.testing.assert_allclose(answers[column.name], expected_cells, rtol=1e-9, atol=1e-9)


def hard_tables() -> dict[str, pd.DataFrame]:
    """Tables for which a module must return a result or raise a DesignerError."""
    zoned = pd.date_range("2024-03-30 23:00", periods=3, freq="h", tz="Europe/Berlin")
    full = pd.DataFrame(
        {
            "number": [1.5, np.nan, np.inf],
            "whole": [1, 2, 3],
            "empty": [np.nan] * 3,
            "constant": [7.0] * 3,
            "text": pd.Series(["ä🙂 ß", None, "x" * 100_000], dtype="str"),
            "level": pd.Categorical(["a", None, "b"]),
            "flag": pd.array([True, None, False], dtype="boolean"),
            "moment": zoned,
        }
    )
    twice = pd.DataFrame([[1.0, 2.0], [3.0, 4.0]], columns=["number", "number"])
    return {"full": full, "rows": full.iloc[:0], "row": full.iloc[:1], "columns": full[[]], "column": full[["number"]],
            "twice": twice}  # fmt: skip
