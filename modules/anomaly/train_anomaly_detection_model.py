"""Train an anomaly detector."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, Any

from designer.contract.column_types import require_distinct
from designer.contract.errors import DesignerError, TooFewFeatures, TooFewRows
from designer.contract.module import Module
from designer.contract.schema import Schema
from designer.contract.script import Script, Variable
from designer.contract.values import LearnerOutline, ModelOutline, Table, Task, TrainedModel, UntrainedModel
from designer.contract.wording.counting import counted

from ..score.features import complete_rows, feature_frame
from ..train.fitting import fit_detector
from ..train.suitability import check_features, feature_columns
from ..train.training import as_mapping, failures_named, from_mapping, outline_of, training_summary


class NotADetector(DesignerError):
    """The wired learner is not an anomaly detector (0062)."""

    code = "0062"


class TrainAnomalyDetectionModel(
    Module,
    category="Anomaly Detection",
    icon="shield-alert",
    synonyms=("fit", "outlier", "novelty"),
    no_onnx="training needs all rows",
):
    """Train an anomaly detector on rows that are mostly normal.

    Features are all columns with the role Feature; a label is neither needed nor used. Score Model then adds Scored
    Probabilities, the anomaly score of a row from 0 to 1, and Scored Labels: 1 for normal rows, 0 for those above 0.5.
    A score of 0.5 is the threshold that the learner's share of the training rows exceeds.

    Errors: 0062 for a learner of another kind, 0047 for more components than prepared features or without a feature,
    0021 for too few rows.

    Example: trained on rows around 0, a row at 100 is abnormal.
    """

    def run(self, untrained_model: UntrainedModel, dataset: Table) -> Annotated[TrainedModel, "Trained model"]:
        """Fit."""
        _check(untrained_model)
        schema = Schema.of(dataset)
        features = feature_columns(schema)
        require_distinct(schema.names)
        check_features(dataset, features)
        kinds = {column.name: str(column.kind) for column in features}
        _check_rows(untrained_model, dataset, kinds)
        with failures_named(untrained_model.name):
            result = fit_detector(dataset, kinds, as_mapping(untrained_model))
        return from_mapping(result, schema, None)

    def infer(self, untrained_model: LearnerOutline | None, dataset: Schema) -> ModelOutline | None:
        """The features and the score columns."""
        if untrained_model is None:
            return None
        _check(untrained_model)
        return outline_of(untrained_model, None, feature_columns(dataset))

    def to_python(self, script: Script, **inputs: Variable) -> tuple[str, ...]:
        """Call the same function on the same columns."""
        dataset = inputs["dataset"]
        features = {c.name: str(c.kind) for c in feature_columns(dataset.schema)}
        return (script.call(fit_detector, dataset, features, inputs["untrained_model"], result="model"),)

    def summary(self) -> str:
        """One line for the node."""
        return "fits an anomaly detector"

    def explain(self, inputs: Mapping[str, Any], outputs: Mapping[str, Any]) -> str:
        """How many rows were used, and why others were left out."""
        return training_summary(outputs["trained_model"])


def _check(model: UntrainedModel | LearnerOutline) -> None:
    if model.task is not Task.ANOMALY:
        problem = f"'{model.name}' is for {str(model.task).lower()}"
        raise NotADetector(problem, "Wire a learner of Anomaly Detection.", port="Untrained model")


def _check_rows(model: UntrainedModel, dataset: Table, kinds: Mapping[str, str]) -> None:
    frame = feature_frame(dataset, kinds)
    frame = frame.loc[:, frame.notna().any()]
    if not frame.shape[1]:
        raise TooFewFeatures("every feature is missing in every row", "Choose other features.", port="Dataset")
    complete = frame[complete_rows(frame)]
    if len(complete) < 2:
        problem = f"only {counted(len(complete), 'row')} without a missing number"
        raise TooFewRows(problem, "Use Clean Missing Data first.", port="Dataset")
    columns = sum(1 if complete[name].dtype != object else complete[name].nunique() for name in complete)
    wanted = model.estimator.get_params().get("n_components", 0)
    if wanted and wanted >= min(columns, len(complete)) + (wanted == 1):
        raise TooFewFeatures(
            f"{wanted} components need more than {counted(columns, 'prepared feature')} and {len(complete):,} rows",
            "Use fewer components, or more features.",
            port="Dataset",
        )
