"""Schedules, and what became of each of their times."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

from sqlalchemy import delete, func, update
from sqlmodel import Session, col, select

from designer.contract.errors import DesignerError, FileMissing
from designer.contract.wording.closeness import closest
from designer.store.database import Database
from designer.store.record import Record
from designer.store.records import ACTIVE, Run, Schedule, ScheduleFire

KEPT_FIRES = 1_000
"""How many fires of a schedule are kept."""


class NameTaken(DesignerError):
    """There is a schedule of this name."""


class Schedules:
    """The schedules of a workspace."""

    def __init__(self, database: Database, record: Record) -> None:
        self._database = database
        self._record = record

    def add(self, schedule: Schedule) -> Schedule:
        """Add a schedule. Raises NameTaken."""
        with self._database.write() as session:
            if session.get(Schedule, schedule.name) is not None:
                raise NameTaken(
                    f"there is a schedule '{schedule.name}'", "Choose another name, or replace that one.",
                    parameter="name",
                )  # fmt: skip
            session.add(schedule)
        self._record.note("schedule", schedule.name)
        return schedule

    def get(self, name: str) -> Schedule:
        """A schedule. Raises FileMissing with the closest name."""
        with self._database.read() as session:
            row = session.get(Schedule, name)
        if row is None:
            remedy = closest(name[:80], [each.name for each in self.all()], "There are") or "Add one first."
            raise FileMissing(f"there is no schedule '{name[:80]}'", remedy)
        return row

    def all(self, endpoint: str | None = None) -> list[Schedule]:
        """The schedules by name; those of one published pipeline if its address is given."""
        query = select(Schedule).order_by(col(Schedule.name))
        with self._database.read() as session:
            return list(session.exec(query if endpoint is None else query.where(Schedule.endpoint == endpoint)))

    def wanting(self, now: float) -> list[Schedule]:
        """The enabled schedules that are to be looked at: a time is due, or a watched place is to be compared."""
        query = select(Schedule).where(col(Schedule.enabled), col(Schedule.next_due) <= now)
        with self._database.read() as session:
            return list(session.exec(query.order_by(col(Schedule.next_due))))

    def change(self, name: str, **values: Any) -> None:
        """Set fields of a schedule."""
        with self._database.write() as session:
            session.exec(update(Schedule).where(col(Schedule.name) == name).values(**values))
        self._record.note("schedule", name)

    def delete(self, name: str) -> None:
        """Remove a schedule with the record of its fires; its runs stay."""
        self._record.forget("schedule", name)
        with self._database.write() as session:
            session.exec(delete(Schedule).where(col(Schedule.name) == name))
            session.exec(delete(ScheduleFire).where(col(ScheduleFire.schedule) == name))

    def fires(self, name: str, limit: int = 100) -> list[ScheduleFire]:
        """What became of its times, the newest first."""
        query = select(ScheduleFire).where(ScheduleFire.schedule == name).order_by(col(ScheduleFire.due).desc())
        with self._database.read() as session:
            return list(session.exec(query.limit(limit)))

    def run_states(self, fires: Collection[ScheduleFire]) -> dict[str, str]:
        """The states of the runs of fires, by run."""
        ids = [fire.run_id for fire in fires if fire.run_id]
        with self._database.read() as session:
            return dict(session.exec(select(Run.id, Run.state).where(col(Run.id).in_(ids))).all())


def active_run_in(session: Session, name: str) -> str | None:
    """The id of a queued or running run of a schedule; None without one."""
    joined = select(Run.id).join(ScheduleFire, col(ScheduleFire.run_id) == col(Run.id))
    return session.exec(joined.where(ScheduleFire.schedule == name, col(Run.state).in_(ACTIVE))).first()


def has_fired_in(session: Session, name: str, due: float) -> bool:
    """Whether it is recorded what became of a time."""
    return session.get(ScheduleFire, (name, due)) is not None


def forget_old_fires_in(session: Session, name: str) -> None:
    """Keep only the newest `KEPT_FIRES` of a schedule."""
    oldest = select(func.min(col(ScheduleFire.due))).where(
        col(ScheduleFire.due).in_(
            select(ScheduleFire.due)
            .where(ScheduleFire.schedule == name)
            .order_by(col(ScheduleFire.due).desc())
            .limit(KEPT_FIRES)
        ),
        ScheduleFire.schedule == name,
    )
    first = session.exec(oldest).one()
    if first is not None:
        session.exec(delete(ScheduleFire).where(col(ScheduleFire.schedule) == name, col(ScheduleFire.due) < first))
