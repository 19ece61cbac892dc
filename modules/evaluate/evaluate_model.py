"""Evaluate one or two scored tables."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Annotated, Any

import numpy as np
import pandas as pd

from designer.contract.module import Module
from designer.contract.schema import Schema
from designer.contract.script import Script, Variable
from designer.contract.values import Evaluation, ModelEvaluation, Table, Task

from . import binary, clustering, multiclass, regression
from .comparable import NotComparable, check_kinds, check_values
from .scored_table import DifferentTasks, ScoredColumns, read_columns
from .significance import compare_errors, wilson

FIRST, SECOND = "Scored dataset", "Scored dataset to compare"
Frame = Table


class EvaluateModel(
    Module,
    category="Model Scoring & Evaluation",
    icon="chart-line",
    suggested=6,
    at_inference="drop",
    no_onnx="metrics need all rows",
    synonyms=("metrics", "accuracy", "ROC", "AUC", "confusion matrix", "RMSE"),
):
    """Compute the metrics of one or two scored datasets.

    The task is inferred from the score columns, the label from the role Label. Rows without a label or a score are left
    out and counted. The metrics are shown next to those of a baseline: the most frequent class with its share, or the
    mean of the label.

    The classes are the model's, even if some have no rows; a table scored elsewhere has those of its rows and its
    probability columns. Metrics follow scikit-learn: precision, recall and F1 of two classes are those of the positive
    class (see Train Model); AUC counts ties half; log loss clips probabilities to 2.2e-16 from 0 and 1. Undefined
    metrics are missing: precision without predicted positives, recall without actual positives, F1 without either, AUC
    with one class only, log loss of a class without a probability. Macro averages cover the classes that occur among
    labels or scored labels; a class that is never predicted has precision 0. Unlike in scikit-learn, macro recall
    covers only classes with rows (balanced accuracy).

    Tables per model, used by the charts. For every task: `left_out` (reason, rows), `interval` (metric, value, low,
    high: 95 %; Wilson for shares). Two classes: `confusion` (actual, predicted, rows), `thresholds` (threshold, tp, fp,
    tn, fn: rows above the threshold are positive, at 0 all rows), `calibration` (from, to, rows, predicted, observed),
    `scores` (from, to, negatives, positives). More classes: `confusion`, `classes` (class, rows, precision, recall, f1,
    auc). Regression: `points` (actual, predicted; at most 2,000), `residuals` (from, to, rows). Clusters: `clusters`
    (Result Description and the four measures), `map` (x, y, cluster; at most 2,000). The second model also has
    `difference` (metric, difference, low, high, p, better) if both tables have the same labels.

    Errors: 0024 without a label column, 0025 without scores, 0062 for two tables of different tasks, 0037 for several
    labels, 0058 for a label whose kind or classes differ from the scores' and for two models with different positive
    classes, 0033 for infinite numbers.

    Example: 30 true and 10 false positives, 50 true and 10 false negatives give accuracy 0.8.
    """

    def run(
        self,
        scored_dataset: Table,
        scored_dataset_to_compare: Annotated[Table | None, "Scored dataset to compare"] = None,
    ) -> Annotated[Evaluation, "Evaluation results"]:
        """Evaluate."""
        columns = _read(scored_dataset, FIRST)
        first, classes = evaluated(FIRST, scored_dataset, columns)
        if scored_dataset_to_compare is None:
            return Evaluation(columns.task, (first,), columns.label, tuple(classes))
        others = _read(scored_dataset_to_compare, SECOND)
        _same_task(columns, others)
        _same_positive(columns, others)
        second, more = evaluated(SECOND, scored_dataset_to_compare, others)
        difference = compared(scored_dataset, columns, scored_dataset_to_compare, others)
        if difference is not None:
            second = ModelEvaluation(
                second.name, second.rows, second.metrics, second.baseline, {**second.tables, "difference": difference}
            )
        both = [*classes, *(name for name in more if name not in classes)]
        return Evaluation(columns.task, (first, second), columns.label, tuple(both))

    def infer(self, scored_dataset: Schema, scored_dataset_to_compare: Schema | None = None) -> None:
        """No output has columns; report missing label or score columns before the run."""
        known = [(FIRST, scored_dataset), (SECOND, scored_dataset_to_compare)]
        scored = [_known(schema, port) for port, schema in known if schema is not None and schema.complete]
        if len(scored) == 2:
            _same_task(*scored)

    def to_python(self, script: Script, **inputs: Variable) -> tuple[str, ...]:
        """Compute and print the same metrics."""
        names = [
            _written(script, title, inputs[port])
            for port, title in (("scored_dataset", FIRST), ("scored_dataset_to_compare", SECOND))
            if inputs.get(port) is not None
        ]
        evaluation = script.variable("evaluation")
        script.line(f"{evaluation} = [{', '.join(names)}]")
        return (evaluation,)

    def summary(self) -> str:
        """The result in one line."""
        return "metrics and curves"

    def explain(self, inputs: Mapping[str, Any], outputs: Mapping[str, Any]) -> str:
        """How many rows were left out and why, and the positive class."""
        evaluation: Evaluation = outputs["evaluation_results"]
        counts = evaluation.models[0].tables["left_out"].set_index("reason")["rows"]
        gone = [f"{int(rows):,} {reason}" for reason, rows in counts.items() if rows]
        parts = [f"Left out: {', '.join(gone)}."] if gone else []
        if evaluation.positive is not None:
            parts.append(f"Positive class: {evaluation.positive}.")
        return " ".join(parts)


def _read(table: Table, port: str) -> ScoredColumns:
    columns = _known(Schema.of(table), port)
    check_values(table, columns, port)
    return columns


def _known(schema: Schema, port: str) -> ScoredColumns:
    columns = read_columns(schema, port)
    check_kinds(schema, columns, port)
    return columns


def evaluated(name: str, table: Table, columns: ScoredColumns) -> tuple[ModelEvaluation, list[Any]]:
    """The evaluation of one scored table, and its classes."""
    match columns.task:
        case Task.TWO_CLASS:
            metrics, baseline, tables, classes, rows = _two_class(table, columns)
        case Task.REGRESSION:
            metrics, baseline, tables, classes, rows = _regression(table, columns.names)
        case Task.CLUSTERING:
            metrics, baseline, tables, classes, rows = _clustering(table)
        case _:
            metrics, baseline, tables, classes, rows = _multiclass(table, columns)
    return ModelEvaluation(name, rows, metrics, baseline, {"left_out": left_out(table, columns), **tables}), classes


def _same_task(first: ScoredColumns, second: ScoredColumns) -> None:
    if first.task is not second.task:
        problem = f"one table is for {str(first.task).lower()}, the other for {str(second.task).lower()}"
        raise DifferentTasks(problem, "Compare models of one task.", port=SECOND)


def _same_positive(first: ScoredColumns, second: ScoredColumns) -> None:
    """Reject two models whose positive classes differ."""
    if first.task is Task.TWO_CLASS and first.classes and first.classes == second.classes[::-1]:
        problem = f"its positive class is '{second.classes[-1]}', and that of the first dataset '{first.classes[-1]}'"
        raise NotComparable(problem, "Train both models with the same positive class.", port=SECOND)


def left_out(table: Table, columns: ScoredColumns) -> Frame:
    """The number of rows without a label or a score."""
    names = columns.names
    labelled = table[names["label"]].notna() if names else pd.Series(True, index=table.index)
    scored = table[names["labels"] if names else "Assignments"].notna()
    counts = {"without a label": int((~labelled).sum()), "without a score": int((labelled & ~scored).sum())}
    return pd.DataFrame({"reason": list(counts), "rows": list(counts.values())})


def compared(first: Table, columns: ScoredColumns, second: Table, others: ScoredColumns) -> Frame | None:
    """The difference of the models on the rows both score; None if the tables have different labels."""
    if columns.task is Task.CLUSTERING or len(first) != len(second) or not len(first):
        return None
    labels = [table[each.label].astype(object).to_numpy() for table, each in ((first, columns), (second, others))]
    known = first[columns.label].notna().to_numpy() & second[others.label].notna().to_numpy()
    if not (labels[0][known] == labels[1][known]).all():
        return None
    answers = [table[each.names["labels"]] for table, each in ((first, columns), (second, others))]
    both = known & answers[0].notna().to_numpy() & answers[1].notna().to_numpy()
    if not both.any():
        return None
    if columns.task is Task.REGRESSION:
        truth = labels[0][both].astype(float)
        errors = [np.abs(answer.to_numpy(dtype=float)[both] - truth) for answer in answers]
        largest = max(float(np.abs(truth).max()), float(errors[0].max()), float(errors[1].max()))
        return compare_errors(errors[0], errors[1], "Mean_Absolute_Error", -1, largest)
    right = [np.array(answer.astype(object).to_numpy()[both] == labels[0][both], dtype=bool) for answer in answers]
    return compare_errors(right[0], right[1], "Accuracy", 1)


Found = tuple[dict[str, float], dict[str, float], dict[str, Frame], list[Any], int]


def _two_class(table: Table, columns: ScoredColumns) -> Found:
    actual, predicted, share, classes = binary.binary_outcomes(table, columns.names, columns.classes)
    metrics = binary.binary_metrics(table, columns.names, columns.classes)
    tp, fp, tn, fn = binary.confusion_counts(actual, predicted)
    titles = [str(name) for name in classes] or ["negative", "positive"]
    negative, positive = titles[0], titles[-1]
    lines = [(negative, negative, tn), (negative, positive, fp), (positive, negative, fn), (positive, positive, tp)]
    tables = {
        "interval": _interval("Accuracy", metrics["Accuracy"], wilson(tp + tn, len(actual))),
        "confusion": pd.DataFrame(lines, columns=["actual", "predicted", "rows"]),
        "thresholds": binary.threshold_table(actual, share),
        "calibration": binary.calibration_table(actual, share),
        "scores": binary.score_histogram(actual, share),
    }
    return metrics, binary.binary_baseline(actual), tables, classes, len(actual)


def _multiclass(table: Table, columns: ScoredColumns) -> Found:
    names = columns.names
    rows, classes = multiclass.multiclass_rows(table, names, columns.classes)
    metrics = multiclass.multiclass_metrics(table, names, columns.classes)
    right = int(multiclass.class_counts(rows, names, classes)[0].sum())
    tables = {
        "interval": _interval("Overall Accuracy", metrics["Overall Accuracy"], wilson(right, len(rows))),
        "confusion": multiclass.confusion_table(rows, names, classes),
        "classes": multiclass.class_table(rows, names, classes),
    }
    baseline = multiclass.multiclass_baseline(rows, names, classes)
    return metrics, {name: baseline[name] for name in metrics}, tables, classes, len(rows)


def _regression(table: Table, names: Mapping[str, str]) -> Found:
    actual, predicted = regression.regression_outcomes(table, names)
    metrics = regression.regression_metrics(table, names)
    lines = [(name, metrics[name], low, high) for name, low, high in regression.regression_intervals(actual, predicted)]
    tables = {
        "interval": pd.DataFrame(lines, columns=["metric", "value", "low", "high"]),
        "points": regression.point_table(actual, predicted),
        "residuals": regression.residual_histogram(actual, predicted),
    }
    mean = np.full(len(actual), actual.mean() if len(actual) else np.nan)
    baseline = {**regression.quantile_baseline(table, names), **regression.error_metrics(actual, mean)}
    return metrics, baseline, tables, [], len(actual)


def _clustering(table: Table) -> Found:
    clusters = clustering.cluster_table(table)
    tables = {"clusters": clusters, "map": clustering.cluster_map(table)}
    return clustering.cluster_metrics(table), {}, tables, [], int(table["Assignments"].notna().sum())


def _interval(metric: str, value: float, bounds: tuple[float, float]) -> Frame:
    return pd.DataFrame([(metric, value, *bounds)], columns=["metric", "value", "low", "high"])


def _written(script: Script, title: str, table: Variable) -> str:
    columns = read_columns(table.schema, title)
    functions: dict[Task, Callable[..., Any]] = {
        Task.TWO_CLASS: binary.binary_metrics,
        Task.MULTICLASS: multiclass.multiclass_metrics,
        Task.REGRESSION: regression.regression_metrics,
    }
    if columns.task is Task.CLUSTERING:
        name = script.call(clustering.cluster_metrics, table, result="metrics")
    else:
        known = () if columns.task is Task.REGRESSION or not columns.classes else (columns.classes,)
        name = script.call(functions[columns.task], table, dict(columns.names), *known, result="metrics")
    script.line(f"for metric, value in {name}.items():")
    script.line(f"    print(f'{title}: {{metric}} = {{value!r}}')")
    return name
