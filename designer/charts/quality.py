"""Data quality notes on columns."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd

from designer.contract.schema import Column, Kind
from designer.contract.wording.counting import counted

MANY_MISSING = 0.3
NAMES_SHARE, NAMES_COUNT = 0.97, 100
LOOKED_AT = 20_000

Note = dict[str, str]


def quality_notes(present: pd.Series[Any], column: Column, missing: int, rows: int, unique: int) -> list[Note]:
    """Quality notes on a column; each has `severity` (warning or info), `text` and `remedy`."""
    if rows == 0:
        return []
    if missing == rows:
        return [_note("warning", "Every cell is missing.", "Leave the column out.")]
    notes = []
    if missing / rows > MANY_MISSING:
        share = f"{100 * missing / rows:.0f} % of the cells are missing."
        notes.append(_note("warning", share, "Clean Missing Data can fill them or drop the column."))
    if unique == 1 and rows > 1:
        notes.append(_note("info", "Every known cell is the same.", "A constant column tells a model nothing."))
    elif column.kind in (Kind.STRING, Kind.INTEGER) and _is_name(present, column, unique):
        notes.append(_note("warning", "Nearly every value is different: a name or number of the row.",
                           "Clear its feature role with Edit Metadata, or treat it as text."))  # fmt: skip
    match column.kind:
        case Kind.DECIMAL:
            notes += _number_notes(present)
        case Kind.STRING:
            notes += _text_notes(present.head(LOOKED_AT))
        case _:
            pass
    return notes


def _is_name(present: pd.Series[Any], column: Column, unique: int) -> bool:
    if unique <= max(NAMES_COUNT, NAMES_SHARE * len(present)):
        return False
    return column.kind is Kind.STRING or bool(
        present.is_monotonic_increasing and present.iloc[-1] - present.iloc[0] < 2 * unique
    )


def _number_notes(present: pd.Series[Any]) -> list[Note]:
    values = present.to_numpy(dtype="float64")
    infinite = int(np.isinf(values).sum())
    notes = []
    if infinite:
        problem = f"{infinite:,} cells are infinite." if infinite > 1 else "One cell is infinite."
        notes.append(_note("warning", problem, "Clip Values can bound them."))
    finite = values[np.isfinite(values)]
    if len(finite) > 50:
        low, high = np.quantile(finite, [0.25, 0.75])
        margin = 10 * (high - low)
        outliers = int(((finite < low - margin) | (finite > high + margin)).sum()) if high > low else 0
        if 0 < outliers <= 0.01 * len(finite):
            notes.append(
                _note("info", f"{counted(outliers, 'value')} very far from the rest.", "Look whether they are real.")
            )
    return notes


def _text_notes(present: pd.Series[Any]) -> list[Note]:
    if not isinstance(present.iloc[0], str):
        return []
    notes = []
    stripped = present.str.strip()
    if (stripped != present).any():
        notes.append(_note("info", "Some values begin or end with spaces.", "' a' and 'a' count as two categories."))
    numbers = pd.to_numeric(stripped, errors="coerce").notna()
    if numbers.mean() > 0.9:
        exceptions = stripped[~numbers].head(3).tolist()
        shown = f" but {', '.join(map(repr, exceptions))}" if exceptions else ""
        notes.append(_note("warning", f"Numbers are stored as text{shown}.", "Convert the column with Edit Metadata."))
    elif stripped.str.casefold().nunique() < stripped.nunique():
        notes.append(
            _note("info", "Some values differ in upper and lower case only.", "They count as categories apart.")
        )
    return notes


def _note(severity: str, text: str, remedy: str) -> Note:
    return {"severity": severity, "text": text, "remedy": remedy}
