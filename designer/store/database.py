"""The SQLite database of a workspace: immediate transactions, write-ahead log, migrations on open."""

from __future__ import annotations

import fcntl
import os
import shutil
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from sqlalchemy import Connection, create_engine, event, inspect, select, table
from sqlalchemy.exc import DatabaseError, IntegrityError, OperationalError
from sqlalchemy.exc import TimeoutError as NoConnection
from sqlmodel import Session

from designer.contract.errors import DesignerError, FileMissing, UnreadableFile
from designer.store.artifacts.blobs import DiskFull

HEAD = "0014"
"""The newest migration; kept here so that opening an up-to-date workspace does not import Alembic."""

BUSY_SECONDS = 10
ROOM = 1 << 20
"""With fewer free bytes than this, SQLite reports an I/O error instead of a full disk."""
WAL_BUG_FIXED_IN = (3, 51, 3)


class NewerWorkspace(DesignerError):
    """The workspace was written by a newer Designer."""


class WorkspaceBusy(DesignerError):
    """Another program has locked the database, or no connection is free."""


class Database:
    """One SQLite file, used by several processes and threads at once.

    `write()` is an immediate transaction, durable when it ends; `record()` is one that does not wait for the disk, for
    what a run can repeat; `read()` never blocks writers.
    """

    def __init__(self, file: Path, *, checkpoints: bool = False) -> None:
        self.file = file
        self._checkpoints = checkpoints
        self._engine = create_engine(f"sqlite:///{file}", connect_args={"timeout": BUSY_SECONDS}, pool_size=8)
        event.listen(self._engine, "connect", self._configure)
        event.listen(self._engine, "begin", _begin)
        try:
            self._migrate()
        except OperationalError as error:
            self._engine.dispose()
            raise self._refusal(error) from error
        except DatabaseError as error:
            self._engine.dispose()
            raise self._damage(error) from error

    @contextmanager
    def write(self) -> Iterator[Session]:
        """A transaction that is durable when it ends (`synchronous=FULL`)."""
        with self._session("BEGIN IMMEDIATE", "FULL") as session:
            yield session

    @contextmanager
    def record(self) -> Iterator[Session]:
        """A transaction that survives a crash of any process, but maybe not a power failure (`synchronous=NORMAL`)."""
        with self._session("BEGIN IMMEDIATE", "NORMAL") as session:
            yield session

    @contextmanager
    def read(self) -> Iterator[Session]:
        """A consistent view of the database."""
        with self._session("BEGIN DEFERRED", None) as session:
            yield session

    def stamp(self) -> tuple[int, ...]:
        """A value that changes a few milliseconds after any write; costs a hundredth of a query."""
        log = self.file.with_name(f"{self.file.name}-wal")
        with suppress(FileNotFoundError):
            status = log.stat()
            return status.st_mtime_ns, status.st_size
        return (self.file.stat().st_mtime_ns,)

    def warnings(self) -> list[str]:
        """Warnings about the installed SQLite for the owner of the workspace."""
        if sqlite3.sqlite_version_info < WAL_BUG_FIXED_IN:
            fixed = ".".join(map(str, WAL_BUG_FIXED_IN))
            problem = f"SQLite {sqlite3.sqlite_version} has a rare fault in its write-ahead log, repaired in {fixed}"
            return [f"{problem}. Keep backups of the workspace."]
        return []

    def check(self) -> list[str]:
        """The problems that SQLite's `quick_check` finds in the file; empty if there are none."""
        with self._engine.connect() as connection:
            try:
                problems = connection.exec_driver_sql("PRAGMA quick_check").scalars().all()
            except DatabaseError as error:
                return [str(error.orig)]
        return [str(line) for line in problems if line != "ok"]

    def is_empty(self) -> bool:
        """Whether no table has a row, except that of migrations."""
        with self._engine.connect() as connection:
            names = [name for name in inspect(connection).get_table_names() if name != "alembic_version"]
            return not any(connection.execute(select(1).select_from(table(name)).limit(1)).first() for name in names)

    def backup(self, target: Path) -> None:
        """Write a consistent copy to `target`, even during other writes."""
        with sqlite3.connect(self.file) as source, sqlite3.connect(target) as copy:
            source.backup(copy)
        source.close()
        copy.close()

    def close(self) -> None:
        """Close the connections."""
        self._engine.dispose()

    @contextmanager
    def _session(self, begin: str, synchronous: str | None) -> Iterator[Session]:
        options = {"begin": begin, "synchronous": synchronous}
        try:
            with (
                self._engine.connect().execution_options(**options) as connection,
                Session(connection, expire_on_commit=False) as session,
                session.begin(),
            ):
                yield session
        except OperationalError as error:
            raise self._refusal(error) from error
        except IntegrityError:
            raise
        except DatabaseError as error:
            raise self._damage(error) from error
        except NoConnection as error:
            raise WorkspaceBusy("the workspace is busy", "Try again in a moment.") from error

    def _configure(self, connection: sqlite3.Connection, record: object) -> None:
        connection.isolation_level = None  # the driver's own transactions lose updates; `_begin` starts them
        connection.execute("PRAGMA journal_mode=WAL")
        connection.execute(f"PRAGMA busy_timeout={BUSY_SECONDS * 1000}")
        connection.execute("PRAGMA foreign_keys=ON")
        if not self._checkpoints:
            connection.execute("PRAGMA wal_autocheckpoint=0")

    def _damage(self, error: DatabaseError) -> UnreadableFile:
        return UnreadableFile(
            f"the workspace database cannot be read ({error.orig})",
            "Make it anew from what is on record beside it with designer rebuild, or restore it from a backup.",
            file=self.file.name,
        )

    def _refusal(self, error: OperationalError) -> DesignerError:
        text = str(error.orig)
        if "locked" in text:
            return WorkspaceBusy(
                f"another program has locked the workspace database for more than {BUSY_SECONDS} s",
                "Close it and try again.",
            )
        has_no_room = "I/O" in text and shutil.disk_usage(self.file.parent).free < ROOM
        if "full" in text or has_no_room or ("unable to open" in text and self._has_no_file_left):
            return DiskFull("the disk is full", "Free some space; what is saved is safe.")
        if "readonly" in text:
            return DesignerError("the workspace can only be read", "Make its folder writable, or choose another.")
        if "unable to open" in text and not self.file.parent.is_dir():
            return FileMissing("the workspace folder is gone", "Was it moved? Start Designer again with --workspace.")
        return DesignerError(
            f"the workspace database failed ({text})", "Check the disk and its permissions.", file=self.file.name
        )

    @property
    def _has_no_file_left(self) -> bool:
        """Whether the disk has run out of inodes."""
        with suppress(OSError):
            disk = os.statvfs(self.file.parent)
            return disk.f_files > 0 and disk.f_favail == 0
        return False

    def _migrate(self) -> None:
        if self._version() == HEAD:
            return
        with open(self.file.with_suffix(".lock"), "w") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            version = self._version()
            if version is not None and version > HEAD:
                raise NewerWorkspace(
                    f"the workspace was written by a newer Designer (format {version}, this one knows {HEAD})",
                    "Update Designer.",
                    file=str(self.file),
                )
            if version != HEAD:
                self._upgrade()

    def _version(self) -> str | None:
        with self._engine.connect() as connection:
            tables = connection.exec_driver_sql("SELECT name FROM sqlite_master WHERE name = 'alembic_version'")
            if tables.first() is None:
                return None
            version = connection.exec_driver_sql("SELECT version_num FROM alembic_version").scalar()
        return str(version) if version is not None else None

    def _upgrade(self) -> None:
        from alembic import command
        from alembic.config import Config

        config = Config()
        config.set_main_option("script_location", str(Path(__file__).parent / "migrations"))
        with self._engine.connect().execution_options(begin="BEGIN IMMEDIATE", synchronous="FULL") as connection:
            config.attributes["connection"] = connection
            command.upgrade(config, "head")
            connection.commit()


def _begin(connection: Connection) -> None:
    options = connection.get_execution_options()
    if options.get("synchronous"):
        connection.exec_driver_sql(f"PRAGMA synchronous={options['synchronous']}")
    connection.exec_driver_sql(options.get("begin", "BEGIN DEFERRED"))
