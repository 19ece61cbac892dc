"""What rows and columns give away, as values that are kept and shown."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any

SAME_ROWS = "same-rows"
IDENTIFIER = "identifier-in-data"
ANSWER = "answer-in-data"
GROUP = "group-on-both-sides"
FUTURE = "future-in-training"
NOT_CHECKED = "data-not-checked"


@dataclass(frozen=True)
class Finding:
    """One fault seen in the data: the rule, the columns it is about, and a sentence with the counts or rows.

    `judged` says on how many of the rows it was judged, where that was a sample.
    """

    rule: str
    columns: tuple[str, ...]
    found: str
    judged: str = ""

    def to_json(self) -> dict[str, Any]:
        """The finding as a document."""
        return asdict(self) | {"columns": list(self.columns)}

    @classmethod
    def from_json(cls, document: Mapping[str, Any]) -> Finding:
        """Read back what `to_json` wrote."""
        return cls(document["rule"], tuple(document["columns"]), document["found"], document["judged"])


def judged(rows: int, limit: int) -> str:
    """A sentence on the sample that was looked at; empty where it was all rows."""
    return f"Judged on {limit:,} of {rows:,} rows." if rows > limit else ""


def share(part: float, whole: float) -> str:
    """A share in percent that never reads 100 % where it is not."""
    percent = 100 * part / whole
    return f"{percent:.0f} %" if percent in (0, 100) or 1 <= percent < 99 else f"{min(percent, 99.9):.1f} %"
