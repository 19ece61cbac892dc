"""Apply Math Operation: every function against its definition."""

from __future__ import annotations

import math
from typing import Any, get_args

import numpy as np
import pandas as pd
import pytest
from scipy import integrate, special

from designer.contract.errors import DuplicateColumns, InvalidParameter, WrongColumnType
from modules.transform import math_names
from modules.transform.apply_math_operation import ApplyMathOperation
from tests.parity import assert_same_in_onnx

FIELDS = {
    "Basic": "basic",
    "Compare": "comparison",
    "Operations": "arithmetic",
    "Rounding": "rounding",
    "Special": "special",
    "Trigonometric": "trigonometric",
}


def value(category: str, function: str, first: float, second: float | None = None) -> float:
    parameters: dict[str, Any] = {"category": category, FIELDS[category]: function, "output_mode": "Inplace"}
    if second is not None and category == "Rounding":
        parameters["precision"] = int(second)
    elif second is not None:
        parameters["constant"] = second
    return float(ApplyMathOperation.read(parameters).run(pd.DataFrame({"x": [first]}))["x"][0])


BASIC = [
    ("Abs", -2, None, 2),
    ("Atan2", 1, 2, math.atan2(1, 2)),
    ("Conj", 3, None, 3),
    ("CubeRoot", -27, None, -3),
    ("DoubleFactorial", 7, None, 105),
    ("DoubleFactorial", 8, None, 384),
    ("Eps", 1, None, 2**-52),
    ("Exp", 1, None, math.e),
    ("Exp2", 3, 5, 40),
    ("ExpMinus1", 1e-10, None, math.expm1(1e-10)),
    ("Factorial", 5, None, 120),
    ("Hypotenuse", 3, 4, 5),
    ("Ln", math.e, None, 1),
    ("LnPlus1", 1e-10, None, math.log1p(1e-10)),
    ("Log", 8, 2, 3),
    ("Log10", 1000, None, 3),
    ("Log2", 8, None, 3),
    ("NthRoot", -8, 3, -2),
    ("NthRoot", 16, 4, 2),
    ("Pow", 2, 10, 1024),
    ("Sqrt", 9, None, 3),
    ("SqrtPi", 4, None, math.sqrt(4 * math.pi)),
    ("Square", -3, None, 9),
]
ROUNDING = [
    ("Ceiling", 1.2, None, 2),
    ("CeilingPower2", 5, None, 8),
    ("CeilingPower2", 8, None, 8),
    ("Floor", -1.25, 1, -1.3),
    ("Mod", -7, 3, 2),
    ("Quotient", -7, 3, -2),
    ("Remainder", -7, 3, -1),
    ("RoundDigits", 2.5, 0, 2),
    ("RoundDigits", 1.26, 1, 1.3),
    ("RoundDown", -1.29, 1, -1.2),
    ("RoundUp", -1.21, 1, -1.3),
    ("ToEven", 3.2, None, 4),
    ("ToEven", 2.9, None, 2),
    ("ToOdd", 2.9, None, 3),
    ("ToOdd", 4.1, None, 5),
    ("Truncate", 1.99, 1, 1.9),
]
SPECIAL = [
    ("Beta", 2, 3, 1 / 12),
    ("BetaLn", 2, 3, math.log(1 / 12)),
    ("EllipticIntegralE", 0, None, math.pi / 2),
    ("EllipticIntegralK", 0, None, math.pi / 2),
    ("Erf", 0.5, None, math.erf(0.5)),
    ("Erfc", 0.5, None, math.erfc(0.5)),
    ("ErfScaled", 2, None, math.exp(4) * math.erfc(2)),
    ("ErfInverse", math.erf(0.5), None, 0.5),
    ("Gamma", 5, None, 24),
    ("GammaLn", 10, None, math.lgamma(10)),
    ("GammaRegularizedP", 1, 2, 1 - math.exp(-2)),
    ("GammaRegularizedPInverse", 1, 1 - math.exp(-2), 2),
    ("GammaRegularizedQ", 1, 2, math.exp(-2)),
    ("GammaRegularizedQInverse", 1, math.exp(-2), 2),
    ("PolyGamma", 1, 1, math.pi**2 / 6),
]
COMPARE = [
    ("EqualTo", 2, 2, 1),
    ("GreaterThan", 2, 2, 0),
    ("GreaterThanOrEqualTo", 2, 2, 1),
    ("LessThan", 1, 2, 1),
    ("LessThanOrEqualTo", 3, 2, 0),
    ("NotEqualTo", 3, 2, 1),
    ("PairMax", 3, 2, 3),
    ("PairMin", 3, 2, 2),
]
OPERATIONS = [
    ("Add", 3, 2, 5),
    ("Subtract", 3, 2, 1),
    ("Multiply", 3, 2, 6),
    ("Divide", 3, 2, 1.5),
    ("Divide", 3, 0, math.inf),
]
DEGREES = math.degrees
TRIGONOMETRIC = [
    ("Acos", 0.5, math.acos(0.5)),
    ("AcosDegree", 0.5, 60),
    ("Acosh", 2, math.acosh(2)),
    ("Acot", 2, math.atan(0.5)),
    ("AcotDegrees", 1, 45),
    ("Acoth", 2, math.atanh(0.5)),
    ("Acsc", 2, math.asin(0.5)),
    ("AcscDegrees", 2, 30),
    ("Asec", 2, math.acos(0.5)),
    ("AsecDegrees", 2, 60),
    ("Asech", 0.5, math.acosh(2)),
    ("Asin", 0.5, math.asin(0.5)),
    ("AsinDegrees", 0.5, 30),
    ("Asinh", 2, math.asinh(2)),
    ("Atan", 2, math.atan(2)),
    ("AtanDegrees", 1, 45),
    ("Atanh", 0.5, math.atanh(0.5)),
    ("Cos", 1, math.cos(1)),
    ("CosDegrees", 60, 0.5),
    ("Cosh", 1, math.cosh(1)),
    ("Cot", 1, 1 / math.tan(1)),
    ("CotDegrees", 45, 1),
    ("Coth", 1, 1 / math.tanh(1)),
    ("Csc", 1, 1 / math.sin(1)),
    ("CscDegrees", 30, 2),
    ("Csch", 1, 1 / math.sinh(1)),
    ("DegreesToRadians", 180, math.pi),
    ("Sec", 1, 1 / math.cos(1)),
    ("SecDegrees", 60, 2),
    ("Sech", 1, 1 / math.cosh(1)),
    ("Sign", -3, -1),
    ("Sin", 1, math.sin(1)),
    ("Sinc", 2, math.sin(2) / 2),
    ("Sinc", 0, 1),
    ("SinDegrees", 30, 0.5),
    ("Sinh", 1, math.sinh(1)),
    ("Tan", 1, math.tan(1)),
    ("TanDegrees", 45, 1),
    ("Tanh", 1, math.tanh(1)),
]
ALL = (
    [("Basic", *c) for c in BASIC]
    + [("Rounding", *c) for c in ROUNDING]
    + [("Special", *c) for c in SPECIAL]
    + [("Compare", *c) for c in COMPARE]
    + [("Operations", *c) for c in OPERATIONS]
    + [("Trigonometric", f, x, None, y) for f, x, y in TRIGONOMETRIC]
)


@pytest.mark.parametrize(("category", "function", "first", "second", "expected"), ALL)
def test_a_function_gives_its_mathematical_value(
    category: str, function: str, first: float, second: float | None, expected: float
) -> None:
    assert value(category, function, first, second) == pytest.approx(expected, rel=1e-12)


def test_every_function_is_checked() -> None:
    names = [
        math_names.BasicFunction,
        math_names.Comparison,
        math_names.RoundingFunction,
        math_names.SpecialFunction,
        math_names.TrigonometricFunction,
    ]
    assert {name for group in names for name in get_args(group)} - {row[1] for row in ALL} == {"ExponentialIntegralEin"}


@pytest.mark.parametrize("x", [-3.0, -0.01, 0.0, 1e-6, 0.3, 0.499, 0.501, 2.0, 10.0])
def test_the_exponential_integral_is_its_integral(x: float) -> None:
    expected = integrate.quad(lambda t: -special.expm1(-t) / t if t else 1.0, 0, x, epsabs=1e-15, epsrel=1e-13)[0]
    assert value("Special", "ExponentialIntegralEin", x) == pytest.approx(expected, rel=1e-11, abs=1e-15)


def test_outside_its_domain_a_function_is_missing() -> None:
    assert math.isnan(value("Basic", "Ln", -1))
    assert value("Basic", "Ln", 0) == -math.inf
    assert math.isnan(value("Trigonometric", "Acos", 2))


FRAME = pd.DataFrame({"a": [7.0, 1.0, np.nan], "b": [2, 4, 5], "s": ["x", "y", "z"]})


def compute(frame: pd.DataFrame = FRAME, **parameters: Any) -> pd.DataFrame:
    return ApplyMathOperation.read(parameters).run(frame)


def test_results_are_named_after_function_and_arguments() -> None:
    one = compute(
        category="Operations", arithmetic="Subtract", second_type="ColumnSet", second_columns=["b"], columns=["a"]
    )
    assert list(one.columns) == ["a", "b", "s", "Subtract(a_b)"]
    assert one["Subtract(a_b)"].tolist()[:2] == [5, -3]
    constant = compute(category="Operations", arithmetic="Divide", constant=10, columns=["b"], output_mode="ResultOnly")
    assert constant.to_dict("list") == {"Divide(b_$10)": [0.2, 0.4, 0.5]}
    assert "Ln(a)" in compute(basic="Ln", columns=["a"])


def test_second_columns_pair_up_by_position() -> None:
    pairs = compute(
        FRAME.drop(columns="s"),
        category="Operations",
        arithmetic="Multiply",
        second_type="ColumnSet",
        second_columns={"ordered": True, "rules": [{"names": ["b", "a"]}]},
        output_mode="ResultOnly",
    )
    assert list(pairs.columns) == ["Multiply(a_b)", "Multiply(b_a)"]
    with pytest.raises(InvalidParameter, match="1 column and 2 second") as error:
        compute(category="Operations", second_type="ColumnSet", columns=["a"], second_columns=["a", "b"])
    assert error.value.code == "0027"


def test_a_missing_argument_gives_a_missing_result() -> None:
    flags = compute(
        category="Compare", comparison="GreaterThan", second_type="ColumnSet", second_columns=["b"], columns=["a"]
    )
    assert flags["GreaterThan(a_b)"].tolist() == [True, False, pd.NA]


def test_text_and_taken_names_are_refused() -> None:
    with pytest.raises(WrongColumnType, match="'s' is String"):
        compute(columns=["s"])
    with pytest.raises(DuplicateColumns):
        compute(FRAME.assign(**{"Abs(a)": 1}), columns=["a"])


@pytest.mark.parametrize(
    "parameters",
    [
        {"basic": "Square"},
        {"basic": "Ln"},
        {"category": "Operations", "arithmetic": "Divide", "constant": 3},
        {"category": "Compare", "comparison": "NotEqualTo", "constant": 4},
        {"category": "Rounding", "output_mode": "Inplace"},
    ],
)
def test_a_graph_computes_the_same(parameters: dict[str, Any]) -> None:
    module = ApplyMathOperation.read(parameters)
    assert_same_in_onnx(FRAME, module.run(FRAME), lambda graph, columns: module.to_onnx(graph, columns), 1e-15)


def test_results_are_named_by_the_function_and_its_arguments() -> None:
    columns = pd.DataFrame({"Col1": [1.0], "Col2": [5.0]})
    two = {"second_type": "ColumnSet", "second_columns": ["Col1"], "columns": ["Col2"], "output_mode": "ResultOnly"}
    for function, answer in (("Subtract", 4.0), ("Divide", 5.0)):
        made = compute(columns, category="Operations", arithmetic=function, **two)
        assert made.to_dict("list") == {f"{function}(Col2_Col1)": [answer]}
    for constant, written in ((10, "10"), (0.1, "0.1"), (1_000_001, "1000001"), (1.23456789, "1.23456789")):
        made = compute(columns, category="Operations", columns=["Col2"], constant=constant, output_mode="ResultOnly")
        assert list(made.columns) == [f"Add(Col2_${written})"]


def test_columns_pair_up_position_by_position() -> None:
    frame = pd.DataFrame({"a": [1], "b": [2], "c": [5], "d": [7]})
    pairs = {"columns": ["a", "b"], "second_type": "ColumnSet", "second_columns": ["c", "d"]}
    made = compute(frame, category="Operations", arithmetic="Subtract", output_mode="ResultOnly", **pairs)
    assert made.to_dict("list") == {"Subtract(a_c)": [-4.0], "Subtract(b_d)": [-5.0]}


def test_what_lies_outside_a_domain_is_missing_and_a_division_by_zero_infinite() -> None:
    frame = pd.DataFrame({"x": [-1.0, 0.0, 1.0]})
    logs = compute(frame, basic="Ln", output_mode="Inplace")["x"]
    assert np.isnan(logs[0])
    assert logs[1:].tolist() == [-math.inf, 0.0]
    divided = compute(frame, category="Operations", arithmetic="Divide", constant=0, output_mode="Inplace")["x"]
    assert divided.tolist()[::2] == [-math.inf, math.inf]
    assert np.isnan(divided[1])
