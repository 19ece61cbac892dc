"""Traits of columns for a starter pipeline: how each column can be used, and what it lacks."""

from __future__ import annotations

import unicodedata
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Literal

import numpy as np
import pandas as pd

from designer.audit.identifiers import names_rows, numbers_rows
from designer.contract.errors import InfiniteValues, InvalidLabel, LabelNotGiven, TooFewFeatures, TooFewRows
from designer.contract.schema import Column, Kind, Role, Schema
from designer.contract.values import SCORED_LABELS, SCORED_PROBABILITIES
from designer.contract.wording.counting import counted

StarterTask = Literal["two-class", "multiclass", "regression", "clustering"]
Use = Literal["feature", "text", "date", "left out"]
FEWEST_ROWS = 5
MOST_CLASSES = 1000
MOST_CATEGORIES = 1000
WORD_CELLS, MOST_WORDS, MOST_TEXTS = 20_000_000, 500, 4
"""Limits of word features: cells of their table, columns of all texts together, and text columns."""
_FEW = 20
_MANY = 0.5
_SAMPLE = 5000
_SHORTEST, _LONGEST = 2, 25
_REPEATED = 5
_SEEN = 5
"""Minimum occurrences of a word in the sample to estimate its frequency."""


@dataclass(frozen=True)
class Trait:
    """The use of one column; `frequency` is the minimum document frequency of a word of a text column."""

    column: Column
    use: Use
    has_gaps: bool = False
    is_infinite: bool = False
    frequency: int = 1

    @property
    def name(self) -> str:
        """The name of the column."""
        return self.column.name


def traits_of(table: pd.DataFrame, label: str = "") -> list[Trait]:
    """The traits of every column but the label; labels and scores are left out."""
    columns = [c for c in Schema.of(table) if c.name != label]
    texts = [c.name for c in columns if _is_text(table[c.name], c)][:MOST_TEXTS]
    most_words = int(min(MOST_WORDS, max(WORD_CELLS / max(len(table), 1), _FEW)) / max(len(texts), 1))
    answers = table[label] if label else None
    return [_trait(table[c.name], c, texts, most_words, answers) for c in columns]


def require_learnable(table: pd.DataFrame, label: str, task: StarterTask, traits: Sequence[Trait]) -> None:
    """Check that a starter pipeline can run.

    Raises TooFewRows, TooFewFeatures, or LabelNotGiven, InvalidLabel or InfiniteValues for an unsuitable label.
    """
    if label:
        _require_answers(table[label].dropna(), Schema.of(table)[label], task, len(table))
    elif len(table) < FEWEST_ROWS:
        raise TooFewRows(
            f"only {counted(len(table), 'row')} to find groups in", f"Add rows: at least {FEWEST_ROWS} are needed."
        )
    if any(trait.use != "left out" for trait in traits):
        return
    problem = f"no column is left to predict '{label}' from" if label else "no column is left to find groups by"
    remedy = "Add a column of numbers, dates, repeated values or text; constants and identifiers are not used."
    raise TooFewFeatures(problem, remedy)


def _require_answers(answers: pd.Series[Any], label: Column, task: StarterTask, rows: int) -> None:
    name, classes = label.name, answers.nunique()
    if not rows:
        raise TooFewRows("the dataset has no rows", "Add rows: it holds column names only.")
    if not len(answers):
        raise LabelNotGiven(f"column '{name}' is missing in every row", "Choose another column to predict.")
    if classes == 1:
        raise InvalidLabel(f"column '{name}' has the same value in every row", "Choose another column to predict.")
    if len(answers) < FEWEST_ROWS:
        problem = f"only {counted(len(answers), 'row')} with a value of '{name}' to train and test on"
        raise TooFewRows(problem, f"Add rows: at least {FEWEST_ROWS} are needed.")
    if name == SCORED_LABELS or name.startswith(SCORED_PROBABILITIES):
        raise InvalidLabel(f"column '{name}' has the name of the column that the answers go to", "Rename it first.")
    if label.kind is Kind.DATETIME:
        raise InvalidLabel(f"column '{name}' holds dates", "Choose a column of numbers or classes to predict.")
    if task == "regression":
        if np.isinf(answers.to_numpy(dtype="float64")).any():
            raise InfiniteValues(f"column '{name}' holds an infinite value", "Correct the file, or mark it as missing.")
        return
    if classes > 2 and (classes > MOST_CLASSES or classes > _MANY * len(answers)):
        problem = f"column '{name}' has {classes:,} different values in {len(answers):,} rows: too many to be classes"
        raise InvalidLabel(problem, "Choose a column with fewer values, or set its type to a number.")
    counts = answers.value_counts()
    if counts.iloc[1] < 2:
        problem = f"column '{name}' has only one row with '{counts.index[1]}'"
        raise InvalidLabel(problem, "Add rows of that class: at least one to train on and one to test on.")


def _trait(
    series: pd.Series[Any], column: Column, texts: Sequence[str], most_words: int, answers: pd.Series[Any] | None
) -> Trait:
    present = series.dropna()
    gaps = len(present) < len(series)
    if column.role not in (Role.FEATURE, Role.NONE) or present.nunique() < 2:
        return Trait(column, "left out")
    if column.kind is Kind.DATETIME:
        return Trait(column, "date", gaps)
    if column.name in texts:
        frequency = _frequency(present, len(series), most_words)
        return Trait(column, "text", gaps, frequency=frequency) if frequency else Trait(column, "left out")
    is_identifier = numbers_rows(series) if answers is None else names_rows(series, answers)
    if is_identifier or _names_rows(present, column):
        return Trait(column, "left out")
    infinite = column.kind is Kind.DECIMAL and bool(np.isinf(present.to_numpy(dtype="float64")).any())
    return Trait(column, "feature", gaps or infinite, infinite)


def _is_text(series: pd.Series[Any], column: Column) -> bool:
    """Whether cells are free text rather than names or categories: three words on average, rarely repeated."""
    if column.kind is not Kind.STRING or column.role is not Role.FEATURE:
        return False
    present = series.dropna()
    if present.nunique() < 2 or (present.nunique() <= MOST_CATEGORIES and present.nunique() <= _MANY * len(present)):
        return False
    words = [len(text.split()) for text in _spread(present)]
    return float(np.mean(words)) >= 3


def _names_rows(present: pd.Series[Any], column: Column) -> bool:
    """Whether a column only identifies rows: ascending integers with few gaps, or values that hardly repeat."""
    distinct = present.nunique()
    if len(present) < _FEW or column.kind in (Kind.DECIMAL, Kind.BOOLEAN):
        return False
    if column.kind is Kind.INTEGER:
        span = int(present.max()) - int(present.min())
        return distinct == len(present) and span < 2 * len(present) and bool(present.is_monotonic_increasing)
    return distinct > _MANY * len(present) or distinct > len(present) - 2


def _frequency(present: pd.Series[Any], rows: int, most_words: int) -> int:
    """The minimum document frequency that leaves at most `most_words` words; 0 if hardly any word is repeated."""
    sample = _spread(present)
    counts: Counter[str] = Counter()
    for text in sample:
        counts.update({word for word in _words(text) if _SHORTEST <= len(word) <= _LONGEST})
    scale = len(present) / max(len(sample), 1)
    frequent = sorted((round(count * scale) for count in counts.values()), reverse=True)
    least = frequent[most_words] + 1 if len(frequent) > most_words else 1
    least = max(least, round(_SEEN * scale)) if scale > 1 else least
    held_out = rows - int(0.7 * rows)
    repeated = sum(count >= 2 * least + 2 for count in frequent)
    is_certain = bool(frequent) and frequent[0] >= least + held_out
    return least if repeated >= _REPEATED or is_certain else 0


def _words(text: object) -> list[str]:
    """The words of a text in lower case: runs of letters, digits and combining marks."""
    letters = (c if c.isalnum() or unicodedata.category(c).startswith("M") else " " for c in str(text).lower())
    return "".join(letters).split()


def _spread(present: pd.Series[Any]) -> list[str]:
    """An evenly spaced sample of the cells, as text."""
    step = -(-len(present) // _SAMPLE) or 1
    return [str(cell) for cell in present.iloc[::step]]
