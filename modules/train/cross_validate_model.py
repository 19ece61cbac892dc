"""Cross-validation."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, NamedTuple

import pandas as pd

from designer.contract.module import Module
from designer.contract.parameters import param
from designer.contract.progress import report
from designer.contract.schema import Column, Kind, Role, Schema
from designer.contract.selection import ColumnName
from designer.contract.values import SCORED_LABELS, LearnerOutline, Table, Task, UntrainedModel
from designer.contract.wording.counting import counted

from ..evaluate.by_model import listed_metrics
from ..score.score_model import scored_schema
from .folds import fold_numbers, label_classes, scored_folds
from .suitability import check_learner, feature_columns, label_column
from .train_model import expected_label
from .training import outline_of

FOLDS = 10
FOLD = "Fold Number"
DEFINED = "Folds with the metric"


class CrossValidated(NamedTuple):
    """The outputs of a cross-validation."""

    scored_results: Table
    evaluation_results_by_fold: Table


class CrossValidateModel(
    Module,
    category="Model Scoring & Evaluation",
    icon="layers",
    at_inference="drop",
    label="label_column",
    folds_rows=True,
    synonyms=("k-fold", "CV", "generalization"),
    no_onnx="training needs all rows",
    no_python="a script exports a single model: train it with Train Model",
):
    """Cross-validate a learner in ten folds: train on nine, score the tenth.

    Folds are those assigned by Partition and Sample, else ten random ones, stratified by class. Scored results have the
    rows with their scores and fold number, from 0; rows without a label are left out. Results by fold have one row per
    fold with its number of examples and the metrics of Evaluate Model, then their mean and standard deviation over the
    folds in which the metric is defined and, if it is not defined in all, the number of these folds: a fold with one
    class has no AUC.

    Errors: those of Train Model, also if all rows of a class are in one fold; 0021 for fewer rows than folds.

    Example: 100 rows are scored in ten folds of 10.
    """

    label_column: ColumnName = param(ColumnName(""), input="dataset", required=False)
    """The column to predict. Empty: the column with the role Label."""

    positive_class: str = param("", required=False)
    """The positive class of a two-class label, such as Churned. Empty: chosen automatically, as in Train Model."""

    random_seed: int = param(0, ge=0, le=2**32 - 1)
    """The same seed gives the same folds."""

    def run(self, untrained_model: UntrainedModel, dataset: Table) -> CrossValidated:
        """Train and score fold by fold."""
        check_learner(untrained_model)
        schema = Schema.of(dataset)
        label = label_column(self.label_column, schema).name
        rows = schema.attach(dataset[dataset[label].notna()].reset_index(drop=True))
        discrete = untrained_model.task.is_classification
        numbers = fold_numbers(rows, label, FOLDS, self.random_seed, discrete=discrete, port="Dataset")
        scored, lines = [], []
        classes = label_classes(rows, self.label_column, untrained_model, self.positive_class)
        folds = scored_folds(untrained_model, rows, self.label_column, numbers, self.positive_class)
        for number, model, part in folds:
            report(number / (numbers.max() + 1), f"fold {number + 1} of {numbers.max() + 1}")
            scored.append(part.assign(**{FOLD: number}))
            metrics = listed_metrics(model, part, classes)
            lines.append({"Fold number": number, "Number of examples in fold": len(part), **metrics})
        return CrossValidated(_with_classes(_joined(scored, rows), classes), _summed_up(pd.DataFrame(lines)))

    def infer(self, untrained_model: LearnerOutline | None, dataset: Schema) -> tuple[Schema, Schema]:
        """The columns of the dataset, the scores and the fold."""
        if untrained_model is None:
            return Schema.unknown(), Schema.unknown()
        check_learner(untrained_model)
        label = expected_label(self.label_column, dataset)
        model = outline_of(untrained_model, label, feature_columns(dataset, label.name if label else ""))
        scored = scored_schema(model, dataset, append=True).append(Column(FOLD, Kind.INTEGER, Role.NONE))
        return scored if untrained_model.task is not Task.MULTICLASS else scored.open(), Schema.unknown()

    def explain(self, inputs: Mapping[str, Any], outputs: Mapping[str, Any]) -> str:
        """The metrics that are undefined in some folds."""
        return _undefined(outputs["evaluation_results_by_fold"])

    def summary(self) -> str:
        """The label."""
        return f"predicts {self.label_column}" if self.label_column else "predicts the label"


def _joined(parts: list[pd.DataFrame], rows: pd.DataFrame) -> pd.DataFrame:
    """The folds in the order of the rows."""
    joined = pd.concat(parts).sort_index().reset_index(drop=True)
    known = joined["Scored Labels"].notna()
    fold = joined.pop(FOLD)
    if isinstance(rows.dtypes.get("Scored Labels"), pd.CategoricalDtype) or joined["Scored Labels"].dtype == object:
        joined["Scored Labels"] = joined["Scored Labels"].astype("category" if known.any() else "str")
    return joined.assign(**{FOLD: fold.astype("int64")})


def _with_classes(scored: pd.DataFrame, classes: list[Any]) -> pd.DataFrame:
    """The scored rows, with the label's classes recorded on the scored labels, as by Score Model."""
    known = tuple(classes) or None
    return Schema((Column(SCORED_LABELS, Kind.STRING, Role.SCORE, classes=known),)).attach(scored)


def _summed_up(lines: pd.DataFrame) -> pd.DataFrame:
    """The rows of the folds, then mean and standard deviation over the folds that define a metric, and their number if
    some do not."""
    metrics = lines.columns[2:]
    examples = {"Number of examples in fold": int(lines["Number of examples in fold"].sum())}
    counts = lines[metrics].notna().sum().astype("float64")
    ends = {"Mean": lines[metrics].mean(), "Standard deviation": lines[metrics].std()}
    if (counts < len(lines)).any():
        ends[DEFINED] = counts
    table = pd.concat([lines, pd.DataFrame([{**examples, **summary} for summary in ends.values()])], ignore_index=True)
    names = [*(str(number) for number in lines["Fold number"]), *ends]
    return table.assign(**{"Fold number": pd.Series(names, dtype="str")})


def _undefined(results: pd.DataFrame) -> str:
    """The metrics that are undefined in some folds."""
    if results["Fold number"].iloc[-1] != DEFINED:
        return ""
    folds, counts = len(results) - 3, results.iloc[-1, 2:]
    parts = [f"{name} is defined in {int(count)}" for name, count in counts.items() if count < folds]
    return f"Of {counted(folds, 'fold')}, {', '.join(parts)}: means are over these."
