"""Each learner equals the scikit-learn estimator it stands for, given the same features."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
import pytest
import statsmodels.datasets.longley
from sklearn import ensemble, linear_model
from sklearn.datasets import load_diabetes, load_iris
from sklearn.preprocessing import MinMaxScaler

from tests.modules.learning import LIBRARY, learner, score, train


def numbers(classes: int = 0) -> pd.DataFrame:
    """Ten numeric features of patients, with a number or classes as label `y`."""
    found = load_diabetes(as_frame=True).frame.rename(columns={"target": "y"})
    return found.assign(y=pd.qcut(found["y"], classes, labels=False)) if classes else found


def scaled(frame: pd.DataFrame) -> np.ndarray:
    return MinMaxScaler().fit_transform(frame.drop(columns="y"))


def raw(frame: pd.DataFrame) -> np.ndarray:
    return frame.drop(columns="y").to_numpy()


BOOSTED = {"max_leaf_nodes": 20, "min_samples_leaf": 10, "learning_rate": 0.2, "max_iter": 100, "early_stopping": False}
FOREST = {"n_estimators": 8, "max_depth": 32, "max_features": 128, "min_samples_leaf": 1, "random_state": 0}

REGRESSORS: list[tuple[str, dict[str, Any], Any, Any]] = [
    ("linear-regression", {}, linear_model.Ridge(alpha=0.001), scaled),
    ("linear-regression", {"l2_regularization_weight": 0}, linear_model.LinearRegression(), scaled),
    ("linear-regression", {"include_intercept_term": False}, linear_model.Ridge(0.001, fit_intercept=False), scaled),
    (
        "linear-regression",
        {"solution_method": "Online Gradient Descent", "random_number_seed": 3},
        linear_model.SGDRegressor(alpha=0.001, eta0=0.1, max_iter=10, tol=None, random_state=3),
        scaled,
    ),
    ("boosted-decision-tree-regression", {}, ensemble.HistGradientBoostingRegressor(**BOOSTED, random_state=0), raw),
    ("decision-forest-regression", {}, ensemble.RandomForestRegressor(**FOREST), raw),
    (
        "decision-forest-regression",
        {"resampling_method": "Replicate Resampling"},
        ensemble.ExtraTreesRegressor(**FOREST),
        raw,
    ),
]


@pytest.mark.parametrize(("id", "settings", "estimator", "features"), REGRESSORS)
def test_a_regression_learner_equals_its_estimator(id: str, settings: dict, estimator: Any, features: Any) -> None:
    rows = numbers()
    expected = estimator.fit(features(rows), rows["y"]).predict(features(rows))
    np.testing.assert_allclose(score(train(id, rows, "y", **settings), rows)["Scored Labels"], expected, rtol=1e-10)


CLASSIFIERS: list[tuple[str, int, dict[str, Any], Any, Any]] = [
    (
        "two-class-logistic-regression",
        2,
        {},
        linear_model.LogisticRegression(C=1.0, tol=1e-7, max_iter=1000),
        scaled,
    ),
    (
        "two-class-logistic-regression",
        2,
        {"l2_regularization_weight": 0, "l1_regularization_weight": 2, "optimization_tolerance": 1e-4},
        linear_model.LogisticRegression(C=0.5, l1_ratio=1, solver="saga", max_iter=1000, random_state=0),
        scaled,
    ),
    (
        "multiclass-logistic-regression",
        3,
        {"l2_regularization_weight": 0.1},
        linear_model.LogisticRegression(C=10, tol=1e-7, max_iter=1000),
        scaled,
    ),
    (
        "two-class-boosted-decision-tree",
        2,
        {},
        ensemble.HistGradientBoostingClassifier(**BOOSTED, random_state=0),
        raw,
    ),
    ("two-class-decision-forest", 2, {}, ensemble.RandomForestClassifier(**FOREST), raw),
    (
        "two-class-decision-forest",
        2,
        {"resampling_method": "Replicate Resampling"},
        ensemble.ExtraTreesClassifier(**FOREST),
        raw,
    ),
]


@pytest.mark.parametrize(("id", "classes", "settings", "estimator", "features"), CLASSIFIERS)
def test_a_classification_learner_equals_its_estimator(
    id: str, classes: int, settings: dict, estimator: Any, features: Any
) -> None:
    rows = numbers(classes)
    expected = estimator.fit(features(rows), rows["y"]).predict_proba(features(rows))
    scored = score(train(id, rows, "y", **settings), rows)
    if classes == 2:
        np.testing.assert_allclose(scored["Scored Probabilities"], expected[:, 1], rtol=1e-9, atol=1e-12)
    else:
        names = [f"Scored Probabilities_{i}" for i in range(classes)]
        np.testing.assert_allclose(scored[names], expected, rtol=1e-9, atol=1e-12)
    sure = np.abs(expected - 0.5).min(axis=1) > 1e-12
    predicted = estimator.predict(features(rows))
    assert (scored["Scored Labels"].to_numpy()[sure] == predicted[sure]).all()


def test_multiclass_logistic_regression_learns_iris() -> None:
    rows = load_iris(as_frame=True).frame.rename(columns={"target": "y"})
    scored = score(train("multiclass-logistic-regression", rows, "y"), rows)
    assert (scored["Scored Labels"] == rows["y"]).mean() >= 0.94


# NIST StRD, Longley: certified values of the parameters.
LONGLEY = {
    "(intercept)": -3482258.63459582, "GNPDEFL": 15.0618722713733, "GNP": -0.358191792925910e-01,
    "UNEMP": -2.02022980381683, "ARMED": -1.03322686717359, "POP": -0.511041056535807e-01, "YEAR": 1829.15146461355,
}  # fmt: skip


def test_linear_regression_reaches_the_certified_values_of_longley() -> None:
    rows = statsmodels.datasets.longley.load_pandas().data
    model = train("linear-regression", rows, "TOTEMP", l2_regularization_weight=0)
    found = {line["feature"]: line["per unit"] for line in model.report["coefficients"]}
    assert found == pytest.approx(LONGLEY, rel=1e-9)
    residuals = score(model, rows)["Scored Labels"] - rows["TOTEMP"]
    assert float(np.sqrt((residuals**2).sum() / 9)) == pytest.approx(304.854073561965, rel=1e-9)


def test_a_range_gives_one_variant_for_each_combination() -> None:
    untrained = learner(
        "two-class-boosted-decision-tree",
        create_trainer_mode="ParameterRange",
        range_for_learning_rate="0.1; 0.3",
        range_for_maximum_number_of_leaves_per_tree="4; 8; 16",
        range_for_minimum_number_of_samples_per_leaf_node="10",
        range_for_total_number_of_trees_constructed="5",
    )
    assert len(untrained.variants) == 6
    settings, estimator = untrained.variants[-1]
    assert settings["learning_rate"] == estimator.learning_rate == 0.3
    assert estimator.max_leaf_nodes == 16
    assert untrained.estimator.max_leaf_nodes == 20


def test_linear_regression_is_swept_by_gradient_descent_only() -> None:
    assert not learner("linear-regression").variants
    assert len(learner("linear-regression", solution_method="Online Gradient Descent").variants) == 36


def test_ranges_are_shown_where_ranges_are_chosen() -> None:
    for id in ("two-class-boosted-decision-tree", "linear-regression"):
        single, ranged = ({p.name for p in LIBRARY[id].read(
            {"create_trainer_mode": mode, **({"solution_method": "Online Gradient Descent"} if id[0] == "l" else {})}
        ).shown()} for mode in ("SingleParameter", "ParameterRange"))  # fmt: skip
        assert "learning_rate" in single - ranged
        assert "range_for_learning_rate" in ranged - single
