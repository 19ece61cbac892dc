"""Datastores and what they hold, as rows of a page."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import PurePosixPath
from urllib.parse import quote

import pandas as pd

from designer.contract.errors import DesignerError
from designer.reading.file import format_of
from designer.store.datastores.address import KIND_TITLES
from designer.store.datastores.local_folder import Entry
from designer.store.records import Datastore
from designer.ui.views import figures
from designer.ui.workbench import workbench

CELL_LETTERS = 200


@dataclass(frozen=True)
class StoreRow:
    """One datastore; `secrets` names each with whether it is kept."""

    name: str = ""
    kind: str = ""
    address: str = ""
    is_database: bool = False
    is_default: bool = False
    is_own: bool = False
    secrets: list[str] = field(default_factory=list)


@dataclass(frozen=True)
class EntryRow:
    """A file or folder; `href` downloads a file, `is_table` says that a dataset can be made of it."""

    name: str
    path: str
    is_folder: bool
    size: str = ""
    changed: str = ""
    href: str = ""
    is_table: bool = False


@dataclass(frozen=True)
class Crumb:
    """A folder above the shown one."""

    name: str
    path: str


def store_row(row: Datastore) -> StoreRow:
    """A datastore as a row."""
    datastores = workbench().datastores
    address = datastores.address(row)
    secrets = [f"{name}: {'kept' if kept else 'not given'}" for name, kept in datastores.secrets(row).items()]
    kind, is_own = KIND_TITLES[address.kind], datastores.is_own(row)
    return StoreRow(row.name, kind, str(address), address.is_database, row.is_default, is_own, secrets)


def entry_row(store: str, entry: Entry) -> EntryRow:
    """A file or folder as a row."""
    name = PurePosixPath(entry.path).name
    if entry.is_folder:
        return EntryRow(name, entry.path, True)
    changed = figures.moment(entry.changed) if entry.changed is not None else ""
    size, href = figures.bytes_in_words(entry.size), address_of_file(store, entry.path)
    return EntryRow(name, entry.path, False, size, changed, href, _is_table(name))


def folder_rows(store: str, folder: str) -> tuple[list[EntryRow], str]:
    """What lies in a folder of a datastore, and a note where not all of it is listed. Raises DatastoreUnreachable."""
    listing = workbench().datastores.entries(store, folder)
    rows = [entry_row(store, entry) for entry in listing.entries]
    return rows, "" if listing.is_complete else f"The first {len(rows):,} are shown."


def address_of_file(store: str, path: str) -> str:
    """Where a file of a datastore is downloaded."""
    return f"/datastore/{quote(store, safe='')}/{quote(path)}"


def crumbs_of(folder: str) -> list[Crumb]:
    """The folders that lead to one, itself included."""
    parts = folder.split("/") if folder else []
    return [Crumb(part, "/".join(parts[: place + 1])) for place, part in enumerate(parts)]


def cells(table: pd.DataFrame) -> list[list[str]]:
    """Rows as text; a missing cell is a dash."""
    return [[_cell(value) for value in row] for row in table.itertuples(index=False)]


def _cell(value: object) -> str:
    return "–" if pd.isna(value) else str(value)[:CELL_LETTERS]  # type: ignore[call-overload]


def _is_table(name: str) -> bool:
    try:
        format_of(PurePosixPath(name))  # type: ignore[arg-type]
    except DesignerError:
        return False
    return True


def names(rows: Sequence[StoreRow]) -> list[str]:
    """The names of datastores."""
    return [row.name for row in rows]
