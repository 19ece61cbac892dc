"""Trees in an ONNX graph: ai.onnx.ml 5 TreeEnsemble in double precision."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from designer.contract.onnx import ElementType, OnnxGraph

_LESS_OR_EQUAL, _MEMBER = 0, 6
_SUM = 1
_NO_CATEGORY = -1.0


class Ensemble:
    """A tree ensemble under construction: nodes and leaves as parallel lists, as in the operator's attributes."""

    def __init__(self, targets: int) -> None:
        self._targets = targets
        self._roots: list[int] = []
        self._features: list[int] = []
        self._thresholds: list[float] = []
        self._modes: list[int] = []
        self._branches: dict[bool, list[int]] = {True: [], False: []}
        self._leaf_marks: dict[bool, list[int]] = {True: [], False: []}
        self._missing_left: list[int] = []
        self._members: list[float] = []
        self._leaf_targets: list[int] = []
        self._leaf_weights: list[float] = []

    def leaf(self, target: int, weight: float) -> int:
        """A leaf that adds `weight` to `target`."""
        self._leaf_targets.append(target)
        self._leaf_weights.append(float(weight))
        return len(self._leaf_targets) - 1

    def split(self, feature: int, threshold: float, missing_left: bool, members: Sequence[int] | None = None) -> int:
        """A split node: at most the threshold, or membership. `branch` sets its children."""
        self._features.append(int(feature))
        self._thresholds.append(0.0 if members is not None else float(threshold))
        self._modes.append(_LESS_OR_EQUAL if members is None else _MEMBER)
        self._missing_left.append(int(missing_left))
        if members is not None:
            self._members += [*(map(float, members) if members else (_NO_CATEGORY,)), np.nan]
        for side in (True, False):
            self._branches[side].append(0)
            self._leaf_marks[side].append(0)
        return len(self._features) - 1

    def branch(self, node: int, left: bool, target: int, is_leaf: bool) -> None:
        """Set the left (true) or right (false) child of a node."""
        self._branches[left][node] = target
        self._leaf_marks[left][node] = int(is_leaf)

    def root(self, node: int, is_leaf: bool) -> None:
        """Add a root; a single-leaf tree becomes a split with equal children."""
        if is_leaf:
            leaf, node = node, self.split(0, 0.0, missing_left=True)
            self.branch(node, True, leaf, True)
            self.branch(node, False, leaf, True)
        self._roots.append(node)

    def emit(self, graph: OnnxGraph, matrix: str) -> str:
        """The sums [N, targets]."""
        extra = {"membership_values": _tensor(self._members)} if self._members else {}
        return str(
            graph.ml(
                "TreeEnsemble",
                matrix,
                n_targets=self._targets,
                aggregate_function=_SUM,
                post_transform=0,
                tree_roots=self._roots,
                nodes_featureids=self._features,
                nodes_splits=_tensor(self._thresholds),
                nodes_modes=np.array(self._modes, dtype=np.uint8),
                nodes_truenodeids=self._branches[True],
                nodes_falsenodeids=self._branches[False],
                nodes_trueleafs=self._leaf_marks[True],
                nodes_falseleafs=self._leaf_marks[False],
                nodes_missing_value_tracks_true=self._missing_left,
                leaf_targetids=self._leaf_targets,
                leaf_weights=_tensor(self._leaf_weights),
                **extra,
            )
        )


def add_tree(ensemble: Ensemble, tree: Any, output: int, target: int, scale: float = 1.0) -> None:
    """A scikit-learn tree, by the column `output` of its leaf values."""
    missing_left = tree.__getstate__()["nodes"]["missing_go_to_left"]
    leaves = tree.children_left == -1
    places = [
        ensemble.leaf(target, tree.value[i].ravel()[output] * scale)
        if leaves[i]
        else ensemble.split(tree.feature[i], tree.threshold[i], bool(missing_left[i]))
        for i in range(tree.node_count)
    ]
    for i in np.flatnonzero(~leaves):
        for left, child in ((True, tree.children_left[i]), (False, tree.children_right[i])):
            ensemble.branch(places[i], left, places[child], bool(leaves[child]))
    ensemble.root(places[0], bool(leaves[0]))


def add_depths(ensemble: Ensemble, tree: Any, columns: Any) -> None:
    """A tree of an isolation forest: each leaf adds its depth and the expected remaining depth of its rows."""
    leaves, depths = tree.children_left == -1, _depths(tree)
    places = [
        ensemble.leaf(0, depths[i] + average_path(int(tree.n_node_samples[i])))
        if leaves[i]
        else ensemble.split(columns[tree.feature[i]], tree.threshold[i], missing_left=False)
        for i in range(tree.node_count)
    ]
    for i in np.flatnonzero(~leaves):
        for left, child in ((True, tree.children_left[i]), (False, tree.children_right[i])):
            ensemble.branch(places[i], left, places[child], bool(leaves[child]))
    ensemble.root(places[0], bool(leaves[0]))


def _depths(tree: Any) -> np.ndarray[Any, Any]:
    depths = np.zeros(tree.node_count)
    for i in range(tree.node_count):
        for child in (tree.children_left[i], tree.children_right[i]):
            if child != -1:
                depths[child] = depths[i] + 1
    return depths


def average_path(rows: int) -> float:
    """The expected path length that isolates one of n rows."""
    if rows <= 2:
        return max(0.0, rows - 1.0)
    return float(2.0 * (np.log(rows - 1.0) + np.euler_gamma) - 2.0 * (rows - 1.0) / rows)


def emit_forest(graph: OnnxGraph, trees: list[Any], matrix: str, outputs: range) -> str:
    """The mean over scikit-learn trees of the leaf values in the columns `outputs`: [N, outputs]."""
    rounded = graph.node("Cast", graph.node("Cast", matrix, to=ElementType.FLOAT), to=ElementType.DOUBLE)
    ensemble = Ensemble(len(outputs))
    for target, output in enumerate(outputs):
        for tree in trees:
            add_tree(ensemble, tree, output, target)
    return str(graph.node("Div", ensemble.emit(graph, rounded), graph.constant([[float(len(trees))]])))


def emit_boosting(graph: OnnxGraph, model: Any, matrix: str) -> str:
    """The raw predictions of histogram gradient boosting: [N, trees of an iteration]."""
    baseline = np.asarray(model._baseline_prediction, dtype=float).reshape(1, -1)
    ensemble = Ensemble(baseline.shape[1])
    for iteration in model._predictors:
        for target, predictor in enumerate(iteration):
            _add_boosted(ensemble, predictor, target)
    return str(graph.node("Add", ensemble.emit(graph, matrix), graph.constant(baseline)))


def emit_boosted_bag(graph: OnnxGraph, bag: Any, matrix: str) -> str:
    """The mean of boosted regressors that all use every column: [N, 1]."""
    ensemble = Ensemble(1)
    for model in bag.estimators_:
        for iteration in model._predictors:
            _add_boosted(ensemble, iteration[0], 0)
    base = float(sum(np.asarray(model._baseline_prediction).item() for model in bag.estimators_))
    total = graph.node("Add", ensemble.emit(graph, matrix), graph.constant([[base]]))
    return str(graph.node("Div", total, graph.constant([[float(len(bag.estimators_))]])))


def _add_boosted(ensemble: Ensemble, predictor: Any, target: int) -> None:
    nodes = predictor.nodes
    places = [
        ensemble.leaf(target, node["value"])
        if node["is_leaf"]
        else ensemble.split(
            node["feature_idx"],
            node["num_threshold"],
            bool(node["missing_go_to_left"]),
            _members(predictor.raw_left_cat_bitsets[node["bitset_idx"]]) if node["is_categorical"] else None,
        )
        for node in nodes
    ]
    for i in np.flatnonzero(nodes["is_leaf"] == 0):
        for left, child in ((True, nodes["left"][i]), (False, nodes["right"][i])):
            ensemble.branch(places[i], left, places[child], bool(nodes["is_leaf"][child]))
    ensemble.root(places[0], bool(nodes["is_leaf"][0]))


def _members(bitset: np.ndarray[Any, Any]) -> list[int]:
    return [value for value in range(256) if bitset[value // 32] >> np.uint32(value % 32) & np.uint32(1)]


def _tensor(values: list[float]) -> Any:
    return np.array(values, dtype=np.float64)
