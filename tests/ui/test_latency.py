"""The latency chart of an endpoint spans the last hour, however few minutes had requests."""

from datetime import timedelta

import pytest

from designer.ui.views.endpoint.latency import latency

NOW = 29_000_059


@pytest.mark.parametrize("minutes", [[NOW - 59], [NOW - 59, NOW - 58], [NOW - 40, NOW]])
def test_it_shows_the_hour_up_to_now(minutes: list[int]) -> None:
    figure = latency([{"minute": minute, "p50": 1.0, "p95": 2.0} for minute in minutes], "light", NOW * 60 + 59.0)
    start, end = figure.layout.xaxis.range
    assert end - start == timedelta(minutes=61)
    assert start < figure.data[0].x[0]
    assert end - figure.data[0].x[-1] == timedelta(minutes=NOW - minutes[-1] + 1)
    assert figure.layout.xaxis.dtick == 600_000
    measured = [[value for value in line.y if value is not None] for line in figure.data]
    assert measured == [[1.0] * len(minutes), [2.0] * len(minutes)]


def test_no_line_is_drawn_over_minutes_without_requests() -> None:
    minutes = [NOW - 40, NOW - 39, NOW - 3, NOW]
    figure = latency([{"minute": minute, "p50": 1.0, "p95": 2.0} for minute in minutes], "light", NOW * 60 + 59.0)
    assert list(figure.data[0].y) == [1.0, 1.0, None, 1.0, None, 1.0]
    assert list(figure.data[0].x) == sorted(figure.data[0].x)
    assert not figure.data[0].connectgaps
