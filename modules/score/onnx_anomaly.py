"""Anomaly scores in an ONNX graph."""

from __future__ import annotations

from typing import Any

import numpy as np
from sklearn.decomposition import PCA, TruncatedSVD
from sklearn.ensemble import IsolationForest
from sklearn.svm import OneClassSVM

from designer.contract.errors import NotExportable
from designer.contract.onnx import ElementType, OnnxGraph
from designer.contract.onnx_trees import TreeEnsemble

from .onnx_trees import add_depths, average_path


def emit_oddness(graph: OnnxGraph, detector: Any, matrix: str) -> str:
    """The raw anomaly score of each row, [N, 1]; see `oddness`."""
    match detector:
        case PCA() | TruncatedSVD():
            return _lost(graph, detector, matrix)
        case IsolationForest():
            return _isolated(graph, detector, matrix)
        case OneClassSVM() if detector.kernel == "rbf":
            return _outside(graph, detector, matrix)
    raise NotExportable(f"scikit-learn's {type(detector).__name__} has no ONNX form here")


def _lost(graph: OnnxGraph, detector: Any, matrix: str) -> str:
    mean = getattr(detector, "mean_", None)
    centered = matrix if mean is None else graph.node("Sub", matrix, graph.constant([mean]))
    inside = graph.node("MatMul", centered, graph.constant(detector.components_.T))
    lost = graph.node("Sub", centered, graph.node("MatMul", inside, graph.constant(detector.components_)))
    squares = graph.node("Mul", lost, lost)
    return str(graph.node("Sqrt", graph.node("ReduceSum", squares, graph.constant([1], np.int64), keepdims=1)))


def _isolated(graph: OnnxGraph, detector: Any, matrix: str) -> str:
    rounded = graph.node("Cast", graph.node("Cast", matrix, to=ElementType.FLOAT), to=ElementType.DOUBLE)
    ensemble = TreeEnsemble(1)
    for tree, columns in zip(detector.estimators_, detector.estimators_features_, strict=True):
        add_depths(ensemble, tree.tree_, columns)
    depth = ensemble.emit(graph, rounded)
    usual = len(detector.estimators_) * average_path(int(detector._max_samples))
    share = graph.node("Div", graph.node("Neg", depth), graph.constant([[usual if usual else 1.0]]))
    return str(graph.node("Pow", graph.constant([[2.0]]), share))


def _outside(graph: OnnxGraph, detector: OneClassSVM, matrix: str) -> str:
    row = graph.node("Unsqueeze", matrix, graph.constant([1], np.int64))
    gaps = graph.node("Sub", row, graph.constant(detector.support_vectors_[np.newaxis]))
    squares = graph.node("ReduceSum", graph.node("Mul", gaps, gaps), graph.constant([2], np.int64), keepdims=0)
    kernel = graph.node("Exp", graph.node("Mul", squares, graph.constant([[-float(detector._gamma)]])))
    return str(graph.node("Neg", graph.node("MatMul", kernel, graph.constant(detector.dual_coef_.T))))
