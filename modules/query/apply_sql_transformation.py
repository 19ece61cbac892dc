"""Apply SQL Transformation: a query over up to three tables."""

from __future__ import annotations

import sqlite3
from typing import Annotated

from designer.contract.column_types import documented, require_distinct
from designer.contract.errors import DesignerError, InvalidQuery
from designer.contract.module import Module
from designer.contract.parameters import param
from designer.contract.schema import Schema
from designer.contract.script import Script, Variable
from designer.contract.values import Table

from .failures import explained_failure, require_names_apart
from .sqlite import query_tables


class ApplySQLTransformation(
    Module,
    category="Data Transformation",
    runs_code=True,
    icon="database-zap",
    title="Apply SQL Transformation",
    no_onnx="SQL has no ONNX form",
    synonyms=("sqlite", "query", "select", "group by", "filter"),
):
    """Run an SQLite query over up to three tables.

    The tables are named `t1`, `t2` and `t3` after their ports. The query may have several statements, each ended by
    `;`; the result is that of the last one that returns rows. Quote names with blanks as `[..]` or `".."`. In the
    database booleans are 0 and 1, dates text like `2020-01-31 00:00:00`, categories text. Roles, categories and dates
    are lost: restore them with Edit Metadata. The columns are known only after a run. Other databases and files are not
    accessible.

    Errors: 0069 with SQLite's message and, for an unknown column, the closest name; 0028 for columns whose names differ
    in letter case only, which SQL ignores.

    Example: `select city, avg(price) as price from t1 group by city;`
    """

    query: str = param("select * from t1;", label="SQL query script", editor="code", language="sql")
    """The query, in SQLite's dialect."""

    def run(
        self,
        t1: Annotated[Table, "t1"],
        t2: Annotated[Table | None, "t2"] = None,
        t3: Annotated[Table | None, "t3"] = None,
    ) -> Annotated[Table, "Results dataset"]:
        given = {"t1": t1, "t2": t2, "t3": t3}
        tables = {name: list(map(str, table.columns)) for name, table in given.items() if table is not None}
        for columns in tables.values():
            require_distinct(columns)
        require_names_apart(tables)
        try:
            return documented(query_tables(self.query, t1, t2, t3))
        except (sqlite3.Error, sqlite3.Warning, ValueError, OverflowError) as error:
            raise InvalidQuery(*explained_failure(str(error), tables), parameter="SQL query script") from error
        except DesignerError as error:
            raise error.at(parameter="SQL query script") from error.__cause__

    def infer(self, t1: Schema, t2: Schema | None = None, t3: Schema | None = None) -> Schema:
        return Schema.unknown()

    def to_python(
        self, script: Script, t1: Variable, t2: Variable | None = None, t3: Variable | None = None
    ) -> tuple[str, ...]:
        return (script.call(query_tables, self.query, t1, t2, t3, result="queried"),)

    def summary(self) -> str:
        return " ".join(self.query.split())[:60]
