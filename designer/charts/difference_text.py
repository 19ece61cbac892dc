"""The difference of two tables as lines of text."""

from __future__ import annotations

from designer.charts.difference import ColumnChange, RowChange, TableDifference
from designer.contract.wording.counting import counted

NAMES = 8


def difference_lines(changes: TableDifference) -> list[str]:
    """The rows, the columns that came and went, a line for each column that changed, and the names of the others."""
    changed = [change for change in changes.by_change() if not change.is_same or change.has_other_kind]
    same = [change.name for change in changes.columns if change.is_same and not change.has_other_kind]
    lines = [rows_line(changes.rows)]
    lines += [f"Columns added: {', '.join(changes.added)}"] if changes.added else []
    lines += [f"Columns removed: {', '.join(changes.removed)}"] if changes.removed else []
    lines += ["The columns stand in another order."] if changes.is_reordered else []
    lines += [f"{change.name}: {'; '.join(column_parts(change))}" for change in changed]
    return [*lines, *_unchanged(same)]


def rows_line(rows: RowChange) -> str:
    """The numbers of rows: 1,000 → 1,200 rows: 250 added, 50 removed, 950 unchanged."""
    before, after = f"{rows.before:,}", counted(rows.after, "row")
    counts = f"{rows.added:,} added, {rows.removed:,} removed, {rows.same:,} unchanged"
    return f"{before} → {after}: {counts}"


def column_parts(change: ColumnChange) -> list[str]:
    """What changed in a column: kind, missing cells, different values, mean, distribution."""
    before, after = change.before, change.after
    parts = [f"{before.kind} → {after.kind}"] if change.has_other_kind else []
    if before.missing != after.missing:
        parts.append(f"missing {before.missing:,} → {after.missing:,}")
    if before.unique != after.unique:
        parts.append(f"different values {before.unique:,} → {after.unique:,}")
    if before.mean is not None and after.mean is not None and before.mean != after.mean:
        parts.append(f"mean {before.mean:,.6g} → {after.mean:,.6g}")
    return [*parts, shift_text(change)] if shift_text(change) else parts or ["other values"]


def shift_text(change: ColumnChange) -> str:
    """How far the distribution moved; empty where it was not compared."""
    if change.shift is None:
        return ""
    match change.shift.size:
        case "uncertain":
            return "too few rows to compare the distribution"
        case "none":
            moved = "distribution as before"
        case size:
            moved = f"{size} move of the distribution"
    return f"{moved} (PSI {change.shift.index:.3f})"


def _unchanged(names: list[str]) -> list[str]:
    if not names:
        return []
    listed = ", ".join(names[:NAMES]) + (" …" if len(names) > NAMES else "")
    return [f"The same values in {counted(len(names), 'column')}: {listed}"]
