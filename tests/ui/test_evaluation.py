"""Texts and chart positions of an evaluation agree with its numbers."""

import math

import numpy as np
import pandas as pd
import pytest

from designer.contract.catalogue.library import Library
from designer.contract.schema import Column, Kind, Role, Schema
from designer.contract.values import SCORED_LABELS, SCORED_PROBABILITIES, Evaluation
from designer.ui.views import evaluation as evaluation_view
from designer.ui.views.evaluation import MatrixRow

ROWS = 400


def two_class(*seeds: int) -> Evaluation:
    """The evaluation of models whose scores are the label plus noise."""
    module = Library.scan()["evaluate-model"]
    answer = np.where(np.random.default_rng(1).random(ROWS) < 0.3, ">50K", "<=50K")
    schema = Schema(
        (
            Column("income", Kind.STRING, Role.LABEL),
            Column(SCORED_LABELS, Kind.STRING, Role.SCORE),
            Column(SCORED_PROBABILITIES, Kind.DECIMAL, Role.SCORE),
        )
    )
    tables = []
    for seed in seeds:
        noise = np.random.default_rng(seed).normal(0, 1.2, ROWS)
        share = 1 / (1 + np.exp(-(2.0 * (answer == ">50K") - 1.2 + noise)))
        columns = {"income": answer, SCORED_LABELS: np.where(share > 0.5, ">50K", "<=50K"), SCORED_PROBABILITIES: share}
        tables.append(schema.attach(pd.DataFrame(columns)))
    evaluation: Evaluation = module.read({}).run(*tables)
    return evaluation


def counts(rows: list[MatrixRow]) -> np.ndarray:
    return np.array([[int(cell.count.replace(",", "")) for cell in row.cells] for row in rows])


@pytest.mark.parametrize("threshold", [0.0, 0.2, 0.5, 0.73, 1.0])
def test_precision_and_recall_follow_from_the_drawn_matrix(threshold: float) -> None:
    evaluation = two_class(2)
    rows = evaluation_view.matrix(evaluation, 0, threshold)
    assert [row.actual for row in rows] == ["<=50K", ">50K"]
    (_, fp), (fn, tp) = counts(rows)
    shown = {row.name: row.first for row in evaluation_view.metrics(evaluation, threshold)}
    assert shown["Recall"] == f"{tp / (tp + fn):.3f}"
    assert shown["Precision"] == (f"{tp / (tp + fp):.3f}" if tp + fp else "–")


def test_the_matrix_names_its_cells_and_its_rows_add_up() -> None:
    rows = evaluation_view.matrix(two_class(2), 0, 0.5)
    assert [[cell.name for cell in row.cells] for row in rows] == [
        ["true negative", "false positive"],
        ["false negative", "true positive"],
    ]
    assert counts(rows).sum() == ROWS


def test_the_dots_stand_where_the_metrics_say() -> None:
    evaluation = two_class(2)
    shown = {row.name: float(row.first) for row in evaluation_view.metrics(evaluation, 0.4)}
    (dot,) = evaluation_view.dots(evaluation, 0.4)["precision"]
    assert dot.x == pytest.approx(100 * shown["Recall"] / 1.005, abs=0.1)
    assert dot.y == pytest.approx(100 * (1 - shown["Precision"] / 1.005), abs=0.1)


def test_a_dot_without_a_place_is_not_drawn() -> None:
    (dot,) = evaluation_view.dots(two_class(2), 1.0)["precision"]
    assert not dot.is_shown


def test_the_better_of_two_models_is_marked_and_the_difference_is_signed() -> None:
    evaluation = two_class(2, 3)
    first, second = (model.metrics["Log Loss"] for model in evaluation.models)
    row = next(row for row in evaluation_view.metrics(evaluation) if row.name == "Log Loss")
    assert row.better == (0 if first < second else 1)
    assert row.difference == f"{first - second:+.3f}".replace("-", "−")


def test_the_headline_holds_interval_and_baseline_on_one_scale() -> None:
    headline = evaluation_view.headline(two_class(2, 3))
    assert headline.has_scale
    assert headline.value.endswith(" %")
    assert all(0 <= place <= 100 for i in headline.intervals for place in (i.low, i.value, i.high))
    assert all(i.low <= i.value <= i.high for i in headline.intervals)
    assert 0 <= headline.baseline_place <= 100
    assert [mark.place for mark in headline.marks] == sorted(mark.place for mark in headline.marks)


def test_the_best_thresholds_are_within_reach_of_the_slider() -> None:
    view = evaluation_view.threshold_view(two_class(2).models[0], 0.5)
    assert 0 <= float(view.best_f1) <= 1
    assert 0 <= float(view.best_accuracy) <= 1


def test_metrics_that_do_not_exist_are_a_dash() -> None:
    assert evaluation_view.table_of(pd.DataFrame({"auc": [math.nan]}), {"auc": "AUC"}) == [["–"]]


def test_what_one_class_leaves_undefined_is_shown_so_with_its_reason() -> None:
    rows = pd.DataFrame(
        {"Labels": ["drop"] * 4, SCORED_LABELS: ["drop"] * 4, SCORED_PROBABILITIES: [0.05, 0.2, 0.1, 0.15]}
    )
    evaluation: Evaluation = Library.scan()["evaluate-model"].read({}).run(rows)
    shown = {row.name: row for row in evaluation_view.metrics(evaluation, 0.5)}
    assert evaluation_view.headline(evaluation).value == "100.0 %"
    assert shown["Accuracy"].first == "1.000"
    assert [shown[name].first for name in ("Precision", "Recall", "F1 Score", "AUC")] == ["–"] * 4
    assert shown["Recall"].note == "not defined: no row is positive"
    assert counts(evaluation_view.matrix(evaluation, 0, 0.5)).tolist() == [[4, 0], [0, 0]]
    assert [row.actual for row in evaluation_view.matrix(evaluation, 0, 0.5)] == ["drop", "not drop"]
    view = evaluation_view.threshold_view(evaluation.models[0], 0.5)
    assert (view.best_f1, view.flagged) == ("–", "0 rows")
