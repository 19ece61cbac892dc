"""Schedules: published pipelines that run by themselves, at times or when files or a dataset change."""

from __future__ import annotations

import time
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any, Literal
from zoneinfo import ZoneInfo

from designer.contract.errors import DesignerError, InvalidParameter
from designer.engine.schedules.firing import fire_by_hand, next_look, timing_of
from designer.engine.schedules.schedule import (
    CATCH_UP,
    CatchUp,
    checked_cron,
    explained,
    following,
    in_words,
    local_zone,
    seconds_of,
    zone_named,
)
from designer.engine.schedules.watching import first_look, place_of
from designer.engine.submitting import checked_assignments
from designer.pipeline.document import from_document
from designer.pipeline.graph import PipelineParameter
from designer.store.history.submission import checked_name
from designer.store.records import EndpointVersion, Run, Schedule, ScheduleFire
from designer.store.workspace import Workspace
from designer.workbench.publishing import found_published

Overlap = Literal["skip", "queue"]
OVERLAP: tuple[Overlap, ...] = ("skip", "queue")
FAILURES = 5
"""After so many failed runs in a row it is said that a schedule fails."""
POLL = "1m"
WATCHED: Mapping[str, tuple[str, tuple[str, ...]]] = {
    "files": ("the path of a file", ("path", "datapath", "string", "text")),
    "dataset": ("the name of a dataset with its version", ("dataset", "string", "text")),
}
"""What changed, in words, by what is watched, and the types of the parameters that take it."""


@dataclass(frozen=True)
class When:
    """When a schedule runs: exactly one of `cron`, `every`, `files` and `dataset`.

    `cron` has five fields or is @daily and the like, in `timezone` (default: that of this computer). `every` is a
    length of time such as "15m". `files` is a folder or a pattern such as `/data/incoming/*.csv`, `dataset` the name of
    a dataset; what changed becomes the value of the parameter `into`, looked at every `poll`.
    """

    cron: str = ""
    timezone: str = ""
    every: str = ""
    files: str = ""
    dataset: str = ""
    into: str = ""
    poll: str = POLL


@dataclass(frozen=True)
class Standing:
    """A schedule with its newest fires, the states of their runs, and how many runs failed in a row."""

    schedule: Schedule
    fires: list[ScheduleFire]
    states: Mapping[str, str]
    failures: int

    @property
    def is_failing(self) -> bool:
        """Whether so many runs failed in a row that it is said."""
        return self.failures >= FAILURES


@dataclass(frozen=True)
class Schedules:
    """The schedules of a workspace. The engine queues their runs while Designer runs."""

    workspace: Workspace

    def add(
        self,
        name: str,
        published: str,
        when: When,
        *,
        version: int | str | None = None,
        parameters: Mapping[str, Any] | None = None,
        experiment: str = "",
        catch_up: CatchUp = "once",
        overlap: Overlap = "skip",
        starts: float | None = None,
        ends: float | None = None,
        replaces: bool = False,
    ) -> Schedule:
        """Add a schedule of a published pipeline; it never runs at once.

        `version` is a number or label, by default the default version at each time. `catch_up` says what becomes of
        times that were missed: one run for those of the last day, or none. `overlap` says what becomes of a time while
        the run before goes on. With `replaces` a schedule of this name is changed.

        Raises NameTaken, FileMissing for an unknown pipeline, version, folder or dataset, InvalidParameter for a time
        that cannot be, a parameter that is not there, a value that does not fit.
        """
        label, now = checked_name(name, "name"), time.time()
        endpoint = found_published(self.workspace, published)
        chosen = self.workspace.endpoints.version_called(endpoint, version)
        _require_choice("catch_up", catch_up, CATCH_UP)
        _require_choice("overlap", overlap, OVERLAP)
        if starts is not None and ends is not None and ends <= starts:
            raise InvalidParameter("it ends before it starts", "Give a later end.", parameter="ends")
        values = self._values(chosen, parameters or {}, when)
        schedule = Schedule(
            name=label, endpoint=endpoint.name, version=chosen.version if version is not None else None,
            experiment=checked_name(experiment, "experiment") if experiment else "", catch_up=catch_up,
            overlap=overlap, starts=starts, ends=ends, created=now, changed=now, checked=now,
            parameters=values, **self._times(when),
        )  # fmt: skip
        schedule.next_due = next_look(schedule, now)
        if schedule.next_due is None:
            raise InvalidParameter("there is no time left before it ends", "Give a later end.", parameter="ends")
        return self._replaced(schedule) if replaces else self.workspace.schedules.add(schedule)

    def all(self, published: str | None = None) -> list[Schedule]:
        """The schedules by name; those of one published pipeline if it is named."""
        address = found_published(self.workspace, published).name if published is not None else None
        return self.workspace.schedules.all(address)

    def get(self, name: str) -> Schedule:
        """A schedule. Raises FileMissing."""
        return self.workspace.schedules.get(name)

    def enable(self, name: str) -> Schedule:
        """Let it run again, from now on: what was due meanwhile stays undone. Raises FileMissing."""
        schedule, now = self.get(name), time.time()
        if not schedule.enabled:
            seen = first_look(self.workspace, schedule.watch) if schedule.watch else {}
            schedule.checked = now
            self.workspace.schedules.change(
                name, enabled=True, checked=now, changed=now, seen=seen, next_due=next_look(schedule, now), problem=""
            )
        return self.get(name)

    def disable(self, name: str) -> Schedule:
        """Queue no more runs; those that are queued or running go on. Raises FileMissing."""
        self.get(name)
        self.workspace.schedules.change(name, enabled=False, changed=time.time(), next_due=None)
        return self.get(name)

    def fire(self, name: str) -> Run:
        """Queue a run now, whatever its times. Raises FileMissing, and what keeps it from running."""
        return fire_by_hand(self.workspace, self.get(name), time.time())

    def fires(self, name: str, limit: int = 100) -> list[ScheduleFire]:
        """What became of its times, newest first; raises FileMissing."""
        self.get(name)
        return self.workspace.schedules.fires(name, limit)

    def standing(self, name: str, limit: int = 20) -> Standing:
        """A schedule with its newest fires, and whether it fails. Raises FileMissing."""
        schedule, fires = self.get(name), self.fires(name, max(limit, FAILURES))
        states = self.workspace.schedules.run_states(fires)
        return Standing(schedule, fires[:limit], states, failures_in_row(fires, states))

    def next_times(self, name: str, count: int = 5) -> list[float]:
        """Its next times; empty for one that is disabled or watches. Raises FileMissing."""
        schedule = self.get(name)
        if not schedule.enabled or schedule.watch:
            return []
        return following(timing_of(schedule), max(time.time(), schedule.checked), count)

    def times_of(self, when: When, count: int = 5) -> tuple[str, str, list[float]]:
        """Times before they are kept: in words, their time zone, and the next ones. Raises InvalidParameter."""
        times = self._times(when, look=False)
        schedule = Schedule(name="", endpoint="", created=time.time(), changed=0, **times)
        next_ones = [] if schedule.watch else following(timing_of(schedule), time.time(), count)
        return words_of(schedule), schedule.timezone, next_ones

    def delete(self, name: str) -> None:
        """Remove a schedule with the record of its times; its runs stay. Raises FileMissing."""
        self.get(name)
        self.workspace.schedules.delete(name)

    def idle_since(self) -> float | None:
        """Since when no engine runs, so that nothing is queued; None while one does. 0 if none ever ran."""
        if self.workspace.engine_is_running():
            return None
        try:
            return self.workspace.engine_lock.stat().st_mtime
        except OSError:
            return 0.0

    def _times(self, when: When, *, look: bool = True) -> dict[str, Any]:
        """The columns of a schedule that say when it runs."""
        given = [name for name in ("cron", "every", "files", "dataset") if getattr(when, name)]
        if len(given) != 1:
            what = "no time is given" if not given else f"{' and '.join(given)} are both given"
            raise InvalidParameter(
                what, "Give one of cron, every, files and dataset.", parameter=(given or ["cron"])[0]
            )
        zone = zone_named(when.timezone) if when.timezone else local_zone()
        match given[0]:
            case "cron":
                return {"cron": checked_cron(when.cron), "timezone": zone}
            case "every":
                return {"every": seconds_of(when.every), "timezone": zone}
            case _:
                watch = self._watch(when)
                try:
                    seen = first_look(self.workspace, watch) if look else {}
                except DesignerError as error:
                    raise error.at(parameter=given[0]) from None
                return {"watch": watch, "timezone": zone, "seen": seen}

    def _watch(self, when: When) -> dict[str, Any]:
        poll = {"poll": seconds_of(when.poll, "poll"), "into": when.into}
        if when.dataset:
            return {"kind": "dataset", "name": when.dataset, **poll}
        folder, pattern = place_of(when.files)
        return {"kind": "files", "folder": folder, "pattern": pattern, **poll}

    def _values(self, version: EndpointVersion, given: Mapping[str, Any], when: When) -> dict[str, Any]:
        """The values of each run, checked as those of a run now; the one of `into` is known at each time only."""
        pipeline, into = from_document(version.document), when.into
        if into and into not in pipeline.parameters:
            checked_assignments(self.workspace, pipeline, {into: ""})  # raises with the closest name
        if into and pipeline.parameters[into].type == "datapath":
            self._require_datastore(when)
        if into:
            _require_taker(when, pipeline.parameters)
        if into in given:
            raise InvalidParameter(f"'{into}' is a value and what changes", "Give it one way.", parameter="into")
        others = {name: each for name, each in pipeline.parameters.items() if name != into}
        return checked_assignments(self.workspace, replace(pipeline, parameters=others), given)

    def _require_datastore(self, when: When) -> None:
        """Raise InvalidParameter unless the watched files lie in a datastore, so that their paths can name it."""
        if when.dataset:
            remedy = "Watch files of a datastore, or choose a parameter that is a dataset."
            raise InvalidParameter(f"'{when.into}' is a path in a datastore", remedy, parameter="into")
        self.workspace.datastores.containing(place_of(when.files)[0])

    def _replaced(self, schedule: Schedule) -> Schedule:
        try:
            before = self.get(schedule.name)
        except DesignerError:
            return self.workspace.schedules.add(schedule)
        values = schedule.model_dump(exclude={"name", "created", "enabled"})
        self.workspace.schedules.change(schedule.name, **values)
        if not before.enabled:
            self.workspace.schedules.change(schedule.name, next_due=None)
        return self.get(schedule.name)


def takers_of(kind: str, parameters: Mapping[str, PipelineParameter]) -> list[str]:
    """The parameters that take what changed; `kind` is files or dataset."""
    types = WATCHED[kind][1]
    return [name for name, each in parameters.items() if each.type in types and not each.choices]


def moment_of(text: str, timezone: str = "", parameter: str = "starts") -> float | None:
    """The time written as `2026-05-01` or `2026-05-01T06:30`, in a time zone (default: this computer's).

    None for an empty text. Raises InvalidParameter naming the parameter.
    """
    if not text:
        return None
    zone = ZoneInfo(zone_named(timezone) if timezone else local_zone())
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        raise InvalidParameter(
            f"'{text[:40]}' is no time", "Write 2026-05-01 or 2026-05-01T06:30.", parameter=parameter
        ) from None
    return (moment if moment.tzinfo else moment.replace(tzinfo=zone)).timestamp()


def words_of(schedule: Schedule) -> str:
    """When a schedule runs, in words."""
    if schedule.cron:
        return explained(schedule.cron, schedule.timezone)
    if schedule.every:
        return f"Every {in_words(schedule.every)}"
    watch = schedule.watch
    if watch.get("kind") == "dataset":
        return f"On a new version of {watch['name']}"
    pattern = "" if watch["pattern"] == "**" else f"/{watch['pattern']}"
    return f"On a change of {watch['folder']}{pattern}"


def failures_in_row(fires: list[ScheduleFire], states: Mapping[str, str]) -> int:
    """How many of the newest fires failed without one that did not; skipped and missed ones do not count."""
    count = 0
    for fire in fires:
        state = states.get(fire.run_id or "", "")
        if fire.outcome == "failed" or state in ("failed", "crashed"):
            count += 1
        elif fire.outcome == "fired" and state not in ("queued", "running"):
            break
    return count


def _require_taker(when: When, parameters: Mapping[str, PipelineParameter]) -> None:
    """Raise InvalidParameter unless the parameter that gets what changed takes it."""
    kind = "dataset" if when.dataset else "files"
    if not when.dataset and not when.files:
        raise InvalidParameter("nothing is watched whose change is a value", "Leave it out.", parameter="into")
    takers = takers_of(kind, parameters)
    if when.into not in takers:
        would = f"Choose {' or '.join(takers)}." if takers else "Leave it out, or promote a setting that takes it."
        problem = f"'{when.into}' does not take {WATCHED[kind][0]}: its type is {parameters[when.into].type}"
        raise InvalidParameter(problem, would, parameter="into")


def _require_choice(name: str, value: str, choices: tuple[str, ...]) -> None:
    if value not in choices:
        raise InvalidParameter(
            f"'{value}' is not one of the choices", f"Choose {' or '.join(choices)}.", parameter=name
        )
