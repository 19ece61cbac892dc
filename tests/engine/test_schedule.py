"""When a schedule is due: cron through both changes of summer time, intervals, missed times, refusals."""

from __future__ import annotations

from datetime import datetime
from itertools import pairwise
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from designer.contract.errors import InvalidParameter
from designer.engine.schedules.schedule import (
    CATCH_UP_SECONDS,
    GRACE_SECONDS,
    NICKNAMES,
    Timing,
    checked_cron,
    decide,
    due,
    explained,
    following,
    in_words,
    local_zone,
    next_due,
    seconds_of,
    zone_named,
)

BERLIN = ZoneInfo("Europe/Berlin")


def at(text: str, zone: ZoneInfo = BERLIN) -> float:
    return datetime.fromisoformat(text).replace(tzinfo=zone).timestamp()


def shown(times: list[float], zone: ZoneInfo = BERLIN) -> list[str]:
    return [f"{datetime.fromtimestamp(time, zone):%d.%m. %H:%M %z}" for time in times]


def test_a_time_that_summer_time_skips_runs_at_its_end_and_one_that_it_repeats_runs_once() -> None:
    nightly = Timing(cron="30 2 * * *", timezone="Europe/Berlin")
    assert shown(following(nightly, at("2026-03-28T00:00"), 3)) == [
        "28.03. 02:30 +0100", "29.03. 03:00 +0200", "30.03. 02:30 +0200",
    ]  # fmt: skip
    assert shown(following(nightly, at("2026-10-24T00:00"), 3)) == [
        "24.10. 02:30 +0200", "25.10. 02:30 +0200", "26.10. 02:30 +0100",
    ]  # fmt: skip
    half_hourly = Timing(cron="*/30 * * * *", timezone="Europe/Berlin")
    times = following(half_hourly, at("2026-10-25T01:30"), 6)
    assert [later - earlier for earlier, later in pairwise(times)] == [1800] * 5


def test_a_clock_that_is_set_back_makes_nothing_due_again() -> None:
    schedule = Timing(cron="0 * * * *", timezone="UTC", checked=at("2026-05-01T12:00:01", ZoneInfo("UTC")))
    assert due(schedule, at("2026-05-01T11:00:30", ZoneInfo("UTC"))) == []
    assert due(schedule, at("2026-05-01T12:59:59", ZoneInfo("UTC"))) == []
    assert len(due(schedule, at("2026-05-01T13:00:00", ZoneInfo("UTC")))) == 1


def test_times_end_and_start_where_they_are_told_to() -> None:
    hourly = Timing(every=3600, anchor=0, starts=7200, ends=4 * 3600)
    assert following(hourly, 0, 9) == [7200, 10800, 14400]
    assert next_due(hourly, 14400) is None


def test_an_interval_counts_from_its_making_and_never_runs_at_once() -> None:
    schedule = Timing(every=900, anchor=1000.5, checked=1000.5)
    assert due(schedule, 1900.4) == []
    assert due(schedule, 1900.5) == [1900.5]
    assert due(schedule, 4600.5) == [1900.5, 2800.5, 3700.5, 4600.5]


@given(st.floats(10, 1e6), st.floats(0, 1e9), st.floats(0, 1e9), st.integers(1, 20))
def test_looking_twice_finds_each_time_once(every: float, anchor: float, first: float, looks: int) -> None:
    checked, found = anchor, []
    for look in range(1, looks + 1):
        now = anchor + look * first % 80_000 + checked - anchor
        times = due(Timing(every=every, anchor=anchor, checked=checked), now)
        assert all(checked < time <= now for time in times)
        found += times
        checked = max(checked, now)
    assert len(set(found)) == len(found)


def test_a_machine_that_was_off_for_a_year_looks_back_a_day() -> None:
    now = at("2026-05-01T12:00:00")
    times = due(Timing(cron="* * * * *", timezone="Europe/Berlin", checked=now - 365 * 86400), now)
    assert len(times) == 1440
    assert min(times) > now - CATCH_UP_SECONDS


def test_on_time_one_runs_and_late_ones_are_caught_up_with_once_or_not_at_all() -> None:
    now = 100_000.0
    assert decide([], now, "once").runs is None
    on_time = decide([now - 1], now, "skip")
    assert (on_time.runs, on_time.missed) == (now - 1, ())
    late = [now - 7200, now - 3600]
    once = decide(late, now, "once")
    assert (once.runs, once.missed, once.reason) == (now - 3600, (now - 7200,), "catches up with 2 missed times")
    skip = decide(late, now, "skip")
    assert (skip.runs, skip.missed) == (None, tuple(late))
    both = decide([now - 3600, now - GRACE_SECONDS], now, "skip")
    assert (both.runs, both.missed) == (now - GRACE_SECONDS, (now - 3600,))


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("61 * * * *", "the minute '61' does not fit. Use 0 to 59"),
        ("0 25 * * *", "the hour '25' does not fit"),
        ("0 0 * 13 *", "the month '13' does not fit"),
        ("0 0 * * MONDAY", "the day of week 'MONDAY' does not fit"),
        ("0 0 30 2 *", "day 30 of month 2 never happens"),
        ("0 0 31 4 *", "day 31 of month 4 never happens"),
        ("0 0 0 * * *", "has 6 fields. Write five"),
        ("* * * *", "has 4 fields"),
        ("", "has 0 fields"),
        ("@dayly", "Did you mean '@daily'?"),
        ("@reboot", "is no name of a time"),
        ("*/0 * * * *", "the minute '*/0' does not fit"),
        ("0 0 * * * ; rm", "has 7 fields"),
    ],
)
def test_an_expression_that_cannot_be_says_which_field(text: str, words: str) -> None:
    with pytest.raises(InvalidParameter) as refused:
        checked_cron(text)
    assert words in str(refused.value)
    assert refused.value.place.parameter == "cron"


def test_expressions_are_said_in_words() -> None:
    assert explained("@daily", "Europe/Berlin") == "At 00:00 every day, Europe/Berlin"
    assert explained("*/15 9-17 * * mon-fri").startswith("Every 15th minute from 09:00 through 17:59")
    assert all(checked_cron(name) for name in NICKNAMES)


@pytest.mark.parametrize(("text", "seconds"), [("30s", 30), ("15m", 900), ("2h", 7200), ("1d", 86400), ("1.5 H", 5400)])
def test_lengths_of_time_are_read_and_written(text: str, seconds: float) -> None:
    assert seconds_of(text) == seconds
    assert seconds_of(in_words(seconds)) == seconds


@pytest.mark.parametrize("text", ["", "15", "m", "-5m", "1s", "400d", "1e3s", "15 minutes", "٣m", "9" * 20 + "m"])
def test_a_length_of_time_that_cannot_be_is_refused(text: str) -> None:
    with pytest.raises(InvalidParameter):
        seconds_of(text)


def test_time_zones_have_the_names_of_iana_and_of_windows() -> None:
    assert zone_named("europe/berlin") == "Europe/Berlin"
    assert zone_named("W. Europe Standard Time") == "Europe/Berlin"
    assert zone_named("Pacific Standard Time") == "America/Los_Angeles"
    ZoneInfo(local_zone())
    with pytest.raises(InvalidParameter, match="Did you mean 'Europe/Berlin'"):
        zone_named("Europe/Berlim")
    for text in ("", "../../etc/passwd", "/etc/localtime"):
        with pytest.raises(InvalidParameter):
            zone_named(text)
