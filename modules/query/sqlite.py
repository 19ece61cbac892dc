"""Query tables in an in-memory SQLite database."""

from __future__ import annotations

import sqlite3
from collections.abc import Sequence
from typing import Any

import pandas as pd

from designer.contract.wording.counting import counted

LENGTH_LIMIT = 100_000_000
COLUMN_LIMIT = 2000


def query_tables(query: str, t1: Any, t2: Any, t3: Any) -> pd.DataFrame:
    """The rows of the last statement that returns any; raises sqlite3.Error or ValueError."""
    database = sqlite3.connect(":memory:", isolation_level=None)
    try:
        database.setlimit(sqlite3.SQLITE_LIMIT_LENGTH, LENGTH_LIMIT)
        database.setlimit(sqlite3.SQLITE_LIMIT_ATTACHED, 0)
        for name, table in (("t1", t1), ("t2", t2), ("t3", t3)):
            if table is not None:
                load_table(database, name, table)
        answer = None
        for statement in statements(query):
            cursor = database.execute(statement)
            if cursor.description is not None:
                answer = ([column[0] for column in cursor.description], cursor.fetchall())
        if answer is None:
            raise ValueError("no statement returns rows; end with a select")
        return result_table(*answer)
    finally:
        database.close()


def statements(query: str) -> list[str]:
    """The statements of a script, split where SQLite considers one complete."""
    complete, current = [], ""
    for part in query.split(";"):
        current += part + ";"
        if sqlite3.complete_statement(current):
            complete.append(current)
            current = ""
    rest = current.strip().rstrip(";").strip()
    return [text for text in complete if text.strip().strip(";").strip()] + ([rest] if rest else [])


def load_table(database: sqlite3.Connection, name: str, table: pd.DataFrame) -> None:
    """Create a table with these rows."""
    if table.shape[1] == 0:
        raise ValueError(f"{name} has no columns")
    if table.shape[1] > COLUMN_LIMIT:
        raise ValueError(
            f"{name} has {counted(table.shape[1], 'column')}, SQLite supports {COLUMN_LIMIT:,}; select some first"
        )
    types = {"i": "INTEGER", "u": "INTEGER", "b": "INTEGER", "f": "REAL"}
    quoted = ['"' + str(column).replace('"', '""') + '"' for column in table.columns]
    kinds = [types.get(getattr(table[column].dtype, "kind", "O"), "TEXT") for column in table.columns]
    columns = ", ".join(f"{column} {kind}" for column, kind in zip(quoted, kinds, strict=True))
    database.execute(f"CREATE TABLE {name} ({columns})")
    places = ", ".join("?" * table.shape[1])
    rows = zip(*(database_cells(table[column]) for column in table.columns), strict=True)
    database.execute("BEGIN")
    database.executemany(f"INSERT INTO {name} VALUES ({places})", rows)  # noqa: S608  (the name is t1, t2 or t3)
    database.execute("COMMIT")


def database_cells(series: pd.Series[Any]) -> Sequence[Any]:
    """Cells in SQLite's types: numbers, text, None."""
    kind = getattr(series.dtype, "kind", "O")
    if kind == "M":
        series = series.dt.strftime("%Y-%m-%d %H:%M:%S")
    elif kind == "b":
        series = series.astype("Int64")
    elif series.dtype.name == "category":
        series = series.astype(object).map(lambda cell: str(cell) if isinstance(cell, str) else cell)
    cells = series.astype(object)
    return cells.where(series.notna(), None).tolist()


def result_table(names: list[str], rows: list[Any]) -> pd.DataFrame:
    """The rows of a result; integers stay integers even with missing cells."""
    if len(set(names)) < len(names):
        twice = next(name for name in names if names.count(name) > 1)
        raise ValueError(f"the result has two columns named '{twice}'; name them with AS")
    columns = {name: result_column([row[place] for row in rows], name) for place, name in enumerate(names)}
    return pd.DataFrame(columns, index=pd.RangeIndex(len(rows)))


def result_column(cells: list[Any], name: str) -> pd.Series[Any]:
    """The cells of a result column in one type; mixed numbers and text become text."""
    kinds = {type(cell) for cell in cells if cell is not None}
    if bytes in kinds:
        raise ValueError(f"column '{name}' holds bytes; use cast(.. as text)")
    if kinds == {int}:
        whole = pd.Series(cells, dtype="Int64")
        return whole if whole.hasnans else whole.astype("int64")
    if str in kinds:
        return pd.Series([None if cell is None else str(cell) for cell in cells], dtype="str")
    return pd.Series([float("nan") if cell is None else float(cell) for cell in cells], dtype="float64")
