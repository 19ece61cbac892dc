"""Check that a file has the columns that scoring needs."""

from __future__ import annotations

import difflib
from collections.abc import Sequence

from designer.contract.errors import ColumnNotFound
from designer.contract.files.read_options import SEPARATORS
from designer.contract.wording.counting import counted

_SHOWN, _SHOWN_LETTERS = 12, 60


def require_columns(needed: Sequence[str], names: Sequence[str], separator: str = "") -> None:
    """Raise ColumnNotFound where a file lacks needed columns, naming them, the present ones and the separator used."""
    missing = [name for name in needed if name not in names]
    if not missing:
        return
    separator_name = next((name.lower() for name, mark in SEPARATORS.items() if mark == separator), f"'{separator}'")
    read = f", read with the separator {separator_name}" if separator else ""
    has = f"the file's {counted(len(names), 'column')}{read} ({_listed(names)})"
    if len(missing) == len(needed) > 1:
        problem = f"none of the {len(needed)} columns that the endpoint needs ({_listed(missing)}) is among {has}"
        raise ColumnNotFound(problem, "Is the file meant for another endpoint?", column=missing[0])
    noun = "column" if len(missing) == 1 else "columns"
    problem = f"no {noun} {_listed(missing)} among {has}"
    raise ColumnNotFound(problem, _remedy(missing, [name for name in names if name not in needed]), column=missing[0])


def _remedy(missing: Sequence[str], others: Sequence[str]) -> str:
    folded = {name.casefold(): name for name in others}
    close = {name: difflib.get_close_matches(name.casefold(), folded, n=1, cutoff=0.7) for name in missing}
    renamed = [f"'{folded[other[0]]}' to '{name}'" for name, other in close.items() if other]
    if len(renamed) == len(missing):
        return f"Rename {', '.join(renamed)}."
    return "Add the column to the file." if len(missing) == 1 else "Add the columns to the file."


def _listed(names: Sequence[str]) -> str:
    more = f" and {len(names) - _SHOWN} more" if len(names) > _SHOWN else ""
    return ", ".join(f"'{name[:_SHOWN_LETTERS]}'" for name in names[:_SHOWN]) + more
