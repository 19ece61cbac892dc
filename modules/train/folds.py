"""Cutting rows into folds, and scoring each by a model that never saw it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import numpy as np
import pandas as pd

from designer.contract.errors import TooFewRows
from designer.contract.schema import Schema
from designer.contract.selection import ColumnName
from designer.contract.values import Table, TrainedModel, UntrainedModel

from ..score.score_model import as_mapping as scoring_mapping
from ..score.scoring import score_columns, with_scores
from .training import trained

ASSIGNED = "Fold Assignments"


def fold_numbers(
    table: Table, label: str, count: int, seed: int, *, discrete: bool, port: str
) -> np.ndarray[tuple[int], np.dtype[np.int64]]:
    """The fold of each row, from 0: those that Partition and Sample assigned, else drawn by chance and alike in their
    classes where each class has enough rows."""
    from sklearn.model_selection import KFold, StratifiedKFold

    if ASSIGNED in table:
        codes = pd.factorize(table[ASSIGNED], sort=True)[0].astype("int64")
        if codes.max(initial=-1) < 1:
            raise TooFewRows(
                f"column '{ASSIGNED}' holds fewer than two folds", "Assign at least two.", port=port, column=ASSIGNED
            )
        return np.asarray(codes)
    if len(table) < count:
        raise TooFewRows(f"{len(table):,} rows are fewer than the {count} folds", "Use more rows.", port=port)
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
    model: UntrainedModel, table: Table, label: ColumnName, numbers: np.ndarray[tuple[int], np.dtype[np.int64]]
) -> Iterator[tuple[int, TrainedModel, Table]]:
    """For each fold its number, the model of all other folds, and the rows of the fold with their scores."""
    schema = Schema.of(table)
    for number in sorted(set(numbers.tolist()) - {-1}):
        held = numbers == number
        rest = schema.attach(table[~held].reset_index(drop=True))
        fitted = trained(model, rest, label)
        rows = table[held]
        yield number, fitted, with_scores(rows, score_columns(fitted.frame(rows), scoring_mapping(fitted)), append=True)


def with_estimator(model: UntrainedModel, estimator: object) -> UntrainedModel:
    """The same learner with other settings."""
    return replace(model, estimator=estimator, variants=())
