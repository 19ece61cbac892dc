"""Compute Linear Correlation: pairwise correlations of columns."""

from __future__ import annotations

from typing import Annotated, Any, Literal

import numpy as np
import pandas as pd

from designer.contract.errors import InvalidParameter, TooFewRows
from designer.contract.module import Module
from designer.contract.parameters import param
from designer.contract.schema import Column, Kind, Schema
from designer.contract.script import Script, Variable
from designer.contract.selection import Columns
from designer.contract.spread import above_base, whole_base, without_rounding
from designer.contract.values import Table
from designer.contract.wording.counting import counted

from ..columns.cells import rows_without_gaps
from ..columns.chosen import NUMBERS, chosen, require_finite

KENDALL_LIMIT = 500
STEP_LIMIT = 2e10


def correlate(dataset: pd.DataFrame, columns: list[str], method: str, heading: str) -> pd.DataFrame:
    """The correlation matrix, next to the column names."""
    cells = np.empty((len(dataset), len(columns)), order="F")
    for place, name in enumerate(columns):
        cells[:, place] = without_rounding(above_base(dataset[name], whole_base(dataset[name])))
    ways: dict[str, Any] = {"Pearson": "pearson", "Spearman": "spearman", "Kendall": "kendall"}
    if method != "Kendall" and not np.isnan(cells).any():
        matrix = full_correlations(pd.DataFrame(cells, copy=False).rank().to_numpy() if method == "Spearman" else cells)
    else:
        matrix = pd.DataFrame(cells, copy=False).corr(method=ways[method], min_periods=2).to_numpy()
    correlations = pd.DataFrame(np.clip(matrix, -1, 1), columns=pd.Index(columns, dtype="str"))
    correlations.insert(0, heading, pd.Series(columns, dtype="str"))
    return correlations


def full_correlations(cells: np.ndarray[Any, Any]) -> np.ndarray[Any, Any]:
    """The Pearson correlations of the columns of a matrix without missing cells; missing for constant columns."""
    constant = cells.min(axis=0) == cells.max(axis=0)
    scaled = np.ldexp(cells, -np.frexp(np.abs(cells).max(axis=0))[1])  # exact, and squares cannot overflow
    with np.errstate(all="ignore"):
        scaled -= scaled.mean(axis=0)
        scaled /= np.sqrt(np.einsum("ij,ij->j", scaled, scaled))
        matrix: np.ndarray[Any, Any] = scaled.T @ scaled
    matrix[constant], matrix[:, constant] = np.nan, np.nan
    np.fill_diagonal(matrix, np.where(constant, np.nan, 1.0))
    return matrix


class ComputeLinearCorrelation(
    Module,
    category="Statistical Functions",
    icon="grid-3x3",
    no_onnx="a correlation needs all rows",
    synonyms=("pearson", "spearman", "kendall", "correlation matrix", "corr", "collinearity", "association"),
):
    """Compute the correlation of every pair of numeric columns.

    The result has one row and one column per chosen column; `Feature` holds the row names. Pearson measures linear
    association, Spearman and Kendall (tau-b) monotonic association; 1 and -1 are perfect, 0 is none. Each pair uses the
    rows in which both cells are present; it is missing for fewer than two such rows or if a column is constant in them;
    cells that differ only by rounding error count as constant.

    Errors: 0011 for a selection that matches nothing, 0017 for a non-numeric column, 0021 for a table without rows,
    0033 for infinite values, 0008 for too many columns: more than 500 for Kendall, or so many with missing cells that
    their pairs would take minutes.

    Example: 1, 2, 3 and 2, 4, 7 have a Pearson correlation of 0.9934.
    """

    columns: Columns = param(Columns.of_kind("Numeric"), label="Columns")
    """The numeric columns to correlate."""

    method: Literal["Pearson", "Spearman", "Kendall"] = param("Pearson", label="Method")
    """The correlation coefficient."""

    @property
    def reads_other_rows(self) -> bool:
        """A correlation depends on all rows."""
        return True

    def run(self, dataset: Table) -> Annotated[Table, "Results dataset"]:
        names = chosen(self.columns, dataset, NUMBERS, "Columns")
        if not len(dataset):
            raise TooFewRows("the table has no rows", "A correlation needs at least two.", port="Dataset")
        require_finite(dataset, names, "Columns")
        self._require_few(dataset, names)
        return correlate(dataset, names, self.method, _heading(names))

    def _require_few(self, dataset: Table, names: list[str]) -> None:
        if self.method == "Kendall" and len(names) > KENDALL_LIMIT:
            raise InvalidParameter(
                f"Kendall compares the pairs of {counted(len(names), 'column')} one by one",
                f"Choose at most {KENDALL_LIMIT:,} columns, or Pearson or Spearman.",
                parameter="Columns",
            )
        if len(dataset) * len(names) ** 2 > STEP_LIMIT and not rows_without_gaps(dataset, names).all():
            raise InvalidParameter(
                f"{len(names):,} columns with missing cells make {len(names) ** 2 // 2:,} pairs of different rows",
                "Choose fewer columns, or fill the cells with Clean Missing Data first.",
                parameter="Columns",
            )

    def infer(self, dataset: Schema) -> Schema:
        names = chosen(self.columns, dataset, NUMBERS, "Columns", lenient=True)
        heading = Column(_heading(names), Kind.STRING)
        return Schema((heading, *(Column(name, Kind.DECIMAL) for name in names)), dataset.complete)

    def to_python(self, script: Script, dataset: Variable) -> tuple[str, ...]:
        names = chosen(self.columns, dataset.schema, NUMBERS, "Columns")
        return (script.call(correlate, dataset, names, self.method, _heading(names), result="correlations"),)

    def summary(self) -> str:
        return f"{self.method}, {self.columns}"


def _heading(names: list[str]) -> str:
    heading, number = "Feature", 1
    while heading in names:
        number += 1
        heading = f"Feature_{number}"
    return heading
