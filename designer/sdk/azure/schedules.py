"""Schedules under the names of the original."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from designer.contract.errors import InvalidParameter
from designer.contract.wording.closeness import closest
from designer.sdk.azure.datastores import Datastore
from designer.sdk.azure.faces import Face, note, noted
from designer.sdk.azure.parameters import assignments
from designer.sdk.azure.published import CONTINUES, PipelineRun
from designer.sdk.schedules import Schedule as Plain

_UNITS = {"Minute": "m", "Hour": "h", "Day": "d", "Week": "d", "Month": ""}
_DAYS = {"Sunday": "SUN", "Monday": "MON", "Tuesday": "TUE", "Wednesday": "WED", "Thursday": "THU", "Friday": "FRI",
         "Saturday": "SAT"}  # fmt: skip


class ScheduleRecurrence:
    """How often a schedule runs: `plain` are the arguments of `Workspace.schedules.create` of `designer.sdk`."""

    def __init__(
        self,
        frequency: str,
        interval: int,
        start_time: datetime | str | None = None,
        time_zone: str | None = None,
        hours: list[int] | None = None,
        minutes: list[int] | None = None,
        week_days: list[str] | None = None,
        time_of_day: str | None = None,
    ) -> None:
        if frequency not in _UNITS:
            raise _refused("frequency", frequency, closest(str(frequency), _UNITS, "Frequencies are"))
        if not isinstance(interval, int) or isinstance(interval, bool) or interval < 1:
            raise _refused("interval", interval, "Use a whole number of 1 or more.")
        if time_of_day is not None:
            hours, minutes = _clock(time_of_day)
        self.frequency, self.interval, self.time_zone = frequency, interval, time_zone
        self.start_time = _moment(start_time)
        self.hours, self.minutes, self.week_days = hours, minutes, week_days
        self.plain = {**self._times(), **({"starts": self.start_time} if self.start_time else {})}

    def _times(self) -> dict[str, Any]:
        is_dated = bool(self.hours or self.minutes or self.week_days)
        if self.frequency == "Month" or (is_dated and self.interval == 1 and self.frequency in ("Day", "Week")):
            return {"cron": self._cron(), **({"timezone": self.time_zone} if self.time_zone else {})}
        if is_dated:
            remedy = "Use interval=1 with frequency 'Day' or 'Week', or leave hours, minutes and week_days out."
            raise _refused("interval", self.interval, remedy)
        count = self.interval * (7 if self.frequency == "Week" else 1)
        return {"every": f"{count}{_UNITS[self.frequency]}"}

    def _cron(self) -> str:
        """The five fields. A day of the month and a time that are not given are those of `start_time`, or of now."""
        if self.frequency == "Month" and self.interval != 1:
            raise _refused("interval", self.interval, "Use 1 with frequency 'Month', or a number of weeks.")
        start = self.start_time or datetime.now()
        minutes = ",".join(map(str, self.minutes or ([0] if self.hours else [start.minute])))
        hours = ",".join(map(str, self.hours or [start.hour]))
        days = self.week_days or ([f"{start:%A}"] if self.frequency == "Week" else [])
        for day in days:
            if day not in _DAYS:
                raise _refused("week_days", day, closest(str(day), _DAYS, "Days are"))
        of_month = str(start.day) if self.frequency == "Month" else "*"
        return f"{minutes} {hours} {of_month} * {','.join(_DAYS[day] for day in days) or '*'}"


class Schedule(Face):
    """A schedule of a published pipeline; its id is its name."""

    plain: Plain

    @classmethod
    def create(
        cls,
        workspace: Any,
        name: str,
        pipeline_id: str,
        experiment_name: str,
        recurrence: ScheduleRecurrence | None = None,
        description: str | None = None,
        pipeline_parameters: Mapping[str, Any] | None = None,
        wait_for_provisioning: bool = False,
        wait_timeout: int = 3600,
        datastore: Datastore | None = None,
        polling_interval: int = 5,
        data_path_parameter_name: str | None = None,
        continue_on_step_failure: bool | None = None,
        path_on_datastore: str | None = None,
    ) -> Schedule:
        """Add a schedule: at times, or on a change of files directly in a folder of a datastore.

        `polling_interval` is in minutes. The changed file becomes the value of `data_path_parameter_name`.
        """
        noted("Schedule.create", {"description": description}, "a schedule has none; its pipeline has one.")
        if continue_on_step_failure is not None:
            note(CONTINUES)
        times = _when(recurrence, datastore, path_on_datastore, data_path_parameter_name, polling_interval)
        made = workspace.plain.schedules.create(
            name, pipeline_id, parameters=assignments(pipeline_parameters), experiment=experiment_name, **times
        )
        return cls(made)

    @classmethod
    def create_for_pipeline_endpoint(
        cls, workspace: Any, name: str, pipeline_endpoint_id: str, experiment_name: str, **others: Any
    ) -> Schedule:
        """Add a schedule of the default version of a published pipeline: see `create`."""
        return cls.create(workspace, name, pipeline_endpoint_id, experiment_name, **others)

    @classmethod
    def get(cls, workspace: Any, id: str) -> Schedule:
        """A schedule by its name. Raises FileMissing."""
        return cls(workspace.plain.schedules[id])

    @classmethod
    def list(cls, workspace: Any, active_only: bool = True, pipeline_id: str | None = None) -> list[Schedule]:
        """The schedules, or those that run; those of a published pipeline if it is named."""
        every = [each for each in workspace.plain.schedules if pipeline_id in (None, each.published)]
        return [cls(each) for each in every if each.is_enabled or not active_only]

    @property
    def id(self) -> str:
        """Its id."""
        return self.plain.name

    @property
    def pipeline_id(self) -> str:
        """The id of the published pipeline that it runs."""
        return self.plain.published

    @property
    def status(self) -> str:
        """Active or Disabled."""
        return "Active" if self.plain.is_enabled else "Disabled"

    def enable(self, wait_for_provisioning: bool = False, wait_timeout: int = 3600) -> None:
        """Let it run again from now on."""
        self.plain.enable()

    def disable(self, wait_for_provisioning: bool = False, wait_timeout: int = 3600) -> None:
        """Queue no more runs."""
        self.plain.disable()

    def get_pipeline_runs(self) -> Sequence[PipelineRun]:
        """Its runs, newest first."""
        return [PipelineRun.of(fire.run) for fire in self.plain.fires if fire.run is not None]

    def get_last_pipeline_run(self) -> PipelineRun | None:
        """Its newest run; None before the first."""
        return next(iter(self.get_pipeline_runs()), None)


def _when(
    recurrence: ScheduleRecurrence | None, datastore: Datastore | None, path: str | None, into: str | None, poll: int
) -> dict[str, Any]:
    if (recurrence is None) == (datastore is None):
        raise InvalidParameter("it is open when the schedule runs", "Give one of recurrence and datastore.")
    if recurrence is not None:
        return recurrence.plain
    assert datastore is not None
    watched = datastore.plain.path(f"{path.strip('/')}/*" if path else "*")
    return {"on_change": watched, "poll": f"{poll}m", "into": into or ""}


def _moment(given: datetime | str | None) -> datetime | None:
    if given is None or isinstance(given, datetime):
        return given
    try:
        return datetime.fromisoformat(given)
    except ValueError:
        raise _refused("start_time", given, "Write it as 2026-01-31T06:30:00.") from None


def _clock(time_of_day: str) -> tuple[list[int], list[int]]:
    hour, _, minute = time_of_day.partition(":")
    if not hour.isdigit() or not minute.isdigit():
        raise _refused("time_of_day", time_of_day, "Write it as 06:30.")
    return [int(hour)], [int(minute)]


def _refused(name: str, value: Any, remedy: str) -> InvalidParameter:
    return InvalidParameter(f"a recurrence cannot have '{value}' as '{name}'", remedy, parameter=name)
