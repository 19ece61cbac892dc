"""Distances to cluster centers in an ONNX graph."""

from __future__ import annotations

import numpy as np

from designer.contract.onnx import ElementType, OnnxGraph, TensorColumn, TensorColumns
from designer.contract.schema import Kind
from designer.contract.values import ASSIGNMENTS, DISTANCES, TrainedModel

from .onnx_estimator import unscored
from .onnx_preparation import emit_preparation, emit_scoreable


def emit_clusters(graph: OnnxGraph, model: TrainedModel, columns: TensorColumns) -> dict[str, TensorColumn]:
    """The nearest center and the distances to all, as in Assign Data to Clusters."""
    matrix = emit_preparation(graph, model, columns)
    scoreable = emit_scoreable(graph, model, columns, matrix)
    centers = np.asarray(model.estimator[-1].cluster_centers_, dtype=float)
    row = graph.node("Unsqueeze", matrix, graph.constant([1], np.int64))
    gaps = graph.node("Sub", row, graph.constant(centers[np.newaxis]))
    squares = graph.node("ReduceSum", graph.node("Mul", gaps, gaps), graph.constant([2], np.int64), keepdims=0)
    distances = graph.node("Sqrt", squares)
    nearest = graph.node("Cast", graph.node("ArgMin", distances, axis=1, keepdims=1), to=ElementType.DOUBLE)
    known = unscored(graph, distances, scoreable)
    assigned = {ASSIGNMENTS: TensorColumn(unscored(graph, nearest, scoreable), Kind.INTEGER)}
    for i in range(len(centers)):
        tensor = str(graph.node("Gather", known, graph.constant([i], np.int64), axis=1))
        assigned[f"{DISTANCES}{i}"] = TensorColumn(tensor, Kind.DECIMAL)
    return assigned
