"""When a schedule is due. Pure: times are seconds since 1970, and the clock is an argument.

Cron expressions have five fields; their times are those of a time zone, through both changes of summer time.
"""

from __future__ import annotations

import difflib
import math
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime, tzinfo
from itertools import islice, takewhile
from typing import Literal
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError, available_timezones

from cronsim import CronSim, CronSimError
from tzlocal import get_localzone_name
from tzlocal.windows_tz import win_tz

from designer.contract.errors import InvalidParameter
from designer.contract.wording.closeness import closest
from designer.contract.wording.counting import counted

CatchUp = Literal["once", "skip"]
CATCH_UP: tuple[CatchUp, ...] = ("once", "skip")
CATCH_UP_SECONDS = 24 * 3600.0
"""How far back missed times are caught up with."""

GRACE_SECONDS = 60.0
"""How late a time may be found and still count as on time."""

LEAST_SECONDS, MOST_SECONDS = 10.0, 366 * 24 * 3600.0
MOST_TIMES = 2_000
NICKNAMES: Mapping[str, str] = {
    "@yearly": "0 0 1 1 *", "@annually": "0 0 1 1 *", "@monthly": "0 0 1 * *", "@weekly": "0 0 * * 0",
    "@daily": "0 0 * * *", "@midnight": "0 0 * * *", "@hourly": "0 * * * *",
}  # fmt: skip
_UNITS = {"s": 1.0, "m": 60.0, "h": 3600.0, "d": 24 * 3600.0}
_EVERY = re.compile(r"([0-9]{1,6}(?:\.[0-9]{1,3})?)\s*([smhd])")
_FIELDS = ("minute", "hour", "day-of-month", "month", "day-of-week")


@dataclass(frozen=True)
class Timing:
    """The times of a schedule: a cron expression in a time zone, or seconds between times, counted from `anchor`.

    `checked` is the time up to which everything was decided; `starts` and `ends` bound all times.
    """

    cron: str = ""
    timezone: str = "UTC"
    every: float | None = None
    anchor: float = 0.0
    starts: float | None = None
    ends: float | None = None
    checked: float = 0.0


@dataclass(frozen=True)
class Decision:
    """What happens at a look: the time that runs, if one does, and the times that were missed, with the reason."""

    runs: float | None = None
    missed: tuple[float, ...] = ()
    reason: str = ""


def due(schedule: Timing, now: float) -> list[float]:
    """The times after `checked` and up to `now`, in order: those of the last day, and the newest of very many."""
    after = max(schedule.checked, now - CATCH_UP_SECONDS)
    return list(takewhile(lambda time: time <= now, islice(_times(schedule, after), MOST_TIMES)))


def next_due(schedule: Timing, after: float) -> float | None:
    """The first time after a moment; None if there is none."""
    return next(_times(schedule, after), None)


def following(schedule: Timing, after: float, count: int = 5) -> list[float]:
    """The first times after a moment."""
    return list(islice(_times(schedule, after), count))


def decide(times: list[float], now: float, catch_up: CatchUp) -> Decision:
    """What to do with due times: one run at most, for the newest time; the others were missed.

    A time that is late by more than `GRACE_SECONDS` was missed as well, and runs only to catch up.
    """
    if not times:
        return Decision()
    newest, earlier = times[-1], tuple(times[:-1])
    if now - newest <= GRACE_SECONDS:
        return Decision(newest, earlier, f"also for {_missed(earlier)}" if earlier else "")
    if catch_up == "once":
        return Decision(newest, earlier, f"catches up with {_missed(tuple(times))}")
    return Decision(None, tuple(times), "")


def seconds_of(text: str, parameter: str = "every") -> float:
    """The seconds of `30s`, `15m`, `2h` or `1d`. Raises InvalidParameter naming the parameter."""
    match = _EVERY.fullmatch(text.strip().lower())
    if match is None:
        raise InvalidParameter(f"'{text[:40]}' is no length of time", "Write 30s, 15m, 2h or 1d.", parameter=parameter)
    seconds = float(match[1]) * _UNITS[match[2]]
    if not LEAST_SECONDS <= seconds <= MOST_SECONDS:
        problem = f"'{text[:40]}' is too {'short' if seconds < LEAST_SECONDS else 'long'}"
        raise InvalidParameter(problem, f"Use {LEAST_SECONDS:g}s to 366d.", parameter=parameter)
    return seconds


def checked_cron(text: str) -> str:
    """A cron expression with five fields, or one of @daily and the like, as five fields.

    Raises InvalidParameter with the field that does not fit, and for an expression that never happens.
    """
    expression = NICKNAMES.get(text.strip().lower(), text.strip().upper())
    fields = expression.split()
    if text.strip().startswith("@") and len(fields) != len(_FIELDS):
        raise InvalidParameter(f"'{text[:40]}' is no name of a time", closest(text, NICKNAMES, "Names are"),
                               parameter="cron")  # fmt: skip
    if len(fields) != len(_FIELDS):
        raise InvalidParameter(
            f"'{text[:80]}' has {counted(len(fields), 'field')}",
            "Write five: minute, hour, day of the month, month, day of the week, as in 30 6 * * MON-FRI.",
            parameter="cron",
        )
    try:
        first = next(CronSim(expression, datetime(2024, 1, 1)), None)
    except CronSimError as error:
        raise _unreadable(fields, str(error)) from None
    if first is None:
        raise InvalidParameter(f"'{text[:80]}' never happens", "Choose a day that exists.", parameter="cron")
    return " ".join(fields)


def explained(cron: str, timezone: str = "") -> str:
    """A cron expression in words. Raises InvalidParameter."""
    words = CronSim(checked_cron(cron), datetime(2024, 1, 1)).explain()
    return f"{words}, {timezone}" if timezone else str(words)


def zone_named(name: str) -> str:
    """The IANA name of a time zone, also by the name that Windows has for it. Raises InvalidParameter."""
    text = name.strip()
    zones = {zone.casefold(): zone for zone in available_timezones()}
    windows = {each.casefold(): zone for each, zone in win_tz.items()}
    zone = zones.get(text.casefold()) or windows.get(text.casefold())
    if zone is None:
        raise InvalidParameter(f"there is no time zone '{text[:60]}'", _zone_meant(text[:60]), parameter="timezone")
    return zone


def local_zone() -> str:
    """The IANA name of the time zone of this computer; UTC where it has none."""
    try:
        name = get_localzone_name()
        ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, LookupError, OSError):
        return "UTC"
    return "UTC" if name in ("Etc/UTC", "Etc/UCT") else str(name)


def in_words(seconds: float) -> str:
    """A length of time as `seconds_of` reads it."""
    for unit, length in reversed(_UNITS.items()):
        if seconds >= length and seconds % length == 0:
            return f"{seconds / length:g}{unit}"
    return f"{seconds:g}s"


def _times(schedule: Timing, after: float) -> Iterator[float]:
    """All times after a moment."""
    start = after if schedule.starts is None else max(after, math.nextafter(schedule.starts, -math.inf))
    times = _every(schedule.every, schedule.anchor, start) if schedule.every else _of_cron(schedule, start)
    return takewhile(lambda time: schedule.ends is None or time <= schedule.ends, times)


def _every(every: float, anchor: float, after: float) -> Iterator[float]:
    number = max(1, math.floor((after - anchor) / every))
    while True:
        time = anchor + number * every
        if time > after:
            yield time
        number += 1


def _of_cron(schedule: Timing, after: float) -> Iterator[float]:
    if not schedule.cron:
        return iter(())
    zone: tzinfo = ZoneInfo(schedule.timezone)
    moments = CronSim(schedule.cron, datetime.fromtimestamp(after, zone))
    return (time for time in (moment.timestamp() for moment in moments) if time > after)


def _unreadable(fields: list[str], problem: str) -> InvalidParameter:
    name = problem.removeprefix("Bad ")
    place = _FIELDS.index(name) if name in _FIELDS else None
    if place is None:
        return InvalidParameter(f"'{' '.join(fields)}' is no cron expression ({problem})",
                                "Write it as 30 6 * * MON-FRI.", parameter="cron")  # fmt: skip
    if name == "day-of-month" and re.fullmatch(r"[0-9]{1,2}", fields[2]) and 1 <= int(fields[2]) <= 31:
        return InvalidParameter(f"day {fields[2]} of month {fields[3]} never happens", "Choose a day that exists.",
                                parameter="cron")  # fmt: skip
    ranges = ("0 to 59", "0 to 23", "1 to 31, or L", "1 to 12, or JAN to DEC", "0 to 7, or SUN to SAT")
    return InvalidParameter(f"the {name.replace('-', ' ')} '{fields[place][:40]}' does not fit",
                            f"Use {ranges[place]}, *, lists, ranges and steps.", parameter="cron")  # fmt: skip


def _zone_meant(text: str) -> str:
    """The zone of that city, or of a name close to it; of no abbreviation, since EST is six hours from CEST."""
    places = sorted(zone for zone in available_timezones() if "/" in zone)
    city = text.casefold().replace(" ", "_")
    meant = [place for place in places if place.casefold().rpartition("/")[2] == city]
    if "/" in text:
        meant += difflib.get_close_matches(text, places, n=1, cutoff=0.8)
    return f"Did you mean '{meant[0]}'?" if meant else "Write it as a place, such as Europe/Berlin."


def _missed(times: tuple[float, ...]) -> str:
    return f"{counted(len(times), 'missed time')}"
