"""Supervised training."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, Any

from designer.contract.errors import NotExportable
from designer.contract.module import Module
from designer.contract.parameters import param
from designer.contract.schema import Column, Role, Schema
from designer.contract.script import Script, Variable
from designer.contract.selection import ColumnName
from designer.contract.values import LearnerOutline, ModelOutline, Table, TrainedModel, UntrainedModel

from .fitting import fit_model
from .suitability import feature_columns, label_column
from .training import outline_of, trained, training_summary


class TrainModel(
    Module,
    category="Model Training",
    icon="dumbbell",
    label="label_column",
    suggested=4,
    no_onnx="training needs all rows",
    synonyms=("fit", "learn"),
):
    """Train a classification or regression learner on a dataset.

    Features are all columns with the role Feature except the label. Text is treated as categorical. For learners
    without native categories they are one-hot encoded: an unseen or missing category sets no indicator. Learners
    without support for missing numbers are trained on complete rows only, and rows with missing numbers stay unscored.
    Linear, neural and clustering learners get numbers scaled to 0..1 by the training rows. Rows without a label are
    ignored. The report of the trained model lists the features used and the rows left out.

    Of two classes, one is positive: Scored Probabilities, precision, recall and thresholds refer to it. By default that
    is the larger of two numbers, else an affirmative value (yes, true, 1, y, ja, oui, si, positive, ...), else the last
    in alphabetical order; ordered categories keep their order.

    Errors: 0134 without a label column or labelled rows, 0037 for several label columns, 0001 for a missing one, 0023
    for a label that does not fit the learner (one class, more than two, not numeric), 0014 for an identifier-like text
    column (more than 1,000 distinct values, in more than 97 % of the rows), 0047 without a feature, 0021 if no row is
    left, 0033 for infinite numbers, 0013 for a learner of another kind, 0083 if scikit-learn cannot fit.

    Example: with Linear Regression on x 0, 1, 2 and y 1, 3, 5 the report lists a weight of 2 per unit of x.
    """

    label_column: ColumnName = param(ColumnName(""), input="dataset", required=False)
    """The column to predict. Empty: the column with the role Label."""

    positive_class: str = param("", required=False)
    """The positive class of a two-class label, such as Churned. Empty: chosen automatically."""

    model_explanations: bool = param(False)
    """Whether to add permutation importance to the report. Takes longer."""

    def run(self, untrained_model: UntrainedModel, dataset: Table) -> Annotated[TrainedModel, "Trained model"]:
        """Fit."""
        return trained(
            untrained_model, dataset, self.label_column, self.positive_class, explain=self.model_explanations
        )

    def infer(self, untrained_model: LearnerOutline | None, dataset: Schema) -> ModelOutline | None:
        """The label, the features and the score columns, as far as known."""
        if untrained_model is None:
            return None
        label = expected_label(self.label_column, dataset)
        features = feature_columns(dataset, label.name if label else "")
        return outline_of(untrained_model, label, features)

    def to_python(self, script: Script, **inputs: Variable) -> tuple[str, ...]:
        """Call the same function on the same columns."""
        learned = inputs["untrained_model"].known
        if isinstance(learned, LearnerOutline) and learned.is_script:
            raise NotExportable("a model of Create Python Model is not exported to scripts")
        dataset = inputs["dataset"]
        label = label_column(self.label_column, dataset.schema)
        features = {c.name: str(c.kind) for c in feature_columns(dataset.schema, label.name)}
        learner = inputs["untrained_model"]
        positive = (self.positive_class,) if self.positive_class else ()
        arguments = (dataset, label.name, str(label.kind), features, learner, *positive)
        return (script.call(fit_model, *arguments, result="model"),)

    def summary(self) -> str:
        """The label."""
        return f"predicts {self.label_column}" if self.label_column else "predicts the label"

    def explain(self, inputs: Mapping[str, Any], outputs: Mapping[str, Any]) -> str:
        """How many rows were used, and why others were left out."""
        return training_summary(outputs["trained_model"])


def expected_label(chosen: ColumnName, dataset: Schema) -> Column | None:
    """The label column before the run, or None if only a run can tell."""
    if dataset.complete or chosen in dataset:
        return label_column(chosen, dataset)
    labels = dataset.with_role(Role.LABEL)
    return dataset[labels[0]] if len(labels) == 1 and not chosen else None
