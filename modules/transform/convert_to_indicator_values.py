"""Convert to Indicator Values: one-hot encode categorical columns."""

from __future__ import annotations

from typing import Any, NamedTuple

import pandas as pd

from designer.contract.errors import NotCategorical
from designer.contract.estimator import Transform
from designer.contract.onnx import OnnxGraph, TensorColumn, TensorColumns
from designer.contract.parameters import param
from designer.contract.schema import Column, Kind, Schema
from designer.contract.selection import Columns
from designer.contract.values import Table, Transformation

from ..columns.cells import with_columns
from ..columns.chosen import require_free


def learn_indicators(dataset: pd.DataFrame, columns: list[str], overwrite: bool) -> dict[str, Any]:
    """The categories of each column as text, and whether it has missing cells."""
    categories = {name: [str(value) for value in dataset[name].cat.categories] for name in columns}
    return {
        "categories": categories,
        "missing": [name for name in columns if dataset[name].hasnans],
        "overwrite": overwrite,
    }


def apply_indicators(dataset: pd.DataFrame, learned: dict[str, Any]) -> pd.DataFrame:
    """One indicator column per category; an unseen category sets none."""
    indicators = {}
    present = [name for name in learned["categories"] if name in dataset.columns]
    for name in present:
        codes = category_codes(dataset[name], learned["categories"][name])
        for code, value in enumerate(learned["categories"][name]):
            indicators[f"{name}- {value}"] = (codes == code).astype("int64")
        if name in learned["missing"]:
            indicators[f"{name}- Missing"] = dataset[name].isna().astype("int64")
    gone = set(present) if learned["overwrite"] else set()
    return with_columns(dataset[[name for name in dataset.columns if name not in gone]], indicators)


def category_codes(series: pd.Series[Any], categories: list[str]) -> pd.Series[Any]:
    """The position of each cell among the categories, -1 if missing or unseen."""
    if series.dtype.name != "category":
        series = series.astype("category")
    places = {value: place for place, value in enumerate(categories)}
    codes = [places.get(str(value), -1) for value in series.cat.categories]
    return pd.Series(pd.Series([*codes, -1]).to_numpy()[series.cat.codes.to_numpy()], index=series.index)


class Indicated(NamedTuple):
    """The outputs of Convert to Indicator Values."""

    results_dataset: Table
    indicator_values_transformation: Transformation


class ConvertToIndicatorValues(
    Transform,
    category="Data Transformation",
    icon="binary",
    encodes_values=True,
    synonyms=("one-hot", "dummy variables", "get_dummies", "encode"),
):
    """One-hot encode categorical columns: one column of zeros and ones per category.

    New columns are named `<column>- <value>`, in the order of the categories, and appended. Missing values get their
    own indicator, `<column>- Missing`, if the column has any. Make text or numbers categorical with Edit Metadata
    first. The transformation creates the same columns for other tables: an unseen category sets none of them. Indicator
    columns are known before a run only if the categories are.

    Errors: 0056 for a column that is not categorical, 0028 if a new column name is taken.

    Example: `Failure` with Low and High becomes `Failure- High` and `Failure- Low`.
    """

    fits = learn_indicators
    applies = apply_indicators

    columns: Columns = param(Columns(), label="Categorical columns to convert")
    """The categorical columns to encode."""

    overwrite: bool = param(False, label="Overwrite categorical columns")
    """Drop the encoded columns, keeping only their indicators."""

    def arguments(self, dataset: Table | Schema) -> dict[str, Any]:
        schema = dataset if isinstance(dataset, Schema) else Schema.of(dataset)
        names = self.columns.of(schema)
        for name in names:
            if schema[name].kind is not Kind.CATEGORICAL:
                raise NotCategorical(
                    f"column '{name}' is {schema[name].kind}, not categorical",
                    "Make it categorical with Edit Metadata.",
                    parameter="Categorical columns to convert",
                    column=name,
                )
        return {"columns": names, "overwrite": self.overwrite}

    def run(self, dataset: Table) -> Indicated:
        return Indicated(*self.fitted(dataset))

    @property
    def learns(self) -> bool:
        """The categories come from the column's type, not from its rows."""
        return False

    def apply(self, state: Any, dataset: Table) -> Table:
        present = {**state, "categories": {n: c for n, c in state["categories"].items() if n in dataset.columns}}
        require_free(_indicator_names(present), list(dataset.columns))
        return apply_indicators(dataset, state)

    def infer_applied(self, state: Any, dataset: Schema) -> Schema:
        if state is None:
            names = [n for n in self.columns.of(dataset, allow_empty=True) if dataset[n].kind is Kind.CATEGORICAL]
            state = {"categories": {n: list(dataset[n].categories or ()) for n in names}, "missing": []}
            indicated = self._after(state, dataset)
            return indicated.open() if names else indicated
        return self._after(state, dataset)

    def apply_onnx(self, state: Any, graph: OnnxGraph, dataset: TensorColumns) -> TensorColumns:
        indicated = {n: c for n, c in dataset.items() if not (self.overwrite and n in state["categories"])}
        for name, categories in state["categories"].items():
            if name not in dataset:
                continue
            for value in categories:
                hit = graph.node("Equal", dataset[name].tensor, graph.constant([[value]], object))
                indicated[f"{name}- {value}"] = TensorColumn(graph.node("Cast", hit, to=11), Kind.INTEGER)
            if name in state["missing"]:
                missing = graph.node("Cast", graph.is_missing(dataset[name]), to=11)
                indicated[f"{name}- Missing"] = TensorColumn(missing, Kind.INTEGER)
        return indicated

    def _after(self, state: dict[str, Any], dataset: Schema) -> Schema:
        present = {**state, "categories": {n: c for n, c in state["categories"].items() if n in dataset}}
        kept = dataset.drop(present["categories"]) if self.overwrite else dataset
        return kept.append(*(Column(name, Kind.INTEGER) for name in _indicator_names(present)))


def _indicator_names(state: dict[str, Any]) -> list[str]:
    names = []
    for column, categories in state["categories"].items():
        names += [f"{column}- {value}" for value in categories]
        names += [f"{column}- Missing"] if column in state["missing"] else []
    return names
