"""What changed between two tables: rows, columns, and the distribution of each column."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any

import numpy as np
import pandas as pd

from designer.charts.shift import Shift, shift
from designer.contract.schema import Kind, Schema

EXACT = 2**53
"""Doubles represent every integer up to here."""


@dataclass(frozen=True)
class RowChange:
    """Rows before and after, and those in both, counted as often as they occur; compared in the columns of both."""

    before: int
    after: int
    same: int

    @property
    def added(self) -> int:
        """Rows that only the later table has."""
        return self.after - self.same

    @property
    def removed(self) -> int:
        """Rows that only the earlier table has."""
        return self.before - self.same


@dataclass(frozen=True)
class Summary:
    """A column of one table: kind, missing cells, distinct values, and the mean of numbers."""

    kind: str
    missing: int
    unique: int
    mean: float | None


@dataclass(frozen=True)
class ColumnChange:
    """A column that both tables have.

    `is_same` if it holds the same values equally often. `shift` is None where there is no distribution to compare,
    and where the kind changed, unless both are numbers.
    """

    name: str
    before: Summary
    after: Summary
    is_same: bool
    shift: Shift | None

    @property
    def has_other_kind(self) -> bool:
        """Whether the kind changed."""
        return self.before.kind != self.after.kind


@dataclass(frozen=True)
class TableDifference:
    """The difference of two tables; `is_reordered` if the columns of both stand in another order."""

    rows: RowChange
    added: tuple[str, ...]
    removed: tuple[str, ...]
    is_reordered: bool
    columns: tuple[ColumnChange, ...]

    @property
    def is_none(self) -> bool:
        """Whether both tables hold the same rows and columns, in any order of the rows."""
        if self.added or self.removed or self.is_reordered or any(change.has_other_kind for change in self.columns):
            return False
        return self.rows.before == self.rows.after == self.rows.same

    def by_change(self) -> list[ColumnChange]:
        """The columns of both, those that changed most first."""
        return sorted(self.columns, key=lambda c: (not c.has_other_kind, -(c.shift.index if c.shift else 0), c.is_same))

    def to_json(self) -> dict[str, Any]:
        """The difference as a JSON object."""
        rows = {**asdict(self.rows), "added": self.rows.added, "removed": self.rows.removed}
        columns = [_column_document(change) for change in self.columns]
        ends = {"added": list(self.added), "removed": list(self.removed), "is_reordered": self.is_reordered}
        return {"rows": rows, **ends, "columns": columns}

    @classmethod
    def from_json(cls, document: Mapping[str, Any]) -> TableDifference:
        """Read what `to_json` wrote."""
        rows = RowChange(*(document["rows"][name] for name in ("before", "after", "same")))
        columns = tuple(_column_change(each) for each in document["columns"])
        added, removed = (tuple(document[name]) for name in ("added", "removed"))
        return cls(rows, added, removed, document["is_reordered"], columns)


def difference(before: pd.DataFrame, after: pd.DataFrame) -> TableDifference:
    """Compare two tables. Rows have no identity: one that changed in a cell counts as removed and as added."""
    names = ([str(name) for name in before.columns], [str(name) for name in after.columns])
    common = [name for name in names[1] if name in set(names[0])]
    kinds = ({c.name: c.kind for c in Schema.of(before)}, {c.name: c.kind for c in Schema.of(after)})
    pairs = {name: _comparable(before[name], after[name], kinds[0][name], kinds[1][name]) for name in common}
    return TableDifference(
        rows=RowChange(len(before), len(after), _rows_in_both(list(pairs.values()), len(before), len(after))),
        added=tuple(name for name in names[1] if name not in pairs),
        removed=tuple(name for name in names[0] if name not in pairs),
        is_reordered=[name for name in names[0] if name in pairs] != common,
        columns=tuple(
            ColumnChange(
                name=name,
                before=_summary(before[name], kinds[0][name]),
                after=_summary(after[name], kinds[1][name]),
                is_same=_in_both(*pairs[name]) == len(before) == len(after),
                shift=_shift(before[name], after[name], kinds[0][name], kinds[1][name]),
            )
            for name in common
        ),
    )


def _shift(before: pd.Series[Any], after: pd.Series[Any], first: Kind, second: Kind) -> Shift | None:
    if first is second:
        return shift(before, after, first)
    if first.is_numeric and second.is_numeric:
        return shift(_as_doubles(before), _as_doubles(after), Kind.DECIMAL)
    return None


Hashes = np.ndarray[Any, np.dtype[np.uint64]]


def _comparable(before: pd.Series[Any], after: pd.Series[Any], first: Kind, second: Kind) -> tuple[Hashes, Hashes]:
    """A hash for each cell, equal where the values are; whole numbers equal decimals."""
    if first.is_numeric and second.is_numeric and not (_is_large(before, first) or _is_large(after, second)):
        return _hashes(_as_doubles(before)), _hashes(_as_doubles(after))
    if first is second and first is Kind.DATETIME:
        return _hashes(_as_moments(before)), _hashes(_as_moments(after))
    return _hashes(_as_texts(before)), _hashes(_as_texts(after))


def _is_large(column: pd.Series[Any], kind: Kind) -> bool:
    known = column.dropna()
    return kind is Kind.INTEGER and bool(len(known)) and max(abs(int(known.min())), abs(int(known.max()))) > EXACT


def _as_doubles(column: pd.Series[Any]) -> pd.Series[Any]:
    return pd.Series(column.to_numpy("float64", na_value=np.nan) + 0.0)  # -0.0 equals 0.0


def _as_moments(column: pd.Series[Any]) -> pd.Series[Any]:
    return pd.to_datetime(column, utc=True).astype("datetime64[ns, UTC]")


def _as_texts(column: pd.Series[Any]) -> pd.Series[Any]:
    """Cells as text; a missing one stays apart from the text 'nan'."""
    texts = column.astype(object).map(str, na_action="ignore")
    return texts.where(column.isna(), "=" + texts.astype(str)).where(column.notna(), "")


def _hashes(column: pd.Series[Any]) -> Hashes:
    hashes = pd.util.hash_pandas_object(column.reset_index(drop=True), index=False, categorize=False)
    return np.asarray(hashes, dtype="uint64")


def _rows_in_both(pairs: Sequence[tuple[Hashes, Hashes]], before: int, after: int) -> int:
    if not pairs:
        return min(before, after) if before == after == 0 else 0
    firsts, seconds = zip(*pairs, strict=True)
    return _in_both(_combined(firsts), _combined(seconds))


def _combined(hashes: Sequence[Hashes]) -> Hashes:
    """One hash for each row, from those of its cells in their order."""
    row = np.zeros(len(hashes[0]), dtype="uint64")
    for cells in hashes:
        row = row * np.uint64(0x9E3779B97F4A7C15) + cells
        row ^= row >> np.uint64(29)
    return row


def _in_both(before: Hashes, after: Hashes) -> int:
    """The number of values that both hold, counted as often as they occur in both."""
    first, firsts = np.unique(before, return_counts=True)
    second, seconds = np.unique(after, return_counts=True)
    _, at_first, at_second = np.intersect1d(first, second, assume_unique=True, return_indices=True)
    return int(np.minimum(firsts[at_first], seconds[at_second]).sum())


def _summary(column: pd.Series[Any], kind: Kind) -> Summary:
    known = column.dropna()
    try:
        unique = int(known.nunique())
    except TypeError:  # unhashable cells, such as lists
        unique = int(known.map(repr).nunique())
    return Summary(str(kind), len(column) - len(known), unique, _mean(known) if kind.is_numeric else None)


def _mean(known: pd.Series[Any]) -> float | None:
    """The mean of the finite values; None without any, or where their sum overflows."""
    values = known.to_numpy("float64")
    values = values[np.isfinite(values)]
    if not len(values):
        return None
    with np.errstate(over="ignore"):
        mean = float(values.mean())
    return mean if np.isfinite(mean) else None


def _column_document(change: ColumnChange) -> dict[str, Any]:
    moved = change.shift
    drawn = {**asdict(moved), "size": moved.size} if moved is not None else None
    return {**asdict(change), "shift": drawn}


def _column_change(document: Mapping[str, Any]) -> ColumnChange:
    drawn = document["shift"]
    moved = None
    if drawn is not None:
        cells, before, after = (tuple(drawn[name]) for name in ("cells", "before", "after"))
        moved = Shift(cells, before, after, drawn["index"])
    ends = {name: Summary(**document[name]) for name in ("before", "after")}
    return ColumnChange(document["name"], **ends, is_same=document["is_same"], shift=moved)
