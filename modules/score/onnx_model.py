"""A trained model in an ONNX graph: from feature columns to score columns."""

from __future__ import annotations

import numpy as np

from designer.contract.onnx import MISSING, ElementType, OnnxGraph, TensorColumn, TensorColumns
from designer.contract.schema import Kind
from designer.contract.values import SCORED_LABELS, SCORED_PROBABILITIES, SCORED_QUANTILES, Task, TrainedModel

from .onnx_anomaly import emit_oddness
from .onnx_estimator import emit_prediction, emit_shares, unscored
from .onnx_linear import emit_logistic
from .onnx_preparation import emit_preparation, emit_scoreable
from .scoring import SCORES_AGREE


def emit_scores(graph: OnnxGraph, model: TrainedModel, columns: TensorColumns) -> dict[str, TensorColumn]:
    """The score columns, as in Score Model."""
    matrix = emit_preparation(graph, model, columns)
    scoreable = emit_scoreable(graph, model, columns, matrix)
    if model.task is Task.ANOMALY:
        return _abnormal(graph, model, matrix, scoreable)
    if model.quantiles:
        return _quantiles(graph, model, matrix, scoreable)
    if not model.classes:
        values = unscored(graph, emit_prediction(graph, model.estimator[-1], matrix), scoreable)
        return {SCORED_LABELS: TensorColumn(values, Kind.DECIMAL)}
    shares = emit_shares(graph, model.estimator[-1], matrix)
    labels = _label(graph, model, shares, scoreable)
    known = unscored(graph, shares, scoreable)
    if model.task is Task.TWO_CLASS:
        return {SCORED_LABELS: labels, SCORED_PROBABILITIES: _probability(graph, known, 1)}
    names = [f"{SCORED_PROBABILITIES}_{name}" for name in model.classes]
    return {SCORED_LABELS: labels, **{name: _probability(graph, known, i) for i, name in enumerate(names)}}


def _abnormal(graph: OnnxGraph, model: TrainedModel, matrix: str, scoreable: str | None) -> dict[str, TensorColumn]:
    """The anomaly probability and whether a row is normal; see `anomaly_columns`."""
    far = graph.node("Sub", emit_oddness(graph, model.estimator[-1], matrix), graph.constant([[model.threshold]]))
    share = emit_logistic(graph, graph.node("Div", far, graph.constant([[model.spread]])))
    above = graph.node("Mul", graph.node("Sub", share, graph.constant([[0.5]])), graph.constant([[SCORES_AGREE]]))
    normal = graph.node("LessOrEqual", graph.node("Round", above), graph.constant([[0.0]]))
    label = graph.node("Cast", normal, to=ElementType.DOUBLE)
    return {
        SCORED_LABELS: TensorColumn(unscored(graph, label, scoreable), Kind.INTEGER),
        SCORED_PROBABILITIES: TensorColumn(unscored(graph, share, scoreable), Kind.DECIMAL),
    }


def _quantiles(graph: OnnxGraph, model: TrainedModel, matrix: str, scoreable: str | None) -> dict[str, TensorColumn]:
    """One column per quantile; see `quantile_columns`."""
    quantiles = model.quantiles
    values = [
        unscored(graph, emit_prediction(graph, each, matrix), scoreable) for each in model.estimator[-1].estimators_
    ]
    columns = [TensorColumn(value, Kind.DECIMAL) for value in values]
    middle = min(range(len(quantiles)), key=lambda i: abs(quantiles[i] - 0.5))
    names = [f"{SCORED_QUANTILES}_{share:g}" for share in quantiles]
    return {SCORED_LABELS: columns[middle], **dict(zip(names, columns, strict=True))}


def _probability(graph: OnnxGraph, shares: str, position: int) -> TensorColumn:
    return TensorColumn(str(graph.node("Gather", shares, graph.constant([position], np.int64), axis=1)), Kind.DECIMAL)


def _label(graph: OnnxGraph, model: TrainedModel, shares: str, scoreable: str | None) -> TensorColumn:
    """The most probable class (first of ties), of the label's kind; see `winners`."""
    rounded = graph.node("Round", graph.node("Mul", shares, graph.constant([[SCORES_AGREE]])))
    code = graph.node("ArgMax", rounded, axis=1, keepdims=1)
    kind = model.label.kind if model.label else Kind.INTEGER
    if kind in (Kind.STRING, Kind.CATEGORICAL):
        classes, missing = graph.constant([str(c) for c in model.classes], object), graph.constant([[MISSING]], object)
    else:
        classes, missing = graph.constant([float(c) for c in model.classes]), graph.constant([[np.nan]])
    labels = graph.node("Gather", classes, code, axis=0)
    return TensorColumn(labels if scoreable is None else graph.where(scoreable, labels, missing), kind)
