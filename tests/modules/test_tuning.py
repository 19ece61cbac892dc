"""Tune Model Hyperparameters and Cross Validate Model."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from sklearn.linear_model import Ridge
from sklearn.model_selection import KFold

from designer.contract.errors import DesignerError
from designer.contract.schema import Role, Schema
from tests.modules.learning import LIBRARY, learner, only, people, with_roles

ROWS = only(people(240), "rich")
RANGE = {
    "create_trainer_mode": "ParameterRange",
    "range_for_number_of_decision_trees": "1; 4",
    "range_for_maximum_depth_of_the_decision_trees": "1; 8",
    "range_for_number_of_random_splits_per_node": "128",
    "range_for_minimum_number_of_samples_per_leaf_node": "1",
}


def tune(**parameters):
    return LIBRARY["tune-model-hyperparameters"].read({"label_column": "rich", **parameters})


def test_the_best_setting_stands_first_and_is_trained_on_all_rows() -> None:
    untrained = learner("two-class-decision-forest", **RANGE)
    module = tune(
        specify_parameter_sweeping_mode="Entire grid", metric_for_measuring_performance_for_classification="AUC"
    )
    found = module.run(untrained, ROWS)
    results = found.sweep_results
    assert len(results) == 4
    assert results["AUC"].is_monotonic_decreasing
    best = found.trained_best_model.estimator[-1]
    assert best.max_depth == results["maximum_depth_of_the_decision_trees"].iloc[0]
    assert best.n_estimators == results["number_of_decision_trees"].iloc[0]
    assert found.trained_best_model.report["rows"] == 240


def test_a_validation_dataset_decides_where_there_is_one() -> None:
    untrained = learner("two-class-decision-forest", **RANGE)
    found = tune(maximum_number_of_runs_on_random_sweep=2).run(untrained, ROWS, only(people(100, 5), "rich"))
    assert len(found.sweep_results) == 2
    again = tune(maximum_number_of_runs_on_random_sweep=2).run(untrained, ROWS, only(people(100, 5), "rich"))
    pd.testing.assert_frame_equal(found.sweep_results, again.sweep_results)


def test_clustering_cannot_be_tuned() -> None:
    with pytest.raises(DesignerError, match="cannot be tuned") as refused:
        tune().run(learner("k-means-clustering"), ROWS)
    assert refused.value.code == "0013"


def validate(id: str, frame: pd.DataFrame, label: str):
    return LIBRARY["cross-validate-model"].read({"label_column": label}).run(learner(id), frame)


def test_every_row_is_scored_by_a_model_that_did_not_see_it() -> None:
    rows = pd.DataFrame({"x": np.random.default_rng(0).normal(size=100)})
    rows["y"] = rows["x"] * 2 + 1
    found = validate("linear-regression", rows, "y").scored_results
    expected = np.zeros(100)
    low, high = {}, {}
    for number, (seen, held) in enumerate(KFold(10, shuffle=True, random_state=0).split(rows)):
        low[number], high[number] = rows["x"][seen].min(), rows["x"][seen].max()
        scale = high[number] - low[number]
        model = Ridge(0.001).fit((rows[["x"]].iloc[seen] - low[number]) / scale, rows["y"].iloc[seen])
        expected[held] = model.predict((rows[["x"]].iloc[held] - low[number]) / scale)
        assert (found["Fold Number"].iloc[held] == number).all()
    np.testing.assert_allclose(found["Scored Labels"], expected)


def test_results_by_fold_count_examples_and_end_with_the_mean() -> None:
    rows = ROWS.assign(rich=ROWS["rich"].where(ROWS.index != 3))
    found = validate("two-class-logistic-regression", rows, "rich")
    by_fold = found.evaluation_results_by_fold
    assert by_fold["Fold number"].tolist() == [*map(str, range(10)), "Mean", "Standard deviation"]
    assert by_fold["Number of examples in fold"].iloc[:10].sum() == 239 == len(found.scored_results)
    assert by_fold["AUC"].iloc[10] == pytest.approx(by_fold["AUC"].iloc[:10].mean())
    assert set(found.scored_results) >= {"Scored Labels", "Scored Probabilities", "Fold Number", "age"}


def test_folds_of_partition_and_sample_are_used() -> None:
    rows = with_roles(ROWS.assign(**{"Fold Assignments": ROWS.index % 3 + 1}), **{"Fold Assignments": Role.NONE})
    found = validate("multiclass-decision-forest", rows, "rich").scored_results
    assert (found["Fold Number"] == ROWS.index % 3).all()


def test_what_is_inferred_is_what_comes_out() -> None:
    module = LIBRARY["cross-validate-model"].read({"label_column": "rich"})
    inferred, _ = module.infer(LIBRARY["two-class-decision-forest"].read({}).infer(), Schema.of(ROWS))
    observed = Schema.of(validate("two-class-decision-forest", ROWS, "rich").scored_results)
    assert [(c.name, c.kind) for c in inferred] == [(c.name, c.kind) for c in observed]
