"""The header of a column in a data table."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from typing import Any

from designer.ui.views import figures


@dataclass(frozen=True)
class Head:
    """Name, type, a note, a small histogram; `tone` is `fix` or `warn` where the type needs attention."""

    name: str
    kind: str
    tone: str
    note: str
    is_number: bool = False
    left_out: bool = False
    missing: str = ""
    unique: str = ""
    examples: str = ""
    bars: list[float] = field(default_factory=list)


def head_of(column: Mapping[str, Any], open_ones: Collection[str] = (), done: Collection[str] = ()) -> Head:
    """The header from what a child process found; `open_ones` are marked as undecided, `done` as settled."""
    name = column["name"]
    tone = "warn" if name in open_ones else "fix" if column["was"] or name in done else ""
    return Head(
        name=name,
        kind=column["kind"],
        tone=tone,
        note=f"was {column['was']}" if column["was"] else column["note"],
        is_number=column["kind"] in ("Integer", "Decimal"),
        left_out=column["left_out"],
        missing=figures.count(column["missing"]),
        unique=figures.count(column["unique"]),
        examples=column["examples"],
        bars=column["bars"],
    )
