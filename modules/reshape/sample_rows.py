"""Sample Rows: take some rows, at random or from an end."""

from __future__ import annotations

from typing import Annotated, Any, Literal

import numpy as np
import pandas as pd

from designer.contract.errors import InvalidValues, TooFewRows
from designer.contract.module import Module
from designer.contract.parameters import param
from designer.contract.schema import Schema
from designer.contract.script import Script, Variable
from designer.contract.selection import ColumnName
from designer.contract.values import Table
from designer.contract.wording.counting import counted

from ..columns.cells import numbers
from ..columns.chosen import NUMBERS, chosen_column, require_distinct_columns
from .groups import group_numbers

SHARE, COUNT, FIRST, LAST = "Share of rows", "Number of rows", "First rows", "Last rows"


def sample_rows(
    dataset: pd.DataFrame, mode: str, share: float, count: int, replace: bool, weights: str, strata: str, seed: int
) -> pd.DataFrame:
    """Some of the rows, in the order of the table."""
    if mode == "First rows":
        return dataset.head(count)
    if mode == "Last rows":
        return dataset.tail(count).reset_index(drop=True)
    random = np.random.RandomState(seed)
    taken = [np.zeros(0, dtype="int64")]
    for rows in strata_of(dataset, strata):
        size = round(len(rows) * share) if mode == "Share of rows" else count
        chance = dataset[weights].to_numpy("float64")[rows] if weights else np.ones(len(rows))
        picked = chance / chance.sum() if weights and size else None
        taken.append(rows[random.choice(len(rows), size, replace=replace, p=picked)] if size else taken[0])
    return dataset.iloc[np.sort(np.concatenate(taken))].reset_index(drop=True)


def strata_of(dataset: pd.DataFrame, strata: str) -> list[Any]:
    """The row positions of each stratum, in the order of its values."""
    if not strata or not len(dataset):
        return [np.arange(len(dataset))]
    groups = group_numbers(dataset, [strata])
    order = np.argsort(groups, kind="stable")
    return list(np.split(order, np.flatnonzero(np.diff(groups[order])) + 1))


class SampleRows(
    Module,
    category="Data Transformation",
    icon="dices",
    no_onnx="rows are sampled at random or by position, not by content",
    at_inference="pass through",
    samples_rows=True,
    synonyms=("random sample", "subsample", "head", "tail", "top rows", "limit", "bootstrap", "downsample"),
):
    """Take some rows: a random fraction or number, or the first or last ones.

    Rows keep the order of the table. A fraction is rounded to the nearest number of rows. The same fraction or number
    is taken within each group of the *Strata* column. With *Weights* a row is drawn with probability proportional to
    its weight. The same seed draws the same rows. An inference pipeline scores every row of a request.

    Errors: 0021 if more rows are requested than exist, 0039 for weights that are negative, missing or all zero, 0017
    for non-numeric weights.

    Example: a fraction of 0.1 of 150 rows gives 15.
    """

    mode: Literal["Share of rows", "Number of rows", "First rows", "Last rows"] = param(SHARE, label="Sampling mode")
    """How to choose rows."""

    share: float = param(0.1, gt=0, le=1, label="Share of rows", when={"mode": SHARE})
    """The fraction of the rows to take."""

    count: int = param(100, ge=1, label="Number of rows", when={"mode": (COUNT, FIRST, LAST)})
    """The number of rows to take; with strata, from each stratum."""

    with_replacement: bool = param(False, label="With replacement", when={"mode": (SHARE, COUNT)})
    """Sample with replacement."""

    weights: ColumnName = param("", label="Weights", when={"mode": (SHARE, COUNT)}, required=False)
    """A numeric column of sampling weights: larger weights are drawn more often."""

    strata: ColumnName = param("", label="Strata", when={"mode": (SHARE, COUNT)}, required=False)
    """A column to stratify by: the same fraction or number is taken of each value."""

    seed: int = param(0, ge=0, le=4294967295, label="Random seed", when={"mode": (SHARE, COUNT)})
    """The same seed draws the same rows."""

    def run(self, dataset: Table) -> Annotated[Table, "Results dataset"]:
        require_distinct_columns([str(name) for name in dataset.columns])
        settings = self._settings(dataset)
        if self.mode in (SHARE, COUNT):
            self._check(dataset)
        return sample_rows(dataset, **settings)

    def infer(self, dataset: Schema) -> Schema:
        return dataset

    def to_python(self, script: Script, dataset: Variable) -> tuple[str, ...]:
        return (script.call(sample_rows, dataset, **self._settings(dataset.schema), result="sample"),)

    def summary(self) -> str:
        return f"{self.share:.0%} of rows" if self.mode == SHARE else f"{self.mode.lower()}: {self.count:,}"

    def _settings(self, dataset: Table | Schema) -> dict[str, Any]:
        random = self.mode in (SHARE, COUNT)
        return {
            "mode": self.mode,
            "share": self.share,
            "count": self.count,
            "replace": self.with_replacement,
            "weights": chosen_column(self.weights, dataset, NUMBERS, "Weights") if self.weights and random else "",
            "strata": self.strata.of(dataset) if self.strata and random else "",
            "seed": self.seed,
        }

    def _check(self, dataset: Table) -> None:
        usable = np.ones(len(dataset), dtype=bool)
        if self.weights:
            cells = numbers(dataset[self.weights]).to_numpy()
            if not (np.isfinite(cells).all() and (cells >= 0).all() and (cells.sum() > 0 or not len(cells))):
                raise InvalidValues(
                    f"the weights in column '{self.weights}' must be non-negative numbers with a positive sum",
                    "Clean or clip them first.",
                    parameter="Weights",
                    column=self.weights,
                )
            usable = cells > 0
        sizes = np.array([[usable[rows].sum(), len(rows)] for rows in strata_of(dataset, self.strata)])
        wanted = np.round(sizes[:, 1] * self.share) if self.mode == SHARE else np.full(len(sizes), self.count)
        available = sizes[:, 0]
        short = available < (np.minimum(wanted, 1) if self.with_replacement else wanted)
        if short.any():
            have = int(available[short].min())
            where = f"a group of '{self.strata}' has" if self.strata else "the table has"
            raise TooFewRows(
                f"{where} {counted(have, 'row')} to take from",
                "Take fewer, or with replacement.",
                parameter="Number of rows",
            )
