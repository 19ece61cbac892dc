"""The metrics that one step of a run logged: their newest values and their curves."""

from __future__ import annotations

from collections.abc import Sequence

import plotly.graph_objects as go
import reflex as rx

from designer.store.history.metrics import Series
from designer.ui.views.run.curves import LoggedRow, charts_of_step, logged_rows


class LoggedCurves(rx.State, mixin=True):
    """State of the values and charts; a subclass reads what a step logged."""

    logged: rx.Field[list[LoggedRow]] = rx.field(default_factory=list)
    curves: rx.Field[list[str]] = rx.field(default_factory=list)
    light: rx.Field[dict[str, go.Figure]] = rx.field(default_factory=dict)
    dark: rx.Field[dict[str, go.Figure]] = rx.field(default_factory=dict)
    _drawn: tuple[str, str, tuple[tuple[str, int], ...]] = ("", "", ())
    """The run and the step whose curves are drawn, and how many values each had."""

    def _draw(self, run: str, node: str, series: Sequence[Series]) -> None:
        """Draw the curves of a step, if there are new values."""
        drawn = (run, node, tuple((each.name, each.count) for each in series))
        if drawn == self._drawn:
            return
        charts = charts_of_step(series)
        self._drawn, self.logged, self.curves = drawn, logged_rows(series), charts.titles
        self.light, self.dark = charts.light, charts.dark
