"""Columns of nested or binary values: they are refused unless they are left out."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from designer.contract.errors import UnreadableFile
from designer.contract.schema import Column, Kind, Schema
from designer.contract.selection import Columns


class UnreadableColumns(UnreadableFile):
    """Some columns of a file cannot be read (0049); `columns` are their names."""

    columns: tuple[str, ...] = ()


def require_left_out(names: Sequence[str], problems: Mapping[str, str], columns: Columns) -> None:
    """Raise UnreadableColumns for the selected columns among those with problems, naming all of them.

    `names` are all columns of the file; one with a problem counts as text in the selection.
    """
    chosen = set(columns.of(Schema(tuple(Column(name, Kind.STRING) for name in names)))) if problems else set()
    unread = [name for name in problems if name in chosen]
    if not unread:
        return
    them = "it" if len(unread) == 1 else "them"
    remedy = f"Write {them} as text or numbers, one column for each value, or leave {them} out"
    if not any(set(name) & set(",'") for name in unread):
        remedy = f"{remedy}: set Columns to include to 'all but {','.join(unread)}'"
    error = UnreadableColumns(", ".join(problems[name] for name in unread), f"{remedy}.", column=unread[0])
    error.columns = tuple(unread)
    raise error
