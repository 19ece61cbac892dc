"""A fitted scikit-learn estimator in an ONNX graph."""

from __future__ import annotations

from typing import Any

import numpy as np
from sklearn import ensemble, linear_model, tree

from designer.contract.errors import NotExportable
from designer.contract.onnx import OnnxGraph

from .onnx_linear import emit_logistic, emit_softmax, emit_two_shares, emit_weighted_sums
from .onnx_trees import emit_boosting, emit_forest

_SUMS = (linear_model.LinearRegression, linear_model.Ridge, linear_model.SGDRegressor, linear_model.BayesianRidge)


def emit_prediction(graph: OnnxGraph, model: Any, matrix: str) -> str:
    """The prediction of a regressor, [N, 1]."""
    match model:
        case ensemble.HistGradientBoostingRegressor():
            raw = emit_boosting(graph, model, matrix)
            return raw if model.loss in ("squared_error", "quantile", "absolute_error") else graph.node("Exp", raw)
        case ensemble.RandomForestRegressor() | ensemble.ExtraTreesRegressor():
            return emit_forest(graph, [each.tree_ for each in model.estimators_], matrix, range(1))
        case tree.DecisionTreeRegressor():
            return emit_forest(graph, [model.tree_], matrix, range(1))
        case linear_model.PoissonRegressor():
            return str(graph.node("Exp", emit_weighted_sums(graph, model, matrix)))
        case _ if isinstance(model, _SUMS):
            return emit_weighted_sums(graph, model, matrix)
    raise NotExportable(f"{type(model).__name__} has no ONNX form")


def emit_shares(graph: OnnxGraph, model: Any, matrix: str) -> str:
    """The probabilities of a classifier, [N, classes]."""
    match model:
        case ensemble.HistGradientBoostingClassifier():
            raw = emit_boosting(graph, model, matrix)
            return _shares(graph, raw, len(model.classes_))
        case ensemble.RandomForestClassifier() | ensemble.ExtraTreesClassifier():
            return _forest_shares(graph, [each.tree_ for each in model.estimators_], matrix, len(model.classes_))
        case tree.DecisionTreeClassifier():
            return _forest_shares(graph, [model.tree_], matrix, len(model.classes_))
        case linear_model.LogisticRegression():
            return _shares(graph, emit_weighted_sums(graph, model, matrix), len(model.classes_))
    raise NotExportable(f"{type(model).__name__} has no ONNX form")


def _shares(graph: OnnxGraph, raw: str, classes: int) -> str:
    if classes == 2:
        return emit_two_shares(graph, emit_logistic(graph, raw))
    return emit_softmax(graph, raw)


def _forest_shares(graph: OnnxGraph, trees: list[Any], matrix: str, classes: int) -> str:
    if classes == 2:
        return emit_two_shares(graph, emit_forest(graph, trees, matrix, range(1, 2)))
    return emit_forest(graph, trees, matrix, range(classes))


def unscored(graph: OnnxGraph, values: str, scoreable: str | None) -> str:
    """NaN in the rows that cannot be scored."""
    return values if scoreable is None else graph.where(scoreable, values, graph.constant([[np.nan]]))
