"""Meta-estimators in an ONNX graph: one-vs-rest, one-vs-one, voting, stacking, calibration."""

from __future__ import annotations

from collections.abc import Callable
from itertools import combinations, pairwise
from typing import Any

import numpy as np

from designer.contract.errors import NotExportable
from designer.contract.onnx import ElementType, OnnxGraph

from .onnx_linear import emit_logistic, emit_two_shares

Emit = Callable[[OnnxGraph, Any, str], str]


def beside(graph: OnnxGraph, parts: list[str]) -> str:
    """Concatenate tensors along columns."""
    return parts[0] if len(parts) == 1 else str(graph.node("Concat", *parts, axis=1))


def column(graph: OnnxGraph, tensor: str, position: int) -> str:
    """One column, [N, 1]."""
    return str(graph.node("Gather", tensor, graph.constant([position], np.int64), axis=1))


def emit_normalized(graph: OnnxGraph, shares: str) -> str:
    """Normalize each row to sum to 1; a row of zeros stays zero."""
    sums = graph.node("ReduceSum", shares, graph.constant([1], np.int64), keepdims=1)
    empty = graph.node("Equal", sums, graph.constant([[0.0]]))
    return str(graph.node("Div", shares, graph.where(empty, graph.constant([[1.0]]), sums)))


def emit_mean(graph: OnnxGraph, parts: list[str], weights: list[float] | None = None) -> str:
    """The mean of tensors of equal shape, weighted if weights are given."""
    if weights is not None:
        parts = [
            graph.node("Mul", part, graph.constant([[float(weight)]]))
            for part, weight in zip(parts, weights, strict=True)
        ]
    total = parts[0]
    for part in parts[1:]:
        total = graph.node("Add", total, part)
    return str(graph.node("Div", total, graph.constant([[float(sum(weights or [1] * len(parts)))]])))


def emit_one_against_all(graph: OnnxGraph, model: Any, matrix: str, shares: Emit) -> str:
    """The normalized probabilities of scikit-learn's OneVsRestClassifier."""
    positives = [column(graph, shares(graph, each, matrix), 1) for each in model.estimators_]
    if len(positives) == 1:
        return emit_two_shares(graph, positives[0])
    return emit_normalized(graph, beside(graph, positives))


def emit_one_against_one(graph: OnnxGraph, model: Any, matrix: str, margins: Emit, shares: Emit) -> str:
    """The decision function of scikit-learn's OneVsOneClassifier: votes plus a small confidence term."""
    classes = len(model.classes_)
    votes: list[list[str]] = [[] for _ in range(classes)]
    sure: list[list[str]] = [[] for _ in range(classes)]
    one = graph.constant([[1.0]])
    for each, (first, second) in zip(model.estimators_, combinations(range(classes), 2), strict=True):
        by_margin = hasattr(each, "decision_function")
        value = margins(graph, each, matrix) if by_margin else column(graph, shares(graph, each, matrix), 1)
        above = graph.node("Greater", value, graph.constant([[0.0 if by_margin else 0.5]]))
        won = graph.node("Cast", above, to=ElementType.DOUBLE)
        votes[first].append(graph.node("Sub", one, won))
        votes[second].append(won)
        sure[first].append(graph.node("Neg", value))
        sure[second].append(value)
    counted = beside(graph, [_sum(graph, parts) for parts in votes])
    trust = beside(graph, [_sum(graph, parts) for parts in sure])
    bound = graph.node("Add", graph.node("Abs", trust), one)
    return str(graph.node("Add", counted, graph.node("Div", trust, graph.node("Mul", bound, graph.constant([[3.0]])))))


def emit_stack(graph: OnnxGraph, model: Any, matrix: str, shares: Emit, margins: Emit, prediction: Emit) -> str:
    """The inputs of the final estimator of a stack."""
    parts = []
    for each, method in zip(model.estimators_, model.stack_method_, strict=True):
        match method:
            case "predict_proba":
                probabilities = shares(graph, each, matrix)
                parts.append(column(graph, probabilities, 1) if len(each.classes_) == 2 else probabilities)
            case "decision_function":
                parts.append(margins(graph, each, matrix))
            case _:
                parts.append(prediction(graph, each, matrix))
    return beside(graph, parts)


def emit_calibrated(graph: OnnxGraph, model: Any, matrix: str, shares: Emit, margins: Emit) -> str:
    """The mean of the calibrated probabilities of scikit-learn's CalibratedClassifierCV."""
    return emit_mean(
        graph, [_calibrated(graph, each, matrix, shares, margins) for each in model.calibrated_classifiers_]
    )


def _calibrated(graph: OnnxGraph, model: Any, matrix: str, shares: Emit, margins: Emit) -> str:
    inner = model.estimator
    inner = getattr(inner, "estimator", inner) if type(inner).__name__ == "FrozenEstimator" else inner
    two = len(model.classes) == 2
    if hasattr(inner, "decision_function"):
        values = margins(graph, inner, matrix)
    else:
        values = shares(graph, inner, matrix)
        values = column(graph, values, 1) if two else values
    parts = []
    for i, calibrator in enumerate(model.calibrators):
        if not hasattr(calibrator, "a_"):
            raise NotExportable("isotonic calibration has no ONNX form")
        line = graph.node("Mul", column(graph, values, 0 if two else i), graph.constant([[-float(calibrator.a_)]]))
        parts.append(emit_logistic(graph, graph.node("Sub", line, graph.constant([[float(calibrator.b_)]]))))
    return emit_two_shares(graph, parts[0]) if two else emit_normalized(graph, beside(graph, parts))


def emit_constant(graph: OnnxGraph, matrix: str, values: np.ndarray[Any, Any]) -> str:
    """Repeat the same values in each row."""
    rows = graph.node("Slice", graph.node("Shape", matrix), *(graph.constant([i], np.int64) for i in (0, 1)))
    shape = graph.node("Concat", rows, graph.constant([values.size], np.int64), axis=0)
    return str(graph.node("Expand", graph.constant(values.reshape(1, -1)), shape))


def emit_ordered_shares(graph: OnnxGraph, model: Any, matrix: str, shares: Emit) -> str:
    """Class probabilities from the cumulative ones of ordered classes; see `ordered_shares`."""
    above = [column(graph, shares(graph, each, matrix), 1) for each in model.estimators_]
    falling = [above[0]]
    for part in above[1:]:
        falling.append(graph.node("Min", falling[-1], part))
    one, zero = graph.constant([[1.0]]), graph.constant([[0.0]])
    edges = [graph.node("Add", graph.node("Mul", above[0], zero), one), *falling]
    parts = [graph.node("Sub", left, right) for left, right in pairwise(edges)]
    return beside(graph, [*parts, falling[-1]])


def _sum(graph: OnnxGraph, parts: list[str]) -> str:
    total = parts[0]
    for part in parts[1:]:
        total = str(graph.node("Add", total, part))
    return total
