"""Figures, thresholds and sentences of evaluations."""

from __future__ import annotations

import json
import re
from pathlib import Path

import numpy as np
import pandas as pd
import plotly.graph_objects as go
import pytest

from designer.charts import evaluation as figures
from designer.charts.palette import PALETTES
from designer.charts.score_card import metric_rows, score_card, sentence
from designer.charts.threshold import at_threshold, best_thresholds
from designer.contract.values import Evaluation
from tests.modules.learning import LIBRARY, learner, only, people, score, train

TRAINING, TEST = people(800), people(1500, 1)


def evaluated(*ids: str, label: str) -> Evaluation:
    tables = [score(train(id, only(TRAINING, label), label), only(TEST, label)) for id in ids]
    return LIBRARY["evaluate-model"].read({}).run(*tables)


@pytest.fixture(scope="module")
def binary() -> Evaluation:
    return evaluated("two-class-boosted-decision-tree", "two-class-logistic-regression", label="rich")


@pytest.fixture(scope="module")
def regression() -> Evaluation:
    return evaluated("linear-regression", "boosted-decision-tree-regression", label="wage")


@pytest.fixture(scope="module")
def clusters() -> Evaluation:
    trained = LIBRARY["train-clustering-model"].read({}).run(learner("k-means-clustering"), only(TRAINING, ""))
    return LIBRARY["evaluate-model"].read({}).run(trained.results_dataset)


def test_the_slider_at_one_half_shows_the_headline(binary: Evaluation) -> None:
    for model in binary.models:
        measured = at_threshold(model, 0.5)
        assert measured["metrics"] == pytest.approx({name: model.metrics[name] for name in measured["metrics"]})
        assert sum(measured["confusion"].values()) == model.rows


def test_the_ends_of_the_slider_flag_all_rows_and_none(binary: Evaluation) -> None:
    model = binary.models[0]
    assert at_threshold(model, 0)["metrics"]["Recall"] == 1
    assert at_threshold(model, 0)["flagged"] == model.rows
    assert at_threshold(model, 1)["metrics"]["Recall"] == 0
    assert at_threshold(model, 1)["metrics"]["Precision"] is None


def test_no_other_threshold_is_better_than_the_best(binary: Evaluation) -> None:
    model = binary.models[0]
    for metric, threshold in best_thresholds(model).items():
        best = at_threshold(model, threshold)["metrics"][metric]
        assert all(at_threshold(model, t)["metrics"][metric] <= best + 1e-12 for t in np.linspace(0.01, 0.99, 99))


@pytest.mark.parametrize("palette", ["light", "dark"])
def test_every_figure_is_small_json_with_a_line_for_each_model(
    palette: str, binary: Evaluation, regression: Evaluation, clusters: Evaluation
) -> None:
    drawn = [
        figures.roc(binary, palette), figures.precision_recall(binary, palette), figures.lift(binary, palette),
        figures.calibration(binary, palette), figures.threshold_histogram(binary.models[0], palette),
        figures.confusion_matrix(binary, 1, palette, threshold=0.3), figures.regression_scatter(regression, 1, palette),
        figures.residual_histogram(regression, palette), figures.cluster_map(clusters, 0, palette),
        figures.cluster_sizes(clusters, 0, palette),
    ]  # fmt: skip
    for figure in drawn:
        assert isinstance(figure, go.Figure)
        assert len(json.dumps(json.loads(figure.to_json()))) < 200_000
        assert sum(len(trace.x) for trace in figure.data if trace.x is not None) <= 10_000
    lines = [trace.line for trace in drawn[0].data if trace.mode == "lines"]
    assert [line.dash for line in lines] == ["solid", "dash"]
    assert [line.color for line in lines] == list(PALETTES[palette].series[:2])
    text = " ".join(annotation.text for annotation in drawn[0].layout.annotations)
    assert f"A {binary.models[0].metrics['AUC']:.3f}" in text
    assert f"B {binary.models[1].metrics['AUC']:.3f}" in text


def test_the_area_under_the_drawn_curve_is_the_metric(binary: Evaluation) -> None:
    line = figures.roc(binary).data[0]
    assert np.trapezoid(line.y, line.x) == pytest.approx(binary.models[0].metrics["AUC"], abs=2e-3)


def test_the_letter_of_a_model_that_is_nearly_always_right_stands_below_its_line(binary: Evaluation) -> None:
    thresholds = pd.DataFrame({
        "threshold": [0.0, 0.5, 0.75, 1.0], "tp": [50, 50, 25, 0], "fp": [50, 0, 0, 0], "tn": [0, 50, 50, 50],
        "fn": [0, 0, 25, 50],
    })  # fmt: skip
    model = type(binary.models[0])("right", 100, {"AUC": 1.0}, {}, {"thresholds": thresholds})
    evaluation = Evaluation(binary.task, (model,))
    for draw in (figures.roc, figures.precision_recall, figures.lift):
        (letter,) = [note for note in draw(evaluation).layout.annotations if note.text.startswith("<b>A")]
        height = 16 if draw is figures.lift else 1  # the 50 positive rows of 100 come first
        assert letter.y == pytest.approx(height)
        assert letter.yanchor == ("bottom" if draw is figures.lift else "top"), draw


def test_names_from_data_cannot_be_markup() -> None:
    rows = only(TRAINING, "rich").assign(rich=TRAINING["rich"].map({"yes": "<img src=x>", "no": "<b>n</b>"}))
    table = score(train("two-class-decision-forest", rows, "rich"), rows)
    evaluation = LIBRARY["evaluate-model"].read({}).run(table)
    drawn = figures.confusion_matrix(evaluation).to_json() + figures.calibration(evaluation).to_json()
    assert "<img" not in drawn
    assert "&lt;" in drawn


def test_the_confusion_matrix_of_many_classes_is_a_heat_map() -> None:
    count = 40
    names = [f"class {i}" for i in range(count)]
    pairs = [(a, p, int(a == p)) for a in names for p in names]
    confusion = pd.DataFrame(pairs, columns=["actual", "predicted", "rows"])
    evaluation = evaluated("two-class-decision-forest", label="rich")
    model = type(evaluation.models[0])("many", count, {}, {}, {"confusion": confusion})
    figure = figures.confusion_matrix(Evaluation(evaluation.task, (model,)))
    assert figure.data[0].type == "heatmap"
    assert not figure.layout.annotations


def test_the_sentence_says_what_the_numbers_say(
    binary: Evaluation, regression: Evaluation, clusters: Evaluation
) -> None:
    text = sentence(binary)
    right = binary.models[0].metrics["Accuracy"]
    assert text.startswith(f"Model A is right for {100 * right:.0f} of 100 rows; always answering “")
    assert re.search(r"(It beats model B by|Model B beats it by) \d+\.\d points", text)
    assert f"It finds {100 * binary.models[0].metrics['Recall']:.0f} of 100 rows that are “yes”." in text
    assert "always answering the mean is off by" in sentence(regression)
    assert "rows in 2 clusters" in sentence(clusters)


def test_the_score_card_holds_interval_and_baseline(binary: Evaluation) -> None:
    card = score_card(binary)
    first = card["models"][0]
    assert first["low"] < first["value"] < first["high"]
    assert first["baseline"] == binary.models[0].baseline["Accuracy"]
    assert card["baseline_text"].startswith("Baseline: always “")
    json.dumps(card, allow_nan=False)


def test_the_metrics_table_knows_which_value_is_better(binary: Evaluation) -> None:
    lines = {line["metric"]: line for line in metric_rows(binary)}
    assert list(lines) == ["Accuracy", "Precision", "Recall", "F1 Score", "AUC", "Log Loss", "Brier Score"]
    loss = lines["Log Loss"]
    assert loss["better"] == int(np.argmin(loss["values"]))
    assert lines["AUC"]["better"] == int(np.argmax(lines["AUC"]["values"]))
    assert lines["AUC"]["baseline"] == 0.5
    json.dumps(list(lines.values()), allow_nan=False)


def test_colours_are_those_of_the_style_sheet() -> None:
    sheet = (Path(__file__).parents[2] / "assets" / "tokens.css").read_text(encoding="utf-8")
    light, dark = sheet.split('[data-theme="dark"]')
    for name, text in (("light", light), ("dark", dark)):
        colours = PALETTES[name]
        for i, colour in enumerate(colours.series, 1):
            assert f"--c{i}: {colour}" in text
        tokens = {"c-grid": colours.grid, "c-axis": colours.axis, "c-base": colours.base, "hist": colours.bars}
        for token, colour in {**tokens, "hist-2": colours.focused_bars, "surface": colours.surface}.items():
            assert f"--{token}: {colour}" in text


def test_a_curve_of_one_class_says_that_it_is_not_defined() -> None:
    rows = pd.DataFrame({"Labels": ["a"] * 3, "Scored Labels": ["a"] * 3, "Scored Probabilities": [0.1, 0.2, 0.3]})
    evaluation = LIBRARY["evaluate-model"].read({}).run(rows)
    for draw in (figures.roc, figures.precision_recall):
        assert any("Not defined" in note.text for note in draw(evaluation).layout.annotations)
    assert not any("Not defined" in note.text for note in figures.lift(evaluation).layout.annotations)
