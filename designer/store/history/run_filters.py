"""Saved filters of the list of runs, by name."""

from __future__ import annotations

import time

from sqlmodel import col, delete, select

from designer.contract.errors import FileMissing
from designer.store.database import Database
from designer.store.history.run_query import RunQuery
from designer.store.history.submission import checked_name
from designer.store.records import RunFilter


class RunFilters:
    """The saved filters of a workspace."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def all(self) -> dict[str, RunQuery]:
        """The saved filters by name, in alphabetical order."""
        with self._database.read() as session:
            rows = session.exec(select(RunFilter).order_by(col(RunFilter.name))).all()
        return {row.name: RunQuery.from_json(row.query) for row in rows}

    def get(self, name: str) -> RunQuery:
        """A saved filter. Raises FileMissing."""
        filters = self.all()
        if name not in filters:
            existing = f"Saved ones: {', '.join(filters)}." if filters else "Save one first."
            raise FileMissing(f"there is no filter '{name}'", existing)
        return filters[name]

    def keep(self, name: str, query: RunQuery) -> None:
        """Save a filter, or replace the one of that name. Raises InvalidParameter for an unusable name."""
        row = RunFilter(name=checked_name(name, "Filter"), query=query.to_json(), created=time.time())
        with self._database.write() as session:
            session.merge(row)

    def forget(self, name: str) -> None:
        """Remove a saved filter. Raises FileMissing."""
        self.get(name)
        with self._database.write() as session:
            session.exec(delete(RunFilter).where(col(RunFilter.name) == name))
