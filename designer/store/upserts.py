"""Write many rows in one statement, without the ORM: a run records every node."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import lru_cache
from typing import Any

from sqlalchemy import Executable, Table
from sqlalchemy.dialects import postgresql, sqlite
from sqlmodel import Session, SQLModel


def upsert(session: Session, row_type: type[SQLModel], rows: Sequence[Mapping[str, Any]]) -> None:
    """Insert complete rows; one whose primary key exists replaces that row."""
    if rows:
        connection = session.connection()
        connection.execute(_statement(table_of(row_type), connection.dialect.name), list(rows))


def table_of(row_type: type[SQLModel]) -> Table:
    """The table of a row type."""
    table: Table = row_type.__table__  # type: ignore[attr-defined]  # SQLModel does not declare it
    return table


@lru_cache(maxsize=64)
def _statement(table: Table, dialect: str) -> Executable:
    """Made once for each table: SQLAlchemy compiles a statement that it has seen before much faster."""
    insert = postgresql.insert(table) if dialect == "postgresql" else sqlite.insert(table)
    new = {column.name: insert.excluded[column.name] for column in table.columns if not column.primary_key}
    return insert.on_conflict_do_update(index_elements=list(table.primary_key), set_=new)
