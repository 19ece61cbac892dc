"""Comparison of runs: two side by side, or several in a table, with the curves that they logged."""

from typing import Any

import reflex as rx

from designer.ui.page import Page
from designer.ui.parts.badge import state_badge
from designer.ui.parts.buttons import link_button
from designer.ui.parts.card import card, empty
from designer.ui.parts.chart import chart
from designer.ui.parts.crumbs import crumbs
from designer.ui.parts.table import Column, table
from designer.ui.state.history.comparing import CompareState
from designer.ui.views.run.comparison import MetricRow, ValuesRow
from designer.ui.views.run.texts import RunRow
from designer.workbench.results.comparison import Difference

_SETTINGS = (Column("Step", "240px"), Column("Setting", "240px"), Column("Before"), Column("After"))
_METRICS = (
    Column("Model", "240px"),
    Column("Metric"),
    Column("Before", "120px", True),
    Column("After", "120px", True),
    Column("Change", "120px", True),
)


def bar() -> rx.Component:
    """Breadcrumbs."""
    return crumbs(("Runs", "/runs"), here="Compare")


def content() -> rx.Component:
    """Metrics and settings of two runs side by side."""
    state = CompareState
    return rx.el.div(
        rx.el.div(
            rx.el.h1("Compare runs", class_name="grow"),
            rx.cond(
                state.choices,
                rx.el.select(
                    rx.foreach(state.choices, _choice),
                    value=state.second,
                    on_change=state.choose,
                    aria_label="Compare with",
                    class_name="field predict",
                ),
            ),
            class_name="row g3",
        ),
        rx.cond(
            state.problem != "",
            card(empty(state.problem, link_button("All runs", "/runs"))),
            rx.cond(state.rows, _table(), rx.cond(state.first != "", _compared())),
        ),
        class_name="padded stack",
    )


def _choice(row: RunRow) -> rx.Component:
    return rx.el.option(row.started, "  ", row.best, value=row.id)


def _compared() -> rx.Component:
    state = CompareState
    return rx.fragment(
        rx.el.div(_side("Before", state.first_row), _side("After", state.second_row), class_name="g2e flat"),
        card(
            rx.cond(
                state.metrics,
                table(_METRICS, rx.foreach(state.metrics, _metric), label="Metrics"),
                empty("The runs have no metrics in common."),
            ),
            heading="Metrics",
        ),
        card(
            rx.cond(
                state.settings,
                table(_SETTINGS, rx.foreach(state.settings, _setting), label="Settings that differ"),
                empty("All settings are the same."),
            ),
            heading="Settings that differ",
        ),
        _curves(),
    )


def _table() -> rx.Component:
    """Several runs: a column for each."""
    state = CompareState
    return rx.fragment(
        _values("Metrics", "Metric", state.table_metrics, "The runs have no metrics.", "num"),
        _values("Settings that differ", "Setting", state.table_settings, "All settings are the same.", "words"),
        _curves(),
    )


def _values(title: str, noun: str, rows: Any, none: str, kind: str) -> rx.Component:
    heads = rx.foreach(CompareState.rows, lambda row: _run_head(row, kind))
    heading = rx.el.tr(rx.el.th("Step", scope="col"), rx.el.th(noun, scope="col"), heads)
    drawn = rx.el.table(
        rx.el.thead(heading),
        rx.el.tbody(rx.foreach(rows, lambda row: _line(row, kind))),
        class_name="tbl",
        aria_label=title,
    )
    return card(rx.cond(rows, rx.el.div(drawn, class_name="wide"), empty(none)), heading=title)


def _run_head(row: RunRow, kind: str) -> rx.Component:
    link = rx.link(
        rx.cond(row.experiment != "", row.experiment, row.started),
        href="/runs/" + row.id,
        class_name="quiet m",
        underline="none",
        title=row.name + ", " + row.started,
    )
    return rx.el.th(link, class_name="num" if kind == "num" else "", scope="col")


def _line(row: ValuesRow, kind: str) -> rx.Component:
    return rx.el.tr(
        rx.el.td(row.step, class_name="t2"),
        rx.el.td(row.name, class_name="m"),
        rx.foreach(row.cells, lambda cell: rx.el.td(cell.text, class_name=rx.cond(cell.is_best, f"{kind} b", kind))),
    )


def _curves() -> rx.Component:
    """A chart for each metric that the runs logged, with a line for each run."""
    return rx.cond(
        CompareState.curves,
        rx.el.div(rx.foreach(CompareState.curves, _curve), class_name="g2e flat"),
    )


def _curve(title: str) -> rx.Component:
    light: Any = CompareState.light
    dark: Any = CompareState.dark
    return card(chart(light[title], dark[title], title, height=220), heading=title)


def _side(place: str, row: RunRow) -> rx.Component:
    return card(
        rx.el.div(
            rx.el.div(
                rx.el.span(place, class_name="b"),
                rx.link(row.name, href="/runs/" + row.id, class_name="m quiet", underline="none"),
                state_badge(row.state),
                class_name="row g2",
            ),
            rx.el.div(row.started, ", ", row.seconds, ", ", row.nodes, class_name="s t2"),
            class_name="bd pad",
        )
    )


def _metric(pair: MetricRow) -> rx.Component:
    return rx.el.tr(
        rx.el.td(pair.model, class_name="t2"),
        rx.el.td(pair.metric, class_name="m"),
        rx.el.td(pair.first, class_name=rx.cond(pair.better == 0, "num b", "num")),
        rx.el.td(pair.second, class_name=rx.cond(pair.better == 1, "num b", "num")),
        rx.el.td(pair.difference, class_name="num " + pair.tone),
    )


def _setting(difference: Difference) -> rx.Component:
    return rx.el.tr(
        rx.el.td(difference.step, class_name="m"),
        rx.el.td(difference.setting, class_name="t2"),
        rx.el.td(difference.first, class_name="words"),
        rx.el.td(difference.second, class_name="words"),
    )


PAGE = Page(
    route="/runs/compare",
    title="Compare runs",
    section="Runs",
    content=content,
    bar=bar,
    on_load=(CompareState.load,),
)
