"""Rows, cards and texts of the page of schedules."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from zoneinfo import ZoneInfo

from designer.engine.schedules.schedule import local_zone
from designer.store.records import Schedule, ScheduleFire
from designer.ui.views import figures
from designer.ui.views.legend import state_word
from designer.workbench.assignments import assignments_text
from designer.workbench.schedules import Standing, words_of

_OUTCOMES = {"fired": ("Queued", ""), "missed": ("Missed", "warn"), "skipped": ("Skipped", "warn"),
             "failed": ("Failed", "bad")}  # fmt: skip
_CATCH_UP = {"once": "one run for those of the last day", "skip": "recorded, not run"}
_OVERLAP = {"skip": "skipped, and recorded", "queue": "queued as well"}


@dataclass(frozen=True)
class ScheduleRow:
    """One line of the list."""

    name: str
    published: str
    address: str
    when: str
    next: str
    last: str
    last_state: str
    tone: str
    is_enabled: bool
    warning: str


@dataclass(frozen=True)
class FireRow:
    """What became of one time; `run` is the id of its run, `state` its state in a word."""

    due: str
    outcome: str
    tone: str
    state: str
    run: str
    reason: str


@dataclass(frozen=True)
class ScheduleCard:
    """The shown schedule."""

    name: str = ""
    published: str = ""
    address: str = ""
    when: str = ""
    is_enabled: bool = False
    times: list[str] = field(default_factory=list)
    facts: list[tuple[str, str]] = field(default_factory=list)
    fires: list[FireRow] = field(default_factory=list)
    warning: str = ""


def schedule_row(standing: Standing, title: str, now: float) -> ScheduleRow:
    """The line of a schedule; `title` is the name of what it runs."""
    schedule = standing.schedule
    last = next(iter(standing.fires), None)
    word, tone = _OUTCOMES[last.outcome] if last else ("", "")
    return ScheduleRow(
        schedule.name, title, schedule.endpoint, words_of(schedule), _next(schedule, now),
        _passed(last, schedule, now) if last else "Never", _state(last, standing) or word, tone, schedule.enabled,
        warning_of(standing),
    )  # fmt: skip


def schedule_card(standing: Standing, title: str, times: list[float], now: float) -> ScheduleCard:
    """The card of a schedule, with its next times and what became of the last ones."""
    schedule = standing.schedule
    facts = [
        ("Version", str(schedule.version) if schedule.version is not None else "the default one at each time"),
        ("Values", assignments_text(schedule.parameters)),
        ("What changed goes to", str(schedule.watch.get("into", ""))),
        ("Experiment", schedule.experiment),
        ("Missed times", _CATCH_UP.get(schedule.catch_up, "") if not schedule.watch else ""),
        ("While its run goes on", _OVERLAP.get(schedule.overlap, "") if not schedule.watch else "changes wait"),
        ("Starts", zoned(schedule.starts, schedule.timezone) if schedule.starts else ""),
        ("Ends", zoned(schedule.ends, schedule.timezone) if schedule.ends else ""),
    ]
    return ScheduleCard(
        schedule.name, title, schedule.endpoint, words_of(schedule), schedule.enabled,
        [zoned(time, schedule.timezone) for time in times], [fact for fact in facts if fact[1]],
        [_fire_row(fire, standing, now) for fire in standing.fires], warning_of(standing),
    )  # fmt: skip


def warning_of(standing: Standing) -> str:
    """What the owner of a schedule should know: a place that cannot be watched, or runs that fail."""
    if standing.schedule.problem:
        return standing.schedule.problem
    return f"Its last {standing.failures} runs failed." if standing.is_failing else ""


def zoned(seconds: float, timezone: str) -> str:
    """A time in a time zone: `Mon 02 Nov 2026, 06:30 CET`; with seconds where it is not on the minute."""
    then = datetime.fromtimestamp(seconds, ZoneInfo(timezone))
    return f"{then:%a %d %b %Y, %H:%M:%S %Z}" if then.second else f"{then:%a %d %b %Y, %H:%M %Z}"


def local_text(seconds: float | None, timezone: str) -> str:
    """A time as a field of the browser for date and time holds it; empty for None."""
    return f"{datetime.fromtimestamp(seconds, ZoneInfo(timezone)):%Y-%m-%dT%H:%M}" if seconds is not None else ""


def _next(schedule: Schedule, now: float) -> str:
    if not schedule.enabled:
        return "Disabled"
    if schedule.next_due is None:
        return "Ended"
    return "At the next change" if schedule.watch else zoned(schedule.next_due, schedule.timezone)


def _state(fire: ScheduleFire | None, standing: Standing) -> str:
    state = standing.states.get(fire.run_id or "", "") if fire else ""
    return state_word(state) if state else ""


def _fire_row(fire: ScheduleFire, standing: Standing, now: float) -> FireRow:
    word, tone = _OUTCOMES.get(fire.outcome, (fire.outcome, ""))
    due = _passed(fire, standing.schedule, now)
    return FireRow(due, word, tone, _state(fire, standing), fire.run_id or "", fire.reason)


def _passed(fire: ScheduleFire, schedule: Schedule, now: float) -> str:
    """When a time was, in the time zone of its schedule, which is named unless it is that of this computer."""
    zone = ZoneInfo(schedule.timezone)
    short = figures.moment(fire.due, now, zone=zone)
    is_local = schedule.timezone == local_zone()
    return short if is_local else f"{short} {datetime.fromtimestamp(fire.due, zone):%Z}"
