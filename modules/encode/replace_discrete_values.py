"""Replace Discrete Values: encode a value by the statistics of a second column."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, NamedTuple

import numpy as np
import pandas as pd

from designer.contract.errors import InfiniteValues, InvalidParameter, TooManyCategories
from designer.contract.estimator import Transform
from designer.contract.onnx import OnnxGraph, TensorColumn, TensorColumns
from designer.contract.parameters import param
from designer.contract.schema import Column, Kind, Schema
from designer.contract.selection import ColumnName, Columns
from designer.contract.values import Table, Transformation
from designer.contract.wording.counting import counted

from ..columns.cells import numbers, with_columns
from ..columns.chosen import NUMBERS, TEXT, chosen, chosen_column, require_free
from ..reshape.aggregation import without_group_rounding
from ..reshape.groups import by_number
from .lookup import TEXT_FEATURES, Coded, coded, looked_up, number_tensor

CLASS_LIMIT = 1000
REFERENCES = (Kind.STRING, Kind.CATEGORICAL, Kind.BOOLEAN, *NUMBERS)


def learn_scores(
    dataset: pd.DataFrame, columns: list[str], reference: str, keep: bool, known: Mapping[str, Coded] | None = None
) -> dict[str, Any]:
    """For each column its new columns, each with the number per value.

    `known` holds precomputed results of `coded` by column.
    """
    target = dataset[reference]
    usable = target.notna().to_numpy() if target.hasnans else None
    target = target if usable is None else target[usable]
    is_number = target.dtype.name in ("int64", "Int64", "float64")
    classes = [] if is_number else classes_of(dataset[reference])
    scores: dict[str, Any] = {}
    for name in columns:
        codes, texts = coded(dataset[name]) if known is None else known[name]
        codes = codes if usable is None else codes[usable]
        seen = np.bincount(codes + 1, minlength=len(texts) + 1)[1:] > 0
        order = sorted((place for place in range(len(texts)) if seen[place]), key=texts.__getitem__)
        groups = (target, codes, len(texts))
        figures = means_by(*groups) if is_number else shares_by(*groups, classes)
        scores[name] = {
            f"{title}|{name})": {texts[place]: float(figure[place]) for place in order}
            for title, figure in figures.items()
        }
    return {"scores": scores, "keep": keep}


def means_by(series: pd.Series[Any], codes: np.ndarray[Any, Any], count: int) -> dict[str, Any]:
    """Mean and sample deviation of the numbers of each value."""
    grouped = numbers(series).groupby(by_number(codes, count), observed=False)
    spreads = without_group_rounding(grouped.std(), grouped)
    return {f"Mean({series.name}": grouped.mean().to_numpy(), f"Std({series.name}": spreads.to_numpy()}


def shares_by(series: pd.Series[Any], codes: np.ndarray[Any, Any], count: int, classes: list[str]) -> dict[str, Any]:
    """The share of each class in the rows of each value."""
    places = {label: place for place, label in enumerate(classes)}
    cells, labels = coded(series)
    there = codes >= 0
    pairs = codes[there] * len(classes) + np.array([places[label] for label in labels], dtype="int64")[cells[there]]
    counts = np.bincount(pairs, minlength=count * len(classes)).reshape(count, len(classes))
    with np.errstate(invalid="ignore"):
        shares = counts / counts.sum(axis=1, keepdims=True)
    return {f"P({series.name}={label}": shares[:, place] for label, place in places.items()}


def classes_of(series: pd.Series[Any]) -> list[str]:
    """The classes of a reference column: its levels, false and true, or its sorted distinct values."""
    if series.dtype.name == "category":
        return [str(value) for value in series.cat.categories]
    if series.dtype.name in ("bool", "boolean"):
        return ["False", "True"]
    return sorted(str(value) for value in series.dropna().unique())


def apply_scores(
    dataset: pd.DataFrame, learned: dict[str, Any], known: Mapping[str, Coded] | None = None
) -> pd.DataFrame:
    """Append the new columns; an unseen value is missing. Columns missing from the table are skipped."""
    present = [name for name in learned["scores"] if name in dataset.columns]
    gone = set() if learned["keep"] else set(present)
    new: dict[str, Any] = {}
    for name in present:
        tables = {title: (values, float("nan")) for title, values in learned["scores"][name].items()}
        new |= looked_up(dataset[name], tables, None if known is None else known[name])
    return with_columns(dataset[[name for name in dataset.columns if name not in gone]], new)


class Replaced(NamedTuple):
    """The outputs of Replace Discrete Values."""

    supplemented_dataset: Table
    transformation_function: Transformation


class ReplaceDiscreteValues(
    Transform,
    category="Statistical Functions",
    icon="replace",
    synonyms=("conditional probability", "likelihood encoding", "impact coding", "probability score", "mean encoding"),
):
    """Replace the values of a column by statistics of a second column: class probabilities, or mean and deviation.

    Where the second column is text, categorical or true/false, there is one new column per class,
    `P(<second>=<class>|<column>)`, the share of the class among the rows with that value. Where it is numeric there are
    `Mean(<second>|<column>)` and `Std(<second>|<column>)`, the sample standard deviation. Rows with a missing cell in
    the second column are ignored. Missing and unseen values become missing; the deviation of a value with one row is
    missing. The transformation applies the same encoding to other tables, which need not have the second column. New
    columns are known before a run unless the second column is text.

    If the second column is the label, fit this on training rows only, or use Target Encoding, which prevents leakage.

    Errors: 0011 for a selection that matches nothing, 0008 if the second column is among the replaced ones, 0014 for a
    second column with more than 1,000 classes, 0017 for a column that is neither text nor categorical, 0028 if a new
    column name is taken, 0033 for infinite numbers.

    Example: of four cars with two doors, one is a sedan: `P(body=sedan|doors)` is 0.25 for them.
    """

    fits = learn_scores
    applies = apply_scores

    columns: Columns = param(TEXT_FEATURES, label="Columns to replace")
    """The text or categorical columns to encode."""

    reference: ColumnName = param("", label="Replacement column")
    """The second column, whose statistics replace the values."""

    keep: bool = param(False, label="Keep the replaced columns")
    """Keep the replaced columns in the table."""

    def arguments(self, dataset: Table | Schema) -> dict[str, Any]:
        reference = chosen_column(self.reference, dataset, REFERENCES, "Replacement column")
        columns = chosen(self.columns, dataset, TEXT, "Columns to replace")
        if reference in columns and reference in self.columns.mentioned:
            raise InvalidParameter(
                f"'{reference}' is among the columns to replace",
                "Choose another column.",
                parameter="Replacement column",
            )
        columns = [name for name in columns if name != reference]
        if not columns:
            raise InvalidParameter(
                "only the replacement column is left", "Choose others.", parameter="Columns to replace"
            )
        return {"columns": columns, "reference": reference, "keep": self.keep}

    def run(self, dataset: Table) -> Replaced:
        return Replaced(*self.fitted(dataset))

    def fitted(self, dataset: Table) -> tuple[Table, Transformation]:
        """Fit and transform a table, coding its texts only once."""
        known = {name: coded(dataset[name]) for name in self.arguments(dataset)["columns"]}
        state = self.fit(dataset, known)
        return self.apply(state, dataset, known), self.transformation(state)

    def fit(self, dataset: Table, known: Mapping[str, Coded] | None = None) -> dict[str, Any]:
        arguments = self.arguments(dataset)
        series = dataset[arguments["reference"]]
        if series.dtype.kind == "f" and np.isinf(series).any():
            raise InfiniteValues(
                f"column '{self.reference}' holds an infinite value", "Clip it first.", parameter="Replacement column"
            )
        if Schema.of(dataset)[self.reference].kind in TEXT and len(classes_of(series)) > CLASS_LIMIT:
            raise TooManyCategories(
                f"column '{self.reference}' has {counted(len(classes_of(series)), 'class')}",
                f"Use one with at most {CLASS_LIMIT:,}.",
                parameter="Replacement column",
                column=self.reference,
            )
        return learn_scores(dataset, **arguments, known=known)

    def apply(self, state: Any, dataset: Table, known: Mapping[str, Coded] | None = None) -> Table:
        schema = Schema.of(dataset)
        present = {name: titles for name, titles in state["scores"].items() if name in schema}
        kept = schema.names if self.keep else [name for name in schema.names if name not in present]
        require_free([title for titles in present.values() for title in titles], kept)
        return apply_scores(dataset, state, known)

    def infer_applied(self, state: Any, dataset: Schema) -> Schema:
        if state is not None:
            new = {name: list(titles) for name, titles in state["scores"].items() if name in dataset}
            return self._after(dataset, new)
        names = chosen(self.columns, dataset, TEXT, "Columns to replace", lenient=True)
        names = [name for name in names if name != self.reference]
        reference = dataset.get(self.reference)
        if reference is None or (reference.kind in TEXT and reference.categories is None):
            return self._after(dataset, {name: [] for name in names}).open()
        if reference.kind in NUMBERS:
            return self._after(dataset, {n: [f"{f}({self.reference}|{n})" for f in ("Mean", "Std")] for n in names})
        classes = ("False", "True") if reference.categories is None else reference.categories
        return self._after(dataset, {n: [f"P({self.reference}={c}|{n})" for c in classes] for n in names})

    def apply_onnx(self, state: Any, graph: OnnxGraph, dataset: TensorColumns) -> TensorColumns:
        present = {name: titles for name, titles in state["scores"].items() if name in dataset}
        changed = {name: column for name, column in dataset.items() if self.keep or name not in present}
        for name, titles in present.items():
            for title, values in titles.items():
                tensor = number_tensor(graph, dataset[name].tensor, values, float("nan"))
                changed[title] = TensorColumn(tensor, Kind.DECIMAL)
        return changed

    def summary(self) -> str:
        return f"{self.columns} by {self.reference}" if self.reference else ""

    def _after(self, dataset: Schema, new: dict[str, list[str]]) -> Schema:
        kept = dataset if self.keep else dataset.drop(new)
        return kept.append(*(Column(title, Kind.DECIMAL) for titles in new.values() for title in titles))
