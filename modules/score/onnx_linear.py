"""Linear models in an ONNX graph, with logistic and softmax links."""

from __future__ import annotations

from typing import Any

import numpy as np

from designer.contract.onnx import OnnxGraph


def emit_weighted_sums(graph: OnnxGraph, model: Any, matrix: str) -> str:
    """The decision function of a linear model: [N, rows of its coefficients]."""
    weights = np.atleast_2d(np.asarray(model.coef_, dtype=float)).T
    constants = np.broadcast_to(np.atleast_1d(np.asarray(model.intercept_, dtype=float)), weights.shape[1])
    sums = graph.node("MatMul", matrix, graph.constant(weights))
    return str(graph.node("Add", sums, graph.constant(constants.reshape(1, -1))))


def emit_logistic(graph: OnnxGraph, values: str) -> str:
    """1 / (1 + exp(-values))."""
    one = graph.constant([[1.0]])
    return str(graph.node("Div", one, graph.node("Add", one, graph.node("Exp", graph.node("Neg", values)))))


def emit_two_shares(graph: OnnxGraph, positive: str) -> str:
    """The probabilities [N, 2] from that of the positive class."""
    return str(graph.node("Concat", graph.node("Sub", graph.constant([[1.0]]), positive), positive, axis=1))


def emit_softmax(graph: OnnxGraph, values: str) -> str:
    """The probabilities [N, classes] by the softmax of each row."""
    return str(graph.node("Softmax", values, axis=1))
