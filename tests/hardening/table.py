"""Parse the table of rows."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

FILE = Path(__file__).parent / "rows.txt"
HERE = "here"
FILES = tuple(
    f"tests/hardening/test_{name}.py" for name in ("documents", "growing_tables", "hostile_files", "scripts", "uploads")
)
"""The test files of this folder whose parameters are named after rows."""


@dataclass(frozen=True)
class Row:
    """A bad input, fault or load: the right behaviour, and its tests, or the reason for having none."""

    id: str
    group: str
    tried: str
    right: str
    letters: str
    tests: tuple[str, ...] = ()
    reason: str = ""


def rows(text: str | None = None) -> list[Row]:
    """All rows, in the order of the file."""
    parsed: list[Row] = []
    group = ""
    for line in (text if text is not None else FILE.read_text(encoding="utf-8")).splitlines():
        if line.startswith("## "):
            group = line[3:]
        elif line and not line.startswith("#"):
            id, tried, right, letters, how = (part.strip() for part in line.split(" | "))
            reason = how.removeprefix("- ") if how.startswith("- ") else ""
            parsed.append(Row(id, group, tried, right, letters, () if reason else tuple(how.split()), reason))
    return parsed


def tries(row: Row, node: str) -> bool:
    """Whether the test with this node id belongs to a row."""
    name = node.partition("[")[2].rstrip("]")
    if HERE in row.tests and node.startswith("tests/hardening/") and (name == row.id or name.startswith(f"{row.id} ")):
        return True
    return any(node == test or node.startswith((f"{test}::", f"{test}[")) for test in row.tests if test != HERE)
