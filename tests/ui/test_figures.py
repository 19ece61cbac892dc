"""Formatting of numbers and times."""

from datetime import datetime

import pytest

from designer.ui.views import figures


@pytest.mark.parametrize(
    ("shown", "expected"),
    [
        (figures.count(45211), "45,211"), (figures.count(-8019), "−8,019"), (figures.number(1362.268), "1,362.27"),
        (figures.number(0.00012), "0.00012"), (figures.number(float("nan")), "–"), (figures.short(18), "18"),
        (figures.short(2011), "2011"), (figures.short(99206.9), "99,207"), (figures.short(1_200_000), "1.2M"),
        (figures.count(-(10**18) - 1), "−1,000,000,000,000,000,001"), (figures.short(2.5e12), "2.5T"),
        (figures.short(999_900_000), "1000M"), (figures.short(-1.234e17), "−1.23 × 10¹⁷"),
        (figures.short(1e15), "1 × 10¹⁵"), (" to ".join(figures.span(3, 2_000_000)), "3 to 2M"),
        (" to ".join(figures.span(1_000_001, 1_000_002)), "1,000,001 to 1,000,002"),
        (" to ".join(figures.span(0.50001, 0.50002)), "0.50001 to 0.50002"),
        (" to ".join(figures.span(7.5, 7.5)), "7.5 to 7.5"),
        (figures.percent(0.1046), "10.5 %"), (figures.signed(-0.0441), "−0.044"),
        (figures.bytes_in_words(999), "999 bytes"), (figures.bytes_in_words(999_960), "1.0 MB"),
        (figures.bytes_in_words(4_600_000), "4.6 MB"),
        (figures.duration(0.31), "0.3 s"), (figures.duration(65), "1:05 min"), (figures.duration(7440), "2 h 4 min"),
        (figures.duration(187_200), "2 days 4 h"),
    ],
)  # fmt: skip
def test_a_figure_reads_as_it_should(shown: str, expected: str) -> None:
    assert shown == expected


def test_a_moment_is_told_from_today() -> None:
    now = 1_795_000_000.0
    assert figures.moment(now, now).startswith("today ")
    assert not figures.moment(now - 3 * 86_400, now).startswith("today")
    assert figures.moment(now - 400 * 86_400, now).endswith("2025")


def test_moments_that_would_read_alike_are_told_to_the_second() -> None:
    noon = datetime(2026, 11, 20, 12, 4, 5).timestamp()
    now = datetime(2026, 11, 20, 18, 0).timestamp()
    times = figures.distinct_times([noon, noon + 9, noon + 120], lambda at, exact: figures.moment(at, now, exact=exact))
    assert times == ["today 12:04:05", "today 12:04:14", "today 12:06"]
    year = datetime(2024, 1, 2, 3, 4, 5).timestamp()
    assert (figures.moment(year, now), figures.moment(year, now, exact=True)) == ("2 Jan 2024", "2 Jan 2024, 03:04:05")


def test_numbers_beyond_the_digits_of_a_float_are_written_with_an_exponent() -> None:
    assert figures.number(1e300) == "1e+300"
    assert figures.number(-1e300, 0) == "−1e+300"
    assert figures.count(1e300) == "1e+300"
    assert figures.count(10**16) == "10,000,000,000,000,000"
    assert figures.signed(1e300) == "+1e+300"
    assert figures.bytes_in_words(1) == "1 byte"
