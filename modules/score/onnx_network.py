"""Neural networks and naive Bayes in an ONNX graph."""

from __future__ import annotations

from typing import Any

import numpy as np

from designer.contract.errors import NotExportable
from designer.contract.onnx import OnnxGraph

from .onnx_linear import emit_logistic, emit_softmax, emit_two_shares

_ACTIVATIONS = {"relu": "Relu", "tanh": "Tanh", "identity": "Identity"}


def emit_network(graph: OnnxGraph, model: Any, matrix: str) -> str:
    """The output layer before its activation."""
    last = len(model.coefs_) - 1
    values = matrix
    for i, (weights, constants) in enumerate(zip(model.coefs_, model.intercepts_, strict=True)):
        product = graph.node("MatMul", values, graph.constant(weights))
        values = graph.node("Add", product, graph.constant(np.reshape(constants, (1, -1))))
        if i < last:
            values = _activated(graph, model.activation, values)
    return str(values)


def emit_network_shares(graph: OnnxGraph, model: Any, matrix: str) -> str:
    """The probabilities of a neural network classifier."""
    values = emit_network(graph, model, matrix)
    if model.out_activation_ == "softmax":
        return emit_softmax(graph, values)
    return emit_two_shares(graph, emit_logistic(graph, values))


def emit_bayes_shares(graph: OnnxGraph, model: Any, matrix: str) -> str:
    """The probabilities of Gaussian naive Bayes."""
    row = graph.node("Unsqueeze", matrix, graph.constant([1], np.int64))
    gaps = graph.node("Sub", row, graph.constant(model.theta_[np.newaxis]))
    parts = graph.node("Div", graph.node("Mul", gaps, gaps), graph.constant(model.var_[np.newaxis]))
    sums = graph.node("ReduceSum", parts, graph.constant([2], np.int64), keepdims=0)
    base = np.log(model.class_prior_) - 0.5 * np.log(2.0 * np.pi * model.var_).sum(axis=1)
    half = graph.node("Mul", sums, graph.constant([[0.5]]))
    return emit_softmax(graph, graph.node("Sub", graph.constant(base[np.newaxis]), half))


def _activated(graph: OnnxGraph, activation: str, values: str) -> str:
    if activation == "logistic":
        return emit_logistic(graph, values)
    if activation not in _ACTIVATIONS:
        raise NotExportable(f"the activation '{activation}' has no ONNX form")
    return str(graph.node(_ACTIVATIONS[activation], values))
