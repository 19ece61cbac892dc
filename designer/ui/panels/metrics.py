"""The score card, the table of metrics, and the table of classes or clusters."""

import reflex as rx

from designer.ui.parts.card import card
from designer.ui.state.evaluate import EvaluateState
from designer.ui.views.evaluation import Interval, Mark, MetricRow

State = EvaluateState


def headline_card() -> rx.Component:
    """The headline metric with its interval and baseline on one scale, and a sentence about it."""
    headline = State.headline
    return rx.el.section(
        rx.el.div(
            rx.el.div(headline.title, class_name="s t2 m"),
            rx.el.div(
                rx.el.span(headline.value, class_name="big"),
                rx.cond(headline.interval != "", rx.el.span(headline.interval, class_name="s t2")),
                rx.cond(headline.gain != "", rx.el.span(headline.gain, class_name="chip " + headline.gain_tone)),
                class_name="row base",
            ),
            rx.el.p(headline.sentence),
            rx.cond(State.positive != "", rx.el.p("Positive class: ", rx.el.b(State.positive), class_name="s t2")),
            rx.cond(headline.left_out != "", rx.el.p(headline.left_out, class_name="s t3")),
            class_name="grow",
        ),
        rx.cond(headline.has_scale, _scale()),
        class_name="card row score",
        aria_label="Score",
    )


def _scale() -> rx.Component:
    headline = State.headline
    return rx.el.div(
        rx.el.div(
            rx.el.span(
                headline.baseline_text,
                class_name=rx.cond(headline.baseline_place > 50, "xs t2 bt end", "xs t2 bt"),
                style={"left": f"{headline.baseline_place}%"},
            ),
            rx.foreach(headline.marks, _mark),
            rx.el.i(class_name="bl", style={"left": f"{headline.baseline_place}%"}),
            rx.foreach(headline.intervals, _interval),
            class_name="plot",
        ),
        class_name="scale",
        aria_hidden="true",
    )


def _mark(mark: Mark) -> rx.Component:
    return rx.el.i(rx.el.span(mark.text), class_name="mk", style={"left": f"{mark.place}%"})


def _interval(interval: Interval) -> rx.Component:
    base = State.headline.baseline_place
    line = {
        "left": f"min({base}%, {interval.value}%)",
        "width": f"max({base}% - {interval.value}%, {interval.value}% - {base}%)",
        "background": interval.colour,
    }
    return rx.el.div(
        rx.el.i(class_name="ln", style=line),
        rx.el.i(
            class_name="iv",
            style={
                "left": f"{interval.low}%",
                "width": f"calc({interval.high}% - {interval.low}%)",
                "background": interval.colour,
            },
        ),
        rx.el.i(class_name="pt", style={"left": f"{interval.value}%", "background": interval.colour}),
        rx.el.span(
            interval.text, class_name="xs b", style={"left": f"calc({interval.high}% + 12px)", "color": interval.colour}
        ),
        class_name="ivr",
    )


def metrics_card() -> rx.Component:
    """All metrics: the models, their difference, the baseline."""
    has_two = State.names.length() > 1
    heads = rx.el.tr(
        rx.el.th("Metric"),
        _letter("A", "var(--c1)"),
        rx.cond(has_two, _letter("B", "var(--c2)")),
        rx.cond(has_two, rx.el.th("A − B", class_name="num")),
        rx.el.th("Baseline", class_name="num"),
    )
    return card(
        rx.el.table(rx.el.thead(heads), rx.el.tbody(rx.foreach(State.metrics, _metric)), class_name="tbl metrics"),
        heading="Metrics",
        actions=(rx.el.span(State.metrics_words, class_name="xs t3 plain"),),
        style={"overflow": "hidden"},
    )


def _letter(letter: str, colour: str) -> rx.Component:
    return rx.el.th(rx.el.span("● ", style={"color": colour}, aria_hidden="true"), letter, class_name="num")


def _metric(row: MetricRow) -> rx.Component:
    has_two = State.names.length() > 1
    return rx.el.tr(
        rx.el.td(rx.el.span(row.name, class_name="m"), " ", rx.el.span(row.note, class_name="t3")),
        rx.el.td(row.first, class_name=rx.cond(row.better == 0, "num b", "num")),
        rx.cond(has_two, rx.el.td(row.second, class_name=rx.cond(row.better == 1, "num b", "num"))),
        rx.cond(has_two, rx.el.td(row.difference, class_name="num " + row.tone)),
        rx.el.td(row.baseline, class_name="num t2"),
    )


def small_table(heading: str) -> rx.Component:
    """The table of classes or clusters: names left-aligned, numbers right-aligned."""
    return card(
        rx.el.div(
            rx.el.table(
                rx.el.thead(rx.el.tr(rx.foreach(State.table.heads, _side_head))),
                rx.el.tbody(
                    rx.foreach(
                        State.table.rows,
                        lambda row: rx.el.tr(rx.foreach(row, lambda cell, i: rx.el.td(cell, class_name=_side(i)))),
                    )
                ),
                class_name="tbl",
                aria_label=heading,
            ),
            style={"overflow": "auto"},
        ),
        heading=heading,
        style={"overflow": "hidden"},
    )


def _side_head(head: str, place: int) -> rx.Component:
    return rx.el.th(head, class_name=_side(place))


def _side(place: int) -> rx.Var[str] | str:
    return rx.cond(place == 0, "", "num")
