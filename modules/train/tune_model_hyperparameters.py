"""Hyperparameter tuning."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Literal, NamedTuple

import numpy as np
import pandas as pd

from designer.contract.errors import InvalidParameter
from designer.contract.estimator import VARIANT_LIMIT
from designer.contract.module import Module
from designer.contract.parameters import param
from designer.contract.progress import report
from designer.contract.schema import Schema
from designer.contract.selection import ColumnName
from designer.contract.values import (
    LearnerOutline,
    ModelOutline,
    Table,
    Task,
    TrainedModel,
    UntrainedModel,
)
from designer.contract.wording.counting import counted

from ..evaluate.by_model import LOWER_IS_BETTER
from .folds import with_estimator
from .measuring import DEFINED, Measuring, means
from .suitability import check_learner, feature_columns
from .train_model import expected_label
from .training import outline_of, trained

Variant = tuple[Mapping[str, Any], Any]
ClassMetric = Literal["Accuracy", "Precision", "Recall", "F-score", "AUC", "Average Log Loss"]
NumberMetric = Literal[
    "Mean absolute error",
    "Root of mean squared error",
    "Relative absolute error",
    "Relative squared error",
    "Coefficient of determination",
]


class Tuned(NamedTuple):
    """The outputs of a sweep."""

    sweep_results: Table
    trained_best_model: TrainedModel


class TuneModelHyperparameters(
    Module,
    category="Model Training",
    icon="sliders-horizontal",
    label="label_column",
    folds_rows=True,
    validation="optional_validation_dataset",
    synonyms=("sweep", "grid search", "random search", "optimize", "cross validation"),
    no_onnx="training needs all rows",
    no_python="a script exports a single setting: train the best one with Train Model",
):
    """Search the hyperparameters of a learner and train the best on all rows.

    In ParameterRange mode the learner's ranges are searched, in SingleParameter mode built-in ranges of its main
    settings. Each setting is evaluated on the validation dataset or, without one, by cross-validation: on the folds
    assigned by Partition and Sample, else on five random ones. Sweep results have one row per setting with all metrics
    of Evaluate Model, the best first; with folds they are means over the folds in which the metric is defined, whose
    number is given if it is not defined in all: a fold with one class has no AUC. With more than two classes, accuracy
    decides.

    Errors: those of Train Model; 0018 for a validation dataset without the label; 0013 for a learner that cannot be
    evaluated, such as Create Python Model.

    Example: an entire grid of two tree counts and two depths gives four rows, the best first.
    """

    specify_parameter_sweeping_mode: Literal["Entire grid", "Random sweep"] = param("Random sweep")
    """Grid search over all combinations, or random search."""

    maximum_number_of_runs_on_random_sweep: int = param(
        5, ge=1, le=10_000, when={"specify_parameter_sweeping_mode": "Random sweep"}
    )
    """Number of random combinations."""

    random_seed: int = param(0, ge=0, le=2**32 - 1, when={"specify_parameter_sweeping_mode": "Random sweep"})
    """The same seed gives the same combinations and folds. An entire grid uses the folds of seed 0."""

    label_column: ColumnName = param(ColumnName(""), input="training_dataset", required=False)
    """The column to predict. Empty: the column with the role Label."""

    positive_class: str = param("", required=False)
    """The positive class of a two-class label, such as Churned. Empty: chosen automatically, as in Train Model."""

    metric_for_measuring_performance_for_classification: ClassMetric = param("Accuracy")
    """The metric that selects the best classifier."""

    metric_for_measuring_performance_for_regression: NumberMetric = param("Mean absolute error")
    """The metric that selects the best regression model."""

    def run(
        self,
        untrained_model: UntrainedModel,
        training_dataset: Table,
        optional_validation_dataset: Table | None = None,
    ) -> Tuned:
        """Search and train."""
        check_learner(untrained_model)
        chosen = self._chosen(variants_of(untrained_model))
        lines = []
        for i, (settings, estimator) in enumerate(chosen):
            report(i / (len(chosen) + 1), f"setting {i + 1} of {len(chosen)}")
            model = with_estimator(untrained_model, estimator)
            lines.append({**settings, **self._measured(model, training_dataset, optional_validation_dataset)})
        results = _without_full(pd.DataFrame(lines))
        order = self._order(untrained_model.task, results)
        best = with_estimator(untrained_model, chosen[int(order[0])][1])
        report(len(chosen) / (len(chosen) + 1), "training the best")
        return Tuned(
            _documented(results.iloc[order]), trained(best, training_dataset, self.label_column, self.positive_class)
        )

    def _chosen(self, variants: Sequence[Variant]) -> list[Variant]:
        if self.specify_parameter_sweeping_mode == "Entire grid":
            return list(variants)
        random = np.random.default_rng(self.random_seed)
        count = min(self.maximum_number_of_runs_on_random_sweep, len(variants))
        return [variants[i] for i in random.choice(len(variants), count, replace=False)]

    def _measured(self, model: UntrainedModel, training: Table, validation: Table | None) -> dict[str, float]:
        measuring = Measuring(self.label_column, self.positive_class, self.random_seed)
        return means(list(measuring.by_fold(model, training, validation)), counted=validation is None)

    def _order(self, task: Task, results: pd.DataFrame) -> np.ndarray[Any, Any]:
        name: str = self.metric_for_measuring_performance_for_classification
        if task is Task.REGRESSION:
            name = self.metric_for_measuring_performance_for_regression
        elif "AUC" not in results:
            name = "Accuracy"  # more than two classes
        values = results[name].to_numpy(dtype="float64")
        values = values if name in LOWER_IS_BETTER else -values
        return np.argsort(np.where(np.isnan(values), np.inf, values), kind="stable")

    def infer(
        self,
        untrained_model: LearnerOutline | None,
        training_dataset: Schema,
        optional_validation_dataset: Schema | None = None,
    ) -> tuple[Schema, ModelOutline | None]:
        """The sweep columns are known only after the run; the model is outlined as by Train Model."""
        if untrained_model is None:
            return Schema.unknown(), None
        check_learner(untrained_model)
        label = expected_label(self.label_column, training_dataset)
        features = feature_columns(training_dataset, label.name if label else "")
        return Schema.unknown(), outline_of(untrained_model, label, features)

    def summary(self) -> str:
        """The number of settings."""
        if self.specify_parameter_sweeping_mode == "Entire grid":
            return "all combinations"
        return f"{self.maximum_number_of_runs_on_random_sweep:,} random combinations"

    def explain(self, inputs: Mapping[str, Any], outputs: Mapping[str, Any]) -> str:
        """How many settings were tried, and the positive class."""
        tried = f"{counted(len(outputs['sweep_results']), 'setting')} tried; the first row is the best."
        positive = outputs["trained_best_model"].positive
        return tried if positive is None else f"{tried} Positive class: {positive}."


def variants_of(model: UntrainedModel) -> Sequence[Variant]:
    """The combinations of the learner's ranges. Raises InvalidParameter if there are too many to list."""
    if model.ranges and not model.variants:
        problem = f"the ranges of '{model.name}' make more than {VARIANT_LIMIT:,} combinations"
        remedy = "Use fewer or shorter ranges, or a Bayesian sweep."
        raise InvalidParameter(problem, remedy, parameter="Specify parameter sweeping mode")
    return model.variants or (({}, model.estimator),)


def _without_full(results: pd.DataFrame) -> pd.DataFrame:
    """The results without the fold counts of metrics defined in all folds."""
    counts = [name for name in results if str(name).startswith(DEFINED)]
    folds = results[counts].max(axis=None) if counts else 0
    return results.drop(columns=[name for name in counts if (results[name] == folds).all()])


def _documented(results: pd.DataFrame) -> pd.DataFrame:
    """The results in documented column types: settings of mixed types as text."""
    results = results.reset_index(drop=True)
    for name in results:
        if results[name].dtype == object:
            results[name] = results[name].astype("str")
    return results
