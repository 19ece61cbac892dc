"""Tune Model Hyperparameters and Cross Validate Model."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from sklearn.linear_model import Ridge
from sklearn.model_selection import KFold
from sklearn.neighbors import KNeighborsRegressor

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
    result = module.run(untrained, ROWS)
    results = result.sweep_results
    assert len(results) == 4
    assert results["AUC"].is_monotonic_decreasing
    best = result.trained_best_model.estimator[-1]
    assert best.max_depth == results["maximum_depth_of_the_decision_trees"].iloc[0]
    assert best.n_estimators == results["number_of_decision_trees"].iloc[0]
    assert result.trained_best_model.report["rows"] == 240


def test_a_validation_dataset_decides_where_there_is_one() -> None:
    untrained = learner("two-class-decision-forest", **RANGE)
    result = tune(maximum_number_of_runs_on_random_sweep=2).run(untrained, ROWS, only(people(100, 5), "rich"))
    assert len(result.sweep_results) == 2
    again = tune(maximum_number_of_runs_on_random_sweep=2).run(untrained, ROWS, only(people(100, 5), "rich"))
    pd.testing.assert_frame_equal(result.sweep_results, again.sweep_results)


def test_clustering_cannot_be_tuned() -> None:
    with pytest.raises(DesignerError, match="cannot be tuned") as refused:
        tune().run(learner("k-means-clustering"), ROWS)
    assert refused.value.code == "0013"


def validate(id: str, frame: pd.DataFrame, label: str):
    return LIBRARY["cross-validate-model"].read({"label_column": label}).run(learner(id), frame)


def test_every_row_is_scored_by_a_model_that_did_not_see_it() -> None:
    rows = pd.DataFrame({"x": np.random.default_rng(0).normal(size=100)})
    rows["y"] = rows["x"] * 2 + 1
    scored = validate("linear-regression", rows, "y").scored_results
    expected = np.zeros(100)
    low, high = {}, {}
    for number, (seen, held) in enumerate(KFold(10, shuffle=True, random_state=0).split(rows)):
        low[number], high[number] = rows["x"][seen].min(), rows["x"][seen].max()
        scale = high[number] - low[number]
        model = Ridge(0.001).fit((rows[["x"]].iloc[seen] - low[number]) / scale, rows["y"].iloc[seen])
        expected[held] = model.predict((rows[["x"]].iloc[held] - low[number]) / scale)
        assert (scored["Fold Number"].iloc[held] == number).all()
    np.testing.assert_allclose(scored["Scored Labels"], expected)


def test_results_by_fold_count_examples_and_end_with_the_mean() -> None:
    rows = ROWS.assign(rich=ROWS["rich"].where(ROWS.index != 3))
    result = validate("two-class-logistic-regression", rows, "rich")
    by_fold = result.evaluation_results_by_fold
    assert by_fold["Fold number"].tolist() == [*map(str, range(10)), "Mean", "Standard deviation"]
    assert by_fold["Number of examples in fold"].iloc[:10].sum() == 239 == len(result.scored_results)
    assert by_fold["AUC"].iloc[10] == pytest.approx(by_fold["AUC"].iloc[:10].mean())
    assert set(result.scored_results) >= {"Scored Labels", "Scored Probabilities", "Fold Number", "age"}


def test_folds_of_partition_and_sample_are_used() -> None:
    rows = with_roles(ROWS.assign(**{"Fold Assignments": ROWS.index % 3 + 1}), **{"Fold Assignments": Role.NONE})
    scored = validate("multiclass-decision-forest", rows, "rich").scored_results
    assert (scored["Fold Number"] == ROWS.index % 3).all()


def test_what_is_inferred_is_what_comes_out() -> None:
    module = LIBRARY["cross-validate-model"].read({"label_column": "rich"})
    inferred, _ = module.infer(LIBRARY["two-class-decision-forest"].read({}).infer(), Schema.of(ROWS))
    observed = Schema.of(validate("two-class-decision-forest", ROWS, "rich").scored_results)
    assert [(c.name, c.kind) for c in inferred] == [(c.name, c.kind) for c in observed]


NEIGHBORS = {"create_trainer_mode": "ParameterRange", "range_for_number_of_neighbors": "1; 5; 25"}
GRID = {"specify_parameter_sweeping_mode": "Entire grid"}


def test_the_seed_is_shown_and_counts_for_a_random_sweep_only() -> None:
    assert "random_seed" in {p.name for p in tune().shown()}
    assert "random_seed" not in {p.name for p in tune(**GRID).shown()}
    untrained = learner("two-class-decision-forest", **RANGE)
    first, other = (tune(**GRID, random_seed=seed).run(untrained, ROWS).sweep_results for seed in (0, 9))
    pd.testing.assert_frame_equal(first, other)


def test_more_than_two_classes_are_ranked_by_accuracy_whatever_is_chosen() -> None:
    rows = only(people(240), "grade").drop(columns=["city", "level"])
    chosen = {"label_column": "grade", "metric_for_measuring_performance_for_classification": "Average Log Loss"}
    untrained = learner("k-nearest-neighbors-classification", **NEIGHBORS)
    results = tune(**GRID, **chosen).run(untrained, rows).sweep_results
    assert results["Accuracy"].is_monotonic_decreasing
    assert not results["Average Log Loss"].is_monotonic_increasing


def test_a_learner_of_any_classes_is_ranked_by_the_chosen_metric_for_two() -> None:
    untrained, rows = learner("k-nearest-neighbors-classification", **NEIGHBORS), only(people(240, 1), "rich")
    metric = "metric_for_measuring_performance_for_classification"
    best = [tune(**GRID, **{metric: name}).run(untrained, rows).sweep_results for name in ("AUC", "Accuracy")]
    assert best[0]["AUC"].is_monotonic_decreasing
    assert [results["number_of_neighbors"].iloc[0] for results in best] == [5, 1]


@pytest.mark.parametrize(
    ("metric", "ascending"),
    [
        ("Mean absolute error", True),
        ("Root of mean squared error", True),
        ("Relative absolute error", True),
        ("Relative squared error", True),
        ("Coefficient of determination", False),
    ],
)
def test_errors_rank_upwards_and_determination_downwards(metric: str, ascending: bool) -> None:
    untrained = learner("k-nearest-neighbors-regression", **NEIGHBORS)
    settings = {**GRID, "label_column": "wage", "metric_for_measuring_performance_for_regression": metric}
    results = tune(**settings).run(untrained, only(people(240), "wage")).sweep_results
    assert results[metric].is_monotonic_increasing if ascending else results[metric].is_monotonic_decreasing
    assert results[metric].nunique() == 3


def test_a_setting_is_measured_on_the_folds_of_partition_and_sample() -> None:
    rows = pd.DataFrame({"x": np.random.default_rng(0).normal(size=90)})
    rows["y"] = rows["x"] ** 3
    assigned = rows.assign(**{"Fold Assignments": np.arange(90) % 3 + 1})
    table = with_roles(assigned, **{"Fold Assignments": Role.NONE})
    untrained = learner("k-nearest-neighbors-regression", create_trainer_mode="ParameterRange",
                        range_for_number_of_neighbors="4")  # fmt: skip
    sweep = tune(**GRID, label_column="y").run(untrained, table).sweep_results
    errors = []
    for fold in range(3):
        held = np.arange(90) % 3 == fold
        plain = KNeighborsRegressor(4).fit(rows.loc[~held, ["x"]], rows["y"][~held])
        errors.append(np.abs(plain.predict(rows.loc[held, ["x"]]) - rows["y"][held]).mean())
    assert sweep["Mean absolute error"].iloc[0] == pytest.approx(np.mean(errors))


def test_a_fold_of_one_class_does_not_hide_the_metric_of_the_others() -> None:
    rows = pd.DataFrame({"x": np.arange(40.0), "rich": ["yes"] * 3 + ["no"] * 37})
    sweep = tune(**GRID).run(learner("two-class-decision-forest", **RANGE), rows).sweep_results
    assert sweep["AUC"].notna().all()


def test_a_validation_dataset_without_the_label_is_refused() -> None:
    with pytest.raises(DesignerError, match="no label column") as refused:
        tune().run(learner("two-class-decision-forest", **RANGE), ROWS, ROWS.drop(columns="rich"))
    assert refused.value.code == "0018"


def test_folds_that_partition_and_sample_assigned_are_no_feature() -> None:
    module = LIBRARY["partition-and-sample"].read({"mode": "Assign to Folds", "folds": 3})
    table = module.run(ROWS)
    rows = module.infer(Schema.of(ROWS)).attach(table.copy())
    result = validate("multiclass-decision-forest", rows, "rich")
    assert result.evaluation_results_by_fold["Fold number"].tolist() == ["0", "1", "2", "Mean", "Standard deviation"]
    trained = LIBRARY["train-model"].read({"label_column": "rich"}).run(learner("two-class-decision-forest"), rows)
    assert trained.features.names == [name for name in ROWS if name != "rich"]


@pytest.mark.parametrize(
    ("id", "label", "metrics"),
    [
        (
            "two-class-decision-forest",
            "rich",
            ["Accuracy", "Precision", "Recall", "F-score", "AUC", "Average Log Loss"],
        ),
        (
            "decision-forest-regression",
            "wage",
            [
                "Mean absolute error",
                "Root of mean squared error",
                "Relative absolute error",
                "Relative squared error",
                "Coefficient of determination",
            ],
        ),
    ],
)
def test_the_metrics_of_each_fold_are_those_of_the_task(id: str, label: str, metrics: list[str]) -> None:
    by_fold = validate(id, only(people(240), label), label).evaluation_results_by_fold
    assert list(by_fold) == ["Fold number", "Number of examples in fold", *metrics]


def test_fewer_rows_than_folds_are_refused() -> None:
    with pytest.raises(DesignerError, match="only 9 rows for 10 folds") as refused:
        validate("two-class-decision-forest", ROWS.head(9), "rich")
    assert refused.value.code == "0021"
