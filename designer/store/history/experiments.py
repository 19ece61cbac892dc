"""Experiments: named groups of runs, which number their runs."""

from __future__ import annotations

import time
from dataclasses import dataclass

from sqlalchemy import func, update
from sqlmodel import Session, col, select

from designer.contract.errors import DesignerError, FileMissing
from designer.store.database import Database
from designer.store.history.submission import DEFAULT, checked_description, checked_name
from designer.store.records import Experiment, Run


class ArchivedExperiment(DesignerError):
    """A run is submitted to an experiment that was archived."""


@dataclass(frozen=True)
class Counted:
    """An experiment with the number of its runs and the creation time of the newest; None without runs."""

    experiment: Experiment
    runs: int
    latest: float | None


class Experiments:
    """The experiments of a workspace. One is made by the first run that names it."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def all(self, *, archived: bool = False) -> list[Counted]:
        """Experiments, the one with the newest run first; archived ones only with `archived`."""
        counts = (
            select(Run.experiment, func.count().label("runs"), func.max(Run.created).label("latest"))
            .group_by(col(Run.experiment))
            .subquery()
        )
        query = select(Experiment, counts.c.runs, counts.c.latest).outerjoin(
            counts, counts.c.experiment == col(Experiment.name)
        )
        if not archived:
            query = query.where(col(Experiment.archived).is_(None))
        newest_first = query.order_by(func.coalesce(counts.c.latest, Experiment.created).desc())
        with self._database.read() as session:
            return [Counted(row, runs or 0, latest) for row, runs, latest in session.exec(newest_first)]

    def get(self, name: str) -> Experiment:
        """An experiment. Raises FileMissing if no run was submitted to one of that name."""
        with self._database.read() as session:
            row = session.get(Experiment, name)
            names = session.exec(select(Experiment.name)).all() if row is None else ()
        if row is None:
            existing = f"Existing ones: {', '.join(sorted(names)[:10])}." if names else "Submit a run to make one."
            raise FileMissing(f"there is no experiment '{name}'", existing)
        return row

    def usable(self, name: str) -> str:
        """The trimmed name of an experiment that takes runs; it need not exist. Raises ArchivedExperiment."""
        wanted = checked_name(name, "Experiment")
        with self._database.read() as session:
            _require_open(session.get(Experiment, wanted))
        return wanted

    def describe(self, name: str, description: str) -> Experiment:
        """Change the description; returns the experiment. Raises FileMissing."""
        return self._change(name, description=checked_description(description))

    def archive(self, name: str) -> Experiment:
        """Hide an experiment and refuse further runs; its runs stay. Raises FileMissing."""
        if name == DEFAULT:
            raise DesignerError(f"the experiment '{DEFAULT}' is always there", "Archive another one.")
        return self._change(name, archived=time.time())

    def restore(self, name: str) -> Experiment:
        """Undo `archive`. Raises FileMissing."""
        return self._change(name, archived=None)

    def _change(self, name: str, **values: str | float | None) -> Experiment:
        self.get(name)
        with self._database.write() as session:
            session.exec(update(Experiment).where(col(Experiment.name) == name).values(**values))
        return self.get(name)


def next_number(session: Session, experiment: str) -> int:
    """The number of the next run of an experiment, which is made if there is none. Raises ArchivedExperiment."""
    row = session.get(Experiment, experiment)
    if row is None:
        session.add(Experiment(name=experiment, created=time.time()))
    _require_open(row)
    newest = session.exec(select(func.max(Run.number)).where(Run.experiment == experiment)).one()
    return int(newest or 0) + 1


def _require_open(row: Experiment | None) -> None:
    if row is not None and row.archived is not None:
        problem = f"the experiment '{row.name}' is archived"
        raise ArchivedExperiment(problem, "Restore it, or submit the run to another one.")
