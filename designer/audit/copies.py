"""Detect copies of rows in two tables, as opposed to rows that agree by chance because few are distinct."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from designer.audit.columns import places, sampled
from designer.contract.schema import Kind, kind_of

Digests = np.ndarray[Any, np.dtype[np.uint64]]

ROW_LIMIT = 1_000_000
FEWEST, SHARE = 3, 0.005
"""The minimum number of copies, and their minimum share of the held-out rows, to affect a metric."""
TWINS = 0.5
"""Copies are attributed to chance if the share of near-duplicate rows exceeds this fraction of the share of copies."""
BLOCK_ROWS = 100_000
FEWEST_DIFFERENT, EVENLY = 20, 0.95
"""A repeated table has at least this many distinct rows, of which this share occur equally often."""


@dataclass(frozen=True)
class Copies:
    """The number of held-out rows that are also training rows, with some examples from both tables, counted from 0."""

    count: int
    held_out: tuple[int, ...]
    training: tuple[int, ...]


def copies(training: pd.DataFrame, held_out: pd.DataFrame, names: Sequence[str]) -> Copies | None:
    """The rows in both tables, compared by digests of these columns; None if they are too few or due to chance."""
    if not names or not len(training) or not len(held_out):
        return None
    measured, learned = sampled(held_out, ROW_LIMIT), training
    ordered = sorted(names, key=lambda name: kind_of(pd.Series(training[name])) in (Kind.STRING, Kind.CATEGORICAL))
    rows, others = np.arange(len(measured)), np.arange(len(learned))
    digests, other_digests = np.zeros(len(rows), dtype="uint64"), np.zeros(len(others), dtype="uint64")
    for i in range(0, len(ordered), 4):  # numbers first, so that few rows remain for the slower texts
        batch = ordered[i : i + 4]
        digests = digests + _digests(measured.iloc[rows], batch, i)
        other_digests = other_digests + _digests(learned.iloc[others], batch, i)
        stay, keep = pd.Index(digests).isin(other_digests), pd.Index(other_digests).isin(digests)
        rows, digests, others, other_digests = rows[stay], digests[stay], others[keep], other_digests[keep]
        if len(rows) < max(FEWEST, SHARE * len(measured)):
            return None
    filled = measured.iloc[rows][list(names)].notna().mean(axis=1).to_numpy() >= 0.5  # mostly missing rows are equal
    rows, digests = rows[filled], digests[filled]
    if len(rows) < max(FEWEST, SHARE * len(measured)):
        return None
    together = pd.concat([learned, measured], ignore_index=True)
    by_chance = len(rows) * TWINS < _twins(together, ordered) * len(measured)
    if by_chance and not _is_repeated(_digests(together, ordered, 0)):
        return None
    first = {int(digest): int(row) for digest, row in zip(other_digests[::-1], others[::-1], strict=True)}
    shown = places(len(held_out), ROW_LIMIT)[rows[:3]]
    step = len(held_out) / len(measured)
    return Copies(round(len(rows) * step), tuple(map(int, shown)), tuple(first[int(d)] for d in digests[:3]))


def _is_repeated(whole: Digests) -> bool:
    """Whether nearly all distinct rows occur equally often, or a multiple of that, which is unlikely by chance."""
    _, counts = np.unique(whole, return_counts=True)
    times = int(np.bincount(counts).argmax())
    return times > 1 and len(counts) >= FEWEST_DIFFERENT and float((counts % times == 0).mean()) >= EVENLY


def _digests(table: pd.DataFrame, names: Sequence[str], first: int) -> Digests:
    """The row digests: sums of cell digests, each weighted by its column."""
    digests = np.zeros(len(table), dtype="uint64")
    for i, name in enumerate(names, first):
        digests = digests + cell_digests(table[name]) * np.uint64(2 * (i + 1) + 1) ** np.uint64(7)
    return digests


def cell_digests(series: pd.Series[Any]) -> Digests:
    """A digest of each cell; numbers of any dtype are hashed by their value."""
    kind = kind_of(series)
    if kind.is_numeric or kind is Kind.BOOLEAN:
        values: Any = series.to_numpy(dtype="float64", na_value=np.nan) + 0.0
    elif kind is Kind.DATETIME:
        values = pd.to_datetime(series, utc=True).to_numpy(dtype="datetime64[ns]").astype("int64")
    else:
        values = series.astype(object).where(series.notna(), "\0").map(str).to_numpy(dtype=object)
    return np.asarray(pd.util.hash_array(values, categorize=True), dtype="uint64")


def _twins(table: pd.DataFrame, names: Sequence[str]) -> float:
    """The largest share of distinct rows that equal another one except in a single column, or in half of the binary
    columns. If it is high, equal rows occur by chance."""
    table = sampled(table, BLOCK_ROWS)
    cells = np.stack([_digests(table, [name], i) for i, name in enumerate(names)])
    whole = cells.sum(axis=0, dtype="uint64")
    _, first = np.unique(whole, return_index=True)
    cells, whole = cells[:, first], whole[first]
    flags = [i for i, row in enumerate(cells) if len(pd.unique(row)) <= 2]
    blocks = [[i] for i in range(len(names)) if i not in flags]
    blocks += [half for half in (flags[: (len(flags) + 1) // 2], flags[(len(flags) + 1) // 2 :], flags[::2]) if half]
    different = (len(pd.unique(whole - cells[block].sum(axis=0, dtype="uint64"))) for block in blocks)
    return max((1 - count / len(whole) for count in different), default=1.0)
