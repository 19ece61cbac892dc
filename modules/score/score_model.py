"""Score with a trained model."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, Any

from designer.contract.column_types import documented
from designer.contract.errors import InvalidValues, NotExportable, WrongModel
from designer.contract.module import Module
from designer.contract.onnx import OnnxGraph, TensorColumn, TensorColumns
from designer.contract.parameters import param
from designer.contract.schema import Role, Schema
from designer.contract.script import Script, Variable
from designer.contract.values import SCORED_LABELS, ModelOutline, Table, Task, TrainedModel
from designer.contract.wording.counting import counted

from .custom_model import predict_custom, refuse_taken
from .scoring import score_columns, score_table, with_scores

LABELLED = (Task.TWO_CLASS, Task.MULTICLASS, Task.REGRESSION)
"""The supervised tasks."""


class ScoreModel(
    Module,
    category="Model Scoring & Evaluation",
    icon="target",
    suggested=5,
    synonyms=("predict", "inference", "prediction"),
):
    """Predict with a trained classification, regression or anomaly detection model.

    Adds Scored Labels and, for classifiers, Scored Probabilities: of the positive class (see Train Model) or, for more
    classes, one column each named Scored Probabilities_<class>. The label is the most probable class, so a positive
    needs more than 0.5; probabilities that agree to twelve digits count as ties, and the first class wins. The label
    column, the order of columns and additional columns are ignored. A row with a missing number stays unscored if the
    model does not support missing numbers, as does a row whose prediction overflows; an unseen category matches no
    known one. Trees of forests use single precision: numbers beyond 3.4e38 are clipped to it.

    Errors: 0001 for a missing feature, 0016 for text in a column that was numeric in training, 0033 for infinite
    numbers, 0013 for a model of another kind.

    Example: a model of y = 2x + 1 adds Scored Labels 9 to a row with x 4.
    """

    append_score_columns_to_output: bool = param(True)
    """Keep the columns of the dataset before the scores."""

    def run(self, trained_model: TrainedModel, dataset: Table) -> Annotated[Table, "Scored dataset"]:
        """Score."""
        check(trained_model)
        if trained_model.is_script:
            answer = documented(predict_custom(trained_model, dataset))
            refuse_taken([str(name) for name in answer], dataset)
            return with_scores(dataset, answer, self.append_score_columns_to_output)
        try:
            scores = score_columns(trained_model.frame(dataset), as_mapping(trained_model))
        except ValueError as error:
            raise refused_row(trained_model, dataset, error) from error
        return with_scores(dataset, scores, self.append_score_columns_to_output)

    def infer(self, trained_model: ModelOutline | None, dataset: Schema) -> Schema:
        """The columns of the dataset, with the label's role set, and the scores."""
        if trained_model is None or trained_model.task is None:
            return dataset.open() if self.append_score_columns_to_output else Schema.unknown()
        return scored_schema(trained_model, dataset, self.append_score_columns_to_output)

    def to_onnx(self, graph: OnnxGraph, **inputs: Any) -> TensorColumns:
        """The model in double precision."""
        from .onnx_model import emit_scores

        if inputs["trained_model"].is_script:
            raise NotExportable("a model of Create Python Model has no ONNX form")
        dataset: TensorColumns = inputs["dataset"]
        scores: dict[str, TensorColumn] = emit_scores(graph, inputs["trained_model"], dataset)
        kept = {name: column for name, column in dataset.items() if name not in scores}
        return {**kept, **scores} if self.append_score_columns_to_output else scores

    def to_python(self, script: Script, **inputs: Variable) -> tuple[str, ...]:
        """Call the same function."""
        append = self.append_score_columns_to_output
        return (script.call(score_table, inputs["dataset"], inputs["trained_model"], append, result="scored"),)

    def summary(self) -> str:
        """The result in one line."""
        return "dataset and scores" if self.append_score_columns_to_output else "scores only"

    def explain(self, inputs: Mapping[str, Any], outputs: Mapping[str, Any]) -> str:
        """The number of unscored rows."""
        scored = outputs["scored_dataset"]
        unscored = int(scored[SCORED_LABELS].isna().sum()) if SCORED_LABELS in scored else 0
        if not unscored:
            return ""
        return f"{unscored:,} of {counted(len(scored), 'row')} not scored: missing number or overflow."


def refused_row(model: TrainedModel, table: Table, error: ValueError) -> InvalidValues:
    """The error for the first row a model cannot score, with the column if a single one causes it."""
    frame, mapping = model.frame(table), as_mapping(model)

    def fails(part: Table) -> bool:
        try:
            score_columns(part, mapping)
        except ValueError:
            return True
        return False

    low, high = 0, len(frame)
    while high - low > 1:
        middle = (low + high) // 2
        low, high = (low, middle) if fails(frame.iloc[low:middle]) else (middle, high)
    row = frame.iloc[low:high]
    numbers = [str(name) for name in row.select_dtypes("float64")]
    column = next((name for name in numbers if not fails(row.assign(**{name: 0.0}))), None)
    value = f": '{column}' is {row[column].iloc[0]:g}" if column else ""
    problem = f"'{model.name}' cannot score row {low + 1}{value} ({str(error).splitlines()[0].rstrip('.')})"
    remedy = "Clip or clean values far outside the training range."
    return InvalidValues(problem, remedy, port="Dataset", column=column, row=low + 1)


def check(model: TrainedModel) -> None:
    """Reject models that other modules score."""
    others = {Task.CLUSTERING: "Assign Data to Clusters", Task.RECOMMENDATION: "Score SVD Recommender"}
    if model.task in others:
        raise WrongModel(
            f"'{model.name}' is for {str(model.task).lower()}", f"Use {others[model.task]}.", port="Trained model"
        )


def as_mapping(model: TrainedModel) -> dict[str, Any]:
    """A trained model in the form of the pure functions."""
    return {
        "estimator": model.estimator,
        "task": str(model.task),
        "classes": model.classes,
        "kind": str(model.label.kind) if model.label else "",
        "missing": model.accepts_missing,
        "quantiles": model.quantiles,
        "threshold": model.threshold,
        "spread": model.spread,
    }


def scored_schema(model: ModelOutline, dataset: Schema, append: bool) -> Schema:
    """The columns of a scored dataset: earlier scores lose their role, the label gets the role Label."""
    if not append:
        return model.scores
    label = model.label.name if model.label else ""
    kept = dataset.drop(model.scores.names).map(
        lambda column: type(column)(column.name, column.kind, Role.LABEL, column.categories), [label] if label else []
    )
    joined = Schema((*kept.columns, *model.scores.columns))
    is_known = model.label is not None or model.task not in LABELLED  # may depend on which column is the label
    return joined if dataset.complete and model.scores.complete and is_known else joined.open()
