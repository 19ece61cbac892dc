"""Measure a learner on folds or on a validation dataset, with the metrics of Evaluate Model."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from designer.contract.errors import DesignerError
from designer.contract.estimator import Transform
from designer.contract.schema import Schema
from designer.contract.selection import ColumnName
from designer.contract.values import (
    SCORED_LABELS,
    SCORED_PROBABILITIES,
    Table,
    Task,
    TrainedModel,
    UntrainedModel,
)

from ..evaluate.by_model import listed_metrics
from ..evaluate.comparable import check_two_classes
from ..evaluate.scored_table import ScoredColumns
from ..score.score_model import as_mapping as scoring_mapping
from ..score.scoring import score_columns, with_scores
from .folds import ASSIGNED, fold_numbers, label_classes, scored_folds
from .steps import prepared
from .suitability import label_column
from .training import trained

FOLDS = 5
DEFINED = "Folds with"
TRAINING, VALIDATION = "Training dataset", "Optional validation dataset"


class UnlabelledValidation(DesignerError):
    """The validation dataset has no label column (0018)."""

    code = "0018"


@dataclass(frozen=True)
class Outer:
    """The outer folds of a nested cross-validation, and the one held out."""

    count: int
    number: int


@dataclass(frozen=True)
class Measuring:
    """What is measured besides the learner: the label, the folds and their seed, the steps before the learner."""

    label: ColumnName
    positive: str = ""
    seed: int = 0
    folds: int = FOLDS
    steps: Sequence[Transform] = ()
    outer: Outer | None = None

    def by_fold(self, model: UntrainedModel, training: Table, validation: Table | None) -> Iterator[dict[str, float]]:
        """The metrics of each fold in turn; of the validation dataset alone if there is one.

        Rows of the outer fold are left out.
        """
        if validation is not None:
            yield self._validated(model, training, validation)
            return
        rows = self._labelled(training)
        classes = label_classes(rows, self.label, model, self.positive)
        if self.outer is not None:
            rows = self._rows(rows, self._numbers(model, rows, self.outer.count) != self.outer.number)
        numbers = self._numbers(model, rows, self.folds)
        for _, fitted, scored in scored_folds(model, rows, self.label, numbers, self.positive, self._prepared):
            yield listed_metrics(fitted, scored, classes)

    def of_outer_fold(self, model: UntrainedModel, training: Table) -> dict[str, float]:
        """The metrics of the rows of the outer fold, scored by a model trained on the others."""
        assert self.outer is not None
        rows = self._labelled(training)
        classes = label_classes(rows, self.label, model, self.positive)
        numbers = self._numbers(model, rows, self.outer.count)
        whole = scored_folds(model, rows, self.label, numbers, self.positive, self._prepared, (self.outer.number,))
        return next(listed_metrics(fitted, scored, classes) for _, fitted, scored in whole)

    def fold_count(self, training: Table, count: int = FOLDS) -> int:
        """The number of folds: of those assigned by Partition and Sample, else `count`."""
        return training[ASSIGNED].nunique() if ASSIGNED in training else count

    def _prepared(self, training: Table, held_out: Table) -> tuple[Table, Table]:
        return prepared(self.steps, training, held_out)

    def _labelled(self, training: Table) -> Table:
        return self._rows(training, training[self._label(training)].notna().to_numpy())

    def _rows(self, table: Table, mask: np.ndarray[tuple[int], np.dtype[np.bool_]]) -> Table:
        return Schema.of(table).attach(table[mask].reset_index(drop=True))

    def _label(self, table: Table) -> str:
        return label_column(self.label, Schema.of(table)).name

    def _numbers(self, model: UntrainedModel, rows: Table, count: int) -> np.ndarray[tuple[int], np.dtype[np.int64]]:
        discrete = model.task.is_classification
        return fold_numbers(rows, self._label(rows), count, self.seed, discrete=discrete, port=TRAINING)

    def _validated(self, model: UntrainedModel, training: Table, validation: Table) -> dict[str, float]:
        if self.steps:
            training, validation = self._prepared(training, validation)
        fitted = trained(model, training, self.label, self.positive)
        return listed_metrics(fitted, _scored(fitted, validation))


def _scored(model: TrainedModel, table: Table) -> Table:
    if model.label is None or model.label.name not in table:
        problem = "the validation dataset has no label column"
        raise UnlabelledValidation(problem, "Keep it.", port=VALIDATION)
    scored = with_scores(table, score_columns(model.frame(table), scoring_mapping(model)), append=True)
    names = {"label": model.label.name, "labels": SCORED_LABELS}
    if model.task is Task.TWO_CLASS:
        columns = ScoredColumns(model.task, {**names, "probability": SCORED_PROBABILITIES}, model.classes)
        check_two_classes(scored, columns, VALIDATION)
    return scored


def means(by_fold: Sequence[Mapping[str, float]], *, counted: bool) -> dict[str, float]:
    """The mean of each metric over the folds that define it; if `counted`, also the number of these folds."""
    names = list(by_fold[0])
    averages = {name: mean([metrics[name] for metrics in by_fold]) for name in names}
    missing = {name: sum(np.isnan(metrics[name]) for metrics in by_fold) for name in names}
    counts = {f"{DEFINED} {name}": float(len(by_fold) - count) for name, count in missing.items()}
    return averages | (counts if counted else {})


def mean(values: Sequence[float]) -> float:
    """The mean over the folds that define the metric: a fold with one class has no AUC."""
    known = [value for value in values if not np.isnan(value)]
    return float(np.mean(known)) if known else float("nan")


def deciding(metric: str, names: Collection[str]) -> str:
    """The metric by which settings are compared: with more than two classes, for which AUC is missing, accuracy."""
    return "Accuracy" if "Accuracy" in names and "AUC" not in names else metric
