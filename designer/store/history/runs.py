"""Runs, their nodes and their events. The rows are the queue: a queued run and `cancel_requested` are commands.

Every write to a running run is guarded by its attempt, so that a late process cannot overwrite a newer one.
"""

from __future__ import annotations

import os
import time
import uuid
from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from sqlalchemy import ColumnElement, Update, bindparam, delete, func, insert, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import defer
from sqlmodel import Session, col, select

from designer.contract.errors import DesignerError, FileMissing
from designer.store.database import Database
from designer.store.history.experiments import next_number
from designer.store.history.run_query import RunQuery
from designer.store.history.submission import TAGS, Submission, checked_description, checked_tags
from designer.store.record import Record
from designer.store.records import ACTIVE, Event, NodeRun, Run
from designer.store.upserts import table_of

REMEMBERED_RUNS = 5
LEAST_SECONDS = 0.001
"""The least time between the creation of two runs, which are identified and ordered by it."""
ANNOUNCED = ("state", "outcome", "fraction", "text", "seconds")
"""The fields of a node that its events carry; read the others from its row."""


@dataclass(frozen=True)
class MostRuns:
    """How many runs the engine executes at once, and how many more may be queued before the next is refused."""

    at_once: int = 4
    waiting: int = 100


_ATTEMPT = select(Run.attempt).where(Run.id == bindparam("id"))


class StaleAttempt(DesignerError):
    """A process writes to a run that another process has taken over or ended."""


class TooManyRuns(DesignerError):
    """The queue of runs is full."""

    exit_code = os.EX_TEMPFAIL


class Runs:
    """The runs of a workspace."""

    def __init__(self, database: Database, record: Record, most: MostRuns | None = None) -> None:
        self._database = database
        self._record = record
        self.most = most or MostRuns()

    def create(
        self,
        document: Mapping[str, Any],
        *,
        pipeline_id: str | None = None,
        revision: int | None = None,
        to: str | None = None,
        force: bool = False,
        owner: str | None = None,
        submission: Submission | None = None,
        assignments: Mapping[str, Any] | None = None,
    ) -> Run:
        """Queue a run of a document. If the pipeline has a queued or running run, returns that one.

        `assignments` are the values given to its parameters. A run with an `owner` is executed by it; the engine does
        not take it. Raises TooManyRuns if the queue is full, ArchivedExperiment, and InvalidParameter for a submission
        with unusable names.
        """
        about = (submission or Submission()).checked()
        run = new_run(
            document, pipeline_id=pipeline_id, revision=revision, to=to, force=force, owner=owner, submission=about,
            assignments=assignments,
        )  # fmt: skip
        try:
            with self._database.write() as session:
                self.insert_in(session, run)
        except IntegrityError:
            active = self.active(pipeline_id) if pipeline_id else None
            return active or self.create(
                document, pipeline_id=pipeline_id, revision=revision, to=to, force=force, owner=owner, submission=about,
                assignments=assignments,
            )  # fmt: skip
        self._record.note("run", run.id)
        return run

    def insert_in(self, session: Session, run: Run) -> None:
        """Queue a run of `new_run` inside a transaction; call `note` after it. Raises as `create` does."""
        _refuse_where_full(session, run.pipeline_id, self.most)
        run.created = max(run.created, _last_created(session) + LEAST_SECONDS)
        run.number = next_number(session, run.experiment) if run.experiment else None
        session.add(run)
        session.flush()
        _announce(session, run.id, None, "run", {"state": "queued"})

    def note(self, id: str) -> None:
        """Write the manifest of a run that was queued inside a transaction."""
        self._record.note("run", id)

    def get(self, id: str) -> Run:
        """A run. Raises FileMissing if there is none with this id."""
        with self._database.read() as session:
            run = session.get(Run, id)
        if run is None:
            raise FileMissing(f"there is no run '{id}'", "Open one from the list of runs.")
        return run

    def beginning_with(self, text: str, limit: int = 2) -> list[Run]:
        """Runs whose id starts with `text`, the newest first."""
        query = select(Run).where(col(Run.id).startswith(text, autoescape=True))
        with self._database.read() as session:
            return list(session.exec(query.order_by(col(Run.created).desc()).limit(limit)))

    def all(self, pipeline_id: str | None = None, limit: int = 50) -> list[Run]:
        """Runs, the newest first."""
        query = select(Run).order_by(col(Run.created).desc()).limit(limit)
        if pipeline_id is not None:
            query = query.where(Run.pipeline_id == pipeline_id)
        with self._database.read() as session:
            return list(session.exec(query))

    def heads(self, pipeline_id: str | None = None, limit: int = 50) -> list[Run]:
        """Like `all`, for lists: does not load the documents, the largest part of a row."""
        return self.matching(RunQuery(pipeline=pipeline_id or "", with_imports=True), limit)

    def matching(self, query: RunQuery, limit: int) -> list[Run]:
        """The runs that a query chooses, without their documents; newest first where it sorts by a metric."""
        light = defer(Run.document)  # type: ignore[arg-type]
        rows = select(Run).options(light).where(*query.conditions())
        with self._database.read() as session:
            return list(session.exec(rows.order_by(query.order(), col(Run.created).desc()).limit(limit)))

    def latest_states(self) -> dict[str, str]:
        """The state of the newest run of each pipeline, by pipeline id."""
        newest = select(Run.pipeline_id, func.max(Run.created).label("created")).group_by(col(Run.pipeline_id))
        each = newest.subquery()
        same = (col(Run.pipeline_id) == each.c.pipeline_id) & (col(Run.created) == each.c.created)
        with self._database.read() as session:
            return {str(id): state for id, state in session.exec(select(Run.pipeline_id, Run.state).join(each, same))}

    def latest(self, pipeline_id: str) -> Run | None:
        """The newest run of a pipeline; None if it never ran."""
        return next(iter(self.all(pipeline_id, 1)), None)

    def active(self, pipeline_id: str) -> Run | None:
        """The queued or running run of a pipeline; None without one."""
        query = select(Run).where(Run.pipeline_id == pipeline_id, col(Run.state).in_(ACTIVE))
        with self._database.read() as session:
            return session.exec(query).first()

    def queued(self, limit: int | None = None) -> list[str]:
        """The ids of runs that wait for an engine, the oldest first."""
        query = select(Run.id).where(Run.state == "queued", col(Run.owner).is_(None)).order_by(col(Run.created))
        with self._database.read() as session:
            return list(session.exec(query.limit(limit)))

    def waiting_before(self, run: Run) -> int:
        """The number of queued runs that the engine takes before this one."""
        earlier = select(func.count()).where(Run.state == "queued", col(Run.owner).is_(None))
        with self._database.read() as session:
            return int(session.exec(earlier.where(Run.created < run.created)).one())

    def running(self) -> set[str]:
        """The ids of runs that a process is executing."""
        with self._database.read() as session:
            return set(session.exec(select(Run.id).where(Run.state == "running")))

    def request_cancel(self, id: str) -> None:
        """Request cancellation of a run; a queued one is cancelled immediately."""
        now = time.time()
        with self._database.write() as session:
            session.exec(update(Run).where(col(Run.id) == id, col(Run.state).in_(ACTIVE)).values(cancel_requested=True))
            waiting = update(Run).where(col(Run.id) == id, col(Run.state) == "queued")
            if session.exec(waiting.values(state="cancelled", ended=now)).rowcount:
                _announce(session, id, None, "run", {"state": "cancelled"})
        self._record.note("run", id)

    def cancel_requested(self, id: str) -> bool:
        """Whether cancellation of a run was requested."""
        with self._database.read() as session:
            return bool(session.exec(select(Run.cancel_requested).where(Run.id == id)).first())

    def claim(self, id: str, nodes: Iterable[Mapping[str, Any]], owner: str = "") -> int | None:
        """Claim a queued run for its owner and insert a row for each of its nodes (the fields of NodeRun).

        Returns the attempt, or None if the run was claimed already, cancelled or belongs to another owner.
        """
        now = time.time()
        with self._database.record() as session:
            run = session.get(Run, id)
            if run is None or run.state != "queued" or run.owner not in (None, owner):
                return None
            run.state, run.started, run.attempt, run.owner = "running", now, run.attempt + 1, owner
            rows = [{**node, "run_id": id, "attempt": run.attempt} for node in nodes]
            if rows:
                session.connection().execute(insert(NodeRun), rows)
            _announce(session, id, None, "run", {"state": "running"})
            return run.attempt

    def nodes(self, id: str) -> dict[str, NodeRun]:
        """The rows of the nodes of a run, by node."""
        with self._database.read() as session:
            return {row.node: row for row in session.exec(select(NodeRun).where(NodeRun.run_id == id))}

    def nodes_of(self, ids: Collection[str]) -> dict[str, dict[str, NodeRun]]:
        """The rows of the nodes of many runs, by run and node; for lists: does not load the key parts."""
        light = defer(NodeRun.parts)  # type: ignore[arg-type]
        query = select(NodeRun).options(light).where(col(NodeRun.run_id).in_(ids))
        rows: dict[str, dict[str, NodeRun]] = {id: {} for id in ids}
        with self._database.read() as session:
            for row in session.exec(query):
                rows[row.run_id][row.node] = row
        return rows

    def node(self, id: str, node: str) -> NodeRun | None:
        """The row of one node of a run; None if there is none."""
        with self._database.read() as session:
            return session.get(NodeRun, (id, node))

    def computed(self, row: NodeRun) -> NodeRun | None:
        """The last node that computed the result that a node reuses; None if its run was removed."""
        is_it = (col(NodeRun.key) == row.key) & (col(NodeRun.state) == "finished")
        with self._database.read() as session:
            return session.exec(select(NodeRun).where(is_it).order_by(col(NodeRun.ended).desc()).limit(1)).first()

    def previous_parts(self, run: Run) -> dict[str, dict[str, Any]]:
        """The key parts of each node when it last had a result, in the last runs of the same pipeline.

        Runs of a file, which belong to no pipeline, are matched by name.
        """
        if run.pipeline_id is not None:
            same = col(Run.pipeline_id) == run.pipeline_id
        else:
            same = col(Run.pipeline_id).is_(None) & (col(Run.name) == run.name)
        return self._last_parts(same, col(Run.id) != run.id)

    def parts_of(self, name: str) -> dict[str, dict[str, Any]]:
        """The key parts of each node when it last had a result, in the last runs of pipelines of a name."""
        return self._last_parts(col(Run.name) == name)

    def _last_parts(self, *conditions: ColumnElement[bool]) -> dict[str, dict[str, Any]]:
        recent = select(Run.id).where(*conditions).order_by(col(Run.created).desc()).limit(REMEMBERED_RUNS)
        query = (
            select(NodeRun.node, NodeRun.parts)
            .join(Run, col(Run.id) == col(NodeRun.run_id))
            .where(col(NodeRun.run_id).in_(recent), col(NodeRun.key).is_not(None))
            .where(col(NodeRun.state).in_(("finished", "reused")))
            .order_by(col(Run.created))
        )
        with self._database.read() as session:
            return {node: dict(parts) for node, parts in session.exec(query)}

    def record(self, id: str, attempt: int, changes: Mapping[str, Mapping[str, Any]]) -> None:
        """Write new values of nodes and their events. Raises StaleAttempt if another process took the run over."""
        with self._database.record() as session:
            self.record_in(session, id, attempt, changes)

    def record_in(self, session: Session, id: str, attempt: int, changes: Mapping[str, Mapping[str, Any]]) -> None:
        """`record` inside a transaction."""
        connection = session.connection()
        if connection.execute(_ATTEMPT, {"id": id}).scalar() != attempt:
            raise StaleAttempt(f"run {id} was taken over by another process")
        alike: dict[tuple[str, ...], list[dict[str, Any]]] = defaultdict(list)
        for node, values in changes.items():
            alike[tuple(values)].append({"run_": id, "node_": node, **values})
        for names, rows in alike.items():
            if names:
                connection.execute(_setting(names), rows)
        now = time.time()
        events = [
            {"run_id": id, "node": node, "kind": "node", "body": _announced(values), "at": now}
            for node, values in changes.items()
        ]
        if events:
            connection.execute(insert(Event), events)

    def describe(self, id: str, *, description: str | None = None, tags: Mapping[str, str] | None = None) -> Run:
        """Replace the description, the tags, or both; returns the run. Raises FileMissing or InvalidParameter."""
        values: dict[str, Any] = {}
        if description is not None:
            values["description"] = checked_description(description)
        if tags is not None:
            values["tags"] = checked_tags(tags)
        if values:
            with self._database.write() as session:
                session.exec(update(Run).where(col(Run.id) == id).values(**values))
            self._record.note("run", id)
        return self.get(id)

    def tag_in(self, session: Session, id: str, attempt: int, tags: Mapping[str, str]) -> None:
        """Set tags inside a transaction, as far as there is room. Raises StaleAttempt."""
        current = session.exec(select(Run.tags).where(Run.id == id, Run.attempt == attempt)).first()
        if current is None:
            raise StaleAttempt(f"run {id} was taken over by another process")
        kept = dict(list({**current, **tags}.items())[:TAGS])
        session.exec(update(Run).where(col(Run.id) == id).values(tags=kept))

    def finish(self, id: str, attempt: int, state: str, error: Mapping[str, Any] | None = None) -> None:
        """Record the end of a run. Raises StaleAttempt if another process took it over or ended it."""
        own_row = update(Run).where(col(Run.id) == id, col(Run.attempt) == attempt, col(Run.state).in_(ACTIVE))
        values = {"state": state, "ended": time.time(), "error": dict(error) if error else None}
        with self._database.record() as session:
            if session.exec(own_row.values(**values)).rowcount == 0:
                raise StaleAttempt(f"run {id} was taken over by another process")
            _announce(session, id, None, "run", {"state": state})
        self._record.note("run", id)

    def owned(self) -> list[Run]:
        """The runs with an owner that have not ended: running, or queued with an owner."""
        with self._database.read() as session:
            owned = (col(Run.state) == "queued") & col(Run.owner).is_not(None)
            return list(session.exec(select(Run).where((col(Run.state) == "running") | owned)))

    def events_after(self, sequence: int, run_id: str | None = None, limit: int = 1000) -> list[Event]:
        """The events after a sequence number, in order."""
        query = select(Event).where(col(Event.sequence) > sequence).order_by(col(Event.sequence)).limit(limit)
        if run_id is not None:
            query = query.where(Event.run_id == run_id)
        with self._database.read() as session:
            return list(session.exec(query))

    def last_sequence(self) -> int:
        """The sequence number of the newest event; 0 without events."""
        with self._database.read() as session:
            return int(session.exec(select(func.max(Event.sequence))).one() or 0)

    def forget_events(self, before: float) -> None:
        """Delete events older than `before` (seconds since 1970); the states of runs and nodes stay."""
        with self._database.record() as session:
            session.exec(delete(Event).where(col(Event.at) < before))

    def crash(self, run: Run, why: str) -> bool:
        """Mark a run and its nodes as crashed; returns False if it has changed since it was read."""
        now = time.time()
        error = {"type": "Crashed", "message": f"{why} Run it again."}
        with self._database.write() as session:
            unchanged = update(Run).where(col(Run.id) == run.id, col(Run.state) == run.state)
            unchanged = unchanged.where(col(Run.attempt) == run.attempt)
            if session.exec(unchanged.values(state="crashed", ended=now, error=error)).rowcount == 0:
                return False
            nodes = update(NodeRun).where(col(NodeRun.run_id) == run.id)
            session.exec(nodes.where(col(NodeRun.state) == "running").values(state="crashed", ended=now, error=error))
            session.exec(nodes.where(col(NodeRun.state) == "queued").values(state="skipped"))
            _announce(session, run.id, None, "run", {"state": "crashed"})
        self._record.note("run", run.id)
        return True


def new_run(
    document: Mapping[str, Any],
    *,
    pipeline_id: str | None = None,
    revision: int | None = None,
    to: str | None = None,
    force: bool = False,
    owner: str | None = None,
    submission: Submission | None = None,
    assignments: Mapping[str, Any] | None = None,
) -> Run:
    """The row of a run to be queued, see `Runs.create`. Raises InvalidParameter for unusable names."""
    about = (submission or Submission()).checked()
    return Run(
        id=uuid.uuid4().hex, pipeline_id=pipeline_id, name=str(document.get("name", "")), revision=revision,
        document=dict(document), created=time.time(), to_node=to, force=force, owner=owner,
        experiment=about.experiment, description=about.description, tags=dict(about.tags),
        source=dict(about.source), trigger=dict(about.trigger), submitted_by=about.submitted_by,
        assignments=dict(assignments or {}), published=about.trigger.get("endpoint"),
        compute=about.compute,
    )  # fmt: skip


def _last_created(session: Session) -> float:
    """The creation time of the newest run; the next one gets a later time even if the clock was set back."""
    return session.exec(select(func.max(Run.created))).one() or 0.0


def _refuse_where_full(session: Session, pipeline_id: str | None, most: MostRuns) -> None:
    active = col(Run.state).in_(ACTIVE)
    count = session.exec(select(func.count()).select_from(Run).where(active)).one()
    if count < most.at_once + most.waiting:
        return
    if pipeline_id and session.exec(select(Run.id).where(active, Run.pipeline_id == pipeline_id)).first():
        return  # `create` returns the active run
    raise TooManyRuns(
        f"{most.waiting} runs are queued, and {most.at_once} are running",
        "Try again when some have ended, or cancel some on the Runs page.",
    )


@lru_cache(maxsize=64)
def _setting(names: tuple[str, ...]) -> Update:
    """The statement that sets these columns of a node's row; made once, as SQLAlchemy then compiles it once."""
    table = table_of(NodeRun)
    own_row = update(table).where(table.c.run_id == bindparam("run_"), table.c.node == bindparam("node_"))
    return own_row.values({name: bindparam(name) for name in names})


def _announced(values: Mapping[str, Any]) -> dict[str, Any]:
    return {name: values[name] for name in ANNOUNCED if name in values}


def _announce(session: Session, run_id: str, node: str | None, kind: str, body: dict[str, Any]) -> None:
    session.add(Event(run_id=run_id, node=node, kind=kind, body=body, at=time.time()))
