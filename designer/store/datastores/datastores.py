"""The datastores of a workspace: named places of files or tables outside it, and one of its own for files."""

from __future__ import annotations

import os
import re
import time
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING

from sqlalchemy import delete, update
from sqlmodel import col, select

from designer.contract.errors import DesignerError, FileMissing, InvalidParameter
from designer.contract.wording.closeness import closest
from designer.store.database import Database
from designer.store.datastores.address import FILE_DATABASES, Address, checked_secrets, parsed
from designer.store.datastores.filesystem import FileStore
from designer.store.datastores.secrets import keep_secrets, secrets_of
from designer.store.records import Datastore
from designer.store.workspace_files import USERS_FOLDERS, WorkspaceFiles

if TYPE_CHECKING:
    from designer.store.datastores.database import DatabaseStore

OWN = "workspace"
"""The datastore that every workspace has. It is the default until another one is."""

FILES = "files"
"""Its folder in the workspace."""

_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9_-]{0,63}")


class DatastoreTaken(DesignerError):
    """A datastore of that name exists."""


class DatastoreMissing(FileMissing):
    """There is no datastore of that name (0157)."""

    code = "0157"


class Datastores:
    """The datastores of a workspace."""

    def __init__(self, database: Database, folder: Path) -> None:
        self._database = database
        self._folder = folder

    def register(
        self, name: str, address: str, secrets: Mapping[str, str] | None = None, *, replace: bool = False
    ) -> Datastore:
        """Register a datastore, or give the one of that name another address or other secrets with `replace`.

        Secrets that are not given stay as they were if the address does. Raises InvalidParameter, DatastoreTaken.
        """
        if not _NAME.fullmatch(name) or name == OWN:
            remedy = f"Use letters, digits, _ and -, at most 64, and not '{OWN}'."
            raise InvalidParameter(f"'{name[:80]}' cannot name a datastore", remedy, parameter="Name")
        place, written = parsed(address)
        self._require_outside(place)
        given = {**written, **checked_secrets(place.kind, secrets or {})}
        with self._database.write() as session:
            present = session.get(Datastore, name)
            if present is not None and not replace:
                raise DatastoreTaken(f"there is a datastore '{name}' already", "Replace it, or use another name.")
            is_same = present is not None and present.address == str(place)
            kept = {**secrets_of(self._folder, name), **given} if is_same else given
            keep_secrets(self._folder, name, kept)
            row = present or Datastore(name=name, address=str(place), created=time.time())
            row.address = str(place)
            session.add(row)
        return row

    def all(self) -> list[Datastore]:
        """The datastores by name, the workspace's own first."""
        with self._database.read() as session:
            rows = list(session.exec(select(Datastore).order_by(Datastore.name)))
        return [self._own(is_default=not any(row.is_default for row in rows)), *rows]

    def get(self, name: str = "") -> Datastore:
        """A datastore by name, by default the default one. Raises DatastoreMissing."""
        rows = self.all()
        found = next((row for row in rows if (row.name == name if name else row.is_default)), None)
        if found is None:
            remedy = closest(name, [row.name for row in rows], "Datastores are")
            raise DatastoreMissing(f"there is no datastore '{name}'", remedy, parameter="Datastore")
        return found

    def remove(self, name: str) -> Datastore:
        """Forget a datastore and its secrets; what it holds stays. Raises DatastoreMissing."""
        row = self.get(name)
        if row.name == OWN:
            raise InvalidParameter(f"'{OWN}' is the workspace's own datastore", "It cannot be removed.")
        with self._database.write() as session:
            session.exec(delete(Datastore).where(col(Datastore.name) == row.name))
        keep_secrets(self._folder, row.name, {})
        return row

    def set_default(self, name: str) -> Datastore:
        """Make a datastore of files the default. Raises DatastoreMissing, InvalidParameter for a database."""
        row = self.get(name)
        if address_of(row).is_database:
            raise InvalidParameter(f"'{row.name}' is a database", "Choose a datastore of files.", parameter="Datastore")
        with self._database.write() as session:
            session.exec(update(Datastore).values(is_default=col(Datastore.name) == row.name))
        return self.get(row.name)

    def files(self, name: str = "") -> FileStore:
        """The files of a datastore, by default the default one. Raises InvalidParameter for a database."""
        row = self.get(name)
        address = address_of(row)
        if address.is_database:
            remedy = "Read it by a query, or choose another datastore."
            raise InvalidParameter(f"'{row.name}' is a database", remedy, parameter="Datastore")
        if row.name == OWN:
            Path(address.place).mkdir(exist_ok=True)
        withheld = WorkspaceFiles(self._folder, except_in=[FILES] if row.name == OWN else [])
        return FileStore(row.name, address, secrets_of(self._folder, row.name), withheld)

    def open_database(self, name: str) -> DatabaseStore:
        """The tables of a datastore. Raises InvalidParameter for one of files."""
        from designer.store.datastores.database import DatabaseStore  # it loads the readers of tables

        row = self.get(name)
        address = address_of(row)
        if not address.is_database:
            remedy = "Read its files, or choose a database."
            raise InvalidParameter(f"'{row.name}' holds files", remedy, parameter="Datastore")
        self._require_outside(address)
        return DatabaseStore(row.name, address, secrets_of(self._folder, row.name))

    def containing(self, file: str | Path) -> str:
        """A file or folder of this computer as a path that begins with the name of the datastore it lies in.

        Of several the innermost. Raises InvalidParameter where it lies in none.
        """
        place = Path(os.path.abspath(Path(file).expanduser()))
        folders = [(row, Path(address.place)) for row in self.all() if (address := address_of(row)).kind == "folder"]
        around = [(row, folder) for row, folder in folders if place.is_relative_to(folder)]
        if not around:
            remedy = "Register a folder around it: designer datastore add NAME FOLDER."
            raise InvalidParameter(f"'{place.name}' lies in no datastore", remedy, file=str(place))
        row, folder = max(around, key=lambda each: len(each[1].parts))
        return (Path(row.name) / place.relative_to(folder)).as_posix()

    def secret_names(self, name: str) -> list[str]:
        """The names of the secrets that are kept for a datastore."""
        return sorted(secrets_of(self._folder, name))

    def test(self, name: str) -> Datastore:
        """Reach a datastore once; raises DatastoreUnreachable and the like."""
        row = self.get(name)
        (self.open_database(name) if address_of(row).is_database else self.files(name)).test()
        return row

    def _require_outside(self, address: Address) -> None:
        """Raise InvalidParameter for a folder in the workspace, and for a database file that is not the user's."""
        if address.kind == "folder" and WorkspaceFiles(self._folder).include(Path(address.place)):
            remedy = f"Choose one outside it. Files may lie in the datastore '{OWN}'."
            raise InvalidParameter("the folder lies in the workspace itself", remedy, parameter="Address")
        if address.kind in FILE_DATABASES and WorkspaceFiles(self._folder, USERS_FOLDERS).include(Path(address.place)):
            remedy = f"Choose another one. Files may lie in the datastore '{OWN}'."
            raise InvalidParameter("the file belongs to the workspace itself", remedy, parameter="Address")

    def _own(self, *, is_default: bool) -> Datastore:
        return Datastore(name=OWN, address=str(self._folder / FILES), is_default=is_default, created=0.0)


def address_of(row: Datastore) -> Address:
    """The parsed address of a datastore."""
    return parsed(row.address)[0]
