"""Queue the runs of schedules that are due: the record of the time and the run are one transaction.

The engine calls it once a second. A time runs once, whatever ends the engine in between, and whoever else calls it.
"""

from __future__ import annotations

import contextlib
import os
import sys
import threading
import time
import traceback
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal
from zoneinfo import ZoneInfo

from sqlmodel import Session

from designer.contract.errors import DesignerError
from designer.engine.schedules.schedule import Decision, Timing, decide, due, next_due
from designer.engine.schedules.watching import Look, look
from designer.engine.submitting import run_of_version
from designer.store.history.submission import DEFAULT, Submission
from designer.store.records import EndpointVersion, Run, Schedule, ScheduleFire
from designer.store.schedules import active_run_in, forget_old_fires_in, has_fired_in
from designer.store.workspace import Workspace

Outcome = Literal["fired", "missed", "skipped", "failed"]
LOOK_SECONDS = 1.0
ALIVE_SECONDS = 15.0
AT_ONCE = 100
"""The most changes of a watched place that are queued at one look."""
APART_SECONDS = 0.001
"""The time between the recorded times of changes found at one look."""


class Scheduler:
    """A thread of the engine that looks at the schedules by the wall clock; it notices sleep and clock changes."""

    def __init__(self, workspace: Workspace, clock: Callable[[], float] = time.time) -> None:
        self._workspace = workspace
        self._clock = clock
        self._stop = threading.Event()
        self._alive_at = 0.0
        self._thread = threading.Thread(target=self._serve, name="schedules", daemon=True)

    def start(self) -> None:
        """Begin to look."""
        self._thread.start()

    def close(self) -> None:
        """Stop, and wait for the transaction in progress."""
        self._stop.set()
        if self._thread.is_alive():
            self._thread.join(timeout=15)

    def _serve(self) -> None:
        while not self._stop.is_set():
            try:
                fire_due(self._workspace, self._clock())
                self._note_alive()
            except DesignerError as error:  # the disk may be full, the database locked
                sys.stderr.write(f"Schedules: {error}\n")
            except Exception:
                traceback.print_exc()
            self._stop.wait(LOOK_SECONDS)

    def _note_alive(self) -> None:
        """Touch the lock of the engine now and then, which tells since when none runs."""
        now = time.monotonic()
        if now - self._alive_at > ALIVE_SECONDS:
            self._alive_at = now
            with contextlib.suppress(OSError):
                os.utime(self._workspace.engine_lock)


@dataclass(frozen=True)
class _Fire:
    """One time that runs: what is recorded, and the row of the run or the reason why there is none."""

    due: float
    reason: str = ""
    run: Run | None = None
    error: DesignerError | None = None


def fire_due(workspace: Workspace, now: float) -> int:
    """Look at all schedules; returns how many runs were queued."""
    return sum(_fire(workspace, schedule, now) for schedule in workspace.schedules.wanting(now))


def fire_by_hand(workspace: Workspace, schedule: Schedule, now: float) -> Run:
    """Queue a run of a schedule now, enabled or not. Raises what keeps it from running, which is recorded as well."""
    fire = _made(workspace, schedule, round(now, 3), "by hand", {})
    with workspace.database.write() as session:
        run_id, error = _record(session, workspace, schedule.name, fire)
    if run_id is None:
        assert error is not None
        raise error
    workspace.runs.note(run_id)
    return workspace.runs.get(run_id)


def timing_of(schedule: Schedule) -> Timing:
    """The times of a schedule."""
    return Timing(
        schedule.cron, schedule.timezone, schedule.every, schedule.created, schedule.starts, schedule.ends,
        schedule.checked,
    )  # fmt: skip


def next_look(schedule: Schedule, now: float) -> float | None:
    """When a schedule is to be looked at next; None for one without further times."""
    if not schedule.watch:
        return next_due(timing_of(schedule), now)
    time = max(now, schedule.starts or 0.0) + float(schedule.watch["poll"])
    return time if schedule.ends is None or time <= schedule.ends else None


def _fire(workspace: Workspace, schedule: Schedule, now: float) -> int:
    return _fire_changes(workspace, schedule, now) if schedule.watch else _fire_times(workspace, schedule, now)


def _fire_times(workspace: Workspace, schedule: Schedule, now: float) -> int:
    times = due(timing_of(schedule), now)
    decision = decide(times, now, "skip" if schedule.catch_up == "skip" else "once")
    if not times and schedule.next_due is not None and schedule.next_due > schedule.checked:
        decision = Decision(missed=(schedule.next_due,))  # longer ago than is caught up with
    fire = None
    if decision.runs is not None:
        fire = _made(workspace, schedule, decision.runs, decision.reason, {})
    run_id = None
    with workspace.database.write() as session:
        row = _same(session, schedule)
        if row is None:
            return 0
        _record_missed(session, schedule, decision.missed)
        if fire is not None and not has_fired_in(session, schedule.name, fire.due):
            run_id = _run_or_skip(session, workspace, schedule, fire)
        row.checked, row.next_due = max(now, schedule.checked), next_look(schedule, max(now, schedule.checked))
    _note(workspace, [run_id])
    return int(run_id is not None)


def _fire_changes(workspace: Workspace, schedule: Schedule, now: float) -> int:
    try:
        found, problem = look(workspace, schedule.watch, schedule.seen, now), ""
    except DesignerError as error:
        found, problem = Look(), str(error)
    groups = _groups(schedule, tuple(found.changes))
    fires = [
        _made(workspace, schedule, round(now + n * APART_SECONDS, 3), _changed(names), _into(schedule, names))
        for n, names in enumerate(groups)
    ]
    ids: list[str | None] = []
    with workspace.database.write() as session:
        row = _same(session, schedule)
        if row is None:
            return 0
        waits = schedule.overlap == "skip" and active_run_in(session, schedule.name) is not None
        taken = [] if waits else list(zip(groups, fires, strict=True))  # a change waits, it is not skipped
        for _, fire in taken:
            ids.append(_record(session, workspace, schedule.name, fire)[0])
        row.seen = found.seen(schedule.seen, tuple(name for names, _ in taken for name in names))
        row.problem, row.checked, row.next_due = problem, now, next_look(schedule, now)
    _note(workspace, ids)
    return sum(id is not None for id in ids)


def _groups(schedule: Schedule, names: tuple[str, ...]) -> list[tuple[str, ...]]:
    """The changes that make a run each: all in one, or one by one where the changed one is a value of the run."""
    if not names or not schedule.watch.get("into"):
        return [names] if names else []
    return [(name,) for name in names[: 1 if schedule.overlap == "skip" else AT_ONCE]]


def _into(schedule: Schedule, names: tuple[str, ...]) -> dict[str, Any]:
    into = schedule.watch.get("into")
    return {into: names[0]} if into else {}


def _changed(names: tuple[str, ...]) -> str:
    first = names[0].rpartition("/")[2]
    return f"{first} changed" if len(names) == 1 else f"{first} and {len(names) - 1} more changed"


def _made(workspace: Workspace, schedule: Schedule, due: float, reason: str, values: Mapping[str, Any]) -> _Fire:
    """The run of a time, with the check of its values outside the transaction."""
    trigger = {"kind": "schedule", "schedule": schedule.name, "due": due}
    about = Submission(schedule.experiment or DEFAULT, "", {}, trigger)
    try:
        endpoint = workspace.endpoints.get(schedule.endpoint, "pipeline")
        version = workspace.endpoints.version(endpoint.name, schedule.version)
        assignments = {**schedule.parameters, **_placed(workspace, version, values)}
        run = run_of_version(workspace, endpoint, version, assignments=assignments, submission=about)
    except DesignerError as error:
        return _Fire(due, reason, error=error)
    return _Fire(due, reason, run)


def _placed(workspace: Workspace, version: EndpointVersion, values: Mapping[str, Any]) -> dict[str, Any]:
    """The changed files as values: for a parameter that is a path in a datastore, with the datastore they lie in."""
    places = {name for name, each in version.parameters.items() if each["type"] == "datapath"}
    return {name: workspace.datastores.containing(value) if name in places else value for name, value in values.items()}


def _same(session: Session, schedule: Schedule) -> Schedule | None:
    """The row of a schedule, if nobody else changed it or took its time since it was read."""
    row = session.get(Schedule, schedule.name)
    is_same = row is not None and row.enabled and (row.checked, row.changed) == (schedule.checked, schedule.changed)
    return row if is_same else None


def _run_or_skip(session: Session, workspace: Workspace, schedule: Schedule, fire: _Fire) -> str | None:
    active = active_run_in(session, schedule.name) if schedule.overlap == "skip" else None
    if active is None:
        return _record(session, workspace, schedule.name, fire)[0]
    reason = f"its run {active[:8]} has not ended"
    session.add(_row(schedule.name, fire.due, "skipped", reason))
    return None


def _record(session: Session, workspace: Workspace, name: str, fire: _Fire) -> tuple[str | None, DesignerError | None]:
    """Record a time with its run; returns the id of the run, or None and the reason why there is none."""
    error = fire.error
    if fire.run is not None:
        try:
            workspace.runs.insert_in(session, fire.run)
        except DesignerError as refusal:  # the queue is full, or the experiment archived: nothing was written yet
            error = refusal
    run_id = fire.run.id if fire.run is not None and error is None else None
    reason = fire.reason if error is None else str(error)
    session.add(_row(name, fire.due, "failed" if run_id is None else "fired", reason, run_id))
    forget_old_fires_in(session, name)
    return run_id, error


def _record_missed(session: Session, schedule: Schedule, times: tuple[float, ...]) -> None:
    """One row for the times that were missed in a row."""
    if not times or has_fired_in(session, schedule.name, times[-1]):
        return
    first = _moment(times[0], schedule.timezone)
    reason = f"{len(times):,} times since {first}" if len(times) > 1 else "found too late"
    session.add(_row(schedule.name, times[-1], "missed", reason))


def _row(name: str, due: float, outcome: Outcome, reason: str, run_id: str | None = None) -> ScheduleFire:
    return ScheduleFire(schedule=name, due=due, outcome=outcome, run_id=run_id, reason=reason, at=time.time())


def _moment(seconds: float, timezone: str) -> str:
    return f"{datetime.fromtimestamp(seconds, ZoneInfo(timezone)):%d %b %H:%M}"


def _note(workspace: Workspace, run_ids: list[str | None]) -> None:
    for id in run_ids:
        if id is not None:
            workspace.runs.note(id)
