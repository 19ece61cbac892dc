"""The metrics that one step of a run logged: the newest values, then a chart for each curve."""

from typing import Any

import reflex as rx

from designer.ui.parts.chart import chart
from designer.ui.state.logged_curves import LoggedCurves
from designer.ui.views.run.curves import LoggedRow


def logged_values(state: type[LoggedCurves]) -> rx.Component:
    """The newest value of each metric."""
    return rx.el.div(rx.foreach(state.logged, _logged), class_name="facts")


def logged_charts(state: type[LoggedCurves]) -> rx.Component:
    """A chart for each curve."""
    light: Any = state.light
    dark: Any = state.dark
    return rx.foreach(state.curves, lambda name: chart(light[name], dark[name], name, height=220))


def _logged(row: LoggedRow) -> rx.Component:
    return rx.el.div(
        rx.el.span(row.name, class_name="t2"),
        rx.el.span(class_name="grow"),
        rx.el.span(row.kept, class_name="xs t3"),
        rx.el.span(row.value, class_name="m num"),
        class_name="fact",
    )
