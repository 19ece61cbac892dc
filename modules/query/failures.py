"""Error texts for queries that SQLite rejects, with suggested columns."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

from designer.contract.errors import ColumnNotFound, DuplicateColumns


def explained_failure(message: str, tables: Mapping[str, Sequence[str]]) -> tuple[str, str]:
    """The problem and its remedy; `tables` are the columns by table name."""
    unknown = re.fullmatch(r"no such column: (.+?)(?: - should this be .*)?", message)
    if unknown:
        return unknown_column(unknown[1], tables)
    other = re.fullmatch(r"no such table: (.+)", message)
    if other:
        names = ", ".join(tables)
        return f"no table '{other[1]}'", f"{'The tables are' if len(tables) > 1 else 'The only table is'} {names}."
    ambiguous = re.fullmatch(r"ambiguous column name: (.+)", message)
    if ambiguous:
        name = ambiguous[1]
        both = [table for table, columns in tables.items() if name.lower() in {c.lower() for c in columns}]
        named = " or ".join(f'{table}."{name}"' for table in both)
        return f"column '{name}' is in {' and in '.join(both) or 'several tables'}", f"Write {named}." if both else ""
    return message, f"Correct the query; the tables are {', '.join(tables)}."


def unknown_column(written: str, tables: Mapping[str, Sequence[str]]) -> tuple[str, str]:
    """The error text for an unknown column."""
    table, _, name = written.rpartition(".")
    name = name.strip('"[]`')
    known = tables[table] if table in tables else [column for columns in tables.values() for column in columns]
    place = f"in {table}" if table in tables else f"in {', '.join(tables)}"
    return f"no column '{name}' {place}", ColumnNotFound.named(name, known).remedy


def require_names_apart(tables: Mapping[str, Sequence[str]]) -> None:
    """Reject column names that differ only in letter case."""
    for table, columns in tables.items():
        seen: dict[str, str] = {}
        for name in columns:
            other = seen.setdefault(_folded(name), name)
            if other != name:
                problem = f"'{other}' and '{name}' differ in letter case only, which SQL ignores"
                raise DuplicateColumns(problem, "Rename one of them with Edit Metadata first.", port=table, column=name)


def _folded(name: str) -> str:
    """Fold ASCII letters only, as SQLite does."""
    return "".join(character.lower() if character.isascii() else character for character in name)
