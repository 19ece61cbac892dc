"""Curves of logged metrics."""

from __future__ import annotations

from itertools import pairwise

import pytest

from designer.charts.metric_curves import DRAWN_POINTS, Line, metric_figure
from designer.charts.palette import PALETTES, Theme


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_each_run_is_a_line_in_a_colour_of_the_palette(theme: Theme) -> None:
    lines = [Line(f"churn #{n}", [0, 1, 2], [1.0, 0.5, 0.25 + n]) for n in range(8)]
    figure = metric_figure("loss", lines, theme)
    assert [trace.name for trace in figure.data] == [line.label for line in lines]
    assert [list(trace.y) for trace in figure.data] == [line.values for line in lines]
    assert {trace.line.color for trace in figure.data} == set(PALETTES[theme].series)
    looks = [(trace.line.color, trace.line.dash) for trace in figure.data]
    assert len(set(looks)) == len(lines)
    assert figure.layout.showlegend
    assert (figure.layout.xaxis.title.text, figure.layout.yaxis.title.text) == ("Step", "loss")


def test_a_single_line_has_no_legend_and_a_single_point_is_a_dot() -> None:
    figure = metric_figure("loss", [Line("", [4], [0.5])], "light")
    assert not figure.layout.showlegend
    assert figure.data[0].mode == "markers"


def test_a_long_line_is_drawn_with_fewer_points_from_its_first_to_its_last() -> None:
    count = 7_777
    figure = metric_figure("loss", [Line("", range(count), [float(n) for n in range(count)])], "light")
    steps = list(figure.data[0].x)
    assert len(steps) == DRAWN_POINTS
    assert (steps[0], steps[-1]) == (0, count - 1)
    assert list(figure.data[0].y) == [float(step) for step in steps]
    gaps = {after - before for before, after in pairwise(steps)}
    assert gaps == {7, 8}
