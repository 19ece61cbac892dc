"""State of the evaluation page: the result of an Evaluate Model node in a run."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import lru_cache, partial
from typing import Any

import plotly.graph_objects as go
import reflex as rx

from designer.charts import evaluation as charts
from designer.charts.palette import Theme
from designer.contract.errors import DesignerError
from designer.contract.values import Evaluation, Task
from designer.pipeline.document import from_document
from designer.pipeline.learners import learner_title
from designer.pipeline.walk import title_of
from designer.store.artifacts.values import Stored
from designer.store.records import NodeRun, Run
from designer.ui import address
from designer.ui.library import library
from designer.ui.views import evaluation as evaluation_view
from designer.ui.views import figures
from designer.ui.views.charts import Dot, in_both_themes
from designer.ui.views.evaluation import Headline, MatrixRow, MetricRow, ThresholdView
from designer.ui.views.legend import state_word
from designer.ui.views.payload import as_whole
from designer.ui.views.prose import sentence
from designer.ui.workbench import workbench
from designer.ui.workspace import workspace_folder

_VIEWS = {
    Task.TWO_CLASS: "binary",
    Task.ANOMALY: "binary",
    Task.MULTICLASS: "multiclass",
    Task.REGRESSION: "regression",
    Task.CLUSTERING: "clustering",
}
_FITS = ("fit a", "fit b")


@dataclass(frozen=True)
class NamedModel:
    """A model with its letter and colour."""

    letter: str
    title: str
    colour: str
    is_dashed: bool


@dataclass(frozen=True)
class SmallTable:
    """A table of the evaluation: per class, or per cluster."""

    heads: list[str] = field(default_factory=list)
    rows: list[list[str]] = field(default_factory=list)


class EvaluateState(rx.State):
    """What the page shows. The slider reads the stored counts at another threshold; the model is not scored again."""

    pipeline_id: str = ""
    pipeline_name: str = ""
    run_id: str = ""
    run_words: str = ""
    title: str = ""
    state: str = ""
    view: str = ""
    problem: str = ""
    names: rx.Field[list[NamedModel]] = rx.field(default_factory=list)
    headline: Headline = Headline()
    metrics: rx.Field[list[MetricRow]] = rx.field(default_factory=list)
    metrics_words: str = ""
    matrix: rx.Field[list[MatrixRow]] = rx.field(default_factory=list)
    classes: rx.Field[list[str]] = rx.field(default_factory=list)
    positive: str = ""
    model: int = 0
    curve: str = "precision"
    threshold: ThresholdView = ThresholdView()
    score_bars: rx.Field[list[float]] = rx.field(default_factory=list)
    dots: rx.Field[dict[str, list[Dot]]] = rx.field(default_factory=dict)
    table: SmallTable = SmallTable()
    light: rx.Field[dict[str, go.Figure]] = rx.field(default_factory=dict)
    dark: rx.Field[dict[str, go.Figure]] = rx.field(default_factory=dict)

    @rx.event(background=True)
    async def load(self) -> None:
        """Show the evaluation that the address names."""
        async with self:
            self.view, self.problem, self.model = "", "", 0
            run_id, node = address.part(self.router.url, 1), address.part(self.router.url, 3)
        try:
            run, row = await asyncio.to_thread(_found, run_id, node)
            evaluation = await asyncio.to_thread(_evaluation_of, row)
        except DesignerError as error:
            async with self:
                self.problem = sentence(str(error))
            return
        async with self:
            self._show_run(run, node, row)
            self._show(run, node, evaluation)

    @rx.event
    def move_threshold(self, value: str) -> None:
        """Show metrics and counts at another threshold."""
        try:
            threshold = float(value)
        except (TypeError, ValueError, OverflowError):
            return
        if 0 <= threshold <= 1:
            self._at(threshold)

    @rx.event
    def show_model(self, model: int) -> None:
        """Show the confusion matrix of another model."""
        place = as_whole(model, -1)
        if 0 <= place < len(self.names):
            self.model = place
            self._show_matrix(self._evaluation())

    @rx.event
    def show_curve(self, curve: str) -> None:
        """Show the precision-recall curve, or lift."""
        self.curve = "lift" if curve == "lift" else "precision"

    @rx.event
    def export(self) -> Any:
        """Download the metrics of all models as JSON."""
        evaluation = self._evaluation()
        models = [
            {"name": named.title, "rows": model.rows, "metrics": dict(model.metrics), "baseline": dict(model.baseline)}
            for named, model in zip(self.names, evaluation.models, strict=False)
        ]
        about = {"run": self.run_id, "task": str(evaluation.task), "label": evaluation.label}
        document = {**about, "positive_class": self.positive or None, "models": models}
        text = json.dumps(_finite(document), indent=2, ensure_ascii=False)
        return rx.download(data=text, filename=f"evaluation-{self.run_id[:8]}.json")

    def _evaluation(self) -> Evaluation:
        run_id, node = address.part(self.router.url, 1), address.part(self.router.url, 3)
        return _evaluation_of(workbench().runs.node(run_id, node))

    def _show_run(self, run: Run, node: str, row: NodeRun | None) -> None:
        pipeline = from_document(run.document)
        draft = workbench().pipelines.of_run(run)
        self.run_id, self.pipeline_id, self.pipeline_name = run.id, draft.id if draft else "", run.name
        self.run_words = f"Run of {figures.moment(run.created)}"
        self.title = title_of(pipeline.nodes[node], library()) if node in pipeline.nodes else "Evaluation"
        self.state = state_word(row.state) if row else ""

    def _show(self, run: Run, node: str, evaluation: Evaluation) -> None:
        pipeline = from_document(run.document)
        ports = ("scored_dataset", "scored_dataset_to_compare")
        titles = [learner_title(pipeline, library(), node, port) for port in ports]
        self.names = [
            NamedModel(letter, title or f"Model {letter}", evaluation_view.SERIES[i], i > 0)
            for i, (letter, title, _) in enumerate(zip("AB", titles, evaluation.models, strict=False))
        ]
        self.headline = evaluation_view.headline(evaluation)
        self.classes = [str(name) for name in evaluation.classes]
        self.positive = "" if evaluation.positive is None else str(evaluation.positive)
        self.view = _VIEWS.get(evaluation.task, "")
        self._draw(evaluation)
        self._at(0.5)

    def _draw(self, evaluation: Evaluation) -> None:
        self.table = _table(self.view, evaluation, self.model)
        drawn = {
            name: in_both_themes(draw, name in ("roc", "precision", "lift"))
            for name, draw in _charts(self.view, evaluation, self.model).items()
        }
        self.light = {name: light for name, (light, _) in drawn.items()}
        self.dark = {name: dark for name, (_, dark) in drawn.items()}

    def _at(self, threshold: float) -> None:
        evaluation = self._evaluation()
        is_binary = self.view == "binary"
        self.metrics = evaluation_view.metrics(evaluation, threshold if is_binary else None)
        better = ", better in bold" if len(self.names) > 1 else ""
        self.metrics_words = (
            f"threshold {threshold:.2f}, positive class {self.positive}{better}" if is_binary else better.lstrip(", ")
        )
        if is_binary:
            self.threshold = evaluation_view.threshold_view(evaluation.models[self.model], threshold)
            self.dots = evaluation_view.dots(evaluation, threshold)
            self.score_bars = evaluation_view.score_bars(evaluation.models[self.model])
        self._show_matrix(evaluation)

    def _show_matrix(self, evaluation: Evaluation) -> None:
        is_binary = self.view == "binary"
        self.matrix = evaluation_view.matrix(evaluation, self.model, self.threshold.threshold if is_binary else None)
        if is_binary:
            model = evaluation.models[self.model]
            self.threshold = evaluation_view.threshold_view(model, self.threshold.threshold)
            self.score_bars = evaluation_view.score_bars(model)
        elif self.view == "multiclass":
            self._draw(evaluation)


def _found(run_id: str, node: str) -> tuple[Run, NodeRun | None]:
    library()  # the first call scans the modules: here, in a thread, not in the event handler
    return workbench().runs.get(run_id), workbench().runs.node(run_id, node)


def _evaluation_of(row: NodeRun | None) -> Evaluation:
    outputs = row.outputs if row else {}
    evaluation = next((output for output in outputs.values() if output["kind"] == "evaluation"), None)
    if evaluation is None:
        raise DesignerError("this step has no evaluation", "Run the pipeline, then open it again.")
    return _read(str(workspace_folder()), json.dumps(evaluation))


@lru_cache(maxsize=16)
def _read(folder: str, stored: str) -> Evaluation:
    """Read an evaluation by the JSON description of its artifact; cached, since artifacts never change."""
    evaluation: Evaluation = workbench().runs.value(Stored.from_json(json.loads(stored)))
    return evaluation


def _charts(view: str, evaluation: Evaluation, model: int) -> dict[str, Callable[[Theme], go.Figure]]:
    """What draws each chart of a view, by the name of the chart."""
    match view:
        case "binary":
            return {
                "roc": partial(charts.roc, evaluation),
                "precision": partial(charts.precision_recall, evaluation),
                "calibration": partial(charts.calibration, evaluation),
                "lift": partial(charts.lift, evaluation),
            }
        case "multiclass" if len(evaluation.classes) > evaluation_view.FULL_MATRIX:
            return {"matrix": partial(charts.confusion_matrix, evaluation, model)}
        case "regression":
            models = range(min(len(evaluation.models), len(_FITS)))
            fits = {_FITS[i]: partial(charts.regression_scatter, evaluation, i) for i in models}
            return {**fits, "residuals": partial(charts.residual_histogram, evaluation)}
        case "clustering":
            return {
                "map": partial(charts.cluster_map, evaluation, 0),
                "sizes": partial(charts.cluster_sizes, evaluation, 0),
            }
        case _:
            return {}


def _table(view: str, evaluation: Evaluation, model: int) -> SmallTable:
    match view:
        case "multiclass":
            return _classes(evaluation, model)
        case "clustering":
            return _clusters(evaluation)
        case _:
            return SmallTable()


def _classes(evaluation: Evaluation, model: int) -> SmallTable:
    names = {"class": "Class", "rows": "Rows", "precision": "Precision", "recall": "Recall", "f1": "F1", "auc": "AUC"}
    return SmallTable(list(names.values()), evaluation_view.table_of(evaluation.models[model].tables["classes"], names))


def _clusters(evaluation: Evaluation) -> SmallTable:
    table = evaluation.models[0].tables["clusters"]
    names = {str(name): str(name) for name in table.columns}
    return SmallTable(list(names), evaluation_view.table_of(table, names))


def _finite(value: Any) -> Any:
    """Replace NaN and infinities by None, since JSON has neither."""
    match value:
        case dict():
            return {key: _finite(each) for key, each in value.items()}
        case list():
            return [_finite(each) for each in value]
        case float() if value != value or abs(value) == float("inf"):
            return None
        case _:
            return value
