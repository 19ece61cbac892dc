"""A module is one class: ports from `run`, parameters from fields, texts from docstrings."""

from __future__ import annotations

import pandas as pd
import pytest

from designer.contract.errors import InvalidParameter, NotExportable
from designer.contract.onnx import OnnxGraph
from designer.contract.schema import Schema
from designer.contract.script import Script
from tests.contract.toy import SubtractMean, TwoWayToy


def test_everything_is_read_from_the_class() -> None:
    spec = TwoWayToy.spec()
    assert (spec.id, spec.title, spec.category, spec.version) == ("two-way-toy", "Two-Way Toy", "Toys", 2)
    assert (spec.at_inference, spec.synonyms, spec.replaces) == ("drop", ("play",), ("old-toy",))
    assert spec.description == "A toy with every kind of parameter."
    assert SubtractMean.spec().documentation == "More words."
    assert spec.readings == ("run",)
    assert SubtractMean.spec().readings == ("run", "infer", "to_onnx", "to_python")
    assert spec.to_json()["unavailable"]["to_onnx"] == "it is a toy"
    assert spec.input("left") is not None
    assert spec.output("none") is None


def test_ports_are_those_of_the_signature() -> None:
    left, right = TwoWayToy.spec().inputs
    assert (left.name, left.title, left.optional) == ("left", "Left dataset", False)
    assert (right.name, right.title, right.optional) == ("right", "Right", True)
    assert TwoWayToy.spec().outputs[0].name == "results_dataset"


def test_rules_of_visibility_chain() -> None:
    shown = {p.name for p in TwoWayToy.read({}).shown()}
    assert {"speed", "boost"} <= shown
    assert {p.name for p in TwoWayToy.read({"mode": "Slow"}).shown()} == {"mode", "key", "seed", "secret"}
    assert "boost" not in {p.name for p in TwoWayToy.read({"speed": 0.7}).shown()}


@pytest.mark.parametrize(
    ("parameters", "code", "message"),
    [
        ({"speed": 0}, "0008", "Speed: 0 is not above 0. Use a number above 0 and at most 1"),
        ({"mode": "Odd"}, "0008", "Mode of play: 'Odd' is not one of the choices. Choose one of: Fast, Slow"),
        ({"boost": 0}, "0005", "Use a whole number at least 1"),
        ({"boost": 1.5}, "0002", "Use a whole number at least 1"),
        ({"colour": 1}, "0008", "there is no parameter 'colour'. Parameters are: mode"),
        ({"mode": "x" * 200}, "0008", "..."),
    ],
)
def test_a_value_that_does_not_fit_names_the_field_and_what_would_do(
    parameters: dict[str, object], code: str, message: str
) -> None:
    with pytest.raises(InvalidParameter) as error:
        TwoWayToy.read(parameters)
    assert message in str(error.value)
    assert str(error.value).startswith("Two-Way Toy")
    assert error.value.code == code


def test_column_pickers_name_their_label_in_errors() -> None:
    with pytest.raises(InvalidParameter, match="Key column: no column is chosen"):
        TwoWayToy.read({}).key.of(pd.DataFrame({"a": [1]}))


def test_missing_readings_are_refused_with_the_reason() -> None:
    with pytest.raises(NotExportable, match=r"Two-Way Toy: has no ONNX form \(it is a toy\)"):
        TwoWayToy.read({}).to_onnx(OnnxGraph())
    with pytest.raises(NotExportable, match="no plain Python form"):
        TwoWayToy.read({}).to_python(Script())
    assert not TwoWayToy.read({}).infer(Schema()).complete
