"""Apply Math Operation: apply a function to numeric columns."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Annotated, Any, Literal

import numpy as np
import pandas as pd

from designer.contract.errors import DuplicateColumns, InvalidParameter, NotExportable
from designer.contract.module import Module
from designer.contract.onnx import OnnxGraph, TensorColumn, TensorColumns, tensor_schema
from designer.contract.parameters import When, param
from designer.contract.schema import Column, Kind, Schema
from designer.contract.script import Script, Variable
from designer.contract.selection import Columns
from designer.contract.values import Table
from designer.contract.wording.counting import counted

from ..columns.cells import missing_cells, numbers, with_columns
from ..columns.chosen import NUMBERS, chosen
from .math_functions import computed
from .math_names import BasicFunction, Comparison, RoundingFunction, SpecialFunction, TrigonometricFunction

BASIC = ("Atan2", "Exp2", "Hypotenuse", "Log", "NthRoot", "Pow")
SPECIAL = (
    "Beta",
    "BetaLn",
    "GammaRegularizedP",
    "GammaRegularizedPInverse",
    "GammaRegularizedQ",
    "GammaRegularizedQInverse",
    "PolyGamma",
)
DIGITS = ("Floor", "Mod", "Quotient", "Remainder", "RoundDigits", "RoundDown", "RoundUp", "Truncate")
TWO: list[When] = [{"category": ("Compare", "Operations")}, {"basic": BASIC}, {"special": SPECIAL}]
FLAGS = ("EqualTo", "GreaterThan", "GreaterThanOrEqualTo", "LessThan", "LessThanOrEqualTo", "NotEqualTo")
PASSES_MISSING = ("Operations", "Rounding")  # NaN in, NaN out; not so pow(NaN, 0)
UNARY_ONNX = {"Abs": "Abs", "Exp": "Exp", "Ln": "Log", "Sqrt": "Sqrt", "Ceiling": "Ceil", "Sign": "Sign"}
BINARY_ONNX = {"Add": "Add", "Subtract": "Sub", "Multiply": "Mul", "Divide": "Div"}
COMPARE_ONNX = {
    "EqualTo": "Equal",
    "GreaterThan": "Greater",
    "GreaterThanOrEqualTo": "GreaterOrEqual",
    "LessThan": "Less",
    "LessThanOrEqualTo": "LessOrEqual",
}


class ApplyMathOperation(
    Module,
    category="Data Transformation",
    icon="sigma",
    synonyms=("log", "square root", "add", "divide", "round", "compare", "trigonometry", "arithmetic"),
):
    """Apply a mathematical function to every cell of numeric columns.

    One function applies to all chosen columns. Results are decimal, comparisons true or false; values outside a
    function's domain give missing results (Ln(-1)), division by zero is infinite, and a missing argument gives a
    missing result. Several second-argument columns are paired with the columns by position; a single one is used for
    all. New columns are named `Ln(x)`, `Subtract(x_y)` for two columns and `Subtract(x_$10)` for a constant.

    Floor, RoundDigits (half to even), RoundDown, RoundUp and Truncate take a number of digits; Mod, Quotient and
    Remainder a divisor. Exp2 is y * 2**x, Log the logarithm of x to base y, NthRoot the y-th root of x, PolyGamma of
    order y.

    Errors: 0017 for a non-numeric column, 0027 if the numbers of columns do not match, 0032 for a constant that is not
    a number, 0033 for an infinite one.

    Example: `category = Operations, arithmetic = Divide, columns = ["price"], constant = 1000` adds
    `Divide(price_$1000)`.
    """

    category: Literal["Basic", "Compare", "Operations", "Rounding", "Special", "Trigonometric"] = param("Basic")
    """The group of functions."""

    basic: BasicFunction = param("Abs", label="Basic math function", when={"category": "Basic"})
    """The power, root or logarithm."""

    comparison: Comparison = param("EqualTo", label="Comparison function", when={"category": "Compare"})
    """The comparison with the second argument."""

    arithmetic: Literal["Add", "Subtract", "Multiply", "Divide"] = param(
        "Add", label="Arithmetic function", when={"category": "Operations"}
    )
    """The operation with the second argument."""

    rounding: RoundingFunction = param("Ceiling", label="Rounding function", when={"category": "Rounding"})
    """The rounding mode."""

    special: SpecialFunction = param("Beta", label="Special function", when={"category": "Special"})
    """The special function."""

    trigonometric: TrigonometricFunction = param(
        "Acos", label="Trigonometric function", when={"category": "Trigonometric"}
    )
    """The trigonometric or hyperbolic function, or inverse."""

    second_type: Literal["Constant", "ColumnSet"] = param(
        "Constant", label="Second argument type", when=TWO[0], or_when=TWO[1:]
    )
    """Whether the second argument is a constant or a column."""

    constant: float = param(1.0, label="Constant second argument", when={"second_type": "Constant"})
    """The second argument."""

    second_columns: Columns = param(Columns(), label="Second argument column", when={"second_type": "ColumnSet"})
    """The column of second arguments: one for all, or one per column."""

    precision_type: Literal["Constant", "ColumnSet"] = param("Constant", when={"rounding": DIGITS})
    """Whether digits or divisor are a constant or a column."""

    precision: int = param(0, label="Constant precision", when={"precision_type": "Constant"})
    """The number of digits to keep, or the divisor."""

    precision_columns: Columns = param(Columns(), label="Precision column", when={"precision_type": "ColumnSet"})
    """The column of digits or divisors: one for all, or one per column."""

    columns: Columns = param(Columns.of_kind("Numeric"), label="Column set")
    """The numeric columns to apply the function to."""

    output_mode: Literal["Append", "Inplace", "ResultOnly"] = param("Append")
    """Append new columns, overwrite the originals, or output the new ones only."""

    def run(self, dataset: Table) -> Annotated[Table, "Results dataset"]:
        return apply_math(dataset, self.category, self.function, self._plan(Schema.of(dataset)), self.output_mode)

    def infer(self, dataset: Schema) -> Schema:
        kind = Kind.BOOLEAN if self.function in FLAGS else Kind.DECIMAL
        plan = self._plan(dataset, strict=dataset.complete)
        added = [replace(dataset[name], name=new, kind=kind) for name, _, new in plan]
        if self.output_mode == "Inplace":
            return dataset.map(lambda column: replace(column, kind=kind), [name for name, _, _ in plan])
        fresh = [Column(column.name, kind) for column in added]
        return dataset.append(*fresh) if self.output_mode == "Append" else Schema(tuple(fresh), dataset.complete)

    def to_onnx(self, graph: OnnxGraph, dataset: TensorColumns) -> TensorColumns:
        results = {}
        for name, second, new in self._plan(tensor_schema(dataset)):
            other = dataset[second].tensor if isinstance(second, str) else graph.constant([[np.float64(second or 0)]])
            kind = Kind.BOOLEAN if self.function in FLAGS else Kind.DECIMAL
            target = name if self.output_mode == "Inplace" else new
            results[target] = TensorColumn(_tensor(graph, self.function, dataset[name].tensor, other), kind)
        return results if self.output_mode == "ResultOnly" else {**dataset, **results}

    def to_python(self, script: Script, dataset: Variable) -> tuple[str, ...]:
        plan = self._plan(dataset.schema)
        return (
            script.call(apply_math, dataset, self.category, self.function, plan, self.output_mode, result="computed"),
        )

    def summary(self) -> str:
        return f"{self.function}, {self.columns}"

    @property
    def function(self) -> str:
        """The chosen function of the chosen category."""
        names = {"Basic": "basic", "Compare": "comparison", "Operations": "arithmetic", "Rounding": "rounding"}
        return str(getattr(self, names.get(self.category, self.category.lower())))

    def _plan(self, schema: Schema, strict: bool = True) -> list[tuple[str, str | float | None, str]]:
        """For each column: its name, the second argument (a column, a number or none), the result name."""
        names = chosen(self.columns, schema, NUMBERS, "Column set", lenient=not strict)
        seconds = self._seconds(schema, len(names), strict)
        written = [_written(self.function, name, second) for name, second in zip(names, seconds, strict=True)]
        taken = [new for new in written if new in schema]
        if taken and self.output_mode == "Append":
            raise DuplicateColumns(
                f"there is a column '{taken[0]}' already", "Rename it first.", parameter="Output mode"
            )
        return list(zip(names, seconds, written, strict=True))

    def _seconds(self, schema: Schema, count: int, strict: bool) -> Sequence[str | float | None]:
        binary = self.category in ("Compare", "Operations") or self.function in (*BASIC, *SPECIAL)
        if not binary and self.function not in DIGITS:
            return [None] * count
        kind = self.second_type if binary else self.precision_type
        if binary and kind == "Constant" and not np.isfinite(self.constant):
            code = "0032" if np.isnan(self.constant) else "0033"
            problem = "the second argument is not finite"
            raise InvalidParameter(problem, "Use a number.", parameter="Constant second argument", code=code)
        if kind == "Constant":
            return [self.constant if binary else float(self.precision)] * count
        label = "Second argument column" if binary else "Precision column"
        selection = self.second_columns if binary else self.precision_columns
        columns = chosen(selection, schema, NUMBERS, label, lenient=not strict)
        if len(columns) == 1 or not strict:
            return (columns * count)[:count] if columns else [None] * count
        if len(columns) != count:
            problem = f"{counted(count, 'column')} and {len(columns)} second-argument columns do not match"
            raise InvalidParameter(problem, "Choose one, or one per column.", parameter=label, code="0027")
        return columns


def apply_math(
    dataset: pd.DataFrame, category: str, function: str, plan: list[tuple[str, str | float | None, str]], mode: str
) -> pd.DataFrame:
    """Apply a function; `plan` holds column, second argument and result name."""
    results = {}
    for name, second, new in plan:
        columns = [dataset[argument] for argument in (name, second) if isinstance(argument, str)]
        by_cell = isinstance(second, float) and function in FLAGS and columns[0].dtype.name == "int64"
        first, *others = (column.to_numpy() if by_cell else numbers(column).to_numpy() for column in columns)
        other = others[0] if others else None if second is None else np.float64(second)
        missing = None if other is None or category in PASSES_MISSING else missing_in(columns, second)
        answer = where_known(np.asarray(computed(category, function, first, other)), missing)
        results[name if mode == "Inplace" else new] = pd.Series(answer, index=dataset.index, copy=False)
    return with_columns(dataset[[]] if mode == "ResultOnly" else dataset, results)


def missing_in(columns: list[pd.Series[Any]], second: str | float | None) -> np.ndarray[Any, Any] | None:
    """Mask of the rows with a missing argument; None if there cannot be any."""
    masks = [mask for column in columns if (mask := missing_cells(column)) is not False]
    masks += [np.ones(len(columns[0]), dtype=bool)] if isinstance(second, float) and np.isnan(second) else []
    return np.logical_or.reduce(masks) if masks else None


def where_known(answer: np.ndarray[Any, Any], missing: np.ndarray[Any, Any] | None) -> Any:
    """The results of a function, missing where an argument is missing."""
    if missing is None or not missing.any():
        return answer
    if answer.dtype.kind == "b":
        return pd.arrays.BooleanArray(answer, missing)
    answer[missing] = np.nan
    return answer


def _written(function: str, name: str, second: str | float | None) -> str:
    if second is None:
        return f"{function}({name})"
    argument = second if isinstance(second, str) else f"${second!r}".removesuffix(".0")
    return f"{function}({name}_{argument})"


def _tensor(graph: OnnxGraph, function: str, first: str, second: str) -> str:
    if function in UNARY_ONNX:
        return str(graph.node(UNARY_ONNX[function], first))
    if function == "Square":
        return str(graph.node("Mul", first, first))
    if function in BINARY_ONNX:
        return str(graph.node(BINARY_ONNX[function], first, second))
    if function in FLAGS:
        hit = graph.node(COMPARE_ONNX.get(function, "Equal"), first, second)
        flag = graph.node("Cast", graph.node("Not", hit) if function == "NotEqualTo" else hit, to=11)
        missing = graph.node("Or", graph.node("IsNaN", first), graph.node("IsNaN", second))
        return graph.where(missing, graph.constant([[np.nan]]), flag)
    raise NotExportable(f"{function} has no exact ONNX form")
