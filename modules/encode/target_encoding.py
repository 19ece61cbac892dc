"""Target Encoding: encode values by the target mean, without leakage."""

from __future__ import annotations

import warnings
from dataclasses import replace
from typing import Any, Literal, NamedTuple

import numpy as np
import pandas as pd

from designer.contract.classes import ordered_classes
from designer.contract.errors import InfiniteValues, InvalidLabel, InvalidParameter, TooFewRows
from designer.contract.estimator import Transform
from designer.contract.onnx import OnnxGraph, TensorColumn, TensorColumns
from designer.contract.parameters import param
from designer.contract.schema import Column, Kind, Schema
from designer.contract.script import Script, Variable
from designer.contract.selection import ColumnName, Columns
from designer.contract.values import Table, Transformation
from designer.contract.wording.counting import counted

from ..columns.cells import with_columns
from ..columns.chosen import NUMBERS, TEXT, chosen, chosen_column, require_free
from .lookup import TEXT_FEATURES, keys, looked_up, number_tensor

AUTOMATIC, FIXED = "Automatic", "Fixed"
TARGETS = (*NUMBERS, Kind.BOOLEAN, *TEXT)
CLASS_LIMIT = 100


def learn_target_encoding(
    dataset: pd.DataFrame, columns: list[str], target: str, smooth: float | str, folds: int, seed: int
) -> dict[str, Any]:
    """For each column its new columns, with the number per value and the one for unseen values."""
    return cross_encoded(dataset, columns, target, smooth, folds, seed)[1]


def cross_encoded(
    dataset: pd.DataFrame, columns: list[str], target: str, smooth: float | str, folds: int, seed: int
) -> tuple[pd.DataFrame, dict[str, Any]]:
    """The training table encoded by cross-fitting, and the encodings learned from all rows."""
    from sklearn.model_selection import KFold, StratifiedKFold
    from sklearn.preprocessing import TargetEncoder

    rows = dataset[[*columns, target]][dataset[target].notna()]
    goal, kind, labels = goal_of(rows[target])
    splitter = (KFold if kind == "continuous" else StratifiedKFold)(folds, shuffle=True, random_state=seed)
    encoder = TargetEncoder(target_type=kind, smooth=smooth, cv=splitter)
    texts = pd.DataFrame({name: keys(rows[name]) for name in columns})
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # classes with fewer rows than folds: encode them from the other folds
        matrix = encoder.fit_transform(texts, goal)
    means = np.atleast_1d(encoder.target_mean_)
    encodings: dict[str, Any] = {name: {} for name in columns}
    for place, (name, label) in enumerate((name, label) for name in columns for label in labels):
        values = map(str, encoder.categories_[place // len(labels)])
        numbers = encoder.encodings_[place].tolist()
        new = f"{name}_{label}" if label else name
        encodings[name][new] = (dict(zip(values, numbers, strict=True)), float(means[place % len(labels)]))
    learned = {"encodings": encodings}
    encoded = apply_target_encoding(dataset, learned)
    names = [new for name in columns for new in encodings[name]]
    crossed = {new: pd.Series(matrix[:, i], index=rows.index) for i, new in enumerate(names)}
    return encoded.assign(**{n: c.reindex(encoded.index).fillna(encoded[n]) for n, c in crossed.items()}), learned


def goal_of(series: pd.Series[Any]) -> tuple[np.ndarray[Any, Any], str, list[str]]:
    """The target for scikit-learn: numbers or class codes, its kind, and the classes of a multiclass target."""
    codes, classes = pd.factorize(series, sort=True)
    if len(classes) == 2 and ordered_classes(list(classes))[0] != classes[0]:
        codes = 1 - codes
    if series.dtype.name in ("int64", "Int64", "float64") and len(classes) > 2:
        return series.to_numpy("float64"), "continuous", [""]
    return (
        codes,
        "binary" if len(classes) == 2 else "multiclass",
        [""] if len(classes) == 2 else [str(c) for c in classes],
    )


def apply_target_encoding(dataset: pd.DataFrame, learned: dict[str, Any]) -> pd.DataFrame:
    """Encode the columns; columns missing from the table are skipped."""
    changed: dict[str, Any] = {}
    present = [name for name in learned["encodings"] if name in dataset.columns]
    for name in present:
        changed |= looked_up(dataset[name], learned["encodings"][name])
    kept = dataset[[name for name in dataset.columns if name not in present or name in changed]]
    return with_columns(kept, changed)


class Encoded(NamedTuple):
    """The outputs of Target Encoding."""

    results_dataset: Table
    target_encoding_transformation: Transformation


class TargetEncoding(
    Transform,
    category="Data Transformation",
    icon="binary",
    label="target",
    synonyms=("mean encoding", "likelihood encoding", "high cardinality", "categorical encoder", "impact encoding"),
):
    """Replace each value of a text or categorical column by the mean of the target in the rows that have it.

    The mean of a rare value is shrunk towards the overall mean, automatically (empirical Bayes from the variances, as
    in scikit-learn) or by a fixed weight. A numeric target gives means; a binary target gives the share of the positive
    class (yes, true, ja, ... or the larger value); a multiclass target appends one column `<column>_<class>` per class
    in place of the column. Numbers with only two values count as classes. Missing cells form a value of their own; an
    unseen value, and a missing one if none was seen, gets the overall mean.

    The target does not leak: the rows of *this* table are encoded by cross-fitting, each by the rows of the other
    folds. The transformation is learned from all rows and meant for other tables, so it would encode this table
    differently. Rows without a target are ignored. For a text target with more than two classes the columns are known
    only after a run.

    Errors: 0011 for a selection that matches nothing, 0017 for a column that is neither text nor categorical, 0021 for
    fewer rows than folds, 0023 for a target with one value or more than 100 classes, 0033 for infinite numbers.

    Example: a city with prices 2 and 4 becomes about 3, closer to the overall mean if the city is rare.
    """

    fits = learn_target_encoding
    applies = apply_target_encoding

    columns: Columns = param(TEXT_FEATURES, label="Columns to encode")
    """The text or categorical columns to encode."""

    target: ColumnName = param("", label="Target column")
    """The target column."""

    smoothing: Literal["Automatic", "Fixed"] = param(AUTOMATIC, label="Smoothing")
    """How the mean of a rare value is shrunk towards the overall mean."""

    weight: float = param(10.0, ge=0, label="Smoothing rows", when={"smoothing": FIXED})
    """Weight of the overall mean, as a number of rows of the value."""

    folds: int = param(5, ge=2, label="Cross-fitting folds")
    """Number of folds for cross-fitting; each fold is encoded by the others."""

    seed: int = param(0, ge=0, le=4294967295, label="Random seed")
    """The same seed gives the same folds."""

    def arguments(self, dataset: Table | Schema) -> dict[str, Any]:
        target = chosen_column(self.target, dataset, TARGETS, "Target column")
        columns = [name for name in chosen(self.columns, dataset, TEXT, "Columns to encode") if name != target]
        if not columns:
            raise InvalidParameter("only the target is selected", "Choose others.", parameter="Columns to encode")
        smooth = "auto" if self.smoothing == AUTOMATIC else self.weight
        return {"columns": columns, "target": target, "smooth": smooth, "folds": self.folds, "seed": self.seed}

    def run(self, dataset: Table) -> Encoded:
        arguments = self.arguments(dataset)
        self._check(dataset[arguments["target"]].dropna())
        encoded, state = cross_encoded(dataset, **arguments)
        self._free(state, Schema.of(dataset))
        return Encoded(encoded, self.transformation(state))

    def fit(self, dataset: Table) -> dict[str, Any]:
        arguments = self.arguments(dataset)
        self._check(dataset[arguments["target"]].dropna())
        return learn_target_encoding(dataset, **arguments)

    def apply(self, state: Any, dataset: Table) -> Table:
        self._free(state, Schema.of(dataset))
        return apply_target_encoding(dataset, state)

    def infer_applied(self, state: Any, dataset: Schema) -> Schema:
        if state is not None:
            encoded = {name: list(new) for name, new in state["encodings"].items() if name in dataset}
            kept = dataset.drop([name for name, new in encoded.items() if name not in new])
            in_place = kept.map(_decimal, [name for name, new in encoded.items() if name in new])
            return in_place.append(
                *(Column(n, Kind.DECIMAL) for new in encoded.values() for n in new if n not in encoded)
            )
        names = chosen(self.columns, dataset, TEXT, "Columns to encode", lenient=True)
        names = [name for name in names if name != self.target]
        target = dataset.get(self.target)
        certain = target is not None and (target.kind not in TEXT or len(target.categories or "abc") <= 2)
        return dataset.map(_decimal, names) if certain else dataset.drop(names).open()

    def apply_onnx(self, state: Any, graph: OnnxGraph, dataset: TensorColumns) -> TensorColumns:
        present = {name: new for name, new in state["encodings"].items() if name in dataset}
        changed = {name: column for name, column in dataset.items() if name not in present or name in present[name]}
        for name, encodings in present.items():
            for new, (values, otherwise) in encodings.items():
                tensor = number_tensor(graph, dataset[name].tensor, values, otherwise)
                changed[new] = TensorColumn(tensor, Kind.DECIMAL, dataset[name].role)
        return changed

    def to_python(self, script: Script, *inputs: Variable, **named: Variable) -> tuple[str, ...]:
        (dataset,) = (*inputs, *named.values())
        _, transformation = super().to_python(script, dataset)
        both = script.call(cross_encoded, dataset, **self.arguments(dataset.schema), result="cross_encoded")
        encoded = script.variable("encoded")
        script.line(f"{encoded} = {both}[0]")
        return encoded, transformation

    def summary(self) -> str:
        return f"{self.columns} by {self.target}" if self.target else ""

    def _free(self, state: dict[str, Any], schema: Schema) -> None:
        new = [n for name, encoded in state["encodings"].items() if name in schema for n in encoded if n != name]
        require_free(new, schema.drop(state["encodings"]).names)

    def _check(self, target: pd.Series[Any]) -> None:
        if len(target) < self.folds:
            raise TooFewRows(
                f"only {counted(len(target), 'row')} with a target",
                f"{counted(self.folds, 'fold')} need as many.",
                parameter="Target column",
            )
        distinct = target.nunique()
        if distinct < 2:
            raise InvalidLabel("the target has one value", "Two are needed.", parameter="Target column")
        if target.dtype.kind == "f" and np.isinf(target).any():
            raise InfiniteValues("the target holds an infinite value", "Clip it first.", parameter="Target column")
        if distinct > 2 and target.dtype.name in ("int64", "Int64", "float64"):
            return
        if distinct > CLASS_LIMIT:
            raise InvalidLabel(
                f"the target has {counted(distinct, 'class')}", f"Use at most {CLASS_LIMIT}.", parameter="Target column"
            )
        if target.value_counts().max() < self.folds:
            raise InvalidLabel(
                f"no class of the target has {counted(self.folds, 'row')}",
                "Use fewer folds.",
                parameter="Cross-fitting folds",
            )


def _decimal(column: Column) -> Column:
    return replace(column, kind=Kind.DECIMAL, categories=None)
