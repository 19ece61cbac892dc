"""A fitted scikit-learn estimator in an ONNX graph."""

from __future__ import annotations

from typing import Any

import numpy as np
from sklearn import calibration, dummy, ensemble, linear_model, multiclass, multioutput, naive_bayes, tree
from sklearn.compose import TransformedTargetRegressor
from sklearn.neural_network import MLPClassifier, MLPRegressor
from sklearn.pipeline import Pipeline
from sklearn.preprocessing import MinMaxScaler, Normalizer, StandardScaler

from designer.contract.errors import NotExportable
from designer.contract.onnx import OnnxGraph
from designer.contract.packages import emitter_of

from . import onnx_ensembles as ensembles
from .onnx_linear import emit_logistic, emit_softmax, emit_two_shares, emit_weighted_sums
from .onnx_network import emit_bayes_shares, emit_network, emit_network_shares
from .onnx_trees import emit_boosted_bag, emit_boosting, emit_forest

_SUMS = (
    linear_model.LinearRegression,
    linear_model.Ridge,
    linear_model.RidgeCV,
    linear_model.SGDRegressor,
    linear_model.BayesianRidge,
)
_FORESTS = (ensemble.RandomForestRegressor, ensemble.ExtraTreesRegressor)
_CLASS_FORESTS = (ensemble.RandomForestClassifier, ensemble.ExtraTreesClassifier)


def emit_prediction(graph: OnnxGraph, model: Any, matrix: str) -> str:
    """The prediction of a regressor, [N, 1]."""
    match model:
        case Pipeline():
            return emit_prediction(graph, model[-1], emit_steps(graph, model, matrix))
        case ensemble.HistGradientBoostingRegressor():
            raw = emit_boosting(graph, model, matrix)
            return raw if model.loss not in ("poisson", "gamma") else str(graph.node("Exp", raw))
        case _ if isinstance(model, _FORESTS):
            return emit_forest(graph, [each.tree_ for each in model.estimators_], matrix, range(1))
        case tree.DecisionTreeRegressor():
            return emit_forest(graph, [model.tree_], matrix, range(1))
        case ensemble.BaggingRegressor() if isinstance(model.estimator_, ensemble.HistGradientBoostingRegressor):
            return emit_boosted_bag(graph, model, matrix)
        case linear_model.PoissonRegressor():
            return str(graph.node("Exp", emit_weighted_sums(graph, model, matrix)))
        case _ if isinstance(model, _SUMS):
            return emit_weighted_sums(graph, model, matrix)
        case _:
            return _made_of_regressors(graph, model, matrix)


def _made_of_regressors(graph: OnnxGraph, model: Any, matrix: str) -> str:
    match model:
        case MLPRegressor():
            return emit_network(graph, model, matrix)
        case TransformedTargetRegressor() if isinstance(model.transformer_, StandardScaler):
            inner = emit_prediction(graph, model.regressor_, matrix)
            scaled = graph.node("Mul", inner, graph.constant([model.transformer_.scale_]))
            return str(graph.node("Add", scaled, graph.constant([model.transformer_.mean_])))
        case ensemble.VotingRegressor():
            parts = [emit_prediction(graph, each, matrix) for each in model.estimators_]
            return ensembles.emit_mean(graph, parts, model.weights)
        case ensemble.StackingRegressor():
            seen = ensembles.emit_stack(graph, model, matrix, emit_shares, emit_margins, emit_prediction)
            return emit_prediction(graph, model.final_estimator_, seen)
        case dummy.DummyRegressor():
            return ensembles.emit_constant(graph, matrix, np.asarray(model.constant_, dtype=float))
    return _emit_installed(graph, model, matrix)


def emit_shares(graph: OnnxGraph, model: Any, matrix: str) -> str:
    """The probabilities of a classifier, [N, classes]; see `class_shares`."""
    match model:
        case Pipeline():
            return emit_shares(graph, model[-1], emit_steps(graph, model, matrix))
        case ensemble.HistGradientBoostingClassifier():
            return _shares(graph, emit_boosting(graph, model, matrix), len(model.classes_))
        case _ if isinstance(model, _CLASS_FORESTS):
            return _forest_shares(graph, [each.tree_ for each in model.estimators_], matrix, len(model.classes_))
        case tree.DecisionTreeClassifier():
            return _forest_shares(graph, [model.tree_], matrix, len(model.classes_))
        case linear_model.LogisticRegression():
            return _shares(graph, emit_weighted_sums(graph, model, matrix), len(model.classes_))
        case MLPClassifier():
            return emit_network_shares(graph, model, matrix)
        case naive_bayes.GaussianNB():
            return emit_bayes_shares(graph, model, matrix)
        case multioutput.MultiOutputClassifier():
            return ensembles.emit_ordered_shares(graph, model, matrix, emit_shares)
        case _:
            return _made_of_classifiers(graph, model, matrix)


def _made_of_classifiers(graph: OnnxGraph, model: Any, matrix: str) -> str:
    match model:
        case ensemble.VotingClassifier():
            parts = [emit_shares(graph, each, matrix) for each in model.estimators_]
            return ensembles.emit_mean(graph, parts, model.weights)
        case ensemble.StackingClassifier():
            seen = ensembles.emit_stack(graph, model, matrix, emit_shares, emit_margins, emit_prediction)
            return emit_shares(graph, model.final_estimator_, seen)
        case multiclass.OneVsRestClassifier() if hasattr(model, "predict_proba"):
            return ensembles.emit_one_against_all(graph, model, matrix, emit_shares)
        case calibration.CalibratedClassifierCV():
            return ensembles.emit_calibrated(graph, model, matrix, emit_shares, emit_margins)
        case dummy.DummyClassifier() if model.strategy in ("prior", "most_frequent"):
            shares = np.asarray(model.class_prior_, dtype=float)
            top = (np.arange(len(shares)) == shares.argmax()).astype(float)
            return ensembles.emit_constant(graph, matrix, shares if model.strategy == "prior" else top)
    raw = emit_margins(graph, model, matrix)
    return _shares(graph, raw, len(model.classes_))


def emit_margins(graph: OnnxGraph, model: Any, matrix: str) -> str:
    """The decision function of a classifier, [N, 1] for two classes."""
    match model:
        case Pipeline():
            return emit_margins(graph, model[-1], emit_steps(graph, model, matrix))
        case linear_model.SGDClassifier() | linear_model.LogisticRegression():
            return emit_weighted_sums(graph, model, matrix)
        case ensemble.HistGradientBoostingClassifier():
            return emit_boosting(graph, model, matrix)
        case multiclass.OneVsRestClassifier():
            return ensembles.beside(graph, [emit_margins(graph, each, matrix) for each in model.estimators_])
        case multiclass.OneVsOneClassifier():
            return ensembles.emit_one_against_one(graph, model, matrix, emit_margins, emit_shares)
    return _emit_installed(graph, model, matrix)


def _emit_installed(graph: OnnxGraph, model: Any, matrix: str) -> str:
    """The prediction or decision function of an estimator of an installed package, by the function it declares."""
    emit = emitter_of(model)
    if emit is None:
        raise NotExportable(f"{type(model).__name__} of {type(model).__module__.split('.')[0]} has no ONNX form here")
    return emit(graph, model, matrix)


def emit_steps(graph: OnnxGraph, pipeline: Pipeline, matrix: str) -> str:
    """All but the last step of a pipeline."""
    for _, step in pipeline.steps[:-1]:
        matrix = _emit_step(graph, step, matrix)
    return matrix


def _emit_step(graph: OnnxGraph, step: Any, matrix: str) -> str:
    match step:
        case StandardScaler():
            centered = graph.node("Sub", matrix, graph.constant([step.mean_])) if step.with_mean else matrix
            return str(graph.node("Div", centered, graph.constant([step.scale_])) if step.with_std else centered)
        case MinMaxScaler():
            scaled = graph.node("Mul", matrix, graph.constant([step.scale_]))
            return str(graph.node("Add", scaled, graph.constant([step.min_])))
        case Normalizer():
            squares = graph.node(
                "ReduceSum", graph.node("Mul", matrix, matrix), graph.constant([1], np.int64), keepdims=1
            )
            length = graph.node("Sqrt", squares)
            empty = graph.node("Equal", length, graph.constant([[0.0]]))
            return str(graph.node("Div", matrix, graph.where(empty, graph.constant([[1.0]]), length)))
    raise NotExportable(f"scikit-learn's {type(step).__name__} has no ONNX form here")


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
