"""Every learner of the library equals its plain scikit-learn estimator on real data.

Estimators come from `plain_learners` and features from `plain`, neither of which uses code of Designer.
"""

from __future__ import annotations

import warnings
from collections.abc import Callable
from typing import Any

import numpy as np
import pandas as pd
import pytest
from scipy.special import expit, softmax
from sklearn import ensemble, naive_bayes
from sklearn.base import clone
from sklearn.calibration import CalibratedClassifierCV
from sklearn.frozen import FrozenEstimator
from sklearn.isotonic import IsotonicRegression

from designer.contract.ports import PortType
from designer.contract.values import Task, UntrainedModel
from tests.modules.learning import LIBRARY, learner
from tests.modules.plain import Rows, features, rows, spread_out, target, unlabelled, usable
from tests.modules.plain_learners import (
    CLUSTERING,
    DETECTION,
    MADE_OF_OTHERS,
    NUMBERS,
    SIMPLE,
    Case,
    logistic,
    perceptron,
)

LEARNERS = [id for id, m in LIBRARY.modules.items() if any(p.type is PortType.UNTRAINED for p in m.spec().outputs)]
ELSEWHERE = {"ordinal-regression", "fast-forest-quantile-regression", "create-python-model"}
"""Learners with separate tests below."""
ALL = {**SIMPLE, **MADE_OF_OTHERS, **CLUSTERING, **DETECTION}
DATA = {Task.TWO_CLASS: "two", Task.MULTICLASS: "many", Task.REGRESSION: "number"}


def each(cases: dict[str, list[Case]]) -> list[Any]:
    return [pytest.param(id, case, id=f"{id}-{i}") for id, listed in cases.items() for i, case in enumerate(listed)]


def test_every_learner_is_compared() -> None:
    assert set(ALL) | ELSEWHERE == set(LEARNERS)


@pytest.mark.parametrize("id", [*SIMPLE, *CLUSTERING, *DETECTION])
def test_every_parameter_is_changed_in_a_comparison(id: str) -> None:
    """Except single choices, parameters only read by Tune Model Hyperparameters, and those without effect."""
    changed = {name for case in ALL[id] for name in case.settings}
    inert = ("Kept for compatibility", "Train with the values set here")
    left = {
        p.name
        for p in LIBRARY[id].spec().parameters
        if not p.help.startswith(inert) and len(p.choices) != 1 and not p.name.startswith("range_for_")
    }
    assert left <= changed
    assert any(not case.settings for case in ALL[id])


def untrained_of(id: str, case: Case) -> UntrainedModel:
    return LIBRARY[id].read(case.settings).run(*case.parts)


def train_and_score(untrained: UntrainedModel, data: Any, label: str) -> pd.DataFrame:
    model = LIBRARY["train-model"].read({"label_column": label}).run(untrained, data.training)
    return LIBRARY["score-model"].read({}).run(model, data.table)


def quietly(fit: Callable[[], Any]) -> Any:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # deliberately too few iterations
        return fit()


def shares(estimator: Any, prepared: np.ndarray) -> np.ndarray:
    """Probabilities, or the logistic function of a margin or the softmax of votes, as the modules document."""
    if hasattr(estimator, "predict_proba"):
        return np.asarray(estimator.predict_proba(prepared))
    margins = estimator.decision_function(prepared)
    return softmax(margins, axis=1) if margins.ndim > 1 else np.column_stack([expit(-margins), expit(margins)])


@pytest.mark.parametrize(("id", "case"), each({**SIMPLE, **MADE_OF_OTHERS}))
def test_a_learner_equals_its_estimator(id: str, case: Case) -> None:
    untrained = untrained_of(id, case)
    data = rows(case.data or DATA[untrained.task])
    scored = train_and_score(untrained, data, "y")
    first, second = features(data, case.way)
    plain = quietly(lambda: clone(case.estimator).fit(first, target(data, case.way)))
    if untrained.task is Task.REGRESSION:
        expected = spread_out(plain.predict(second), data.table, case.way)
        np.testing.assert_allclose(scored["Scored Labels"], expected, rtol=1e-9)
        return
    chances = shares(plain, second)
    expected = spread_out(chances, data.table, case.way)
    if len(plain.classes_) == 2:
        np.testing.assert_allclose(scored["Scored Probabilities"], expected[:, 1], rtol=1e-9, atol=1e-12)
    else:
        names = [f"Scored Probabilities_{name}" for name in plain.classes_]
        np.testing.assert_allclose(scored[names], expected, rtol=1e-9, atol=1e-12)
    used = usable(data.table, case.way)
    assert scored["Scored Labels"][~used].isna().all()
    top = np.sort(chances, axis=1)
    sure = top[:, -1] - top[:, -2] > 1e-9
    assert (scored["Scored Labels"][used].to_numpy()[sure] == plain.predict(second)[sure]).all()
    assert sure.mean() > 0.9 or id == "baseline-classification"


@pytest.mark.parametrize(("id", "case"), each(CLUSTERING))
def test_a_clustering_equals_its_estimator(id: str, case: Case) -> None:
    data = unlabelled("two")
    result = LIBRARY["train-clustering-model"].read({}).run(untrained_of(id, case), data.training)
    first, second = features(data, case.way)
    plain = case.estimator.fit(first)
    assert 1 < plain.labels_.max() + 1 < 100
    expected = spread_out(plain.labels_.astype(float), data.training, case.way)
    assigned = result.results_dataset["Assignments"].astype("Float64").to_numpy(dtype=float, na_value=np.nan)
    np.testing.assert_array_equal(assigned, np.where(expected < 0, np.nan, expected))
    centers = getattr(plain, "cluster_centers_", None)
    if centers is None:
        centers = np.array([first[plain.labels_ == i].mean(axis=0) for i in range(plain.labels_.max() + 1)])
    distances = np.linalg.norm(second[:, None] - centers[None], axis=2)
    later = LIBRARY["assign-data-to-clusters"].read({}).run(result.trained_model, data.table)
    names = [f"DistancesToClusterCenter no.{i}" for i in range(len(centers))]
    np.testing.assert_allclose(
        later[names], spread_out(distances, data.table, case.way), rtol=1e-6, atol=1e-7 * np.abs(second).max()
    )
    used = usable(data.table, case.way)
    assert (later["Assignments"][used] == distances.argmin(axis=1)).all()


def strangeness(estimator: Any, prepared: np.ndarray) -> np.ndarray:
    """Anomaly score, larger for more abnormal rows: the reconstruction error, or the negated score of the detector."""
    if hasattr(estimator, "components_"):
        return np.linalg.norm(prepared - estimator.inverse_transform(estimator.transform(prepared)), axis=1)
    return -estimator.score_samples(prepared)


@pytest.mark.parametrize(("id", "case"), each(DETECTION))
def test_a_detector_equals_its_estimator(id: str, case: Case) -> None:
    data = unlabelled("two")
    model = LIBRARY["train-anomaly-detection-model"].read({}).run(untrained_of(id, case), data.training)
    scored = LIBRARY["score-model"].read({}).run(model, data.table)
    first, second = features(data, case.way)
    plain = case.estimator.fit(first)
    own, scores = strangeness(plain, first), strangeness(plain, second)
    bound = np.quantile(own, 1 - case.settings.get("share_of_abnormal_rows", 0.05))
    expected = expit((scores - bound) / own.std())
    np.testing.assert_allclose(
        scored["Scored Probabilities"], spread_out(expected, data.table, case.way), rtol=1e-7, atol=1e-12
    )
    labels = scored["Scored Labels"][usable(data.table, case.way)].to_numpy(dtype=int)
    far = np.abs(scores - bound) > 1e-9
    assert (labels == (scores <= bound))[far].all()


@pytest.mark.parametrize("weight", [1.0, 0.2])
def test_ordinal_regression_is_one_logistic_regression_for_each_step(weight: float) -> None:
    data = rows("many")
    settings = {"l2_regularization_weight": weight, "optimization_tolerance": 1e-6 if weight < 1 else 1e-7}
    scored = train_and_score(learner("ordinal-regression", **settings), data, "y")
    first, second = features(data, "scaled")
    labels = target(data, "scaled")
    above = [
        logistic(weight, tol=settings["optimization_tolerance"]).fit(first, np.isin(labels, higher))
        .predict_proba(second)[:, 1] for higher in (["class_1", "class_2"], ["class_2"])
    ]  # fmt: skip
    above[1] = np.minimum(above[0], above[1])
    expected = np.column_stack([1 - above[0], above[0] - above[1], above[1]])
    names = [f"Scored Probabilities_class_{i}" for i in range(3)]
    np.testing.assert_allclose(scored[names], spread_out(expected, data.table, "scaled"), rtol=1e-9, atol=1e-12)
    used = usable(data.table, "scaled")
    assert scored["Scored Labels"][used].tolist() == [f"class_{i}" for i in expected.argmax(axis=1)]


QUANTILES = {
    "number_of_trees": 7,
    "number_of_leaves": 8,
    "minimum_number_of_training_instances_required_to_form_a_leaf": 5,
    "bagging_fraction": 0.5,
    "split_fraction": 0.6,
    "quantiles_to_be_estimated": "0.9; 0.1; 0.4",
    "random_number_seed": 4,
}


@pytest.mark.parametrize(
    ("settings", "shares", "trees", "leaves", "least", "rows_seen", "features_seen", "seed"),
    [({}, (0.25, 0.5, 0.75), 100, 20, 10, 0.7, 0.7, 0), (QUANTILES, (0.1, 0.4, 0.9), 7, 8, 5, 0.5, 0.6, 4)],
)
def test_quantiles_are_those_of_bagged_quantile_trees(
    settings: dict[str, Any], shares: Any, trees: int, leaves: int, least: int, rows_seen: float, features_seen: float,
    seed: int,
) -> None:  # fmt: skip
    data = rows("number")
    scored = train_and_score(learner("fast-forest-quantile-regression", **settings), data, "y")
    first, second = features(data, "native")
    for share in shares:
        tree = NUMBERS(
            loss="quantile", quantile=share, learning_rate=1.0, max_iter=1, max_leaf_nodes=leaves,
            min_samples_leaf=least, max_features=features_seen, early_stopping=False, categorical_features=[0],
        )  # fmt: skip
        plain = ensemble.BaggingRegressor(tree, trees, max_samples=rows_seen, bootstrap=False, random_state=seed)
        expected = plain.fit(first, target(data, "native")).predict(second)
        np.testing.assert_allclose(scored[f"Scored Quantiles_{share:g}"], expected, rtol=1e-9)
    nearest = min(shares, key=lambda share: abs(share - 0.5))
    assert (scored["Scored Labels"] == scored[f"Scored Quantiles_{nearest:g}"]).all()


def test_the_class_of_create_python_model_answers_as_the_estimator_inside() -> None:
    data = rows("two")
    numbers = [name for name in data.training if name not in ("words", "y")][1:]
    kept = Rows(data.training[[*numbers, "y"]], data.table[[*numbers, "y"]])
    scored = train_and_score(learner("create-python-model"), kept, "y")
    plain = naive_bayes.GaussianNB().fit(kept.training[numbers], kept.training["y"])
    assert scored["Predicted"].tolist() == plain.predict(kept.table[numbers]).tolist()


@pytest.mark.parametrize("method", ["Sigmoid", "Isotonic"])
def test_calibrated_probabilities_are_those_of_scikit_learn(method: str) -> None:
    data = rows("two")
    half = Rows(data.training.iloc[::2].reset_index(drop=True), data.table)
    held = data.training.iloc[1::2].reset_index(drop=True)
    model = (
        LIBRARY["train-model"]
        .read({"label_column": "y"})
        .run(learner("two-class-averaged-perceptron", maximum_number_of_iterations=2), half.training)
    )
    calibrated = LIBRARY["calibrate-probabilities"].read({"method": method}).run(model, held)
    probabilities = LIBRARY["score-model"].read({}).run(calibrated, data.table)["Scored Probabilities"]
    first, second = features(half, "scaled")
    plain = perceptron(times=2).fit(first, target(half, "scaled"))
    seen = features(Rows(half.training, held), "scaled")[1]
    truth = held["y"][usable(held, "scaled")].to_numpy()
    if method == "Sigmoid":
        expected = CalibratedClassifierCV(FrozenEstimator(plain)).fit(seen, truth).predict_proba(second)[:, 1]
    else:
        rising = IsotonicRegression(out_of_bounds="clip")
        rising.fit(plain.decision_function(seen), truth == plain.classes_[1])
        expected = rising.predict(plain.decision_function(second))
    np.testing.assert_allclose(probabilities, spread_out(expected, data.table, "scaled"), rtol=1e-9, atol=1e-12)
