"""Building ONNX graphs in double precision."""

from __future__ import annotations

import subprocess
import sys

import numpy as np
import onnxruntime
import pandas as pd

from designer.contract.onnx import MISSING, OnnxGraph, TensorColumn, TensorColumns, tensor_schema
from designer.contract.schema import Column, Kind, Role, Schema
from designer.inference.onnx_model import onnx_model
from tests.parity import assert_same_in_onnx
from tests.tables import mixed


def test_every_kind_of_column_passes_through_unchanged() -> None:
    table = mixed()
    assert_same_in_onnx(table, table, lambda graph, columns: columns, 0)


def test_missing_cells_are_found_in_numbers_and_text() -> None:
    table = mixed()

    def build(graph: OnnxGraph, columns: TensorColumns) -> TensorColumns:
        return {
            name: TensorColumn(graph.node("Cast", graph.is_missing(column), to=11), Kind.BOOLEAN)
            for name, column in columns.items()
        }

    assert_same_in_onnx(table, table.isna(), build, 0)


def test_doubles_keep_all_their_digits() -> None:
    table = pd.DataFrame({"x": [0.1, 1e308, 2**53 + 1.0]})
    assert_same_in_onnx(
        table,
        table.assign(x=table["x"] * 3),
        lambda g, c: {"x": TensorColumn(g.node("Mul", c["x"].tensor, g.constant([[3.0]])), Kind.DECIMAL)},
        0,
    )


def test_columns_are_chosen_by_kind_and_role_inside_the_graph() -> None:
    schema = Schema((Column("a", Kind.INTEGER, Role.LABEL), Column("b", Kind.STRING)))
    assert tensor_schema(OnnxGraph().input_table(schema)) == schema


def test_a_model_carries_metadata_and_text_constants() -> None:
    graph = OnnxGraph()
    columns = graph.input_table(Schema((Column("s", Kind.STRING),)))
    filled = graph.where(graph.is_missing(columns["s"]), graph.constant([["ü"]], object), columns["s"].tensor)
    graph.output_table({"s": TensorColumn(filled, Kind.STRING)})
    model = onnx_model(graph, {"designer": "test"})
    session = onnxruntime.InferenceSession(model.SerializeToString())
    (answer,) = session.run(None, {"s": np.array([[MISSING], ["a"]], dtype=object)})
    assert answer.tolist() == [["ü"], ["a"]]
    assert session.get_modelmeta().custom_metadata_map == {"designer": "test"}


def test_the_library_is_scanned_without_loading_onnx() -> None:
    scan = "from designer.contract.catalogue.library import Library; Library.scan()"
    script = f"import sys; {scan}; print('onnx' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", script], capture_output=True, text=True).stdout == "False\n"
