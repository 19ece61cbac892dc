"""CatBoost's oblivious trees in an ONNX graph, in double precision.

Whether a split on a category holds depends on the category alone, as long as target statistics are of single columns.
So each such split becomes a column of zeros and ones, looked up by the code of the category; the outcomes are read
from the leaves that CatBoost itself chooses for each code.
"""

from __future__ import annotations

import json
import tempfile
from collections.abc import Mapping, Sequence
from itertools import pairwise
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np

from designer.contract.errors import NotExportable
from designer.contract.onnx import ElementType, OnnxGraph
from designer.contract.onnx_trees import TreeEnsemble
from designer_catboost.estimators import CatBoostEstimator

Outcomes = np.ndarray[Any, np.dtype[np.int64]]


class Split(NamedTuple):
    """A question to a column of the matrix: is it above the border?"""

    column: int
    border: float
    missing_is_above: bool = False


def emit_margins(graph: OnnxGraph, model: CatBoostEstimator, matrix: str) -> str:
    """The raw predictions: [N, 1] for regression and two classes, else [N, classes].

    Raises NotExportable for target statistics of combined columns.
    """
    document = _document(model)
    _refuse_combinations(document)
    trees = document["oblivious_trees"]
    scale, bias = document["scale_and_bias"]
    lookups = _Lookups(model)
    splits = [_splits(tree, number, document, lookups) for number, tree in enumerate(trees)]
    ensemble = TreeEnsemble(len(bias))
    for tree, asked in zip(trees, splits, strict=True):
        for target in range(len(bias)):
            _add_tree(ensemble, asked, tree["leaf_values"][target :: len(bias)], target)
    single = graph.node("Cast", graph.node("Cast", matrix, to=ElementType.FLOAT), to=ElementType.DOUBLE)
    sums = ensemble.emit(graph, lookups.emit(graph, matrix, single))
    scaled = graph.node("Mul", sums, graph.constant([[float(scale)]]))
    return str(graph.node("Add", scaled, graph.constant([[float(value) for value in bias]])))


class _Lookups:
    """The outcomes of splits on categories, each a column to the right of the matrix."""

    def __init__(self, model: CatBoostEstimator) -> None:
        self._width = model.n_features_in_
        self._columns = [*(model.categorical_features or ())]
        counts = model.category_counts_
        ends = np.cumsum([0, *(count + 1 for count in counts)])
        self._blocks = [slice(start, end) for start, end in pairwise(ends)]
        codes = np.zeros((int(ends[-1]), self._width))
        codes[:, self._columns] = np.nan
        for column, block, count in zip(self._columns, self._blocks, counts, strict=True):
            codes[block, column] = [*range(count), np.nan]
        self._leaves = model.trained().calc_leaf_indexes(model.rows(codes)).astype("int64") if len(codes) else None
        self._places: dict[tuple[int, bytes], int] = {}
        self._tables: list[tuple[int, Outcomes]] = []

    def split(self, tree: int, level: int) -> Split:
        """The split of a tree at a level, asked of the column of its outcomes."""
        assert self._leaves is not None
        outcomes = self._leaves[:, tree] >> level & 1
        varying = [i for i, block in enumerate(self._blocks) if np.ptp(outcomes[block])]
        which = varying[0] if varying else 0
        table = outcomes[self._blocks[which]]
        key = (which, table.tobytes())
        if key not in self._places:
            self._places[key] = len(self._tables)
            self._tables.append((which, table))
        return Split(self._width + self._places[key], 0.5)

    def emit(self, graph: OnnxGraph, matrix: str, single: str) -> str:
        """The matrix in single precision with the outcomes beside it."""
        parts = [single, *(self._outcome(graph, matrix, which, table) for which, table in self._tables)]
        return single if len(parts) == 1 else str(graph.node("Concat", *parts, axis=1))

    def _outcome(self, graph: OnnxGraph, matrix: str, which: int, table: Outcomes) -> str:
        column = graph.constant([self._columns[which]], np.int64)
        code = graph.node("Gather", matrix, column, axis=1)
        unknown = graph.constant([[float(len(table) - 1)]])
        place = graph.where(graph.node("IsNaN", code), unknown, code)
        return str(graph.node("Gather", graph.constant(table), graph.node("Cast", place, to=ElementType.INT64), axis=0))


def _document(model: CatBoostEstimator) -> dict[str, Any]:
    """The model as CatBoost writes it in JSON."""
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "model.json"
        model.trained().save_model(str(file), format="json")
        return dict(json.loads(file.read_text(encoding="utf-8")))


def _refuse_combinations(document: Mapping[str, Any]) -> None:
    for statistic in document["features_info"].get("ctrs", ()):
        if len(statistic["elements"]) > 1:
            raise NotExportable(
                "its trees ask about target statistics of combined columns, which have no ONNX form",
                "Set Largest number of combined columns to 1.",
            )


def _splits(tree: Mapping[str, Any], number: int, document: Mapping[str, Any], lookups: _Lookups) -> list[Split]:
    numbers = document["features_info"].get("float_features", ())
    splits = []
    for level, split in enumerate(tree.get("splits") or ()):
        if split["split_type"] == "FloatFeature":
            feature = numbers[split["float_feature_index"]]
            above = feature["nan_value_treatment"] == "AsTrue"
            splits.append(Split(feature["flat_feature_index"], float(np.float32(split["border"])), above))
        else:
            splits.append(lookups.split(number, level))
    return splits


def _add_tree(ensemble: TreeEnsemble, splits: Sequence[Split], values: Sequence[float], target: int) -> None:
    """An oblivious tree: all nodes of a level ask the same; a yes sets the level's bit in the number of the leaf."""

    def grow(level: int, leaf: int) -> tuple[int, bool]:
        if level == len(splits):
            return ensemble.leaf(target, values[leaf]), True
        split = splits[level]
        node = ensemble.split(split.column, split.border, not split.missing_is_above)
        for is_above in (False, True):
            ensemble.branch(node, not is_above, *grow(level + 1, leaf | is_above << level))
        return node, False

    ensemble.root(*grow(0, 0))
