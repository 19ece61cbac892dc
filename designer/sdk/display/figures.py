"""Evaluations as output of a notebook: the metrics as a table, and the charts of the evaluation page."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from designer.charts.metric_title import metric_title
from designer.charts.score_card import metric_rows, sentence
from designer.contract.values import Evaluation, Task
from designer.sdk.display.tables import grid

if TYPE_CHECKING:
    import plotly.graph_objects as go

PLOTLY = "application/vnd.plotly.v1+json"


def figures_of(evaluation: Evaluation) -> Mapping[str, go.Figure]:
    """The figures of an evaluation by name."""
    from designer.charts import evaluation as charts

    match evaluation.task:
        case Task.TWO_CLASS | Task.ANOMALY:
            return {
                "ROC": charts.roc(evaluation),
                "Precision and recall": charts.precision_recall(evaluation),
                "Lift": charts.lift(evaluation),
            }
        case Task.MULTICLASS:
            return {"Confusion matrix": charts.confusion_matrix(evaluation)}
        case Task.REGRESSION:
            return {
                "Predicted and actual": charts.regression_scatter(evaluation),
                "Residuals": charts.residual_histogram(evaluation),
            }
        case Task.CLUSTERING:
            return {"Clusters": charts.cluster_map(evaluation), "Sizes": charts.cluster_sizes(evaluation)}
        case Task.RECOMMENDATION:
            return {}


def evaluation_bundle(evaluation: Evaluation, title: str) -> dict[str, Any]:
    """The metrics of each model, as HTML and as plain text."""
    names = [model.name for model in evaluation.models]
    rows = [[metric_title(line["metric"]), *(_number(v) for v in line["values"])] for line in metric_rows(evaluation)]
    width = max((len(row[0]) for row in rows), default=0)
    text = "\n".join(f"{row[0]:<{width}}  {'  '.join(f'{cell:>10}' for cell in row[1:])}" for row in rows)
    caption = f"{title}: {sentence(evaluation)}"
    return {"text/plain": f"{caption}\n{text}", "text/html": grid(["", *names], rows, caption)}


def display_evaluation(evaluation: Evaluation, title: str) -> None:
    """Show the metrics and then each figure in a notebook."""
    from IPython.display import display

    display(evaluation_bundle(evaluation, title), raw=True)
    for name, figure in figures_of(evaluation).items():
        display({PLOTLY: json.loads(figure.to_json()), "text/plain": name}, raw=True)


def _number(value: float | None) -> str:
    return "undefined" if value is None else f"{value:.6g}"
