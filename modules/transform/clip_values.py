"""Clip Values: replace values beyond a bound."""

from __future__ import annotations

from dataclasses import replace
from typing import Annotated, Any, Literal

import numpy as np
import pandas as pd

from designer.contract.column_types import plain_where_full
from designer.contract.errors import InvalidParameter, NotExportable
from designer.contract.module import Module
from designer.contract.onnx import OnnxGraph, TensorColumn, TensorColumns, tensor_schema
from designer.contract.parameters import param
from designer.contract.schema import Column, Kind, Schema
from designer.contract.script import Script, Variable
from designer.contract.selection import Columns
from designer.contract.values import Table

from ..columns.cells import numbers, with_columns
from ..columns.chosen import NUMBERS, chosen

PEAKS, SUBPEAKS, BOTH = "ClipPeaks", "ClipSubPeaks", "ClipPeaksAndSubPeaks"
Threshold = Literal["Constant", "Percentile"]
Substitute = Literal["Threshold", "Mean", "Median", "Missing"]
UPPER, LOWER = {"thresholds": (PEAKS, BOTH)}, {"thresholds": (SUBPEAKS, BOTH)}


class ClipValues(
    Module,
    category="Data Transformation",
    icon="scissors",
    by_column=True,
    synonyms=("outlier", "winsorize", "cap", "bounds", "limit"),
):
    """Replace numbers beyond an upper or a lower bound.

    Peaks are above the upper bound, subpeaks below the lower one; a value equal to a bound is not clipped. Percentile
    bounds are values of the column: the upper bound is the next value at or above the percentile, the lower one at or
    below. Mean and median are computed before clipping. Columns become decimal if the mean, the median or a fractional
    bound may be written; the appended columns are `<column>_Clipped`, indicators `<column>_IsClipped`. Percentiles,
    means and medians are recomputed for every input table.

    Errors: 0008 for a lower bound above the upper one, 0017 for a non-numeric column, 0011 for a selection that matches
    nothing.

    Example: 1 to 10, percentiles 60 and 40, thresholds as substitutes: 4, 4, 4, 4, 5, 6, 7, 7, 7, 7.
    """

    thresholds: Literal["ClipPeaks", "ClipSubPeaks", "ClipPeaksAndSubPeaks"] = param(PEAKS, label="Set of thresholds")
    """Which side to clip."""

    upper: Threshold = param("Constant", label="Upper threshold", when={"thresholds": PEAKS})
    """Whether the upper bound is a number or a percentile of the column."""

    lower: Threshold = param("Constant", label="Lower threshold", when={"thresholds": SUBPEAKS})
    """Whether the lower bound is a number or a percentile of the column."""

    both: Threshold = param("Constant", label="Threshold", when={"thresholds": BOTH})
    """Whether both bounds are numbers or percentiles of the column."""

    upper_value: float = param(
        1.0, label="Constant value for upper threshold", when={"upper": "Constant"}, or_when=[{"both": "Constant"}]
    )
    """The upper bound."""

    upper_percentile: int = param(
        99,
        ge=1,
        le=99,
        label="Percentile number for upper threshold",
        when={"upper": "Percentile"},
        or_when=[{"both": "Percentile"}],
    )
    """The percentile that is the upper bound."""

    lower_value: float = param(
        -1.0, label="Constant value for lower threshold", when={"lower": "Constant"}, or_when=[{"both": "Constant"}]
    )
    """The lower bound."""

    lower_percentile: int = param(
        1,
        ge=1,
        le=99,
        label="Percentile number for lower threshold",
        when={"lower": "Percentile"},
        or_when=[{"both": "Percentile"}],
    )
    """The percentile that is the lower bound."""

    peak_substitute: Substitute = param("Threshold", label="Substitute value for peaks", when=UPPER)
    """The replacement for values above the upper bound."""

    subpeak_substitute: Substitute = param("Threshold", label="Substitute value for subpeaks", when=LOWER)
    """The replacement for values below the lower bound."""

    columns: Columns = param(Columns.of_kind("Numeric"), label="List of columns")
    """The numeric columns to clip."""

    overwrite: bool = param(True, label="Overwrite flag")
    """Overwrite the columns; otherwise append clipped columns."""

    indicate: bool = param(False, label="Add indicator columns")
    """Add an indicator column of clipped values per column."""

    @property
    def learns(self) -> bool:
        """Percentiles, means and medians depend on the rows."""
        return any(p or s in ("Mean", "Median") for p, _, s in self._sides())

    def run(self, dataset: Table) -> Annotated[Table, "Results dataset"]:
        return clip_columns(dataset, **self._settings(Schema.of(dataset)))

    def infer(self, dataset: Schema) -> Schema:
        names = chosen(self.columns, dataset, NUMBERS, "List of columns", lenient=True)
        clipped = {n: Kind.DECIMAL if self._is_decimal(n, dataset) else dataset[n].kind for n in names}
        added = []
        for name, kind in clipped.items():
            added += [] if self.overwrite else [Column(f"{name}_Clipped", kind)]
            added += [Column(f"{name}_IsClipped", Kind.BOOLEAN)] if self.indicate else []
        if self.overwrite:
            dataset = dataset.map(lambda column: replace(column, kind=clipped[column.name]), clipped)
        return dataset.append(*added)

    def to_onnx(self, graph: OnnxGraph, dataset: TensorColumns) -> TensorColumns:
        settings = self._settings(tensor_schema(dataset))
        sides = [side for side in (settings["upper"], settings["lower"]) if side]
        if any(is_percentile or substitute in ("Mean", "Median") for is_percentile, _, substitute in sides):
            raise NotExportable("percentiles, means and medians depend on the other rows", "Use constant bounds.")
        clipped = dict(dataset)
        for name in settings["columns"]:
            kind = Kind.DECIMAL if name in settings["decimal"] else dataset[name].kind
            beyond = _beyond(graph, dataset[name].tensor, settings)
            cells = dataset[name].tensor
            for mask, (_, bound, substitute) in beyond:
                value = graph.constant([[bound if substitute == "Threshold" else np.nan]])
                cells = graph.where(mask, value, cells)
            clipped[name if self.overwrite else f"{name}_Clipped"] = TensorColumn(cells, kind)
            if self.indicate:
                masks = [mask for mask, _ in beyond]
                anywhere = masks[0] if len(masks) == 1 else graph.node("Or", *masks)
                clipped[f"{name}_IsClipped"] = TensorColumn(graph.node("Cast", anywhere, to=11), Kind.BOOLEAN)
        return clipped

    def to_python(self, script: Script, dataset: Variable) -> tuple[str, ...]:
        return (script.call(clip_columns, dataset, **self._settings(dataset.schema), result="clipped"),)

    def _settings(self, schema: Schema) -> dict[str, Any]:
        names = chosen(self.columns, schema, NUMBERS, "List of columns")
        upper, lower = self._side("upper"), self._side("lower")
        if upper and lower and upper[1] < lower[1]:
            raise InvalidParameter(
                f"the lower bound {lower[1]:g} is above the upper {upper[1]:g}", "Swap them.", parameter="Threshold"
            )
        decimal = [name for name in names if self._is_decimal(name, schema)]
        new = {"columns": names, "decimal": decimal, "upper": upper, "lower": lower}
        return {**new, "overwrite": self.overwrite, "indicate": self.indicate}

    def _side(self, side: str) -> tuple[bool, float, str] | None:
        """Whether the bound is a percentile, its number, and the substitute; None if not clipped."""
        if self.thresholds not in (UPPER if side == "upper" else LOWER)["thresholds"]:
            return None
        is_percentile = (self.both if self.thresholds == BOTH else getattr(self, side)) == "Percentile"
        number = getattr(self, f"{side}_percentile" if is_percentile else f"{side}_value")
        return is_percentile, float(number), self.peak_substitute if side == "upper" else self.subpeak_substitute

    def _sides(self) -> list[tuple[bool, float, str]]:
        return [side for side in (self._side("upper"), self._side("lower")) if side is not None]

    def _is_decimal(self, name: str, schema: Schema) -> bool:
        sides = self._sides()
        broken = any(s in ("Mean", "Median") or (s == "Threshold" and not p and n % 1 != 0) for p, n, s in sides)
        return schema[name].kind is Kind.DECIMAL or broken


def clip_columns(
    dataset: pd.DataFrame,
    columns: list[str],
    decimal: list[str],
    upper: tuple[bool, float, str] | None,
    lower: tuple[bool, float, str] | None,
    overwrite: bool,
    indicate: bool,
) -> pd.DataFrame:
    """Replace values above `upper` and below `lower`: (is a percentile, number, substitute)."""
    changed: dict[str, pd.Series[Any]] = {}
    for name in columns:
        cells = numbers(dataset[name])
        clipped = cells if name in decimal else dataset[name]
        beyond = pd.Series(False, index=cells.index)
        for side, method in ((upper, "higher"), (lower, "lower")):
            if side is not None:
                bound = bound_of(cells, side, method)
                mask = cells > bound if method == "higher" else cells < bound
                value = substitute_for(cells, bound, side[2])
                clipped = replaced_where(clipped, mask, value)
                beyond = beyond | mask if indicate else beyond
        clipped = clipped if name in decimal else plain_where_full(clipped)
        changed[name if overwrite else f"{name}_Clipped"] = clipped
        if indicate:
            changed[f"{name}_IsClipped"] = beyond
    return with_columns(dataset, changed)


def bound_of(cells: pd.Series[Any], side: tuple[bool, float, str], method: Any) -> float:
    """The bound as a number: itself, or the value of the column at or beyond the percentile."""
    is_percentile, number, _ = side
    present = cells.dropna().to_numpy() if is_percentile else cells.iloc[:0]
    if len(present) == 0:
        return number
    exact = (len(present) - 1) * number / 100
    place = int(np.ceil(exact - 1e-9) if method == "higher" else np.floor(exact + 1e-9))
    return float(np.partition(present, place)[place])


def replaced_where(cells: pd.Series[Any], mask: pd.Series[Any], value: Any) -> pd.Series[Any]:
    """The cells with a value (None: missing) where the mask is true."""
    if cells.dtype == "float64":
        value = np.nan if value is None else value
        return pd.Series(np.where(mask, value, cells), index=cells.index, copy=False)
    if not mask.any():
        return cells
    if cells.dtype == "int64" and value is not None:
        return pd.Series(np.where(mask, np.int64(value), cells), index=cells.index, copy=False)
    return cells.astype("Int64").mask(mask, value)


def substitute_for(cells: pd.Series[Any], bound: float, substitute: str) -> Any:
    """The substitute for values beyond the bound."""
    if substitute == "Missing":
        return None
    with np.errstate(all="ignore"):
        value = float(cells.mean() if substitute == "Mean" else cells.median() if substitute == "Median" else bound)
    return int(value) if value.is_integer() and abs(value) < 2**63 else value


def _beyond(graph: OnnxGraph, cells: str, settings: dict[str, Any]) -> list[tuple[str, tuple[bool, float, str]]]:
    sides = ((settings["upper"], "Greater"), (settings["lower"], "Less"))
    return [(graph.node(op, cells, graph.constant([[side[1]]])), side) for side, op in sides if side is not None]
