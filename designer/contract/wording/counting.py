"""Format counts with their nouns."""

from __future__ import annotations


def counted(number: int, noun: str) -> str:
    """A number with its noun, given in the singular: 1 row, 2,000 rows, 9 passes, 3 entries."""
    return f"{number:,} {noun if number == 1 else _plural(noun)}"


def table_size(rows: int, columns: int) -> str:
    """The size of a table: 2,000 rows × 1 column."""
    return f"{counted(rows, 'row')} × {counted(columns, 'column')}"


def _plural(noun: str) -> str:
    if noun.endswith(("s", "x", "ch", "sh")):
        return f"{noun}es"
    return f"{noun[:-1]}ies" if noun.endswith("y") and noun[-2:-1] not in "aeiou" else f"{noun}s"
