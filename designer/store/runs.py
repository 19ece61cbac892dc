"""Runs and what happens in them. The rows are the queue: a queued run is a command, `cancel_requested` another.

Every write of a running run is guarded by its attempt, so that a late process cannot overwrite a newer one.
"""

from __future__ import annotations

import os
import time
import uuid
from collections.abc import Collection, Iterable, Mapping
from typing import Any

import psutil
from sqlalchemy import delete, func, insert, update
from sqlalchemy.exc import IntegrityError
from sqlmodel import Session, col, select

from designer.contract.errors import DesignerError, FileMissing
from designer.store.database import Database
from designer.store.records import ACTIVE, Event, NodeRun, Run

REMEMBERED_RUNS = 5
ANNOUNCED = ("state", "outcome", "fraction", "text", "seconds")
"""The values of a node that its events carry; the rest is read from its row."""


class StaleAttempt(DesignerError):
    """A process writes for a run that was taken from it."""


class Runs:
    """The runs of a workspace."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def create(
        self,
        document: Mapping[str, Any],
        *,
        pipeline_id: str | None = None,
        revision: int | None = None,
        to: str | None = None,
        force: bool = False,
    ) -> Run:
        """Queue a run of a document. A pipeline that is queued or running already answers with that run."""
        run = Run(
            id=uuid.uuid4().hex, pipeline_id=pipeline_id, name=str(document.get("name", "")), revision=revision,
            document=dict(document), created=time.time(), to_node=to, force=force,
        )  # fmt: skip
        try:
            with self._database.write() as session:
                session.add(run)
                session.flush()
                _announce(session, run.id, None, "run", {"state": "queued"})
        except IntegrityError:
            active = self.active(pipeline_id) if pipeline_id else None
            return active or self.create(document, pipeline_id=pipeline_id, revision=revision, to=to, force=force)
        return run

    def get(self, id: str) -> Run:
        """A run; raises FileMissing."""
        with self._database.read() as session:
            run = session.get(Run, id)
        if run is None:
            raise FileMissing(f"there is no run '{id}'")
        return run

    def all(self, pipeline_id: str | None = None, limit: int = 50) -> list[Run]:
        """Runs, the newest first."""
        wanted = select(Run).order_by(col(Run.created).desc()).limit(limit)
        if pipeline_id is not None:
            wanted = wanted.where(Run.pipeline_id == pipeline_id)
        with self._database.read() as session:
            return list(session.exec(wanted))

    def latest(self, pipeline_id: str) -> Run | None:
        """The newest run of a pipeline."""
        return next(iter(self.all(pipeline_id, 1)), None)

    def active(self, pipeline_id: str) -> Run | None:
        """The run of a pipeline that is queued or running."""
        wanted = select(Run).where(Run.pipeline_id == pipeline_id, col(Run.state).in_(ACTIVE))
        with self._database.read() as session:
            return session.exec(wanted).first()

    def queued(self) -> list[str]:
        """The ids of runs that wait, the oldest first."""
        wanted = select(Run.id).where(Run.state == "queued").order_by(col(Run.created))
        with self._database.read() as session:
            return list(session.exec(wanted))

    def running(self) -> set[str]:
        """The ids of runs that a process is executing."""
        with self._database.read() as session:
            return set(session.exec(select(Run.id).where(Run.state == "running")))

    def request_cancel(self, id: str) -> None:
        """Ask for the end of a run; one that has not begun ends at once."""
        now = time.time()
        with self._database.write() as session:
            session.exec(update(Run).where(col(Run.id) == id, col(Run.state).in_(ACTIVE)).values(cancel_requested=True))
            waiting = update(Run).where(col(Run.id) == id, col(Run.state) == "queued")
            if session.exec(waiting.values(state="cancelled", ended=now)).rowcount:
                _announce(session, id, None, "run", {"state": "cancelled"})

    def cancel_requested(self, id: str) -> bool:
        """Whether somebody asked for the end of a run."""
        with self._database.read() as session:
            return bool(session.exec(select(Run.cancel_requested).where(Run.id == id)).first())

    def claim(self, id: str, nodes: Iterable[Mapping[str, Any]]) -> int | None:
        """Take a queued run for this process, with a row for each of its nodes (the fields of NodeRun).

        Returns the attempt; None where the run was taken or cancelled.
        """
        now = time.time()
        with self._database.record() as session:
            run = session.get(Run, id)
            if run is None or run.state != "queued":
                return None
            run.state, run.started, run.attempt = "running", now, run.attempt + 1
            run.owner_pid, run.owner_started = os.getpid(), _started(os.getpid())
            rows = [{**node, "run_id": id, "attempt": run.attempt} for node in nodes]
            if rows:
                session.connection().execute(insert(NodeRun), rows)
            _announce(session, id, None, "run", {"state": "running"})
            return run.attempt

    def nodes(self, id: str) -> dict[str, NodeRun]:
        """What happened to each node of a run so far."""
        with self._database.read() as session:
            return {row.node: row for row in session.exec(select(NodeRun).where(NodeRun.run_id == id))}

    def node(self, id: str, node: str) -> NodeRun | None:
        """What happened to one node."""
        with self._database.read() as session:
            return session.get(NodeRun, (id, node))

    def previous_parts(self, run: Run) -> dict[str, dict[str, Any]]:
        """What the key of each node was made of when it last had a result, in the last runs of the same pipeline.

        Runs without a pipeline, of a file, are told apart by its name.
        """
        if run.pipeline_id is not None:
            same = col(Run.pipeline_id) == run.pipeline_id
        else:
            same = col(Run.pipeline_id).is_(None) & (col(Run.name) == run.name)
        recent = select(Run.id).where(same, Run.id != run.id).order_by(col(Run.created).desc()).limit(REMEMBERED_RUNS)
        wanted = (
            select(NodeRun.node, NodeRun.parts)
            .join(Run, col(Run.id) == col(NodeRun.run_id))
            .where(col(NodeRun.run_id).in_(recent), col(NodeRun.key).is_not(None))
            .where(col(NodeRun.state).in_(("finished", "reused")))
            .order_by(col(Run.created))
        )
        with self._database.read() as session:
            return {node: dict(parts) for node, parts in session.exec(wanted)}

    def record(self, id: str, attempt: int, changes: Mapping[str, Mapping[str, Any]]) -> None:
        """Write new values of nodes and announce them; raises StaleAttempt where the run is no longer ours."""
        with self._database.record() as session:
            self.record_in(session, id, attempt, changes)

    def record_in(self, session: Session, id: str, attempt: int, changes: Mapping[str, Mapping[str, Any]]) -> None:
        """`record` inside a transaction."""
        for node, values in changes.items():
            mine = update(NodeRun).where(
                col(NodeRun.run_id) == id, col(NodeRun.node) == node, col(NodeRun.attempt) == attempt
            )
            if session.exec(mine.values(**values)).rowcount == 0:
                raise StaleAttempt(f"run {id} was taken over by another process")
            _announce(session, id, node, "node", {name: values[name] for name in ANNOUNCED if name in values})

    def finish(self, id: str, attempt: int, state: str, error: Mapping[str, Any] | None = None) -> None:
        """End a run."""
        mine = update(Run).where(col(Run.id) == id, col(Run.attempt) == attempt, col(Run.state).in_(ACTIVE))
        values = {"state": state, "ended": time.time(), "error": dict(error) if error else None}
        with self._database.record() as session:
            if session.exec(mine.values(**values)).rowcount == 0:
                raise StaleAttempt(f"run {id} was taken over by another process")
            _announce(session, id, None, "run", {"state": state})

    def recover(self, executing: Collection[str] | None = None) -> list[str]:
        """Mark running runs that nobody executes as crashed, with their nodes; returns their ids.

        Those are the runs of processes that are gone and, where `executing` names what this process works on, all
        others of its own: their end could not be written.
        """
        with self._database.read() as session:
            running = list(session.exec(select(Run).where(Run.state == "running")))
        over = [(run, why) for run in running if (why := _why_over(run, executing))]
        return [run.id for run, why in over if self._mark_crashed(run, why)]

    def events_after(self, sequence: int, run_id: str | None = None, limit: int = 1000) -> list[Event]:
        """What happened after an event, in order."""
        wanted = select(Event).where(col(Event.sequence) > sequence).order_by(col(Event.sequence)).limit(limit)
        if run_id is not None:
            wanted = wanted.where(Event.run_id == run_id)
        with self._database.read() as session:
            return list(session.exec(wanted))

    def last_sequence(self) -> int:
        """The number of the newest event."""
        with self._database.read() as session:
            return int(session.exec(select(func.max(Event.sequence))).one() or 0)

    def forget_events(self, before: float) -> None:
        """Drop the events of long ago; the states of runs and nodes stay."""
        with self._database.record() as session:
            session.exec(delete(Event).where(col(Event.at) < before))

    def _mark_crashed(self, run: Run, why: str) -> bool:
        now = time.time()
        error = {"type": "Crashed", "message": f"{why} Run it again."}
        with self._database.write() as session:
            mine = update(Run).where(col(Run.id) == run.id, col(Run.state) == "running")
            mine = mine.where(col(Run.attempt) == run.attempt)
            if session.exec(mine.values(state="crashed", ended=now, error=error)).rowcount == 0:
                return False
            nodes = update(NodeRun).where(col(NodeRun.run_id) == run.id)
            session.exec(nodes.where(col(NodeRun.state) == "running").values(state="crashed", ended=now, error=error))
            session.exec(nodes.where(col(NodeRun.state) == "queued").values(state="skipped"))
            _announce(session, run.id, None, "run", {"state": "crashed"})
        return True


def _announce(session: Session, run_id: str, node: str | None, kind: str, body: dict[str, Any]) -> None:
    session.add(Event(run_id=run_id, node=node, kind=kind, body=body, at=time.time()))


def _started(pid: int) -> float | None:
    try:
        return float(psutil.Process(pid).create_time())
    except psutil.Error:
        return None


def _why_over(run: Run, executing: Collection[str] | None) -> str:
    """Why a run that is said to be running is not; empty where it is."""
    if not _lives(run.owner_pid, run.owner_started):
        return "The engine process ended before the run did."
    if executing is not None and run.owner_pid == os.getpid() and run.id not in executing:
        return "The end of the run could not be written, as where the disk is full."
    return ""


def _lives(pid: int | None, started: float | None) -> bool:
    """Whether the process that had this number then is still there: numbers are used again."""
    if pid is None:
        return False
    now = _started(pid)
    return now is not None and (started is None or abs(now - started) < 1.0)
