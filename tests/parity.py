"""Comparison of the outputs of a module with those of its ONNX graph and its script."""

from __future__ import annotations

from typing import Any

import numpy as np
import onnxruntime
import pandas as pd

from designer.contract.onnx import MISSING, OnnxGraph, TensorColumns
from designer.contract.schema import Kind, Schema
from designer.contract.script import Script, Variable
from designer.inference.onnx_model import onnx_model

TEXT = (Kind.STRING, Kind.CATEGORICAL)


def cells(series: pd.Series, kind: Kind) -> np.ndarray:
    """A column as a tensor [N, 1]: doubles with NaN, or text with MISSING."""
    if kind in TEXT:
        text = series.astype(object).where(series.notna(), None)
        return np.array([[MISSING if cell is None else str(cell)] for cell in text], dtype=object)
    if kind is Kind.DATETIME:
        seconds = (pd.to_datetime(series, utc=True) - pd.Timestamp("1970-01-01", tz="UTC")) / pd.Timedelta(seconds=1)
        return seconds.to_numpy("float64").reshape(-1, 1)
    return series.to_numpy("float64", na_value=np.nan).reshape(-1, 1)


def through_onnx(frame: pd.DataFrame, build: Any) -> tuple[dict[str, np.ndarray], TensorColumns]:
    """Run the ONNX graph whose nodes `build(graph, columns)` appends."""
    graph, schema = OnnxGraph(), Schema.of(frame)
    columns = build(graph, graph.input_table(schema))
    graph.output_table(columns)
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = 1
    options.log_severity_level = 3
    session = onnxruntime.InferenceSession(onnx_model(graph).SerializeToString(), options)
    feed = {column.name: cells(frame[column.name], column.kind) for column in schema}
    needed = {node.name for node in session.get_inputs()}
    answers = session.run(None, {name: value for name, value in feed.items() if name in needed})
    names = [node.name.removeprefix("out:") for node in session.get_outputs()]
    return dict(zip(names, answers, strict=True)), columns


def assert_same_in_onnx(frame: pd.DataFrame, expected: pd.DataFrame, build: Any, tolerance: float = 1e-12) -> None:
    """Assert that the graph returns the same columns, kinds and cells."""
    answers, columns = through_onnx(frame, build)
    observed = Schema.of(expected)
    assert list(columns) == observed.names
    for column in observed:
        assert columns[column.name].kind is column.kind, column.name
        expected_cells = cells(expected[column.name], column.kind)
        if column.kind in TEXT:
            assert answers[column.name].tolist() == expected_cells.tolist(), column.name
        else:
            np.testing.assert_allclose(
                answers[column.name], expected_cells, rtol=tolerance, atol=tolerance, err_msg=column.name
            )


def through_script(module: Any, inputs: dict[str, pd.DataFrame]) -> list[Any]:
    """Run the script written by `module.to_python`, without any import of Designer."""
    script = Script()
    variables = {port: Variable(script.variable(port), Schema.of(frame)) for port, frame in inputs.items()}
    names = module.to_python(script, **variables)
    source = str(script)
    assert "import designer" not in source
    assert "from designer" not in source
    assert "from modules" not in source
    namespace: dict[str, Any] = {variables[port].name: frame for port, frame in inputs.items()}
    exec(compile(source, "exported.py", "exec"), namespace)
    return [namespace[name] for name in names]
