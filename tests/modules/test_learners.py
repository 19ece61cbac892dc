"""Parameter ranges of learners, and a check that each one learns."""

from __future__ import annotations

from typing import Any

import pytest
from sklearn.datasets import load_iris

from designer.contract.estimator import Learner
from tests.modules.learning import LIBRARY, learner, score, train


def test_multiclass_logistic_regression_learns_iris() -> None:
    rows = load_iris(as_frame=True).frame.rename(columns={"target": "y"})
    scored = score(train("multiclass-logistic-regression", rows, "y"), rows)
    assert (scored["Scored Labels"] == rows["y"]).mean() >= 0.94


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


RANGE = {"create_trainer_mode": "ParameterRange"}


def test_without_a_sweep_a_range_stands_for_the_default() -> None:
    typed = {**RANGE, "maximum_number_of_leaves_per_tree": 5, "range_for_maximum_number_of_leaves_per_tree": "7; 9"}
    untrained = learner("two-class-boosted-decision-tree", **typed)
    assert untrained.estimator.max_leaf_nodes == 20
    assert {estimator.max_leaf_nodes for _, estimator in untrained.variants} == {7, 9}
    network = learner("two-class-neural-network", **RANGE, number_of_hidden_nodes="7")
    assert network.estimator.hidden_layer_sizes == (100,)
    assert {estimator.hidden_layer_sizes for _, estimator in network.variants} == {(100,)}


def test_without_a_sweep_poisson_and_quantile_regression_take_the_first_of_each_range() -> None:
    poisson = learner("poisson-regression", **RANGE, range_for_l2_regularization_weight="0.3; 0.5")
    assert (poisson.estimator.alpha, poisson.estimator.tol) == (0.3, 1e-4)
    forest = learner("fast-forest-quantile-regression", **RANGE, quantiles_to_be_estimated="0.1", number_of_trees=3)
    assert forest.settings["quantiles"] == [0.25, 0.5, 0.75]
    (_, bagged), *_ = forest.estimator.estimators
    seen = (bagged.n_estimators, bagged.estimator.max_leaf_nodes, bagged.estimator.min_samples_leaf)
    assert (*seen, bagged.max_samples, bagged.estimator.max_features) == (16, 16, 1, 0.25, 0.25)


def test_a_range_of_one_value_is_a_constant() -> None:
    untrained = learner("two-class-averaged-perceptron", **RANGE, range_for_learning_rate="0.7")
    assert {settings["learning_rate"] for settings, _ in untrained.variants} == {0.7}


def test_a_sweep_ignores_values_typed_for_single_training() -> None:
    untrained = learner("two-class-averaged-perceptron", learning_rate=0.7, maximum_number_of_iterations=3)
    assert {settings["learning_rate"] for settings, _ in untrained.variants} == {0.1, 0.5, 1.0}
    assert {settings["maximum_number_of_iterations"] for settings, _ in untrained.variants} == {1, 10}


def test_what_is_not_shown_decides_nothing() -> None:
    """Otherwise equal cache keys could stand for different results."""
    shown = learner("linear-regression", l2_regularization_weight=0.5)
    hidden = {"learning_rate": 7.0, "create_trainer_mode": "ParameterRange", "decrease_learning_rate": False}
    assert str(learner("linear-regression", l2_regularization_weight=0.5, **hidden)) == str(shown)
    descent = {"solution_method": "Online Gradient Descent"}
    assert str(learner("linear-regression", **descent, include_intercept_term=False)) == str(
        learner("linear-regression", **descent)
    )
    boosting = {"share_of_rows_held_back": 0.5, "rounds_without_gain": 2}
    assert str(learner("histogram-gradient-boosting-regression", **boosting)) == str(
        learner("histogram-gradient-boosting-regression")
    )


CARD = 28
"""Number of characters of a summary shown on a card."""


@pytest.mark.parametrize(
    ("id", "settings", "words"),
    [
        ("two-class-boosted-decision-tree", {}, "100 trees, 20 leaves each"),
        ("two-class-boosted-decision-tree", RANGE, "ranges of 4 settings"),
        ("decision-forest-regression", {"number_of_decision_trees": 1}, "1 tree, depth to 32"),
        ("linear-regression", {}, "least squares, L2 0.001"),
        ("linear-regression", {"solution_method": "Online Gradient Descent"}, "gradient descent, rate 0.1"),
        ("two-class-logistic-regression", {}, "L2 weight 1"),
        ("two-class-logistic-regression", {"l2_regularization_weight": 0}, "L1 weight 1"),
        ("two-class-neural-network", {"number_of_hidden_nodes": "64, 32"}, "64, 32 nodes, rate 0.1"),
        ("two-class-averaged-perceptron", {"maximum_number_of_iterations": 1}, "rate 1, 1 pass"),
        ("k-means-clustering", {"number_of_centroids": 3}, "3 clusters, K-Means++"),
        ("pca-based-anomaly-detection", {}, "2 components, 5 % abnormal"),
        ("baseline-regression", {"answer": "Quantile", "quantile": 0.9}, "always the quantile 0.9"),
    ],
)
def test_a_card_tells_the_settings_that_matter(id: str, settings: dict[str, Any], words: str) -> None:
    assert LIBRARY[id].read(settings).summary() == words


def test_what_a_learner_says_of_itself_fits_on_a_card() -> None:
    learners = [module for module in LIBRARY.modules.values() if issubclass(module, Learner)]
    others = [LIBRARY[id] for id in ("apply-transformation", "evaluate-model", "tune-model-hyperparameters", "smote")]
    for module in [*learners, *others]:
        assert 0 < len(module.read({}).summary()) <= CARD, module.spec().title
