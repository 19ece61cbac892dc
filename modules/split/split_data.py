"""Split Data: divide the rows of a table into two."""

from __future__ import annotations

from typing import Any, Literal, NamedTuple

import numpy as np
import pandas as pd

from designer.contract.errors import InvalidParameter
from designer.contract.module import Module
from designer.contract.parameters import param
from designer.contract.schema import Schema
from designer.contract.script import Script, Variable
from designer.contract.selection import ColumnName
from designer.contract.values import Table

from .expression import Unreadable, matching, read_pattern, read_relation

ROWS, REGULAR, RELATIVE = "Split Rows", "Regular Expression", "Relative Expression"


class Halves(NamedTuple):
    """The two parts of a table."""

    results_dataset1: Table
    results_dataset2: Table


class SplitData(
    Module,
    category="Data Transformation",
    icon="split",
    at_inference="pass through",
    splits_rows=True,
    suggested=3,
    keeps_together="together",
    no_onnx="the rows are selected jointly",
    synonyms=("train test split", "holdout", "partition", "filter rows"),
):
    """Divide the rows of a table into two tables.

    *Split Rows*: of n rows the first int(n x fraction) go to the first table, in the order of
    `numpy.random.RandomState(seed).permutation(n)`, or in table order if not randomized. If stratified, each value of
    the key (including missing) contributes proportionally; rows left over by rounding down go to the values with the
    largest remainders, so that the totals stay the same.

    Keep together: no value of that column is on both sides. The values, in the order of
    `numpy.random.RandomState(seed).permutation` (not randomized: of first appearance), go to the first table if all
    their rows still fit into int(n x fraction), else to the second; so the first table may be smaller than the
    fraction. Each row without a value counts as a value of its own.

    *Regular Expression*: `\\"column" ^start` or `(\\0) ^start`, the position counted from 0: rows whose text contains a
    match go to the first table. *Relative Expression*: `\\"year" > 2010`, `(\\0) <= 30 & != 20`: comparisons of one
    column with `<`, `>`, `<=`, `>=`, `==`, `!=`, joined by `&` and `|` (& binds tighter), without parentheses; text
    supports == and != only (quote a value with & or |), dates are written as 2010-01-31. Rows with a missing cell go to
    the second table.

    Errors: 0001 for a column that does not exist, 0008 for an expression that cannot be read.

    Example: 193 rows with fraction 0.7 give 135 and 58 rows.
    """

    mode: Literal["Split Rows", "Regular Expression", "Relative Expression"] = param(ROWS, label="Splitting mode")
    """Split by count, or by a condition on a column."""

    fraction: float = param(0.5, ge=0, le=1, label="Fraction of rows in the first output dataset", when={"mode": ROWS})
    """Fraction of the rows for the first table."""

    randomized: bool = param(True, label="Randomized split", when={"mode": ROWS})
    """Shuffle the rows first."""

    seed: int = param(0, ge=0, le=2**32 - 1, label="Random seed", when={"mode": ROWS, "randomized": True})
    """The same seed gives the same rows."""

    stratified: bool = param(False, label="Stratified split", when={"mode": ROWS})
    """Stratify: keep the distribution of a column's values in both tables."""

    key: ColumnName = param(ColumnName(""), label="Stratification key column", when={"mode": ROWS, "stratified": True})
    """The column to stratify by."""

    together: ColumnName = param(
        ColumnName(""), label="Keep together", when={"mode": ROWS, "stratified": False}, required=False
    )
    """Keep rows with the same value of this column, such as a customer, on one side. Empty: split each row
    independently."""

    pattern: str = param('\\"column name" ^start', label="Regular expression", when={"mode": REGULAR})
    """A column and the pattern its text must match."""

    relation: str = param('\\"column name" > 3', label="Relational expression", when={"mode": RELATIVE})
    """A column and the comparisons its cells must satisfy."""

    def run(self, dataset: Table) -> Halves:
        if self.mode == ROWS:
            return Halves(*split_rows(dataset, **self._share(Schema.of(dataset))))
        column, test = self._condition(Schema.of(dataset))
        try:
            return Halves(*split_where(dataset, column, test))
        except Unreadable as error:
            raise InvalidParameter(str(error), EXAMPLES[self.mode], parameter=LABELS[self.mode]) from error

    def infer(self, dataset: Schema) -> tuple[Schema, Schema]:
        return dataset, dataset

    def to_python(self, script: Script, dataset: Variable) -> tuple[str, ...]:
        if self.mode == ROWS:
            halves = script.call(split_rows, dataset, **self._share(dataset.schema), result="halves")
        else:
            column, test = self._condition(dataset.schema)
            halves = script.call(split_where, dataset, column, test, result="halves")
        first, second = script.variable("first_rows"), script.variable("other_rows")
        script.line(f"{first}, {second} = {halves}")
        return first, second

    def summary(self) -> str:
        shares = f"{100 * self.fraction:g} % / {100 * (1 - self.fraction):g} %"
        rows = f"{shares}, seed {self.seed}" if self.randomized else f"{shares}, in order"
        if self.together and not self.stratified:
            rows = f"{rows}, by {self.together}"
        return {ROWS: rows, REGULAR: self.pattern, RELATIVE: self.relation}[self.mode]

    def _share(self, schema: Schema) -> dict[str, Any]:
        key = self.key.of(schema) if self.stratified else None
        share = {"fraction": self.fraction, "seed": self.seed if self.randomized else None, "key": key}
        if self.together and not self.stratified:
            share["together"] = self.together.of(schema)
        return share

    def _condition(self, schema: Schema) -> tuple[str, Any]:
        text = self.pattern if self.mode == REGULAR else self.relation
        try:
            column, test = (read_pattern if self.mode == REGULAR else read_relation)(text)
        except Unreadable as error:
            raise InvalidParameter(str(error), EXAMPLES[self.mode], parameter=LABELS[self.mode]) from error
        if isinstance(column, int):
            if column >= len(schema):
                raise InvalidParameter(
                    f"there is no column at position {column}", "Positions count from 0.", parameter=LABELS[self.mode]
                )
            return schema.names[column], test
        name = ColumnName(column)
        name.parameter = LABELS[self.mode]
        return name.of(schema), test


LABELS = {REGULAR: "Regular expression", RELATIVE: "Relational expression"}
EXAMPLES = {REGULAR: 'Write it like \\"column name" ^start.', RELATIVE: 'Write it like \\"column name" > 3 & < 10.'}


def split_rows(
    dataset: pd.DataFrame, fraction: float, seed: int | None, key: str | None, together: str | None = None
) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Split into the first int(n x fraction) rows and the rest; optionally shuffled, stratified, or with values kept
    together."""
    count = len(dataset)
    order = np.arange(count) if seed is None else np.random.RandomState(seed).permutation(count)
    if together is not None:
        first = whole_values(dataset[together], fraction, seed)[order]
    elif key is not None:
        first = shares(dataset[key].iloc[order], fraction)
    else:
        first = np.arange(count) < int(count * fraction)
    return tuple(dataset.iloc[order[chosen]].reset_index(drop=True) for chosen in (first, ~first))


def whole_values(keys: pd.Series[Any], fraction: float, seed: int | None) -> Any:
    """Mask of the cells whose values fit with all their cells into int(n x fraction); each missing cell is its own
    value."""
    codes, values = pd.factorize(keys)
    gaps = codes < 0
    codes[gaps] = len(values) + np.arange(gaps.sum())
    codes, _ = pd.factorize(codes)
    sizes = np.bincount(codes)
    free = int(len(codes) * fraction)
    fits = np.zeros(len(sizes), dtype=bool)
    for value in np.arange(len(sizes)) if seed is None else np.random.RandomState(seed).permutation(len(sizes)):
        if sizes[value] <= free:
            fits[value] = True
            free -= int(sizes[value])
    return fits[codes]


def shares(keys: pd.Series[Any], fraction: float) -> Any:
    """Mask of the first cells of each value, allotting int(n x fraction) rows proportionally."""
    codes, _ = pd.factorize(keys, use_na_sentinel=False)
    exact = np.bincount(codes) * fraction if len(codes) else np.zeros(0)
    seats = np.floor(exact + 1e-9).astype("int64")
    left = max(int(len(codes) * fraction) - int(seats.sum()), 0)
    seats[np.argsort(-(exact - seats), kind="stable")[:left]] += 1
    place = pd.Series(codes).groupby(codes).cumcount().to_numpy()
    return place < (seats[codes] if len(codes) else 0)


def split_where(dataset: pd.DataFrame, column: str, test: Any) -> tuple[pd.DataFrame, pd.DataFrame]:
    """The rows that satisfy the condition, and the others."""
    chosen = matching(dataset[column], test)
    return dataset[chosen].reset_index(drop=True), dataset[~chosen].reset_index(drop=True)
