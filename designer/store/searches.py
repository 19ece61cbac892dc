"""Searches and their trials."""

from __future__ import annotations

import secrets
import time
from collections.abc import Sequence
from typing import Any

from sqlmodel import Session, col, select

from designer.contract.errors import FileMissing
from designer.store.database import Database
from designer.store.records import ACTIVE, Run, Search, Trial

INTERRUPTED = "interrupted"
"""The state of a search whose run is over though it did not end itself: the engine was killed."""


class Searches:
    """The searches of a workspace."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def begin(self, **values: Any) -> Search:
        """Record a new search."""
        search = Search(id=secrets.token_hex(8), created=time.time(), **values)
        with self._database.record() as session:
            session.add(search)
        return search

    def change(self, id: str, **values: Any) -> None:
        """Change values of a search."""
        with self._database.record() as session:
            search = session.get(Search, id)
            if search is not None:
                for name, value in values.items():
                    setattr(search, name, value)

    def keep(self, trial: Trial) -> None:
        """Record a trial, new or changed."""
        with self._database.record() as session:
            session.merge(trial)

    def get(self, id: str) -> Search:
        """A search. Raises FileMissing if there is none."""
        with self._database.read() as session:
            search = session.get(Search, id)
            if search is None:
                raise FileMissing(f"there is no search '{id[:40]}'", "Open one from its run.")
            return _with_true_state(session, search)

    def of_run(self, run_id: str) -> list[Search]:
        """The searches of a run in the order of time."""
        with self._database.read() as session:
            rows = session.exec(select(Search).where(Search.run_id == run_id).order_by(col(Search.created)))
            return [_with_true_state(session, row) for row in rows]

    def recent(self, limit: int = 50) -> list[Search]:
        """The latest searches, the newest first."""
        with self._database.read() as session:
            rows = session.exec(select(Search).order_by(col(Search.created).desc()).limit(limit))
            return [_with_true_state(session, row) for row in rows]

    def trials(self, id: str, part: int = -1) -> list[Trial]:
        """The trials of a search by number; `part` is the outer fold of a nested estimate."""
        with self._database.read() as session:
            chosen = select(Trial).where(Trial.search_id == id, Trial.part == part)
            return list(session.exec(chosen.order_by(col(Trial.number))))

    def ended_before(self, key: str, states: Sequence[str]) -> list[Trial]:
        """The trials in these states of earlier searches with a key."""
        with self._database.read() as session:
            same = select(Search.id).where(Search.key == key)
            chosen = select(Trial).where(col(Trial.search_id).in_(same), col(Trial.state).in_(states))
            return list(session.exec(chosen.order_by(col(Trial.started))))

    def request(self, id: str, what: str) -> None:
        """Ask a running search for something, see `Search`."""
        self.change(id, requested=what)

    def requested(self, id: str) -> str:
        """What was asked of a search; empty if nothing."""
        with self._database.read() as session:
            search = session.get(Search, id)
            return search.requested if search else ""


def _with_true_state(session: Session, search: Search) -> Search:
    """The search, told from one that a killed engine left as running."""
    if search.state == "running":
        run = session.get(Run, search.run_id)
        if run is None or run.state not in ACTIVE:
            session.expunge(search)
            search.state = INTERRUPTED
    return search
