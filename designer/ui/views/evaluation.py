"""Texts and positions of the evaluation page: headline, scale, metrics, confusion matrix."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from designer.charts.evaluation import confusion_counts
from designer.charts.metric_title import metric_title
from designer.charts.score_card import metric_rows, score_card
from designer.charts.threshold import at_threshold, best_thresholds
from designer.contract.values import Evaluation, ModelEvaluation, Task
from designer.contract.wording.counting import counted
from designer.ui.views import figures
from designer.ui.views.charts import Dot

SERIES = ("var(--c1)", "var(--c2)", "var(--c3)")
LETTERS = "ABC"
FULL_MATRIX = 16
_SHARES = (Task.TWO_CLASS, Task.MULTICLASS, Task.ANOMALY)
_CELL_NAMES = (("true negative", "false positive"), ("false negative", "true positive"))
_AT_THRESHOLD = ("Accuracy", "Precision", "Recall", "F1 Score")


@dataclass(frozen=True)
class Interval:
    """One model on the scale: its value and its interval, in percent of the scale."""

    letter: str
    text: str
    colour: str
    value: float
    low: float
    high: float
    has_interval: bool


@dataclass(frozen=True)
class Mark:
    """A tick of the scale."""

    place: float
    text: str


@dataclass(frozen=True)
class Headline:
    """The score card."""

    title: str = ""
    value: str = ""
    interval: str = ""
    gain: str = ""
    gain_tone: str = "ok"
    sentence: str = ""
    left_out: str = ""
    baseline_text: str = ""
    baseline_place: float = 0.0
    has_scale: bool = False
    marks: list[Mark] = field(default_factory=list)
    intervals: list[Interval] = field(default_factory=list)


@dataclass(frozen=True)
class MetricRow:
    """One line of the metrics table; an empty text stands for an absent column."""

    name: str
    note: str
    first: str
    second: str
    difference: str
    tone: str
    baseline: str
    better: int


@dataclass(frozen=True)
class MatrixCell:
    """One cell of a confusion matrix with its background colour."""

    count: str
    name: str
    share: str
    ground: str


@dataclass(frozen=True)
class MatrixRow:
    """The cells of one actual class."""

    actual: str
    cells: list[MatrixCell]


@dataclass(frozen=True)
class ThresholdView:
    """What the threshold slider changes."""

    threshold: float = 0.5
    threshold_text: str = "0.50"
    flagged: str = ""
    best_f1: str = ""
    best_accuracy: str = ""


def headline(evaluation: Evaluation) -> Headline:
    """The score card as texts and positions."""
    card = score_card(evaluation)
    first = card["models"][0]
    is_share = evaluation.task in _SHARES
    name = metric_title(card["metric"])
    if first["value"] is None:
        return Headline(title=f"{name} on {counted(card['rows'], 'row')}", value="–", sentence=card["sentence"])
    marks, place, is_drawn = _scale(card["models"], is_share)
    return Headline(
        title=f"{name} on {counted(card['rows'], 'row')}",
        value=_amount(first["value"], is_share),
        interval=_interval(first, is_share),
        gain=_gain(first, is_share),
        gain_tone="ok" if _is_gain(first, is_share) else "warn",
        sentence=card["sentence"],
        left_out=card["left_out"],
        baseline_text=f"{card['baseline_text']} {_amount(first['baseline'], is_share)}" if is_drawn else "",
        baseline_place=place(first["baseline"]) if is_drawn else 0.0,
        has_scale=is_drawn,
        marks=marks,
        intervals=[_on_scale(model, i, place, is_share) for i, model in enumerate(card["models"])] if is_drawn else [],
    )


def metrics(evaluation: Evaluation, threshold: float | None = None) -> list[MetricRow]:
    """The lines of the metrics table, at the chosen threshold for two classes."""
    lines = metric_rows(evaluation)
    if threshold is not None:
        chosen = [at_threshold(model, threshold)["metrics"] for model in evaluation.models]
        lines = [_rewritten(line, chosen) if line["metric"] in _AT_THRESHOLD else line for line in lines]
    positive = "" if evaluation.positive is None else str(evaluation.positive)
    return [_metric_row(line, evaluation.task, positive) for line in lines]


def matrix(evaluation: Evaluation, model: int, threshold: float | None = None) -> list[MatrixRow]:
    """The confusion matrix, rows actual, columns predicted; empty above FULL_MATRIX classes."""
    if evaluation.task not in _SHARES:
        return []
    names, counts = confusion_counts(evaluation, model, threshold)
    if len(names) > FULL_MATRIX:
        return []
    return [
        MatrixRow(str(name), [_cell(counts, row, column, len(names)) for column in range(len(names))])
        for row, name in enumerate(names)
    ]


def threshold_view(model: ModelEvaluation, threshold: float) -> ThresholdView:
    """The rows flagged at a threshold, and the best thresholds."""
    best = best_thresholds(model)
    return ThresholdView(
        threshold=round(threshold, 3),
        threshold_text=f"{threshold:.2f}",
        flagged=counted(at_threshold(model, threshold)["flagged"], "row"),
        best_f1=_threshold(best["F1 Score"]),
        best_accuracy=_threshold(best["Accuracy"]),
    )


def score_bars(model: ModelEvaluation) -> list[float]:
    """The histogram of probabilities, as heights from 0 to 1 on a square root scale."""
    table = model.tables["scores"]
    roots = np.sqrt((table["negatives"] + table["positives"]).to_numpy(dtype=float))
    top = float(roots.max()) if len(roots) else 0.0
    return [round(float(root) / top, 3) if top else 0.0 for root in roots]


def dots(evaluation: Evaluation, threshold: float) -> dict[str, list[Dot]]:
    """The points of the models at a threshold on the curves `roc`, `precision` and `lift`."""
    points: dict[str, list[Dot]] = {"roc": [], "precision": [], "lift": []}
    for i, model in enumerate(evaluation.models):
        cells = at_threshold(model, threshold)["confusion"]
        tp, fp, tn, fn = (cells[name] for name in ("tp", "fp", "tn", "fn"))
        recall, rows = _part(tp, tp + fn), tp + fp + tn + fn
        points["roc"].append(_dot(_part(fp, fp + tn), recall, i))
        points["precision"].append(_dot(recall, _part(tp, tp + fp), i))
        points["lift"].append(_dot(_part(tp + fp, rows), recall, i))
    return points


def table_of(frame: Any, names: Mapping[str, str]) -> list[list[str]]:
    """The rows of a small table as text; the keys of `names` are the columns, in order."""
    columns = [[_plain(value) for value in frame[name]] for name in names]
    return [list(row) for row in zip(*columns, strict=True)]


def _scale(models: Sequence[Mapping[str, Any]], is_share: bool) -> tuple[list[Mark], Any, bool]:
    ends = [model[key] for model in models for key in ("low", "high", "value", "baseline") if model[key] is not None]
    if any(model["baseline"] is None or model["value"] is None for model in models) or max(ends) <= min(ends):
        return [], None, False
    step = _step((max(ends) - min(ends)) * 1.3 / 4)
    low = math.floor((min(ends) - 0.15 * step) / step) * step
    high = math.ceil((max(ends) + 0.15 * step) / step) * step
    if is_share:
        low, high = max(low, 0.0), min(high, 1.0)

    def place(value: float) -> float:
        return round(100 * (value - low) / (high - low), 2)

    count = round((high - low) / step)
    values = [low + i * step for i in range(count + 1)]
    digits = 0 if step >= 0.01 else 1
    say = (lambda value: figures.percent(value, digits)) if is_share else figures.short
    return [Mark(place(value), say(round(value, 10))) for value in values], place, True


def _step(rough: float) -> float:
    size = 10.0 ** math.floor(math.log10(rough))
    return float(next(size * part for part in (1, 2, 4, 5, 10) if size * part >= rough))


def _on_scale(model: Mapping[str, Any], i: int, place: Any, is_share: bool) -> Interval:
    has_interval = model["low"] is not None and model["high"] is not None
    low, high = (model["low"], model["high"]) if has_interval else (model["value"], model["value"])
    text = f"{model['letter']}  {_amount(model['value'], is_share)}"
    return Interval(model["letter"], text, SERIES[i], place(model["value"]), place(low), place(high), has_interval)


def _amount(value: float, is_share: bool) -> str:
    return figures.percent(value) if is_share else _digits(value)


def _digits(value: float) -> str:
    return f"{value:,.4g}".replace("-", "−") if abs(value) < 1000 else figures.count(value)


def _interval(model: Mapping[str, Any], is_share: bool) -> str:
    if model["low"] is None or model["high"] is None:
        return ""
    low, high = (_amount(model[key], is_share) for key in ("low", "high"))
    return f"95 % interval {low.removesuffix(' %')} to {high}"


def _gain(model: Mapping[str, Any], is_share: bool) -> str:
    if model["baseline"] is None:
        return ""
    difference = model["value"] - model["baseline"]
    if is_share:
        return f"{figures.signed(100 * difference, 1)} points over baseline"
    if model["baseline"] == 0:
        return ""
    share = -difference / abs(model["baseline"])
    return f"{figures.percent(abs(share), 0)} {'less' if share >= 0 else 'more'} error than the baseline"


def _is_gain(model: Mapping[str, Any], is_share: bool) -> bool:
    difference = model["value"] - (model["baseline"] or 0.0)
    return bool(difference > 0) == is_share


def _rewritten(line: Mapping[str, Any], chosen: Sequence[Mapping[str, Any]]) -> dict[str, Any]:
    values = [each[line["metric"]] for each in chosen]
    both = len(values) == 2 and None not in values
    difference = values[0] - values[1] if both else None
    better = int(difference < 0) if difference else None
    return {**line, "values": values, "difference": difference, "better": better}


def _metric_row(line: Mapping[str, Any], task: Task, positive: str) -> MetricRow:
    values, difference, better = line["values"], line["difference"], line["better"]
    note = f"{line['note']} {positive}" if line["metric"] == "Recall" and positive else line["note"]
    note = line["undefined"] if None in values else note
    return MetricRow(
        name=metric_title(line["metric"]),
        note=note,
        first=_metric(values[0], task, line["metric"]),
        second=_metric(values[1], task, line["metric"]) if len(values) > 1 else "",
        difference="" if difference is None else _difference(difference, task),
        tone={None: "t2", 0: "ok", 1: "bad"}[better],
        baseline=_metric(line["baseline"], task, line["metric"]),
        better=-1 if better is None else better,
    )


def _metric(value: float | None, task: Task, name: str) -> str:
    if value is None:
        return "–"
    if name == "Number of Points":
        return figures.count(value)
    return _digits(value) if task is Task.REGRESSION and abs(value) >= 10 else f"{value:.3f}".replace("-", "−")


def _difference(value: float, task: Task) -> str:
    if task is Task.REGRESSION and abs(value) >= 10:
        return f"{value:+,.4g}".replace("-", "−")
    return figures.signed(value)


def _cell(counts: Any, row: int, column: int, size: int) -> MatrixCell:
    count, whole = int(counts[row, column]), int(counts[row].sum())
    weight = 12 + 34 * math.sqrt(count / max(int(counts.max()), 1))
    colour = SERIES[0] if row == column else SERIES[1]
    ground = f"color-mix(in srgb, {colour} {weight:.0f}%, var(--surface))" if count else "var(--sunken)"
    name = _CELL_NAMES[row][column] if size == 2 else ""
    share = f"{figures.percent(count / whole)} of row" if whole else "no rows"
    return MatrixCell(figures.count(count), name, share, ground)


def _threshold(value: float) -> str:
    return "–" if math.isnan(value) else f"{value:.2f}"


def _dot(x: float | None, y: float | None, i: int) -> Dot:
    if x is None or y is None:
        return Dot(0.0, 0.0, SERIES[i], is_shown=False)
    return Dot(round(100 * x / 1.005, 3), round(100 * (1 - y / 1.005), 3), SERIES[i])


def _part(part: int, whole: int) -> float | None:
    return part / whole if whole else None


def _plain(value: Any) -> str:
    if isinstance(value, float):
        return (
            "–"
            if math.isnan(value)
            else f"{value:.3f}".replace("-", "−")
            if abs(value) < 1000
            else figures.count(value)
        )
    if isinstance(value, int) or type(value).__name__.startswith("int"):
        return figures.count(int(value))
    return str(value)
