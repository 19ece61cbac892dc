"""The difference of two versions of a dataset, as its page shows it."""

from __future__ import annotations

from dataclasses import dataclass, field

from designer.charts.difference import ColumnChange, RowChange
from designer.charts.difference_text import shift_text
from designer.charts.shift import Shift
from designer.ui.views import figures

_WORDS = {"none": "as before", "uncertain": "too few rows"}
_TONES = {"strong": "bad", "clear": "warn", "noticeable": "acc"}


@dataclass(frozen=True)
class PairedBar:
    """A cell of the distribution: shares before and after as heights from 0 to 1, and both in words."""

    before: float
    after: float
    label: str


@dataclass(frozen=True)
class ColumnChangeRow:
    """A column of both versions; `before` and `after` of each figure are empty where it did not change."""

    name: str
    kind: str
    missing: str
    unique: str
    mean: str
    shift: str
    tone: str
    index: str
    bars: list[PairedBar] = field(default_factory=list)


@dataclass(frozen=True)
class Tile:
    """A number of rows with its word."""

    value: str
    label: str


def row_tiles(rows: RowChange) -> list[Tile]:
    """The numbers of rows."""
    counts = {"before": rows.before, "after": rows.after, "added": rows.added, "removed": rows.removed,
              "unchanged": rows.same}  # fmt: skip
    return [Tile(figures.count(number), f"rows {word}") for word, number in counts.items()]


def change_row(change: ColumnChange) -> ColumnChangeRow:
    """A column as a line of the table."""
    before, after = change.before, change.after
    means = [figures.number(each.mean) if each.mean is not None else "" for each in (before, after)]
    return ColumnChangeRow(
        name=change.name,
        kind=_arrow(before.kind, after.kind),
        missing=_arrow(figures.count(before.missing), figures.count(after.missing)),
        unique=_arrow(figures.count(before.unique), figures.count(after.unique)),
        mean=_arrow(*means) if all(means) else "",
        shift=_shift_word(change),
        tone=_TONES.get(change.shift.size, "") if change.shift is not None else "",
        index=shift_text(change),
        bars=paired_bars(change.shift) if change.shift is not None else [],
    )


def paired_bars(moved: Shift) -> list[PairedBar]:
    """The shares of both versions in each cell, relative to the largest."""
    shares = [[count / max(sum(counts), 1) for count in counts] for counts in (moved.before, moved.after)]
    top = max((max(each, default=0.0) for each in shares), default=0.0) or 1.0
    return [
        PairedBar(first / top, second / top, f"{cell}: {figures.percent(first)} → {figures.percent(second)}")
        for cell, first, second in zip(moved.cells, *shares, strict=True)
    ]


def _arrow(before: str, after: str) -> str:
    return before if before == after else f"{before} → {after}"


def _shift_word(change: ColumnChange) -> str:
    if change.is_same:
        return "same values"
    if change.shift is None:
        return "other kind" if change.has_other_kind else "not compared"
    return _WORDS.get(change.shift.size, change.shift.size)
