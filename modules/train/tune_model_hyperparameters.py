"""Hyperparameter tuning."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any, Literal, NamedTuple

import numpy as np
import pandas as pd

from designer.contract.errors import InvalidParameter, WrongModel
from designer.contract.estimator import VARIANT_LIMIT
from designer.contract.files.sources import sources
from designer.contract.module import Module
from designer.contract.parameters import param
from designer.contract.progress import report
from designer.contract.ranges import Range
from designer.contract.schema import Schema
from designer.contract.search import VALUE, Candidate, Found, Policy, Sampler, SearchPlan, Stopping, Tried
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
from .folds import label_classes, with_estimator
from .measuring import DEFINED, Measuring, mean, means
from .optimism import in_words
from .suitability import check_learner, feature_columns
from .train_model import expected_label
from .training import outline_of, suitable, trained

Variant = tuple[Mapping[str, Any], Any]
Policies = Literal[
    "None", "Bandit", "Median stopping", "Truncation selection", "Successive halving", "Hyperband"
]  # fmt: skip
POLICIES: Mapping[str, Stopping] = {
    "None": "none",
    "Bandit": "bandit",
    "Median stopping": "median",
    "Truncation selection": "truncation",
    "Successive halving": "halving",
    "Hyperband": "hyperband",
}
SAMPLERS: Mapping[str, Sampler] = {"TPE": "tpe", "CMA-ES": "cma-es", "QMC": "qmc", "Random": "random"}
BAYESIAN = {"specify_parameter_sweeping_mode": "Bayesian sweep"}
BANDIT = {**BAYESIAN, "early_termination_policy": "Bandit"}
JUDGED = {**BAYESIAN, "early_termination_policy": tuple(name for name in POLICIES if name != "None")}
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
    searches=True,
    synonyms=("sweep", "grid search", "random search", "optimize", "cross validation"),
    no_onnx="training needs all rows",
    no_python="a script exports a single setting: train the best one with Train Model",
):
    """Search the hyperparameters of a learner and train the best on all rows.

    An entire grid and a random sweep try combinations of listed values. A Bayesian sweep draws from the ranges between
    them, learns from each trial where better ones are, and stops trials that fall behind after some folds; such trials
    are listed with the mean of their folds.

    In ParameterRange mode the learner's ranges are searched, in SingleParameter mode built-in ranges of its main
    settings. Each setting is evaluated on the validation dataset or, without one, by cross-validation: on the folds
    assigned by Partition and Sample, else on five random ones. Sweep results have one row per setting with all metrics
    of Evaluate Model, the best first; with folds they are means over the folds in which the metric is defined, whose
    number is given if it is not defined in all: a fold with one class has no AUC. With more than two classes, accuracy
    decides.

    Errors: those of Train Model; 0018 for a validation dataset without the label; 0013 for a learner that cannot be
    evaluated, such as Create Python Model, and for a Bayesian sweep of a learner that is made of others; 0002 or 0008
    for a range that is none.

    Example: an entire grid of two tree counts and two depths gives four rows, the best first.
    """

    specify_parameter_sweeping_mode: Literal["Entire grid", "Random sweep", "Bayesian sweep"] = param("Random sweep")
    """Grid search over all combinations, random search, or a search that learns from its trials."""

    maximum_number_of_runs_on_random_sweep: int = param(
        5, ge=1, le=10_000, when={"specify_parameter_sweeping_mode": "Random sweep"}
    )
    """Number of random combinations."""

    number_of_trials: int = param(30, ge=1, le=10_000, when=BAYESIAN)
    """The most settings that are tried."""

    seconds: float = param(0.0, ge=0, le=604_800, when=BAYESIAN, label="Longest time in seconds")
    """The search ends after this time with the best so far; 0 for no limit."""

    trials_without_improvement: int = param(0, ge=0, le=10_000, when=BAYESIAN)
    """The search ends when so many trials in a row were no better; 0 for no limit."""

    at_once: int = param(1, ge=1, le=64, when=BAYESIAN, label="Trials at once")
    """How many trials run at a time. Only one at a time gives the same trials again."""

    sampling_algorithm: Literal["TPE", "CMA-ES", "QMC", "Random"] = param("TPE", when=BAYESIAN)
    """How settings are drawn: by the densities of good and bad ones (TPE), by an evolution strategy for numbers
    (CMA-ES), evenly (QMC), or at random."""

    early_termination_policy: Policies = param("Median stopping", when=BAYESIAN)
    """When a trial is stopped after some folds. Bandit: it is worse than the best by more than the slack. Median
    stopping: it is worse than the median of the others. Truncation selection: it is among the lowest. Successive
    halving and Hyperband: it is not among the best at growing numbers of folds."""

    slack_factor: float = param(0.1, ge=0, le=100, when=BANDIT)
    """The slack as a share: 0.1 stops an AUC below the best divided by 1.1."""

    slack_amount: float = param(0.0, ge=0, when=BANDIT)
    """The slack as an amount; set the slack factor to 0 to use it."""

    truncation_percentage: int = param(
        20, ge=1, le=99, when={**BAYESIAN, "early_termination_policy": "Truncation selection"}
    )
    """The percentage of the lowest trials that is stopped."""

    reduction_factor: int = param(
        2, ge=2, le=10, when={**BAYESIAN, "early_termination_policy": ("Successive halving", "Hyperband")}
    )
    """One of so many trials goes on."""

    evaluation_interval: int = param(1, ge=1, le=100, when=JUDGED)
    """The policy judges after every so many folds."""

    delay_evaluation: int = param(0, ge=0, le=100, when=JUDGED)
    """The policy does not judge before so many folds."""

    nested_folds: int = param(0, ge=0, le=20, when=BAYESIAN)
    """The outer folds of an honest estimate: each is scored by the best of a search of its own on the other rows. 0 for
    none; each costs a search."""

    random_seed: int = param(
        0, ge=0, le=2**32 - 1, when={"specify_parameter_sweeping_mode": ("Random sweep", "Bayesian sweep")}
    )
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
        """Search and train. Runs without the engine, which a Bayesian sweep needs: see `plan_search`."""
        check_learner(untrained_model)
        if self.specify_parameter_sweeping_mode == "Bayesian sweep":
            problem = "a Bayesian sweep needs the engine"
            raise InvalidParameter(problem, "Run it in a pipeline.", parameter="Specify parameter sweeping mode")
        variants = variants_of(untrained_model)
        chosen = [variants[number] for number in self._chosen(len(variants))]
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

    def plan_search(
        self,
        untrained_model: UntrainedModel,
        training_dataset: Table,
        optional_validation_dataset: Table | None = None,
    ) -> SearchPlan:
        """The trials: one for each chosen combination, or drawn from the ranges."""
        check_learner(untrained_model)
        suitable(untrained_model, training_dataset, Schema.of(training_dataset), self.label_column, self.positive_class)
        metric = self._metric(untrained_model, training_dataset)
        ports = ["training_dataset", "optional_validation_dataset"]
        common = SearchPlan(
            trial="trial",
            parameters={
                "label_column": str(self.label_column),
                "positive_class": self.positive_class,
                "metric": metric,
                "random_seed": self.random_seed,
            },
            inputs={port: port for port in ports},
            metric=metric,
            lower_is_better=metric in LOWER_IS_BETTER,
            fails_fast=True,
        )
        if self.specify_parameter_sweeping_mode == "Bayesian sweep":
            return self._drawn(common, untrained_model, training_dataset, optional_validation_dataset)
        variants = variants_of(untrained_model)
        numbers = self._chosen(len(variants))
        shift = 0 if untrained_model.variants else -1
        candidates = [Candidate(dict(variants[number][0]), {"variant": number + shift}) for number in numbers]
        return replace(common, candidates=candidates, inputs={**common.inputs, "untrained_model": "untrained_model"})

    def _drawn(
        self, common: SearchPlan, model: UntrainedModel, training: Table, validation: Table | None
    ) -> SearchPlan:
        if model.maker is None:
            problem = f"'{model.name}' is made of other learners, whose settings a Bayesian sweep cannot change"
            raise WrongModel(problem, "Use an entire grid, or tune the learners.", port="Untrained model")
        if validation is not None and self.nested_folds:
            problem = "nested folds and a validation dataset exclude each other"
            raise InvalidParameter(problem, "Disconnect the dataset, or set them to 0.", parameter="Nested folds")
        if self.nested_folds == 1:
            raise InvalidParameter("1 nested fold leaves no rows to train on", "Use 0, or 2 or more.",
                                   parameter="Nested folds")  # fmt: skip
        if self.slack_factor and common.metric == "Coefficient of determination" and self._policy.kind == "bandit":
            problem = "a slack factor does not suit the coefficient of determination, which may be below 0"
            raise InvalidParameter(problem, "Set it to 0 and use a slack amount.", parameter="Slack factor")
        measuring = Measuring(self.label_column, self.positive_class, self.random_seed)
        count = measuring.fold_count(training, self.nested_folds) if self.nested_folds else 0
        outer = [{"outer_folds": count, "outer_fold": number} for number in range(count)]
        return replace(
            common,
            learner=model.maker,
            space={name: Range.from_json(document) for name, document in model.ranges},
            sampler=SAMPLERS[self.sampling_algorithm],
            seed=self.random_seed,
            trials=self.number_of_trials,
            seconds=self.seconds,
            patience=self.trials_without_improvement,
            at_once=self.at_once,
            policy=self._policy,
            steps=1 if validation is not None else measuring.fold_count(training),
            outer=[(inside, {**inside, "measures": "Outer fold"}) for inside in outer],
            fails_fast=False,
        )

    @property
    def _policy(self) -> Policy:
        return Policy(
            POLICIES[self.early_termination_policy],
            self.evaluation_interval,
            self.delay_evaluation,
            self.slack_factor,
            self.slack_amount,
            self.truncation_percentage,
            self.reduction_factor,
        )

    def conclude(
        self,
        found: Found,
        untrained_model: UntrainedModel,
        training_dataset: Table,
        optional_validation_dataset: Table | None = None,
    ) -> tuple[Tuned, str]:
        """The table of the trials, the best first, and the model of the best."""
        counted_folds = optional_validation_dataset is None
        metric = self._metric(untrained_model, training_dataset)
        is_bayesian = self.specify_parameter_sweeping_mode == "Bayesian sweep"
        finished = [trial for trial in found.trials if trial.state == "finished"]
        lines = [
            {**_told(trial, is_bayesian), **trial.settings, **means(_metrics(trial), counted=counted_folds)}
            for trial in finished
        ]
        results = _without_full(pd.DataFrame(lines))
        order = self._order(untrained_model.task, results)
        best = finished[int(order[0])]
        results = results.iloc[order]
        if is_bayesian:
            model = sources().module(*remade(untrained_model, best.settings)).run()
            results = _with_others(results, found.trials, metric)
        else:
            variants = variants_of(untrained_model)
            number = self._chosen(len(variants))[found.trials.index(best)]
            model = with_estimator(untrained_model, variants[number][1])
        fitted = trained(with_estimator(model, model.estimator), training_dataset, self.label_column,
                         self.positive_class)  # fmt: skip
        tuned = Tuned(_documented(results), fitted)
        return tuned, self._sentence(found, tuned, metric) if is_bayesian else ""

    def _sentence(self, found: Found, tuned: Tuned, metric: str) -> str:
        states = Counter[str](trial.state for trial in found.trials)
        words = {"pruned": "stopped early", "failed": "failed", "cancelled": "cut off by the end of the search"}
        rest = "".join(f", {states[state]:,} {word}" for state, word in words.items() if states[state])
        value = float(tuned.sweep_results[metric].iloc[0])
        lower = metric in LOWER_IS_BETTER
        figures = in_words(metric, value, found.honest, len(found.trials), lower_is_better=lower)
        positive = tuned.trained_best_model.positive
        ending = "" if positive is None else f" Positive class: {positive}."
        early = f" Ended early: {found.ending}." if found.ending else ""
        return f"{counted(len(found.trials), 'trial')}: {states['finished']:,} finished{rest}.{early} {figures}{ending}"

    def _chosen(self, count: int) -> list[int]:
        """The numbers of the combinations to try, of so many."""
        if self.specify_parameter_sweeping_mode == "Entire grid":
            return list(range(count))
        random = np.random.default_rng(self.random_seed)
        most = min(self.maximum_number_of_runs_on_random_sweep, count)
        return [int(number) for number in random.choice(count, most, replace=False)]

    def _metric(self, model: UntrainedModel, training: Table) -> str:
        """The metric that decides for this label."""
        if model.task is Task.REGRESSION:
            return self.metric_for_measuring_performance_for_regression
        is_two = model.task is Task.TWO_CLASS
        if model.settings.get("any_classes"):
            is_two = len(label_classes(training, self.label_column, model, self.positive_class)) == 2
        return self.metric_for_measuring_performance_for_classification if is_two else "Accuracy"

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
        if self.specify_parameter_sweeping_mode == "Bayesian sweep":
            return f"Bayesian, {counted(self.number_of_trials, 'trial')}"
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


def remade(model: UntrainedModel, settings: Mapping[str, Any]) -> tuple[str, int, dict[str, Any]]:
    """What makes a learner with other settings."""
    assert model.maker is not None
    module, version, parameters = model.maker
    return module, version, {**parameters, **settings}


def _told(trial: Tried, is_told: bool) -> dict[str, Any]:
    return {"Trial": trial.number + 1, "State": trial.state} if is_told else {}


def _metrics(trial: Tried) -> list[dict[str, float]]:
    return [{name: value for name, value in step.items() if name != VALUE} for step in trial.by_step]


def _with_others(results: pd.DataFrame, trials: Sequence[Tried], metric: str) -> pd.DataFrame:
    """The finished trials, then the others in their order, with the mean of the folds that they came to."""
    others = [
        {**_told(trial, True), **trial.settings, metric: mean([step[VALUE] for step in trial.by_step])}
        for trial in trials
        if trial.state != "finished"
    ]
    return pd.concat([results, pd.DataFrame(others)], ignore_index=True) if others else results


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
