"""Fisher Linear Discriminant Analysis: few columns that separate the classes."""

from __future__ import annotations

import warnings
from typing import Any, NamedTuple

import numpy as np
import pandas as pd

from designer.contract.errors import InvalidLabel, InvalidParameter, InvalidValues, TooFewRows
from designer.contract.parameters import param
from designer.contract.schema import Kind, Schema
from designer.contract.selection import ColumnName, Columns
from designer.contract.values import Table, Transformation
from designer.contract.wording.counting import counted

from ..columns.cells import rows_without_gaps
from ..columns.chosen import NUMBERS, chosen, chosen_column, require_finite, require_present
from .projection import NUMERIC_FEATURES, Projection, projected_schema, varying_matrix

LABELS = (Kind.INTEGER, Kind.STRING, Kind.CATEGORICAL, Kind.BOOLEAN)


def learn_discriminants(
    dataset: pd.DataFrame, columns: list[str], label: str, count: int, keep: bool
) -> dict[str, Any]:
    """Fit the center and the directions that best separate the classes."""
    from sklearn.discriminant_analysis import LinearDiscriminantAnalysis

    cells = varying_matrix(dataset, columns)
    codes = pd.factorize(dataset[label], sort=True)[0]
    usable = (codes >= 0) & rows_without_gaps(dataset, columns)
    with warnings.catch_warnings(), np.errstate(all="ignore"):
        warnings.simplefilter("ignore")  # collinear columns; the projection needs no inverse
        fitted = LinearDiscriminantAnalysis(solver="svd").fit(cells[usable], codes[usable])
    width = min(len(fitted.classes_) - 1, fitted.scalings_.shape[1])
    width = min(count, width) if count else width
    return {
        "columns": columns,
        "names": [f"Discriminant{i + 1}" for i in range(width)],
        "center": fitted.xbar_.tolist(),
        "scale": [1.0] * len(columns),
        "weights": fitted.scalings_[:, :width].tolist(),
        "ratio": fitted.explained_variance_ratio_[:width].tolist(),
        "keep": keep,
    }


class Discriminated(NamedTuple):
    """The outputs of Fisher Linear Discriminant Analysis."""

    results_dataset: Table
    fisher_linear_discriminant_analysis_transformation: Transformation


class FisherLinearDiscriminantAnalysis(
    Projection,
    category="Feature Selection",
    icon="axis-3d",
    label="label",
    synonyms=("lda", "discriminant", "dimensionality reduction", "supervised projection", "class separation"),
):
    """Replace numeric columns by the few linear combinations that best separate the classes of a label.

    Their number is at most the number of classes minus one, and that of the columns. They are fitted to the rows with a
    label and without missing cells; the new columns `Discriminant1`, `Discriminant2`, ... are appended in descending
    order of separation. A row with a missing cell has missing discriminants. The transformation projects other tables,
    which need no label. The number of new columns is known before a run only if it is set.

    Fit it on training rows only: it uses the label.

    Errors: 0008 for more columns than possible, 0017 for a non-numeric column, 0021 for no more rows than classes, 0023
    for a label with one class, 0033 for infinite values, 0039 if all columns are constant.

    Example: petal length and width of three species give `Discriminant1` and `Discriminant2`.
    """

    fits = learn_discriminants

    label: ColumnName = param("", label="Class labels column")
    """The column with the classes."""

    columns: Columns = param(NUMERIC_FEATURES, label="Selected columns")
    """The numeric columns to reduce; by default all numeric features. The label is left out."""

    count: int = param(0, ge=0, label="Number of discriminants")
    """Number of new columns; 0 means as many as possible."""

    keep: bool = param(False, label="Keep the selected columns")
    """Keep the selected columns in the table."""

    def arguments(self, dataset: Table | Schema) -> dict[str, Any]:
        label = chosen_column(self.label, dataset, LABELS, "Class labels column")
        columns = [name for name in chosen(self.columns, dataset, NUMBERS, "Selected columns") if name != label]
        if not columns:
            raise InvalidParameter("only the label is selected", "Choose features.", parameter="Selected columns")
        return {"columns": columns, "label": label, "count": self.count, "keep": self.keep}

    def run(self, dataset: Table) -> Discriminated:
        return Discriminated(*self.fitted(dataset))

    def fit(self, dataset: Table) -> dict[str, Any]:
        arguments = self.arguments(dataset)
        self._check(dataset, arguments["columns"], arguments["label"])
        try:
            state = learn_discriminants(dataset, **arguments)
        except (ValueError, IndexError, np.linalg.LinAlgError):
            state = {"names": [], "weights": [[np.nan]]}
        if not state["names"] or not np.isfinite(state["weights"]).all():
            raise InvalidValues(
                "the columns do not vary within and between classes", "Choose others.", parameter="Selected columns"
            )
        if len(state["names"]) < self.count:
            raise InvalidParameter(
                f"{self.count} discriminants requested, at most {len(state['names'])} exist",
                "Use fewer, or 0 for all.",
                parameter="Number of discriminants",
            )
        return state

    def infer_applied(self, state: Any, dataset: Schema) -> Schema:
        if state is not None:
            require_present(dataset, state["columns"])
            return projected_schema(dataset, state["columns"], state["names"], self.keep)
        columns = [
            n for n in chosen(self.columns, dataset, NUMBERS, "Selected columns", lenient=True) if n != self.label
        ]
        known = projected_schema(
            dataset, columns, [f"Discriminant{i + 1}" for i in range(min(self.count, 1000))], self.keep
        )
        return known if self.count else known.open()

    def explain(self, inputs: Any, outputs: Any) -> str:
        state = outputs["fisher_linear_discriminant_analysis_transformation"].state
        shares = ", ".join(f"{n} {s:.1%}" for n, s in list(zip(state["names"], state["ratio"], strict=True))[:5])
        return f"Separation between classes: {shares}."

    def summary(self) -> str:
        return f"by {self.label}" if self.label else ""

    def _check(self, dataset: Table, columns: list[str], label: str) -> None:
        require_finite(dataset, columns, "Selected columns")
        usable = dataset[label][rows_without_gaps(dataset, columns)].dropna()
        classes = usable.nunique()
        if len(usable) <= max(classes, 2):
            raise TooFewRows(
                f"only {counted(len(usable), 'row')} with a label and no missing cell, for {counted(classes, 'class')}",
                "More rows than classes are needed.",
                port="Dataset",
            )
        if classes < 2:
            all_classes = dataset[label].nunique()
            left = f"only one of {all_classes:,} classes of the label '{label}' has rows without missing cells"
            raise InvalidLabel(
                left if all_classes > 1 else f"the label '{label}' has one class",
                "Clean missing data first." if all_classes > 1 else "Two are needed.",
                parameter="Class labels column",
                column=label,
            )
