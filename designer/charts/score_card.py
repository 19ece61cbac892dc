"""The score card of an evaluation: the headline metric, a summary sentence, and the table of metrics."""

from __future__ import annotations

import math
from typing import Any

from designer.contract.values import Evaluation, ModelEvaluation, Task
from designer.contract.wording.counting import counted

Document = dict[str, Any]

HEADLINES = {
    Task.TWO_CLASS: "Accuracy",
    Task.ANOMALY: "Accuracy",
    Task.MULTICLASS: "Overall Accuracy",
    Task.REGRESSION: "Mean_Absolute_Error",
    Task.CLUSTERING: "Average Distance to Cluster Center",
}

NOTES = {
    "Accuracy": "share right",
    "Overall Accuracy": "share right",
    "Precision": "flagged and right",
    "Recall": "found of all",
    "AUC": "ranking",
    "Log Loss": "lower is better",
    "Brier Score": "lower is better",
    "Mean_Absolute_Error": "lower is better",
    "Root_Mean_Squared_Error": "lower is better",
    "Relative_Squared_Error": "lower is better, the mean has 1",
    "Relative_Absolute_Error": "lower is better, the mean has 1",
    "Coefficient_of_Determination": "share of the variance explained",
    "Average Distance to Cluster Center": "lower is tighter",
    "Average Distance to Other Center": "higher is further apart",
    "Maximal Distance to Cluster Center": "lower is tighter",
}

_NO_VARIATION = "not defined: the label does not vary"
UNDEFINED = {
    "Precision": "not defined: no row is predicted positive",
    "Recall": "not defined: no row is positive",
    "F1 Score": "not defined: no row is positive or predicted to be",
    "AUC": "not defined: all rows are of one class",
    "Log Loss": "not defined: a row is of a class without a probability",
    "Relative_Squared_Error": _NO_VARIATION,
    "Relative_Absolute_Error": _NO_VARIATION,
    "Coefficient_of_Determination": _NO_VARIATION,
}
"""The reason why a metric is undefined although rows were evaluated."""


def score_card(evaluation: Evaluation) -> Document:
    """The headline metric with value, interval and baseline for each model, and a summary sentence.

    Keys: `metric`, `rows`, `models` (letter, name, value, low, high, baseline), `baseline_text`, `sentence`,
    `left_out`.
    """
    metric = HEADLINES.get(evaluation.task) or next(iter(evaluation.models[0].metrics), "")
    models = [_headline(model, metric, letter) for model, letter in zip(evaluation.models, "AB", strict=False)]
    return {
        "metric": metric,
        "rows": evaluation.models[0].rows,
        "models": models,
        "baseline_text": _baseline_text(evaluation),
        "sentence": sentence(evaluation),
        "left_out": _left_out(evaluation.models[0]),
    }


def metric_rows(evaluation: Evaluation) -> list[Document]:
    """The rows of the metrics table.

    Keys: `metric`, `note`, `values`, `difference`, `baseline`, `better` (index of the better model, 0, 1 or None) and
    `undefined` (why a value is missing).
    """
    lines = []
    for name in evaluation.models[0].metrics:
        values = [_finite(model.metrics.get(name)) for model in evaluation.models]
        note = NOTES.get(name, "")
        two = len(values) == 2 and None not in values
        difference = values[0] - values[1] if two else None  # type: ignore[operator]
        better = None
        if difference:
            better = int((difference > 0) == note.startswith("lower"))
        baseline = _finite(evaluation.models[0].baseline.get(name))
        lines.append(
            {"metric": name, "note": note, "values": values, "difference": difference, "baseline": baseline,
             "better": None if name == "Number of Points" else better, "undefined": _undefined(evaluation, name)}
        )  # fmt: skip
    return lines


def sentence(evaluation: Evaluation) -> str:
    """Summarize the metrics in plain words."""
    match evaluation.task:
        case Task.TWO_CLASS | Task.MULTICLASS | Task.ANOMALY:
            return " ".join([*_accuracy(evaluation), *_comparison(evaluation), *_recall(evaluation)])
        case Task.REGRESSION:
            return " ".join([*_error(evaluation), *_comparison(evaluation)])
        case Task.CLUSTERING:
            return _compact(evaluation.models[0])
        case _:
            return ""


def _accuracy(evaluation: Evaluation) -> list[str]:
    metric = HEADLINES[evaluation.task]
    model = evaluation.models[0]
    share, base = model.metrics[metric], model.baseline.get(metric, math.nan)
    if math.isnan(share):
        return ["No row can be evaluated."]
    always = _most_frequent(model)
    subject = "Model A is" if len(evaluation.models) > 1 else "The model is"
    summary = f"{subject} right for {_of_hundred(share, base)} rows"
    if not always or math.isnan(base):
        return [f"{summary}."]
    return [f"{summary}; always answering “{always}” is right for {_number(base, share)}."]


def _recall(evaluation: Evaluation) -> list[str]:
    model = evaluation.models[0]
    recall = model.metrics.get("Recall", math.nan)
    if math.isnan(recall) or evaluation.positive is None:
        return []
    return [f"It finds {100 * recall:.0f} of 100 rows that are “{evaluation.positive}”."]


def _error(evaluation: Evaluation) -> list[str]:
    model = evaluation.models[0]
    error, base = model.metrics["Mean_Absolute_Error"], model.baseline["Mean_Absolute_Error"]
    if math.isnan(error):
        return ["No row can be evaluated."]
    subject = "Model A is" if len(evaluation.models) > 1 else "The model is"
    summary = f"{subject} off by {error:,.4g} on average; always answering the mean is off by {base:,.4g}."
    explained = model.metrics["Coefficient_of_Determination"]
    if math.isnan(explained):
        return [summary]
    if explained < 0:
        return [summary, "It explains nothing of how the values differ."]
    return [summary, f"It explains {100 * explained:.0f} % of how the values differ."]


def _comparison(evaluation: Evaluation) -> list[str]:
    """The comparison of two models, and whether the difference is significant (p < 0.05)."""
    if len(evaluation.models) < 2 or "difference" not in evaluation.models[1].tables:
        return []
    line = evaluation.models[1].tables["difference"].iloc[0]
    gap, chance = abs(float(line["difference"])), float(line["p"])
    if not line["better"]:
        return ["Both models do equally well."]
    verb = "It beats model B by" if line["better"] == "A" else "Model B beats it by"
    amount = f"{100 * gap:.1f} points" if evaluation.task is not Task.REGRESSION else f"{gap:,.4g}"
    return [f"{verb} {amount}, {'more than chance explains' if chance < 0.05 else 'which may be chance'}."]


def _compact(model: ModelEvaluation) -> str:
    within, between = (model.metrics[f"Average Distance to {name} Center"] for name in ("Cluster", "Other"))
    if math.isnan(within):
        return "No row has a cluster."
    clusters = len(model.tables["clusters"]) - 1
    rows = counted(int(model.metrics["Number of Points"]), "row")
    summary = f"{rows} in {counted(clusters, 'cluster')} lie {within:.3g} from their own center"
    return f"{summary} on average and {between:.3g} from the others."


def _baseline_text(evaluation: Evaluation) -> str:
    if evaluation.task is Task.REGRESSION:
        return "Baseline: always the mean"
    always = _most_frequent(evaluation.models[0])
    return f"Baseline: always “{always}”" if always else ""


def _most_frequent(model: ModelEvaluation) -> str:
    table = model.tables.get("confusion")
    if table is None or not table["rows"].sum():
        return ""
    return str(table.groupby("actual", sort=False)["rows"].sum().idxmax())


def _headline(model: ModelEvaluation, metric: str, letter: str) -> Document:
    headline: Document = {"letter": letter, "name": model.name, "value": _finite(model.metrics.get(metric))}
    intervals = model.tables.get("interval")
    bounds: Document = {"low": None, "high": None}
    if intervals is not None:
        line = intervals[intervals["metric"] == metric]
        if len(line):
            bounds = {name: _finite(float(line[name].iloc[0])) for name in ("low", "high")}
    return {**headline, **bounds, "baseline": _finite(model.baseline.get(metric))}


def _left_out(model: ModelEvaluation) -> str:
    table = model.tables.get("left_out")
    if table is None:
        return ""
    parts = [f"{int(rows):,} {reason}" for reason, rows in zip(table["reason"], table["rows"], strict=True) if rows]
    return f"Left out: {', '.join(parts)}." if parts else ""


def _of_hundred(share: float, other: float) -> str:
    return f"{_number(share, other)} of 100"


def _number(share: float, base: float) -> str:
    """A percentage as a whole number; with one decimal if both would round to the same."""
    alike = not math.isnan(base) and round(100 * share) == round(100 * base) and share != base
    return f"{100 * share:.1f}" if alike else f"{100 * share:.0f}"


def _undefined(evaluation: Evaluation, metric: str) -> str:
    return (
        UNDEFINED.get(metric, "not defined") if all(model.rows for model in evaluation.models) else "no row to measure"
    )


def _finite(value: float | None) -> float | None:
    return float(value) if value is not None and math.isfinite(value) else None
