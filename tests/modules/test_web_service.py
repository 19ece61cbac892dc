"""Inputs and outputs of a web service."""

from __future__ import annotations

import pandas as pd
import pytest

from designer.contract.errors import ConversionFailed, InvalidParameter
from designer.contract.schema import Column, Kind, Schema
from modules.web_service.web_service_input import WebServiceInput
from modules.web_service.web_service_output import WebServiceOutput
from tests.parity import assert_same_in_onnx

SCHEMA = Schema((Column("age", Kind.INTEGER), Column("city", Kind.CATEGORICAL, categories=("a", "b"))))


def test_example_rows_come_in_the_types_of_the_request() -> None:
    module = WebServiceInput.read({"columns": SCHEMA.to_json()["columns"], "examples": [{"age": 3, "city": "b"}, {}]})
    table = module.run()
    assert table["age"].tolist() == [3, pd.NA]
    assert table["city"].cat.categories.tolist() == ["a", "b"]
    assert module.infer() == SCHEMA
    assert Schema.of(table) == SCHEMA
    assert_same_in_onnx(table, table, lambda graph, columns: columns, 0)


def test_a_row_that_does_not_fit_is_refused() -> None:
    with pytest.raises(ConversionFailed, match="column 'age', row 1"):
        WebServiceInput.read({"columns": SCHEMA.to_json()["columns"], "examples": [{"age": "x"}]}).run()
    with pytest.raises(InvalidParameter):
        WebServiceInput.read({"columns": [{"name": "a"}]}).run()
    assert not WebServiceInput.read({}).infer().complete


def test_the_way_out_keeps_the_table_to_itself() -> None:
    assert WebServiceOutput.read({}).name == "WebServiceOutput0"
    assert WebServiceOutput.spec().outputs == ()
