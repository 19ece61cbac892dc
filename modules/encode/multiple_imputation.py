"""Multiple Imputation: iteratively predict missing numbers from the other columns."""

from __future__ import annotations

import warnings
from dataclasses import replace
from typing import Any, Literal, NamedTuple

import numpy as np
import pandas as pd

from designer.contract.errors import InvalidParameter, InvalidValues, TooFewRows
from designer.contract.estimator import Transform
from designer.contract.onnx import OnnxGraph, TensorColumn, TensorColumns
from designer.contract.parameters import param
from designer.contract.schema import Kind, Schema
from designer.contract.selection import Columns
from designer.contract.values import Table, Transformation
from designer.contract.wording.counting import counted

from ..columns.cells import with_columns
from ..columns.chosen import NUMBERS, chosen, require_finite, require_present, wrong_kind
from ..reduce.projection import NUMERIC_FEATURES, matrix_of

WEIGHT_LIMIT, STEP_LIMIT = 1e8, 5e12  # a gigabyte, half an hour
INITIAL = {"Mean": "mean", "Median": "median", "Most frequent": "most_frequent"}


def learn_imputation(
    dataset: pd.DataFrame, columns: list[str], rounds: int, tolerance: float, initial: str, clip: bool
) -> dict[str, Any]:
    """The initial values, and for each step of each round the regression weights."""
    from sklearn.exceptions import ConvergenceWarning
    from sklearn.experimental import enable_iterative_imputer
    from sklearn.impute import IterativeImputer

    cells = matrix_of(dataset, columns)
    lowest, highest = np.nanmin(cells, axis=0), np.nanmax(cells, axis=0)
    bounds = {"min_value": np.where(lowest < highest, lowest, -np.inf), "max_value": np.where(lowest < highest, highest, np.inf)}  # noqa: E501  # fmt: skip
    assert enable_iterative_imputer
    imputer = IterativeImputer(max_iter=rounds, tol=tolerance, initial_strategy=initial, **(bounds if clip else {}))
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always", ConvergenceWarning)
        imputer.fit(cells)
    steps = []
    for step in imputer.imputation_sequence_:
        weights = np.zeros(len(columns))
        weights[step.neighbor_feat_idx] = step.estimator.coef_
        steps.append((int(step.feat_idx), weights.tolist(), float(step.estimator.intercept_)))
    return {
        "columns": columns,
        "initial": imputer.initial_imputer_.statistics_.tolist(),
        "steps": steps,
        "lowest": (bounds["min_value"] if clip else np.full(len(columns), -np.inf)).tolist(),
        "highest": (bounds["max_value"] if clip else np.full(len(columns), np.inf)).tolist(),
        "rounds": int(imputer.n_iter_),
        "settled": not caught,
    }


def apply_imputation(dataset: pd.DataFrame, learned: dict[str, Any]) -> pd.DataFrame:
    """The columns without missing cells."""
    cells = matrix_of(dataset, learned["columns"])
    missing = np.isnan(cells)
    filled = np.where(missing, learned["initial"], cells)
    rows = missing.any(axis=1)
    for place, weights, intercept in learned["steps"]:
        chosen_rows = np.flatnonzero(missing[:, place] & rows)
        with np.errstate(all="ignore"):
            guess = filled[chosen_rows] @ np.array(weights) + intercept
        filled[chosen_rows, place] = np.clip(guess, learned["lowest"][place], learned["highest"][place])
    columns = {name: pd.Series(filled[:, i], index=dataset.index) for i, name in enumerate(learned["columns"])}
    return with_columns(dataset, columns)


class Imputed(NamedTuple):
    """The outputs of Multiple Imputation."""

    cleaned_dataset: Table
    imputation_transformation: Transformation


class MultipleImputation(
    Transform,
    category="Data Transformation",
    icon="eraser",
    synonyms=("mice", "chained equations", "iterative imputer", "impute", "missing values", "fill", "nan"),
):
    """Fill missing numbers with predictions from the other columns of the row.

    Missing cells start with the mean, the median or the most frequent number of their column. Then, in each round, each
    column is predicted from all others by a Bayesian ridge regression fitted to the rows where it is present, and its
    missing cells get the prediction, until the table changes by less than the tolerance or the rounds are used up
    (multivariate imputation by chained equations). The result is the mean prediction, without random draws. The columns
    become decimal. The transformation applies these regressions to other tables, row by row.

    Errors: 0008 for so many columns that the regressions would take hours, 0017 for a non-numeric column, 0021 for a
    table without rows, 0033 for infinite values, 0080 for a column without values, 0001 if a table to transform lacks a
    column.

    Example: where `y` is twice `x`, a row with `x` = 3 and no `y` gets about 6.
    """

    fits = learn_imputation
    applies = apply_imputation

    columns: Columns = param(NUMERIC_FEATURES, label="Columns to be cleaned")
    """The numeric columns to fill, which also predict each other; by default all numeric features."""

    rounds: int = param(10, ge=1, le=100, label="Number of iterations")
    """Maximum number of rounds over all columns."""

    tolerance: float = param(0.001, gt=0, label="Tolerance")
    """Stop when no cell changes by more than this fraction of the largest absolute value in the table."""

    initial: Literal["Mean", "Median", "Most frequent"] = param("Mean", label="Initial replacement")
    """Initial value of missing cells."""

    clip: bool = param(False, label="Keep to the observed range")
    """Clip filled values to the observed range of the column."""

    def arguments(self, dataset: Table | Schema) -> dict[str, Any]:
        return {
            "columns": chosen(self.columns, dataset, NUMBERS, "Columns to be cleaned"),
            "rounds": self.rounds,
            "tolerance": self.tolerance,
            "initial": INITIAL[self.initial],
            "clip": self.clip,
        }

    def run(self, dataset: Table) -> Imputed:
        return Imputed(*self.fitted(dataset))

    def fit(self, dataset: Table) -> dict[str, Any]:
        arguments = self.arguments(dataset)
        if not len(dataset):
            raise TooFewRows("the table has no rows", "Imputation needs at least one row.", port="Dataset")
        require_finite(dataset, arguments["columns"], "Columns to be cleaned")
        empty = [name for name in arguments["columns"] if dataset[name].isna().all()]
        if empty:
            name = empty[0]
            wrong = InvalidValues(
                f"column '{name}' has no value", "Leave it out.", parameter="Columns to be cleaned", column=name
            )
            wrong.code = "0080"
            raise wrong
        self._require_few(dataset, arguments["columns"])
        return learn_imputation(dataset, **arguments)

    def _require_few(self, dataset: Table, columns: list[str]) -> None:
        """Each round fits one regression per column by a decomposition of all others, and stores its weights."""
        rows, width = len(dataset), len(columns)
        weights = self.rounds * width**2
        if weights > WEIGHT_LIMIT or weights * rows * min(rows, width) > STEP_LIMIT:
            raise InvalidParameter(
                f"{width:,} columns that predict each other in {rows:,} rows are too many for {self.rounds} rounds",
                "Choose fewer columns, or fewer iterations.",
                parameter="Columns to be cleaned",
            )

    def apply(self, state: Any, dataset: Table) -> Table:
        schema = Schema.of(dataset)
        require_present(schema, state["columns"])
        for name in state["columns"]:
            if schema[name].kind not in NUMBERS:
                raise wrong_kind(schema, name, NUMBERS, "", "Convert it with Edit Metadata.")
        return apply_imputation(dataset, state)

    def infer_applied(self, state: Any, dataset: Schema) -> Schema:
        if state is None:
            names = chosen(self.columns, dataset, NUMBERS, "", lenient=True)
        else:
            names = state["columns"]
            require_present(dataset, names)
        return dataset.map(lambda column: replace(column, kind=Kind.DECIMAL), names)

    def apply_onnx(self, state: Any, graph: OnnxGraph, dataset: TensorColumns) -> TensorColumns:
        names = state["columns"]
        missing = [graph.is_missing(dataset[name]) for name in names]
        filled = [
            graph.where(missing[i], graph.constant([[state["initial"][i]]]), dataset[name].tensor)
            for i, name in enumerate(names)
        ]
        for place, weights, intercept in state["steps"]:
            matrix = filled[0] if len(filled) == 1 else graph.node("Concat", *filled, axis=1)
            product = graph.node("MatMul", matrix, graph.constant([[weight] for weight in weights]))
            guess = graph.node("Add", product, graph.constant([[intercept]]))
            low, high = graph.constant(state["lowest"][place]), graph.constant(state["highest"][place])
            filled[place] = graph.where(missing[place], graph.node("Clip", guess, low, high), filled[place])
        changed = {n: TensorColumn(t, Kind.DECIMAL, dataset[n].role) for n, t in zip(names, filled, strict=True)}
        return {**dataset, **changed}

    def explain(self, inputs: Any, outputs: Any) -> str:
        state = outputs["imputation_transformation"].state
        outcome = "converged" if state["settled"] else "had not converged"
        return f"The table {outcome} after {counted(state['rounds'], 'round')}."

    def summary(self) -> str:
        return f"at most {counted(self.rounds, 'round')}, {self.columns}"
