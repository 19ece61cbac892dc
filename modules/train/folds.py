"""Assign folds and compute out-of-fold scores."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from typing import Any

import numpy as np
import pandas as pd

from designer.contract.errors import DesignerError, InvalidLabel, TooFewRows
from designer.contract.schema import Schema
from designer.contract.selection import ColumnName
from designer.contract.values import SCORED_PROBABILITIES, Table, Task, TrainedModel, UntrainedModel
from designer.contract.wording.counting import counted

from ..score.score_model import as_mapping as scoring_mapping
from ..score.scoring import score_columns, with_scores
from .fitting import class_values
from .suitability import label_column
from .training import trained

ASSIGNED = "Fold Assignments"


def fold_numbers(
    table: Table, label: str, count: int, seed: int, *, discrete: bool, port: str
) -> np.ndarray[tuple[int], np.dtype[np.int64]]:
    """The fold of each row, from 0: as assigned by Partition and Sample, else random, stratified by class if each class
    has enough rows."""
    from sklearn.model_selection import KFold, StratifiedKFold

    if ASSIGNED in table:
        codes = pd.factorize(table[ASSIGNED], sort=True)[0].astype("int64")
        if codes.max(initial=-1) < 1:
            raise TooFewRows(
                f"column '{ASSIGNED}' holds fewer than two folds", "Assign at least two.", port=port, column=ASSIGNED
            )
        return np.asarray(codes)
    if len(table) < count:
        raise TooFewRows(f"only {counted(len(table), 'row')} for {counted(count, 'fold')}", "Use more rows.", port=port)
    alike = discrete and int(table[label].value_counts().min()) >= count
    cut = (
        StratifiedKFold(count, shuffle=True, random_state=seed)
        if alike
        else KFold(count, shuffle=True, random_state=seed)
    )
    numbers = np.zeros(len(table), dtype="int64")
    target = table[label].astype(str) if alike else None
    for number, (_, held) in enumerate(cut.split(np.zeros(len(table)), target)):
        numbers[held] = number
    return numbers


def scored_folds(
    model: UntrainedModel,
    table: Table,
    label: ColumnName,
    numbers: np.ndarray[tuple[int], np.dtype[np.int64]],
    positive: str = "",
    prepare: Callable[[Table, Table], tuple[Table, Table]] | None = None,
    chosen: Sequence[int] | None = None,
) -> Iterator[tuple[int, TrainedModel, Table]]:
    """For each fold its number, the model trained on the other folds, and the scored rows of the fold.

    `prepare` transforms the training rows and the held-out rows of a fold; `chosen` are the folds, by default all. A
    class absent from a fold's training rows has probability 0.
    """
    schema = Schema.of(table)
    classes = label_classes(table, label, model, positive)
    for number in sorted(set(numbers.tolist()) - {-1}) if chosen is None else chosen:
        held = numbers == number
        rest, rows = schema.attach(table[~held].reset_index(drop=True)), schema.attach(table[held])
        if prepare is not None:
            rest, rows = prepare(rest, rows)
        try:
            fitted = trained(model, rest, label, positive)
        except InvalidLabel as error:
            raise _without_a_class(error, table, label, ~held) from error
        scores = score_columns(fitted.frame(rows), scoring_mapping(fitted))
        yield number, fitted, with_scores(rows, with_all_classes(scores, fitted, classes), append=True)


def label_classes(table: Table, label: ColumnName, model: UntrainedModel, positive: str = "") -> list[Any]:
    """The classes of the label in all rows, in the order of a model's probabilities; none for a numeric label."""
    if not model.task.is_classification:
        return []
    return class_values(table[label_column(label, Schema.of(table)).name].dropna(), positive)


def with_all_classes(scores: Table, model: TrainedModel, classes: list[Any]) -> Table:
    """The scores with one probability per class of the label."""
    if model.task is not Task.MULTICLASS:
        return scores
    known = scores["Scored Labels"].notna()
    zero = pd.Series(np.where(known, 0.0, np.nan), index=scores.index)
    names = [f"{SCORED_PROBABILITIES}_{value}" for value in classes]
    return pd.DataFrame({name: scores.get(name, zero) for name in ("Scored Labels", *names)})


def _without_a_class(error: InvalidLabel, table: Table, label: ColumnName, used: np.ndarray[Any, Any]) -> DesignerError:
    """The error for a fold whose training rows lack a class of the label; otherwise the error unchanged."""
    name = label_column(label, Schema.of(table)).name
    counts, left = table[name].value_counts(), table[name][used].value_counts()
    gone = [value for value in counts.index if not left.get(value, 0)]
    if len(counts) < 2 or not gone:
        return error
    value, rows = gone[0], int(counts[gone[0]])
    problem = (
        f"class '{str(value)[:40]}' of the label '{name}' has {rows:,} row{'s' if rows > 1 else ''}, "
        f"all in one fold: the training rows of this fold have {_counted(len(counts) - len(gone))}"
    )
    remedy = "Each class needs rows in at least two folds: use more rows of it, leave it out, or assign folds by class."
    return InvalidLabel(problem, remedy, column=name)


def _counted(classes: int) -> str:
    return "one class only" if classes == 1 else counted(classes, "class")


def with_estimator(model: UntrainedModel, estimator: object) -> UntrainedModel:
    """The same learner with other settings."""
    return replace(model, estimator=estimator, variants=())
