"""The chart of an endpoint's latency: one hour, however few minutes had requests."""

from datetime import timedelta

import pytest

from designer.ui.latency import latency


@pytest.mark.parametrize("minutes", [[29_000_000], [29_000_000, 29_000_001], [29_000_000, 29_000_059]])
def test_it_shows_an_hour_that_ends_with_the_last_request(minutes: list[int]) -> None:
    figure = latency([{"minute": minute, "p50": 1.0, "p95": 2.0} for minute in minutes], "light")
    start, end = figure.layout.xaxis.range
    assert end - start == timedelta(minutes=61)
    assert start < figure.data[0].x[0]
    assert figure.data[0].x[-1] < end
    assert figure.layout.xaxis.dtick == 600_000
    assert [list(line.y) for line in figure.data] == [[1.0] * len(minutes), [2.0] * len(minutes)]
