"""The plain scikit-learn estimator equivalent to each learner, with all settings written out.

Each learner has a case with its defaults and cases that change every parameter.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np
from sklearn import cluster, decomposition, dummy, ensemble, linear_model, naive_bayes, neighbors, neural_network, svm
from sklearn.calibration import CalibratedClassifierCV
from sklearn.compose import TransformedTargetRegressor
from sklearn.multiclass import OneVsOneClassifier, OneVsRestClassifier
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import Normalizer, StandardScaler

from designer.contract.values import UntrainedModel
from tests.modules.learning import learner
from tests.modules.plain import Way


@dataclass(frozen=True)
class Case:
    """Parameters, the equivalent estimator, its kind of features, and its training data."""

    settings: dict[str, Any]
    estimator: Any
    way: Way = "scaled"
    data: str = ""
    parts: tuple[UntrainedModel, ...] = ()


def logistic(weight: float = 1.0, **settings: Any) -> Any:
    return linear_model.LogisticRegression(C=1 / weight, **{"tol": 1e-7, "max_iter": 1000, **settings})


def boosted(kind: Any, seed: int = 0, **settings: Any) -> Any:
    defaults = {"max_leaf_nodes": 20, "min_samples_leaf": 10, "learning_rate": 0.2, "max_iter": 100}
    return kind(**{**defaults, **settings}, early_stopping=False, categorical_features=[0], random_state=seed)


BOOSTED = {
    "maximum_number_of_leaves_per_tree": 5,
    "minimum_number_of_samples_per_leaf_node": 20,
    "learning_rate": 0.05,
    "total_number_of_trees_constructed": 30,
    "random_number_seed": 3,
}
BOOSTED_NAMES = {"max_leaf_nodes": 5, "min_samples_leaf": 20, "learning_rate": 0.05, "max_iter": 30, "seed": 3}
CLASSES, NUMBERS = ensemble.HistGradientBoostingClassifier, ensemble.HistGradientBoostingRegressor


def boosted_trees(kind: Any, seed: int = 0) -> list[Case]:
    return [Case({}, boosted(kind, seed), "native"), Case(BOOSTED, boosted(kind, **BOOSTED_NAMES), "native")]


FOREST = {
    "resampling_method": "Replicate Resampling",
    "number_of_decision_trees": 5,
    "maximum_depth_of_the_decision_trees": 4,
    "number_of_random_splits_per_node": 3,
    "minimum_number_of_samples_per_leaf_node": 2,
    "random_number_seed": 6,
}


def forests(bagging: Any, extra: Any) -> list[Case]:
    drawn = {**FOREST, "resampling_method": "Bagging Resampling"}
    names = {"n_estimators": 5, "max_depth": 4, "max_features": 3, "min_samples_leaf": 2, "random_state": 6}
    defaults = {"n_estimators": 8, "max_depth": 32, "max_features": 128, "random_state": 0}
    return [
        Case({}, bagging(**defaults), "trees"),
        Case(drawn, bagging(**names), "trees"),
        Case(FOREST, extra(**names), "trees"),
    ]


EXTRA = {
    "number_of_trees": 7,
    "maximum_depth": 5,
    "minimum_number_of_samples_per_leaf_node": 3,
    "features_per_split": "Logarithm",
    "draw_rows_for_each_tree": True,
    "random_number_seed": 2,
}
EXTRA_NAMES = {
    "n_estimators": 7,
    "max_depth": 5,
    "min_samples_leaf": 3,
    "max_features": "log2",
    "bootstrap": True,
    "random_state": 2,
}
HISTOGRAM = {
    "learning_rate": 0.3,
    "number_of_iterations": 40,
    "maximum_number_of_leaves": 6,
    "maximum_depth": 3,
    "minimum_number_of_samples_per_leaf_node": 8,
    "l2_regularization": 2.0,
    "number_of_bins": 16,
    "share_of_features_per_split": 0.5,
    "stop_early": True,
    "share_of_rows_held_back": 0.2,
    "rounds_without_gain": 4,
    "random_number_seed": 9,
}
HISTOGRAM_NAMES = {
    "learning_rate": 0.3,
    "max_iter": 40,
    "max_leaf_nodes": 6,
    "max_depth": 3,
    "min_samples_leaf": 8,
    "l2_regularization": 2.0,
    "max_bins": 16,
    "max_features": 0.5,
    "early_stopping": True,
    "validation_fraction": 0.2,
    "n_iter_no_change": 4,
    "random_state": 9,
    "categorical_features": [0],
}
PLAIN_HISTOGRAM = {"early_stopping": False, "categorical_features": [0], "random_state": 0}
NEIGHBORS = {"number_of_neighbors": 3, "weights": "Distance", "metric": "Manhattan"}
NEIGHBORS_NAMES = {"n_neighbors": 3, "weights": "distance", "metric": "manhattan"}
NETWORK = {
    "number_of_hidden_nodes": "6, 4",
    "the_learning_rate": 0.02,
    "number_of_learning_iterations": 30,
    "the_momentum": 0.5,
    "shuffle_examples": False,
    "random_number_seed": 8,
}
NETWORK_NAMES = {
    "hidden_layer_sizes": (6, 4),
    "learning_rate_init": 0.02,
    "max_iter": 30,
    "momentum": 0.5,
    "shuffle": False,
    "random_state": 8,
}


def network(kind: Any, rate: float = 0.1, **settings: Any) -> Any:
    defaults = {"hidden_layer_sizes": (100,), "learning_rate_init": rate, "max_iter": 100, "momentum": 0.0}
    return kind(**{**defaults, "random_state": 0, **settings}, solver="sgd", nesterovs_momentum=False)


def regression_network(**settings: Any) -> Any:
    return TransformedTargetRegressor(
        network(neural_network.MLPRegressor, 0.005, **settings), transformer=StandardScaler()
    )


def networks() -> list[Case]:
    kind = neural_network.MLPClassifier
    return [Case({}, network(kind)), Case(NETWORK, network(kind, **NETWORK_NAMES))]


def perceptron(rate: float = 1.0, times: int = 10, seed: int = 0) -> Any:
    steps = {"learning_rate": "constant", "eta0": rate, "max_iter": times, "tol": None}
    return linear_model.SGDClassifier(loss="perceptron", penalty=None, average=True, **steps, random_state=seed)


def machine(weight: float = 0.001, times: int = 1, seed: int = 0) -> Any:
    return linear_model.SGDClassifier(loss="hinge", alpha=weight, max_iter=times, tol=None, random_state=seed)


def descent(**settings: Any) -> Any:
    defaults = {"alpha": 0.001, "eta0": 0.1, "learning_rate": "invscaling", "max_iter": 10, "random_state": 0}
    return linear_model.SGDRegressor(**{**defaults, **settings}, tol=None)


WALK = {
    "solution_method": "Online Gradient Descent",
    "l2_regularization_weight": 0.01,
    "learning_rate": 0.05,
    "number_of_training_epochs": 30,
    "normalize_features": False,
    "decrease_learning_rate": False,
    "random_number_seed": 3,
}
WALK_NAMES = {"alpha": 0.01, "eta0": 0.05, "max_iter": 30, "learning_rate": "constant", "random_state": 3}
BY_L1 = {"l2_regularization_weight": 0, "l1_regularization_weight": 2, "optimization_tolerance": 1e-4}
L1_NAMES = {"l1_ratio": 1.0, "solver": "saga", "tol": 1e-4}
POISSON = {"optimization_tolerance": 1e-4, "l2_regularization_weight": 0.1}
BAYESIAN = {"regularization_weight": 5.0, "maximum_number_of_iterations": 4, "tolerance": 0.1}

SIMPLE: dict[str, list[Case]] = {
    "baseline-classification": [
        Case({}, dummy.DummyClassifier(strategy="prior"), "trees"),
        Case({"probabilities": "Certain"}, dummy.DummyClassifier(strategy="most_frequent"), "trees", "two"),
    ],
    "baseline-regression": [
        Case({}, dummy.DummyRegressor(), "trees"),
        Case({"answer": "Median"}, dummy.DummyRegressor(strategy="median"), "trees"),
        Case({"answer": "Quantile", "quantile": 0.3}, dummy.DummyRegressor(strategy="quantile", quantile=0.3), "trees"),
        Case({"answer": "Constant", "constant": 7}, dummy.DummyRegressor(strategy="constant", constant=7), "trees"),
    ],
    "bayesian-linear-regression": [
        Case({}, linear_model.BayesianRidge(lambda_init=1.0, max_iter=300, tol=0.001)),
        Case(BAYESIAN, linear_model.BayesianRidge(lambda_init=5.0, max_iter=4, tol=0.1)),
    ],
    "boosted-decision-tree-regression": boosted_trees(NUMBERS),
    "two-class-boosted-decision-tree": boosted_trees(CLASSES),
    "multiclass-boosted-decision-tree": boosted_trees(CLASSES, 42),
    "decision-forest-regression": forests(ensemble.RandomForestRegressor, ensemble.ExtraTreesRegressor),
    "two-class-decision-forest": forests(ensemble.RandomForestClassifier, ensemble.ExtraTreesClassifier),
    "multiclass-decision-forest": forests(ensemble.RandomForestClassifier, ensemble.ExtraTreesClassifier),
    "extra-trees-classification": [
        Case({}, ensemble.ExtraTreesClassifier(max_features="sqrt", random_state=0), "trees"),
        Case(
            {**EXTRA, "balance_classes": True},
            ensemble.ExtraTreesClassifier(**EXTRA_NAMES, class_weight="balanced"),
            "trees",
            "two",
        ),
    ],
    "extra-trees-regression": [
        Case({}, ensemble.ExtraTreesRegressor(max_features=None, random_state=0), "trees"),
        Case(EXTRA, ensemble.ExtraTreesRegressor(**EXTRA_NAMES), "trees"),
        Case({"features_per_split": "Square root", "number_of_trees": 5},
             ensemble.ExtraTreesRegressor(5, max_features="sqrt", random_state=0), "trees"),
    ],
    "histogram-gradient-boosting-classification": [
        Case({}, CLASSES(**PLAIN_HISTOGRAM), "native"),
        Case({**HISTOGRAM, "balance_classes": True}, CLASSES(**HISTOGRAM_NAMES, class_weight="balanced"), "native",
             "two"),
    ],
    "histogram-gradient-boosting-regression": [
        Case({}, NUMBERS(**PLAIN_HISTOGRAM), "native"),
        Case({**HISTOGRAM, "loss": "Poisson"}, NUMBERS(**HISTOGRAM_NAMES, loss="poisson"), "native"),
        Case({"loss": "Absolute error"}, NUMBERS(**PLAIN_HISTOGRAM, loss="absolute_error"), "native"),
        Case({"loss": "Gamma"}, NUMBERS(**PLAIN_HISTOGRAM, loss="gamma"), "native"),
        Case({"loss": "Quantile", "quantile": 0.8},
             NUMBERS(**PLAIN_HISTOGRAM, loss="quantile", quantile=0.8), "native"),
    ],
    "k-nearest-neighbors-classification": [
        Case({}, neighbors.KNeighborsClassifier(5)),
        Case(NEIGHBORS, neighbors.KNeighborsClassifier(**NEIGHBORS_NAMES), data="two"),
    ],
    "k-nearest-neighbors-regression": [
        Case({}, neighbors.KNeighborsRegressor(5)),
        Case(NEIGHBORS, neighbors.KNeighborsRegressor(**NEIGHBORS_NAMES)),
        Case({"metric": "Chebyshev"}, neighbors.KNeighborsRegressor(metric="chebyshev")),
    ],
    "linear-regression": [
        Case({}, linear_model.Ridge(alpha=0.001)),
        Case({"l2_regularization_weight": 0}, linear_model.LinearRegression(tol=1e-12)),
        Case({"l2_regularization_weight": 0.5, "include_intercept_term": False},
             linear_model.Ridge(0.5, fit_intercept=False), "unscaled"),
        Case({"solution_method": "Online Gradient Descent"}, descent()),
        Case(WALK, descent(**WALK_NAMES), "unscaled"),
    ],
    "multiclass-logistic-regression": [
        Case({}, logistic()),
        Case({**BY_L1, "random_number_seed": 4}, logistic(2, **L1_NAMES, random_state=4)),
    ],
    "two-class-logistic-regression": [
        Case({}, logistic()),
        Case({"l2_regularization_weight": 0.1}, logistic(0.1)),
        Case({**BY_L1, "random_number_seed": 4}, logistic(2, **L1_NAMES, random_state=4)),
        Case({"l2_regularization_weight": 0, "l1_regularization_weight": 0, "optimization_tolerance": 0.01},
             linear_model.LogisticRegression(C=np.inf, tol=0.01, max_iter=1000)),
    ],
    "multiclass-naive-bayes": [
        Case({}, naive_bayes.GaussianNB()),
        Case({"variance_smoothing": 0.1}, naive_bayes.GaussianNB(var_smoothing=0.1)),
    ],
    "two-class-naive-bayes": [
        Case({}, naive_bayes.GaussianNB()),
        Case({"variance_smoothing": 0.1}, naive_bayes.GaussianNB(var_smoothing=0.1)),
    ],
    "multiclass-neural-network": networks(),
    "two-class-neural-network": networks(),
    "neural-network-regression": [Case({}, regression_network()), Case(NETWORK, regression_network(**NETWORK_NAMES))],
    "poisson-regression": [
        Case({}, linear_model.PoissonRegressor(alpha=1.0, tol=1e-7, max_iter=1000)),
        Case(POISSON, linear_model.PoissonRegressor(alpha=0.1, tol=1e-4, max_iter=1000)),
    ],
    "two-class-averaged-perceptron": [
        Case({}, perceptron()),
        Case({"learning_rate": 0.5, "maximum_number_of_iterations": 3, "random_number_seed": 5},
             perceptron(0.5, 3, 5)),
    ],
    "two-class-support-vector-machine": [
        Case({}, make_pipeline(StandardScaler(), machine()), "unscaled"),
        Case({"number_of_iterations": 20, "lambda_": 0.01, "project_to_the_unit_sphere": True,
              "random_number_seed": 5},
             make_pipeline(StandardScaler(), Normalizer(), machine(0.01, 20, 5)), "unscaled"),
        Case({"normalize_features": False}, machine(), "unscaled"),
    ],
}  # fmt: skip


def voted(data: str) -> Iterator[Case]:
    """Cases of voting over a scaled and a tree learner: scaled features, rows with missing numbers dropped."""
    seeded = {"number_of_trees": 9, "random_number_seed": 1}
    if data == "number":
        parts = (learner("linear-regression"), learner("extra-trees-regression", **seeded))
        plain = [
            ("a", linear_model.Ridge(0.001)),
            ("b", ensemble.ExtraTreesRegressor(9, max_features=None, random_state=1)),
        ]
        yield Case({}, ensemble.VotingRegressor(plain), data=data, parts=parts)
        yield Case({"weights": "3, 1"}, ensemble.VotingRegressor(plain, weights=[3, 1]), data=data, parts=parts)
        yield Case({}, ensemble.StackingRegressor(plain, linear_model.RidgeCV()), data=data, parts=parts)
        return
    parts = (learner("two-class-averaged-perceptron"), learner("extra-trees-classification", **seeded))
    plain = [("a", CalibratedClassifierCV(perceptron(), ensemble=False)),
             ("b", ensemble.ExtraTreesClassifier(9, random_state=1))]  # fmt: skip
    yield Case({}, ensemble.VotingClassifier(plain, voting="soft"), data=data, parts=parts)
    weighted = ensemble.VotingClassifier(plain, voting="soft", weights=[0.5, 2])
    yield Case({"weights": "0.5, 2"}, weighted, data=data, parts=parts)
    yield Case({}, ensemble.StackingClassifier(plain, logistic(tol=1e-4)), data=data, parts=parts)


def wrapped(wrapper: Any) -> list[Case]:
    forest = {"number_of_decision_trees": 5, "random_number_seed": 2}
    trees = ensemble.RandomForestClassifier(5, max_depth=32, max_features=128, random_state=2)
    return [
        Case({}, wrapper(logistic()), data="many", parts=(learner("two-class-logistic-regression"),)),
        Case({}, wrapper(trees), "trees", "many", (learner("two-class-decision-forest", **forest),)),
    ]


VOTES, WEIGHTED, STACKS = zip(*(voted(data) for data in ("two", "number")), strict=True)
MADE_OF_OTHERS = {
    "voting-ensemble": [*VOTES, *WEIGHTED],
    "stacking-ensemble": list(STACKS),
    "one-vs-all-multiclass": wrapped(OneVsRestClassifier),
    "one-vs-one-multiclass": wrapped(OneVsOneClassifier),
}
CLUSTERING: dict[str, list[Case]] = {
    "k-means-clustering": [
        Case({}, cluster.KMeans(2, n_init=1, max_iter=100, random_state=0)),
        Case(
            {"number_of_centroids": 4, "initialization": "Random", "random_number_seed": 5, "iterations": 2,
             "normalize_features": False, "assign_label_mode": "Fill missing values"},
            cluster.KMeans(4, init="random", n_init=1, max_iter=2, random_state=5),
            "unscaled",
        ),
    ],
    "dbscan-clustering": [
        Case({}, cluster.DBSCAN(eps=0.5, min_samples=5)),
        Case({"largest_distance": 5.0, "smallest_neighborhood": 3, "metric": "Manhattan", "normalize_features": False},
             cluster.DBSCAN(eps=5.0, min_samples=3, metric="manhattan"), "unscaled"),
    ],
    "hierarchical-clustering": [
        Case({}, cluster.AgglomerativeClustering(2)),
        Case({"number_of_clusters": 5, "linkage": "Average", "normalize_features": False},
             cluster.AgglomerativeClustering(5, linkage="average"), "unscaled"),
    ],
}  # fmt: skip
DETECTION: dict[str, list[Case]] = {
    "pca-based-anomaly-detection": [
        Case({}, decomposition.PCA(2, svd_solver="randomized", n_oversamples=2, random_state=0)),
        Case({"number_of_components_to_use_in_pca": 3, "oversampling_parameter_for_randomized_pca": 5,
              "enable_input_feature_mean_normalization": False, "share_of_abnormal_rows": 0.1},
             decomposition.TruncatedSVD(3, n_oversamples=5, random_state=0)),
    ],
    "isolation-forest": [
        Case({}, ensemble.IsolationForest(max_samples=256, random_state=0), "unscaled"),
        Case({"number_of_trees": 11, "rows_per_tree": 20, "random_number_seed": 3, "share_of_abnormal_rows": 0.2},
             ensemble.IsolationForest(n_estimators=11, max_samples=20, random_state=3), "unscaled"),
    ],
    "one-class-support-vector-machine": [
        Case({}, svm.OneClassSVM(nu=0.1)),
        Case({"nu": 0.3, "kernel_width": "Auto", "share_of_abnormal_rows": 0.15},
             svm.OneClassSVM(nu=0.3, gamma="auto")),
    ],
}  # fmt: skip
