"""Principal Component Analysis: fewer columns that keep most of the variance."""

from __future__ import annotations

from typing import Annotated, Any, NamedTuple

import numpy as np
import pandas as pd

from designer.contract.errors import DesignerError, InvalidParameter, InvalidValues, TooFewRows
from designer.contract.parameters import param
from designer.contract.schema import Schema
from designer.contract.selection import Columns
from designer.contract.values import Table, Transformation
from designer.contract.wording.counting import counted

from ..columns.cells import rows_without_gaps
from ..columns.chosen import NUMBERS, chosen, require_finite, require_present
from .projection import NUMERIC_FEATURES, Projection, projected_schema, varying_matrix

SMALLEST_VARIANCE = 1e-6  # relative to the largest: below, covariances lose precision


def learn_components(dataset: pd.DataFrame, columns: list[str], count: int, scale: bool, keep: bool) -> dict[str, Any]:
    """Fit center, scale and directions to the rows without missing cells."""
    cells = varying_matrix(dataset, columns)
    with np.errstate(all="ignore"):
        total, deviations = cells.sum(axis=0), np.ones(len(columns))
        if np.isnan(total).any():  # there are missing cells
            cells = cells[rows_without_gaps(dataset, columns)]
            total = cells.sum(axis=0)
        center = total / len(cells)
        constant = cells.min(axis=0) == cells.max(axis=0)
        center = np.where(constant, cells[0], center)
        cells -= center
        if scale:
            deviations = np.sqrt(np.einsum("ij,ij->j", cells, cells) / len(cells))
            deviations = np.where(deviations == 0, 1.0, deviations)
            cells /= deviations
        fitted = principal_components(cells, count)
    ratios = np.nan_to_num(fitted.explained_variance_ratio_)
    return {
        "columns": columns,
        "names": [f"PC{i + 1}" for i in range(count)],
        "center": (center + fitted.mean_ * deviations).tolist(),
        "scale": deviations.tolist(),
        "weights": fitted.components_.T.tolist(),
        "variance": fitted.explained_variance_.tolist(),
        "ratio": ratios.tolist(),
        "keep": keep,
    }


def principal_components(cells: np.ndarray[Any, Any], count: int) -> Any:
    """A fitted PCA: by the covariance matrix if there are many rows, by the cells if a direction hardly varies."""
    from sklearn.decomposition import PCA

    rows, width = cells.shape
    if width <= 1000 and rows >= 10 * width:
        fitted = PCA(n_components=count, svd_solver="covariance_eigh").fit(cells)
        variances = fitted.explained_variance_
        if variances[-1] > SMALLEST_VARIANCE * variances[0]:
            return fitted
    return PCA(n_components=count, svd_solver="full").fit(cells)


class Reduced(NamedTuple):
    """The outputs of Principal Component Analysis."""

    results_dataset: Table
    pca_transformation: Annotated[Transformation, "PCA transformation"]


class PrincipalComponentAnalysis(
    Projection,
    category="Data Transformation",
    icon="axis-3d",
    synonyms=("pca", "dimensionality reduction", "components", "eigenvectors", "svd", "projection", "factor"),
):
    """Replace numeric columns by fewer columns that keep as much of their variance as possible.

    Numbers are centered, optionally scaled to unit (population) variance, and projected onto the directions of largest
    variance, fitted to the rows without missing cells. The new columns `PC1`, `PC2`, ... are appended in descending
    order of variance; signs follow scikit-learn: the weight of largest absolute value in each direction is positive.
    Columns whose cells differ only by rounding error count as constant. A row with a missing cell has missing
    components. The transformation projects other tables onto the same directions; it requires all of the columns.

    Errors: 0008 for more dimensions than columns, 0017 for a non-numeric column, 0021 for fewer complete rows than
    dimensions, 0033 for infinite values, 0028 if a new column name is taken.

    Example: points on a line in two columns have all their variance in `PC1`, and 0 in `PC2`.
    """

    fits = learn_components

    columns: Columns = param(NUMERIC_FEATURES, label="Selected columns")
    """The numeric columns to reduce; by default all numeric features."""

    count: int = param(2, ge=1, label="Number of dimensions to reduce to")
    """Number of new columns."""

    scale: bool = param(False, label="Scale to unit variance")
    """Divide each column by its standard deviation first, so that units do not matter."""

    keep: bool = param(False, label="Keep the selected columns")
    """Keep the selected columns in the table."""

    def arguments(self, dataset: Table | Schema) -> dict[str, Any]:
        columns = chosen(self.columns, dataset, NUMBERS, "Selected columns")
        if self.count > len(columns):
            raise InvalidParameter(
                f"{counted(self.count, 'dimension')} requested for {counted(len(columns), 'column')}",
                f"Use at most {len(columns)}.",
                parameter="Number of dimensions to reduce to",
            )
        return {"columns": columns, "count": self.count, "scale": self.scale, "keep": self.keep}

    def run(self, dataset: Table) -> Reduced:
        return Reduced(*self.fitted(dataset))

    def fit(self, dataset: Table) -> dict[str, Any]:
        arguments = self.arguments(dataset)
        require_finite(dataset, arguments["columns"], "Selected columns")
        try:
            state = learn_components(dataset, **arguments)
        except (ValueError, np.linalg.LinAlgError):
            raise self._failure(dataset, arguments["columns"]) from None
        if not (np.isfinite(state["weights"]).all() and np.isfinite(state["variance"]).all()):
            raise self._failure(dataset, arguments["columns"])
        return state

    def _failure(self, dataset: Table, columns: list[str]) -> DesignerError:
        """The error for a failed fit."""
        complete = int(rows_without_gaps(dataset, columns).sum())
        if complete >= max(self.count, 2):
            remedy = "Normalize them first."
            return InvalidValues("the numbers are too large", remedy, parameter="Selected columns")
        return TooFewRows(
            f"{complete:,} of {counted(len(dataset), 'row')} have no missing cell",
            f"{max(self.count, 2)} are needed; clean missing data first.",
            port="Dataset",
        )

    def infer_applied(self, state: Any, dataset: Schema) -> Schema:
        if state is not None:
            require_present(dataset, state["columns"])
            return projected_schema(dataset, state["columns"], state["names"], self.keep)
        columns = chosen(self.columns, dataset, NUMBERS, "Selected columns", lenient=True)
        return projected_schema(dataset, columns, [f"PC{i + 1}" for i in range(min(self.count, 1000))], self.keep)

    def explain(self, inputs: Any, outputs: Any) -> str:
        ratio = outputs["pca_transformation"].state["ratio"]
        shares = ", ".join(f"PC{i + 1} {share:.1%}" for i, share in enumerate(ratio[:5]))
        return f"{sum(ratio):.1%} of the variance is kept: {shares}."

    def summary(self) -> str:
        return f"{counted(self.count, 'dimension')} of {self.columns}"
