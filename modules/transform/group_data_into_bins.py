"""Group Data into Bins: replace numbers by the number of their bin."""

from __future__ import annotations

import itertools
from dataclasses import replace
from typing import Any, Literal, NamedTuple

import numpy as np
import pandas as pd

from designer.contract.errors import DuplicateColumns, InvalidParameter, NotSorted
from designer.contract.estimator import Transform
from designer.contract.onnx import MISSING, OnnxGraph, TensorColumn, TensorColumns
from designer.contract.parameters import param
from designer.contract.schema import Column, Kind, Schema
from designer.contract.selection import Columns
from designer.contract.spread import quantile_edges
from designer.contract.values import Table, Transformation

from ..columns.cells import numbers, with_columns
from ..columns.chosen import NUMBERS, chosen, require_finite

QUANTILES, WIDTH, CUSTOM = "Quantiles", "Equal Width", "Custom Edges"


def find_edges(
    dataset: pd.DataFrame, columns: list[str], mode: str, bins: int, edges: list[float], **written: Any
) -> dict[str, Any]:
    """The inner edges of each column's bins."""
    edges_by_column: dict[str, list[float]] = {}
    for name in columns:
        cells = numbers(dataset[name]).dropna().to_numpy()
        if mode == "Custom Edges" or len(cells) == 0:
            edges_by_column[name] = list(edges)
        elif mode == "Quantiles":
            edges_by_column[name] = quantile_edges(cells, bins)
        else:
            edges_by_column[name] = np.linspace(cells.min(), cells.max(), bins + 1)[1:-1].tolist()
    return {"edges": edges_by_column, "levels": len(edges) + 1 if mode == "Custom Edges" else bins, **written}


def apply_edges(dataset: pd.DataFrame, learned: dict[str, Any]) -> pd.DataFrame:
    """Replace each cell by its bin in the chosen form; columns missing from the table are skipped."""
    binned = {}
    values = bin_values(learned["levels"], learned["form"])
    for name, edges in learned["edges"].items():
        if name not in dataset.columns:
            continue
        cells = numbers(dataset[name])
        places = np.where(cells.isna(), -1, np.searchsorted(edges, cells.to_numpy(), side="left"))
        if learned["categorical"]:
            column = pd.Series(pd.Categorical.from_codes(places, categories=pd.Index(values)), index=dataset.index)
        else:
            column = pd.Series(np.append(values, np.nan)[places], index=dataset.index)
            if learned["form"] == "QuantileIndex":
                column = column.astype("Int64" if (places < 0).any() else "int64")
        binned[name if learned["output"] == "Inplace" else f"{name}_quantized"] = column
    return with_columns(dataset[[]] if learned["output"] == "ResultOnly" else dataset, binned)


def empty_bins(cells: np.ndarray[Any, Any], edges: list[float]) -> list[int]:
    """The empty bins, from 1; none for a column without cells."""
    known = cells[~np.isnan(cells)]
    filled = np.bincount(np.searchsorted(edges, known, side="left"), minlength=len(edges) + 1)
    return (np.flatnonzero(filled == 0) + 1).tolist() if len(known) else []


def _bins_named(bins: list[int]) -> str:
    shown = ", ".join(map(str, bins[:10])) + (", ..." if len(bins) > 10 else "")
    return f"bin{'s' if len(bins) > 1 else ''} {shown}"


def bin_values(levels: int, form: str) -> list[Any]:
    """The label of each bin i: i, i / (n + 1), or that times 100."""
    indices = range(1, levels + 1)
    if form == "QuantileIndex":
        return list(indices)
    return [index / (levels + 1) * (100 if form == "Percent" else 1) for index in indices]


class Binned(NamedTuple):
    """The outputs of Group Data into Bins."""

    quantized_dataset: Table
    binning_transformation: Transformation


class GroupDataIntoBins(
    Transform,
    category="Data Transformation",
    icon="chart-column",
    synonyms=("discretize", "quantize", "histogram", "cut", "qcut"),
):
    """Replace each number by the number of its bin.

    *Quantiles* makes bins with about equal numbers of rows, *Equal Width* divides the range into equal parts, *Custom
    Edges* makes n + 1 bins from n edges. Bins count from 1; an edge belongs to the bin below it (x <= edge). For
    quantiles the bin i of n is written as PQuantile i / (n + 1), as Percent that times 100, or as QuantileIndex i.
    Appended columns are named `<column>_quantized`; categorical results have one level for each bin. Missing values
    stay missing, and values outside the range seen here fall into the first or the last bin. If many rows have the same
    value, edges tie and bins stay empty: the log lists them. The transformation uses the same edges.

    Errors: 0017 for a non-numeric column, 0019 for edges that do not ascend, 0002 for an edge that is not a number.

    Example: ages 20, 35, 70 with custom edges `30, 60` lie in the bins 1, 2, 3.
    """

    fits = find_edges
    applies = apply_edges

    mode: Literal["Quantiles", "Equal Width", "Custom Edges"] = param(QUANTILES, label="Binning mode")
    """How to choose the edges."""

    bins: int = param(10, ge=1, le=100_000, label="Number of bins", when={"mode": (QUANTILES, WIDTH)})
    """Number of bins."""

    normalization: Literal["Percent", "PQuantile", "QuantileIndex"] = param(
        "Percent", label="Quantile normalization", when={"mode": QUANTILES}
    )
    """The form of the bin number."""

    edges: str = param("", label="Comma-separated list of bin edges", when={"mode": CUSTOM})
    """The inner edges, in ascending order."""

    columns: Columns = param(Columns.of_kind("Numeric"), label="Columns to bin")
    """The numeric columns to bin."""

    output_mode: Literal["Append", "Inplace", "ResultOnly"] = param("Append")
    """Append new columns, overwrite the originals, or output the new ones only."""

    categorical: bool = param(True, label="Tag columns as categorical")
    """Make the results categorical, with one level per bin."""

    def arguments(self, dataset: Table | Schema) -> dict[str, Any]:
        edges = self._edges() if self.mode == CUSTOM else []
        return {
            "columns": chosen(self.columns, dataset, NUMBERS, "Columns to bin"),
            "mode": self.mode,
            "bins": self.bins,
            "edges": edges,
            **self._written(),
        }

    @property
    def learns(self) -> bool:
        """Edges are learned from the rows, unless given."""
        return self.mode != CUSTOM

    def fit(self, dataset: Table) -> dict[str, Any]:
        arguments = self.arguments(dataset)
        if self.mode != CUSTOM:
            require_finite(dataset, arguments["columns"], "Columns to bin")
        return find_edges(dataset, **arguments)

    def run(self, dataset: Table) -> Binned:
        return Binned(*self.fitted(dataset))

    def apply(self, state: Any, dataset: Table) -> Table:
        taken = [n for n in self._new_names(state["edges"]) if n in dataset.columns and self.output_mode == "Append"]
        if taken:
            raise DuplicateColumns(f"there is a column '{taken[0]}' already", "Rename it first.")
        return apply_edges(dataset, state)

    def explain(self, inputs: Any, outputs: Any) -> str:
        """Which bins are empty, and why."""
        state, dataset = outputs["binning_transformation"].state, inputs["dataset"]
        empty = {name: empty_bins(numbers(dataset[name]).to_numpy(), edges) for name, edges in state["edges"].items()}
        parts = [f"{_bins_named(bins)} of '{name}'" for name, bins in empty.items() if bins]
        why = (
            " (many rows have the same value, and an edge belongs to the bin below it)"
            if self.mode == QUANTILES
            else ""
        )
        return f"No row is in {'; '.join(parts)}{why}." if parts else ""

    def infer_applied(self, state: Any, dataset: Schema) -> Schema:
        selected = chosen(self.columns, dataset, NUMBERS, "Columns to bin", lenient=True) if state is None else []
        names = [name for name in (selected if state is None else state["edges"]) if name in dataset]
        levels = state["levels"] if state else len(self._edges()) + 1 if self.mode == CUSTOM else self.bins
        form = self._written()["form"]
        kind = Kind.INTEGER if form == "QuantileIndex" else Kind.DECIMAL
        categories = tuple(map(str, bin_values(levels, form))) if self.categorical else None
        kind = Kind.CATEGORICAL if self.categorical else kind
        if self.output_mode == "Inplace":
            return dataset.map(lambda column: replace(column, kind=kind, categories=categories), names)
        new = [Column(name, kind, categories=categories) for name in self._new_names(names)]
        return dataset.append(*new) if self.output_mode == "Append" else Schema(tuple(new), dataset.complete)

    def apply_onnx(self, state: Any, graph: OnnxGraph, dataset: TensorColumns) -> TensorColumns:
        values = bin_values(state["levels"], state["form"])
        kind = Kind.INTEGER if state["form"] == "QuantileIndex" else Kind.DECIMAL
        binned = {}
        for name, edges in state["edges"].items():
            if name in dataset:
                place = _bin_tensor(graph, dataset[name].tensor, edges)
                settings: dict[str, Any] = {"keys_int64s": list(range(len(values))), "default_string": MISSING}
                if state["categorical"]:
                    tensor = graph.ml("LabelEncoder", place, values_strings=list(map(str, values)), **settings)
                else:
                    row = graph.constant([*values, np.nan])
                    tensor = graph.node("Gather", row, place, axis=0)
                target = name if self.output_mode == "Inplace" else f"{name}_quantized"
                binned[target] = TensorColumn(tensor, Kind.CATEGORICAL if state["categorical"] else kind)
        return binned if self.output_mode == "ResultOnly" else {**dataset, **binned}

    def _new_names(self, names: Any) -> list[str]:
        return [f"{name}_quantized" for name in names]

    def _written(self) -> dict[str, Any]:
        form = self.normalization if self.mode == QUANTILES else "QuantileIndex"
        return {"form": form, "output": self.output_mode, "categorical": self.categorical}

    def _edges(self) -> list[float]:
        try:
            edges = [float(part) for part in self.edges.split(",") if part.strip()]
        except ValueError:
            edges = []
        if not edges or not np.isfinite(edges).all():
            raise InvalidParameter(
                f"'{self.edges}' is not a list of numbers",
                "Write numbers like 10, 20, 30.",
                parameter="Comma-separated list of bin edges",
                code="0002",
            )
        if any(a >= b for a, b in itertools.pairwise(edges)):
            raise NotSorted(
                f"the edges {self.edges} do not ascend", "Sort them.", parameter="Comma-separated list of bin edges"
            )
        return edges


def _bin_tensor(graph: OnnxGraph, cells: str, edges: list[float]) -> str:
    """The bin index of each cell from 0, -1 if missing."""
    missing = graph.node("IsNaN", cells)
    if edges:
        above = graph.node("Cast", graph.node("Greater", cells, graph.constant([edges])), to=7)
        place = graph.node("ReduceSum", above, graph.constant([1], np.int64), keepdims=1)
    else:
        place = graph.node("Cast", graph.where(missing, graph.constant([[0.0]]), graph.node("Sub", cells, cells)), to=7)
    return graph.where(missing, graph.constant([[-1]], np.int64), place)
