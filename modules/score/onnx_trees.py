"""scikit-learn's trees in an ONNX graph, in double precision."""

from __future__ import annotations

from typing import Any

import numpy as np

from designer.contract.onnx import ElementType, OnnxGraph
from designer.contract.onnx_trees import TreeEnsemble


def add_tree(ensemble: TreeEnsemble, tree: Any, output: int, target: int, scale: float = 1.0) -> None:
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


def add_depths(ensemble: TreeEnsemble, tree: Any, columns: Any) -> None:
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
    ensemble = TreeEnsemble(len(outputs))
    for target, output in enumerate(outputs):
        for tree in trees:
            add_tree(ensemble, tree, output, target)
    return str(graph.node("Div", ensemble.emit(graph, rounded), graph.constant([[float(len(trees))]])))


def emit_boosting(graph: OnnxGraph, model: Any, matrix: str) -> str:
    """The raw predictions of histogram gradient boosting: [N, trees of an iteration]."""
    baseline = np.asarray(model._baseline_prediction, dtype=float).reshape(1, -1)
    ensemble = TreeEnsemble(baseline.shape[1])
    for iteration in model._predictors:
        for target, predictor in enumerate(iteration):
            _add_boosted(ensemble, predictor, target)
    return str(graph.node("Add", ensemble.emit(graph, matrix), graph.constant(baseline)))


def emit_boosted_bag(graph: OnnxGraph, bag: Any, matrix: str) -> str:
    """The mean of boosted regressors that all use every column: [N, 1]."""
    ensemble = TreeEnsemble(1)
    for model in bag.estimators_:
        for iteration in model._predictors:
            _add_boosted(ensemble, iteration[0], 0)
    base = float(sum(np.asarray(model._baseline_prediction).item() for model in bag.estimators_))
    total = graph.node("Add", ensemble.emit(graph, matrix), graph.constant([[base]]))
    return str(graph.node("Div", total, graph.constant([[float(len(bag.estimators_))]])))


def _add_boosted(ensemble: TreeEnsemble, predictor: Any, target: int) -> None:
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
