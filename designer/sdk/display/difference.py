"""The difference of two versions of a dataset, as a notebook and a terminal show it."""

from __future__ import annotations

import html

import pandas as pd

from designer.charts.difference import TableDifference
from designer.charts.difference_text import difference_lines


class DatasetDifference:
    """What changed from one version of a dataset to another; prints itself.

    `rows` counts those before and after, added and removed; `added` and `removed` name columns.
    """

    def __init__(self, changes: TableDifference) -> None:
        self._changes = changes
        self.rows = changes.rows
        self.added, self.removed = list(changes.added), list(changes.removed)

    def to_pandas(self) -> pd.DataFrame:
        """One row for each column of both versions: kind, missing and distinct values, mean, PSI and its word."""
        return pd.DataFrame(
            [
                {
                    "name": change.name,
                    "is_same": change.is_same,
                    **{f"{field}_before": getattr(change.before, field) for field in _FIELDS},
                    **{f"{field}_after": getattr(change.after, field) for field in _FIELDS},
                    "psi": change.shift.index if change.shift is not None else None,
                    "shift": change.shift.size if change.shift is not None else "",
                }
                for change in self._changes.columns
            ],
            columns=_COLUMNS,
        ).set_index("name")

    def __repr__(self) -> str:
        return "\n".join(difference_lines(self._changes))

    def _repr_html_(self) -> str:
        return "<br>".join(html.escape(line) for line in difference_lines(self._changes))


_FIELDS = ("kind", "missing", "unique", "mean")
_COLUMNS = [
    "name", "is_same", *(f"{field}_before" for field in _FIELDS), *(f"{field}_after" for field in _FIELDS), "psi",
    "shift",
]  # fmt: skip
