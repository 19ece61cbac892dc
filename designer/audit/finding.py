"""Findings of the audit, as values to store and show."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

SAME_ROWS = "same-rows"
IDENTIFIER = "identifier-in-data"
ANSWER = "answer-in-data"
GROUP = "group-on-both-sides"
FUTURE = "future-in-training"
NOT_CHECKED = "data-not-checked"


@dataclass(frozen=True)
class Finding:
    """One problem found in data: the rule, the columns, and a sentence with the counts or rows.

    `judged` states the sample size if not all rows were checked.
    """

    rule: str
    columns: tuple[str, ...]
    text: str
    judged: str = ""

    def to_json(self) -> dict[str, Any]:
        """The finding as a JSON document."""
        return {"rule": self.rule, "columns": list(self.columns), "found": self.text, "judged": self.judged}

    @classmethod
    def from_json(cls, document: Mapping[str, Any]) -> Finding:
        """Read back what `to_json` wrote."""
        return cls(document["rule"], tuple(document["columns"]), document["found"], document["judged"])


def judged(rows: int, limit: int) -> str:
    """A sentence on the sample size; empty if all rows were checked."""
    return f"Judged on {limit:,} of {rows:,} rows." if rows > limit else ""


def share(part: float, whole: float) -> str:
    """Format a share in percent; never rounds up to 100 %."""
    percent = 100 * part / whole
    return f"{percent:.0f} %" if percent in (0, 100) or 1 <= percent < 99 else f"{min(percent, 99.9):.1f} %"
