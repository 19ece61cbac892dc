"""Reading a database by SQL: PostgreSQL, MySQL and SQLite through SQLAlchemy, DuckDB through its own driver.

A query runs in a transaction that can only read; values are bound, never pasted into the text.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from hashlib import blake2b
from pathlib import Path
from typing import TYPE_CHECKING, Any
from uuid import UUID

import orjson
import pandas as pd
import pyarrow as pa

from designer.contract.column_types import require_distinct
from designer.contract.errors import DesignerError, FileMissing, InvalidParameter, InvalidQuery, UnreadableFile
from designer.contract.selection import Columns
from designer.reading.parquet_file import plain_table
from designer.store.datastores.address import FILE_DATABASES, KIND_TITLES, Address
from designer.store.datastores.filesystem import CONNECT_SECONDS, DatastoreUnreachable

if TYPE_CHECKING:
    from sqlalchemy import Connection, Engine

CHUNK_ROWS = 65_536
_DRIVERS: Mapping[str, tuple[str, str]] = {
    "postgresql": ("postgresql+pg8000", "pg8000"), "mysql": ("mysql+pymysql", "pymysql"),
}  # fmt: skip
_EXTRAS: Mapping[str, str] = {"postgresql": "postgres", "mysql": "mysql"}


class DriverMissing(DesignerError):
    """The driver of a database is not installed."""


class DatabaseStore:
    """A database, read only."""

    def __init__(self, name: str, address: Address, secrets: Mapping[str, str]) -> None:
        self.name = name
        self._address = address
        self._secrets = secrets

    def test(self) -> None:
        """Reach the database once; raises DatastoreUnreachable, DriverMissing or FileMissing."""
        self.table("SELECT 1 AS one", {})

    def stamp(self) -> str | None:
        """A digest that changes with the file of a database; None for a server, which does not tell."""
        if self._address.kind not in FILE_DATABASES:
            return None
        digest = blake2b(digest_size=16)
        for ending in ("", "-wal", ".wal"):  # what was written last may still lie in the log beside the file
            path = Path(f"{self._address.place}{ending}")
            if path.exists():
                status = path.stat()
                digest.update(f"{ending} {status.st_size} {status.st_mtime_ns}\n".encode())
        return digest.hexdigest()

    def table(self, query: str, values: Mapping[str, Any], limit: int | None = None) -> pd.DataFrame:
        """The rows that a query gives, at most `limit`; `:name` in it stands for a bound value.

        Raises InvalidQuery with the words of the database, InvalidParameter for values that do not fit the query.
        """
        if not query.strip():
            raise InvalidParameter("the query is empty", "Write a SELECT.", parameter="Query")
        if self._address.kind == "duckdb":
            return self._from_duckdb(query, values, limit)
        with self._connected() as connection:
            return self._read(connection, query, values, limit)

    def tables(self) -> list[str]:
        """The names of tables and views, `schema.table` outside the default schema."""
        if self._address.kind == "duckdb":
            listed = "SELECT table_schema, table_name FROM information_schema.tables ORDER BY 1, 2"
            rows = self._from_duckdb(listed, {}, None).itertuples(index=False)
            return [name if schema == "main" else f"{schema}.{name}" for schema, name in rows]
        from sqlalchemy import inspect

        with self._connected() as connection:
            inspector = inspect(connection)
            return sorted({*inspector.get_table_names(), *inspector.get_view_names()})

    def _read(self, connection: Connection, query: str, values: Mapping[str, Any], limit: int | None) -> pd.DataFrame:
        from sqlalchemy import text
        from sqlalchemy.exc import SQLAlchemyError

        statement = text(query)
        _require_values(set(statement.compile().params), values)
        try:
            result = connection.execution_options(stream_results=True).execute(statement, dict(values))
            if not result.returns_rows:
                raise InvalidQuery("the query gives no rows", "Write a SELECT.", parameter="Query")
            names = list(result.keys())
            require_distinct(names)
            pieces = [_piece(rows, names) for rows in _fetched(result, limit)] or [_piece([], names)]
        except SQLAlchemyError as error:
            raise _refused(error) from error
        return _plain(pa.concat_tables(pieces, promote_options="permissive"))

    def _from_duckdb(self, query: str, values: Mapping[str, Any], limit: int | None) -> pd.DataFrame:
        import duckdb
        from sqlalchemy import text
        from sqlalchemy.engine.default import DefaultDialect

        self._require_file()
        compiled = text(query).compile(dialect=DefaultDialect(paramstyle="qmark"))
        names = list(compiled.positiontup or ())
        _require_values(set(names), values)
        try:
            with duckdb.connect(self._address.place, True, {"enable_external_access": "false"}) as connection:
                rows = connection.sql(str(compiled), params=[values[name] for name in names])
                if rows is None:
                    raise InvalidQuery("the query gives no rows", "Write a SELECT.", parameter="Query")
                table: pa.Table = (rows if limit is None else rows.limit(limit)).to_arrow_table()
        except duckdb.IOException as error:
            raise self._unreachable(error) from error
        except duckdb.Error as error:
            raise _refused(error) from error
        require_distinct(table.column_names)
        return _plain(table)

    @contextmanager
    def _connected(self) -> Iterator[Connection]:
        """A connection whose transaction can only read and is rolled back at the end."""
        from sqlalchemy import text
        from sqlalchemy.exc import DBAPIError

        self._require_file()
        engine = self._engine()
        try:
            with engine.connect() as connection:
                if self._address.kind in _DRIVERS:
                    connection.execute(text("SET TRANSACTION READ ONLY" if self._address.kind == "postgresql"
                                            else "SET SESSION TRANSACTION READ ONLY"))  # fmt: skip
                yield connection
        except DesignerError:
            raise
        except (DBAPIError, OSError) as error:
            raise self._unreachable(error) from error
        except Exception as error:
            if type(error).__module__.startswith(("pg8000", "pymysql")):  # raised before SQLAlchemy can wrap it
                raise self._unreachable(error) from error
            raise
        finally:
            engine.dispose()

    def _engine(self) -> Engine:
        from sqlalchemy import URL, create_engine
        from sqlalchemy.pool import NullPool

        address = self._address
        if address.kind == "sqlite":
            return create_engine("sqlite://", creator=lambda: _sqlite(address.place), poolclass=NullPool)
        driver, package = _DRIVERS[address.kind]
        url = URL.create(
            driver, address.user or None, self._secrets.get("password"), address.host, address.port, address.place
        )
        limit = {"timeout": CONNECT_SECONDS} if package == "pg8000" else {"connect_timeout": CONNECT_SECONDS}
        try:
            return create_engine(url, poolclass=NullPool, connect_args={**limit, **_encryption(address)})
        except ModuleNotFoundError as error:
            remedy = f"Install it: pip install 'designer-ml[{_EXTRAS[address.kind]}]'."
            raise DriverMissing(f"{KIND_TITLES[address.kind]} needs the driver {package}", remedy) from error

    def _require_file(self) -> None:
        if self._address.kind in FILE_DATABASES and not Path(self._address.place).is_file():
            raise FileMissing(f"the file of '{self.name}' is gone", "Check its address.", file=self._address.place)

    def _unreachable(self, error: Exception) -> DatastoreUnreachable:
        words, title = str(error).casefold(), KIND_TITLES[self._address.kind]
        if any(sign in words for sign in ("password", "access denied", "28p01", "28000", "authentication")):
            remedy = "Check the user in the address and the password."
            return DatastoreUnreachable(f"{title} refuses the user or the password of '{self.name}'", remedy)
        if "does not exist" in words or "unknown database" in words:
            return DatastoreUnreachable(f"there is no database '{self._address.place}' at {title}", "Check its name.")
        if "not a database" in words or "not a valid duckdb" in words:
            return DatastoreUnreachable(f"the file of '{self.name}' is no {title}", "Check its address.")
        if "lock" in words:
            return DatastoreUnreachable(f"another program has locked '{self.name}'", "Close it there, or try again.")
        return DatastoreUnreachable(f"'{self.name}' does not answer ({title})", "Check the address and the network.")


def _encryption(address: Address) -> dict[str, Any]:
    """Whether to encrypt: `sslmode=disable` does not, `sslmode=require` does; else as the driver decides."""
    import ssl

    return {"ssl_context": ssl.create_default_context()} if address.settings.get("sslmode") == "require" else {}


def _sqlite(place: str) -> sqlite3.Connection:
    return sqlite3.connect(f"{Path(place).as_uri()}?mode=ro", uri=True, timeout=CONNECT_SECONDS)


def _fetched(result: Any, limit: int | None) -> Iterator[list[Any]]:
    left = limit
    while left is None or left > 0:
        rows = result.fetchmany(CHUNK_ROWS if left is None else min(left, CHUNK_ROWS))
        if not rows:
            return
        left = None if left is None else left - len(rows)
        yield rows


def _piece(rows: list[Any], names: list[str]) -> pa.Table:
    return pa.table({name: _column([row[place] for row in rows], name) for place, name in enumerate(names)})


def _column(cells: list[Any], name: str) -> pa.Array:
    """An Arrow array of the cells of a driver: documents of JSON become text, identifiers theirs."""
    try:
        return pa.array([_cell(cell) for cell in cells])
    except (pa.ArrowInvalid, pa.ArrowTypeError) as error:
        problem = f"column '{name}' mixes kinds of values, or holds a number beyond 64 bits"
        raise InvalidQuery(problem, f'Give it one kind: CAST("{name}" AS TEXT).', column=name) from error


def _cell(cell: Any) -> Any:
    if isinstance(cell, dict | list):
        return orjson.dumps(cell).decode()
    return str(cell) if isinstance(cell, UUID) else cell


def _plain(table: pa.Table) -> pd.DataFrame:
    try:
        return plain_table(table, None, Columns.all())
    except UnreadableFile as error:
        remedy = "Cast it in the query, or leave it out."
        raise InvalidQuery(error.found, remedy, column=error.place.column) from error


def _require_values(named: set[str], values: Mapping[str, Any]) -> None:
    for name in sorted(named - values.keys()):
        problem = f"the query has the name '{name}', and no value is given for it"
        raise InvalidParameter(problem, "Give one, or take the name out of the query.", parameter="Values")
    for name in sorted(values.keys() - named):
        problem = f"the query has no name '{name}'"
        raise InvalidParameter(problem, f"Write :{name} in it, or remove the value.", parameter="Values")


def _refused(error: Exception) -> InvalidQuery:
    words = str(getattr(error, "orig", None) or error)
    return InvalidQuery(f"the database refuses the query: {_in_a_line(words)}", "Correct the query.", parameter="Query")


def _in_a_line(words: str) -> str:
    """The message of a driver: pg8000 raises a dictionary with the message under M."""
    import ast

    try:
        document = ast.literal_eval(words)
        words = str(document.get("M", words)) if isinstance(document, dict) else words
    except (ValueError, SyntaxError):
        pass
    return " ".join(words.split())[:300].rstrip(".")
