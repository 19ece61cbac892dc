"""How far the distribution of a column has moved between two tables: the population stability index (PSI).

The values of the earlier table make the cells: each value where there are few, its tenths where there are many. Missing
values, values that the earlier table lacks, and those beyond its smallest and largest have cells of their own, so that
all count as a move.

Source: Siddiqi, Credit Risk Scorecards (2006), chapter 6, for the index; its expected value without a move, which is
subtracted, follows from Yurdakul and Naranjo, Statistical Properties of the Population Stability Index (2020).
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise
from typing import Any

import numpy as np
import pandas as pd

from designer.contract.schema import Kind

FEW_VALUES = 20
"""Numbers and dates with at most this many values have a cell for each, as texts have."""
MOST_CELLS = 50
MOST_DISTINCT = 0.9
"""Above this share of distinct values a text identifies rows and has no distribution."""

_PSEUDO_COUNT = 0.5  # an empty cell would make the index infinite
_SIZES = ((0.25, "strong"), (0.1, "clear"), (0.02, "noticeable"))
_UNCERTAIN = 0.25
"""Where chance alone gives an index above this, only a strong move can be told from none."""

Counts = np.ndarray[Any, np.dtype[np.int64]]


@dataclass(frozen=True)
class Shift:
    """The move of one column.

    `cells` name the cells, `before` and `after` hold the rows in each. `index` is the PSI above what chance alone
    gives, at least 0; `size` is its word: none, noticeable (above 0.02), clear (0.1), strong (0.25), or uncertain where
    there are too few rows to tell.
    """

    cells: tuple[str, ...]
    before: tuple[int, ...]
    after: tuple[int, ...]
    index: float

    @property
    def size(self) -> str:
        """The size of the move in one word."""
        word = next((word for limit, word in _SIZES if self.index > limit), "none")
        chance = expected_by_chance(np.array(self.before), np.array(self.after))
        return "uncertain" if chance > _UNCERTAIN and word != "strong" else word


def shift(before: pd.Series[Any], after: pd.Series[Any], kind: Kind) -> Shift | None:
    """The move from one column to another of the same kind, or both numbers; None without a distribution to compare.

    That is the case where one of the tables has no rows, and for texts that identify rows.
    """
    if not len(before) or not len(after) or _identifies(before, kind):
        return None
    known = before.dropna()
    if kind.is_numeric or kind is Kind.DATETIME:
        numbers = _as_numbers(known, kind)
        if len(np.unique(numbers)) > FEW_VALUES:
            return _by_tenths(numbers, before, after, kind)
    return _by_value(before, after, known)


def stability(before: Counts, after: Counts) -> float:
    """The PSI of two counts by cell above its expected value without a move, at least 0.

    Half a row is added to each cell.
    """
    used = (before + after) > 0
    first, second = before[used] + _PSEUDO_COUNT, after[used] + _PSEUDO_COUNT
    p, q = first / first.sum(), second / second.sum()
    index = float(((q - p) * np.log(q / p)).sum())
    return max(index - expected_by_chance(before, after), 0.0)


def expected_by_chance(before: Counts, after: Counts) -> float:
    """The expected PSI of two counts by cell without a move: (cells - 1) (1 / rows before + 1 / rows after)."""
    cells = int(((before + after) > 0).sum())
    return (cells - 1) * (1 / int(before.sum()) + 1 / int(after.sum()))


def _identifies(column: pd.Series[Any], kind: Kind) -> bool:
    known = column.dropna()
    return kind is Kind.STRING and len(known) > MOST_CELLS and known.nunique() > MOST_DISTINCT * len(known)


def _by_tenths(
    numbers: np.ndarray[Any, np.dtype[np.float64]], before: pd.Series[Any], after: pd.Series[Any], kind: Kind
) -> Shift:
    finite = numbers[np.isfinite(numbers)]
    tenths, top = np.quantile(finite, np.arange(10) / 10), finite.max()
    edges = np.unique([*tenths, np.nextafter(top, np.inf)])  # the largest value is within the range
    counts = [
        np.bincount(np.searchsorted(edges, _as_numbers(column.dropna(), kind), side="right"), minlength=len(edges) + 1)
        for column in (before, after)
    ]
    say = _date_text if kind is Kind.DATETIME else _number_text
    texts = [say(edge) for edge in [*edges[:-1], top]]
    inner = [f"{low} to {high}" for low, high in pairwise(texts)]
    return _counted([f"below {texts[0]}", *inner, f"above {texts[-1]}"], counts, before, after)


def _by_value(before: pd.Series[Any], after: pd.Series[Any], known: pd.Series[Any]) -> Shift:
    of_before, of_after = _frequencies(known), _frequencies(after.dropna())
    listed = list(of_before.index[:MOST_CELLS])
    rare = of_before.index[MOST_CELLS:]
    counts = [
        np.array([*(int(of.get(value, 0)) for value in listed), int(of.reindex(rare, fill_value=0).sum())])
        for of in (of_before, of_after)
    ]
    unseen = int(of_after[~of_after.index.isin(of_before.index)].sum())
    cells = [*(str(value) for value in listed), "other values"]
    counts = [np.append(counts[0], 0), np.append(counts[1], unseen)]
    return _counted([*cells, "not seen before"], counts, before, after)


def _frequencies(known: pd.Series[Any]) -> pd.Series[int]:
    """Rows by value; values are compared as text where a table mixes them or holds lists."""
    plain = known if known.dtype != object else known.map(repr)
    counts = plain.value_counts()
    return counts[counts > 0]


def _counted(cells: list[str], counts: list[Counts], before: pd.Series[Any], after: pd.Series[Any]) -> Shift:
    missing = [int(column.isna().sum()) for column in (before, after)]
    first, second = (np.append(count, absent) for count, absent in zip(counts, missing, strict=True))
    kept = (first + second) > 0
    names = [name for name, is_kept in zip([*cells, "missing"], kept, strict=True) if is_kept]
    index = stability(first, second)
    return Shift(tuple(names), tuple(map(int, first[kept])), tuple(map(int, second[kept])), index)


def _as_numbers(known: pd.Series[Any], kind: Kind) -> np.ndarray[Any, np.dtype[np.float64]]:
    if kind is Kind.DATETIME:
        moments = pd.to_datetime(known, utc=True)
        return np.asarray((moments - pd.Timestamp("1970-01-01", tz="UTC")) / pd.Timedelta(seconds=1), dtype="float64")
    return np.asarray(known, dtype="float64")


def _number_text(value: float) -> str:
    return f"{value:,.6g}"


def _date_text(seconds: float) -> str:
    return f"{pd.Timestamp(seconds, unit='s'):%Y-%m-%d %H:%M}".removesuffix(" 00:00")
