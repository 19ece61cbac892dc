"""Ranges of learners, and that they learn."""

from __future__ import annotations

from sklearn.datasets import load_iris

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
