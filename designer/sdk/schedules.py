"""Schedules in code: published pipelines that run by themselves."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal, TypeAlias

from designer.contract.errors import InvalidParameter
from designer.contract.wording.articles import with_article
from designer.sdk.connections.connection import Connection
from designer.sdk.datasets import Dataset
from designer.sdk.datastores import StorePath
from designer.sdk.published import Published
from designer.store.records import ScheduleFire
from designer.workbench.schedules import When, words_of

if TYPE_CHECKING:
    from designer.sdk.runs import Run

MakesRun: TypeAlias = "Callable[[str, Connection], Run]"


@dataclass(frozen=True)
class Fire:
    """What became of one time: fired with a run, missed, skipped or failed, with the reason."""

    due: datetime
    outcome: str
    reason: str
    run: Run | None


class Schedule:
    """A schedule of a workspace."""

    def __init__(self, name: str, connection: Connection, makes_run: MakesRun) -> None:
        self.name = name
        self._connection = connection
        self._makes_run = makes_run

    @property
    def published(self) -> str:
        """The address of the published pipeline that it runs."""
        return self._connection.schedule(self.name).schedule.endpoint

    @property
    def when(self) -> str:
        """When it runs, in words."""
        return words_of(self._connection.schedule(self.name).schedule)

    @property
    def parameters(self) -> Mapping[str, Any]:
        """The values that its runs are given."""
        return self._connection.schedule(self.name).schedule.parameters

    @property
    def is_enabled(self) -> bool:
        """Whether it runs."""
        return self._connection.schedule(self.name).schedule.enabled

    @property
    def is_failing(self) -> bool:
        """Whether its last five runs failed."""
        return self._connection.schedule(self.name).is_failing

    @property
    def next_times(self) -> list[datetime]:
        """Its next five times; empty while it is disabled, and for one that waits for a change."""
        return [_moment(time) for time in self._connection.schedule_times(self.name)]

    @property
    def fires(self) -> list[Fire]:
        """What became of its last times, newest first."""
        return [self._fire(row) for row in self._connection.schedule(self.name).fires]

    def fire(self) -> Run:
        """Queue a run now, whatever its times."""
        return self._makes_run(self._connection.fire_schedule(self.name).id, self._connection)

    def enable(self) -> None:
        """Let it run again from now on."""
        self._connection.enable_schedule(self.name, enabled=True)

    def disable(self) -> None:
        """Queue no more runs until it is enabled."""
        self._connection.enable_schedule(self.name, enabled=False)

    def delete(self) -> None:
        """Remove it with the record of its times; its runs stay."""
        self._connection.delete_schedule(self.name)

    def __repr__(self) -> str:
        return f"<schedule {self.name!r} of {self.published}: {self.when}>"

    def _fire(self, row: ScheduleFire) -> Fire:
        run = self._makes_run(row.run_id, self._connection) if row.run_id else None
        return Fire(_moment(row.due), row.outcome, row.reason, run)


class Schedules:
    """The schedules of a workspace: `schedules["nightly"]`, `schedules.create(...)`.

    The engine queues their runs while Designer runs: `designer start`, or `designer service install`.
    """

    def __init__(self, connection: Connection, makes_run: MakesRun) -> None:
        self._connection = connection
        self._makes_run = makes_run

    def create(
        self,
        name: str,
        published: Published | str,
        *,
        cron: str = "",
        timezone: str = "",
        every: str = "",
        on_change: str | Path | Dataset | StorePath | None = None,
        into: str = "",
        poll: str = "1m",
        version: int | str | None = None,
        parameters: Mapping[str, Any] | None = None,
        experiment: str = "",
        catch_up: Literal["once", "skip"] = "once",
        overlap: Literal["skip", "queue"] = "skip",
        starts: datetime | None = None,
        ends: datetime | None = None,
        replace: bool = False,
    ) -> Schedule:
        """Add a schedule of a published pipeline; it does not run at once.

        Give one of `cron` ("30 6 * * MON-FRI" or "@daily", in `timezone`, by default that of this computer), `every`
        ("15m") and `on_change`: a folder, a pattern of files such as "incoming/*.csv" or
        `ws.datastore.path("incoming/*.csv")`, or a dataset, of which a new version counts. What changed becomes the
        value of the parameter `into`.

        `catch_up` says what becomes of times that were missed while the computer was off: one run for those of the last
        day, or none. `overlap` says what becomes of a time while the run before goes on. With `replace` a schedule of
        this name is changed. Raises NameTaken, FileMissing, InvalidParameter.
        """
        when = When(cron, timezone, every, *_watched(on_change), into, poll)
        address = published.address if isinstance(published, Published) else published
        self._connection.add_schedule(
            name, address, when, version=version, parameters=parameters or {}, experiment=experiment,
            catch_up=catch_up, overlap=overlap, starts=_seconds(starts), ends=_seconds(ends), replaces=replace,
        )  # fmt: skip
        return self[name]

    def __getitem__(self, name: str) -> Schedule:
        return Schedule(self._connection.schedule(name).schedule.name, self._connection, self._makes_run)

    def __iter__(self) -> Iterator[Schedule]:
        return (Schedule(row.name, self._connection, self._makes_run) for row in self._connection.schedules())

    def __len__(self) -> int:
        return len(self._connection.schedules())

    def _ipython_key_completions_(self) -> list[str]:
        return [row.name for row in self._connection.schedules()]


def _watched(on_change: str | Path | Dataset | StorePath | None) -> tuple[str, str]:
    """The files and the dataset that are watched; one of them is empty."""
    match on_change:
        case None:
            return "", ""
        case Dataset():
            return "", on_change.name
        case StorePath():
            return on_change.place, ""
        case str() | Path():
            return str(Path(on_change).expanduser().absolute()), ""
    problem = f"{with_article(type(on_change).__name__)} cannot be watched"
    raise InvalidParameter(
        problem, "Give a folder, a pattern of files, a path of a datastore, or a dataset.", parameter="on_change"
    )


def _seconds(moment: datetime | None) -> float | None:
    return moment.timestamp() if moment is not None else None


def _moment(seconds: float) -> datetime:
    return datetime.fromtimestamp(seconds).astimezone()
