"""Import from Database: the rows that a query gives."""

from __future__ import annotations

from typing import Annotated

from designer.contract.errors import DesignerError, InvalidParameter
from designer.contract.files.query_values import read_values
from designer.contract.files.sources import sources
from designer.contract.module import Module
from designer.contract.parameters import param
from designer.contract.script import Script
from designer.contract.values import Table

from .script_table import read_beside


class ImportFromDatabase(
    Module,
    category="Data Input and Output",
    icon="database",
    purpose="queries a database",
    runs_code=True,
    no_onnx="the request replaces the database",
    synonyms=("sql", "postgresql", "mysql", "sqlite", "duckdb", "datastore", "import data"),
):
    """Read a table from a database by a query.

    The database is a datastore: PostgreSQL, MySQL, or a file of SQLite or DuckDB. The query runs in a transaction that
    only reads, in the dialect of the database. `:name` in it stands for a value from *Values*, which is bound and never
    pasted into the text.

    Whole numbers beyond 64 bits and decimals that a double does not hold exactly become text, times of day text, dates
    with a time zone UTC, documents of JSON text.

    A file is read again when it changes. A server does not tell what has changed: the query runs in every run, and what
    follows is reused where the rows are the same; *Reuse rows* takes those of the last run instead.

    The columns are known after a run.

    Errors: 0003 for no datastore or an empty query, 0069 with the words of the database, and for columns of bytes or
    of mixed kinds, 0157 for an unknown datastore.

    Example: `Datastore = "shop", Query = "SELECT * FROM orders WHERE year >= :year", Values = "year = 2024"`.
    """

    datastore: str = param("", label="Datastore", editor="datastore", accepts=("tables",))
    """The database."""

    query: str = param("", label="Query", editor="code", language="sql")
    """A SELECT in the dialect of the database."""

    values: str = param("", label="Values", editor="lines", required=False)
    """One value for each `:name` of the query, a line each: `year = 2024`. Numbers, true, false and null are such; all
    else is text, with or without double quotes."""

    reuse_rows: bool = param(False, label="Reuse rows")
    """Whether rows that a server gave once serve for later runs as well."""

    @property
    def is_reusable(self) -> bool:
        return self.reuse_rows or self.fingerprint() is not None

    def run(self) -> Annotated[Table, "Output data"]:
        if not self.datastore:
            raise InvalidParameter("no datastore is chosen", "Choose one.", parameter="Datastore", code="0003")
        if not self.query.strip():
            raise InvalidParameter("the query is empty", "Write a SELECT.", parameter="Query", code="0003")
        return sources().query(self.datastore, self.query, read_values(self.values.splitlines()))

    def to_python(self, script: Script) -> tuple[str, ...]:
        """Read the CSV file of the datastore's name next to the script."""
        return (read_beside(script, self.run(), self.datastore, f"{self.fingerprint()} {self.query} {self.values}"),)

    def fingerprint(self) -> str | None:
        try:
            return sources().datastore_stamp(self.datastore)
        except DesignerError:
            return None

    def summary(self) -> str:
        return self.datastore
