"""The list of runs: filters, sorting, metrics as columns, and the choice of runs to compare."""

from typing import Any

import reflex as rx

from designer.ui.page import Page
from designer.ui.parts.assignments import assignments_chip
from designer.ui.parts.badge import chip, state_badge
from designer.ui.parts.buttons import button, icon_button, link_button
from designer.ui.parts.card import card, empty, waiting
from designer.ui.parts.search_field import search_field
from designer.ui.state.history.run_list import Choice, MetricChoice, RunsState
from designer.ui.views.legend import state_word
from designer.ui.views.run.texts import RunRow

State = RunsState
STATES = ("queued", "running", "finished", "failed", "cancelled")
_NONE = "No runs yet. Open a pipeline and press Run."


def bar() -> rx.Component:
    """The title, links, and the comparison of the chosen runs."""
    count = State.chosen.length()
    return rx.fragment(
        rx.el.span("Runs", class_name="b"),
        link_button("Experiments", "/experiments", kind="quiet", icon="flask-conical"),
        rx.el.span(class_name="grow"),
        button(
            rx.cond(count > 1, f"Compare {count} runs", "Compare"),
            icon="git-compare",
            on_click=State.compare,
            disabled=count < 2,
            title="Choose two runs or more",
        ),
    )


def content() -> rx.Component:
    """The filters and the table."""
    return rx.el.div(
        _filters(),
        rx.cond(State.problem != "", rx.el.div(State.problem, class_name="note bad", role="alert")),
        rx.cond(
            State.rows,
            card(rx.el.div(_table(), class_name="wide")),
            rx.cond(
                State.is_loaded,
                card(
                    rx.cond(
                        State.is_narrow,
                        empty("No run fits the filter.", button("Show all", on_click=State.clear)),
                        empty(_NONE, link_button("All pipelines", "/pipelines")),
                    )
                ),
                waiting(),
            ),
        ),
        class_name="padded stack runs",
    )


def _filters() -> rx.Component:
    names = rx.foreach(State.experiments, lambda name: rx.el.option(name, value=name))
    states = [rx.el.option(state_word(state), value=state) for state in STATES]
    pipelines = rx.foreach(State.pipelines, _choice)
    tags = rx.foreach(State.tags, lambda tag: rx.el.option(tag, value=tag))
    return rx.el.div(
        search_field("Search runs", State.text, lambda text: State.narrow("text", text), classes="field find"),
        _select("Experiment", "All experiments", "experiment", State.experiment, names),
        _select("State", "All states", "state", State.run_state, *states),
        _select("Pipeline", "All pipelines", "pipeline", State.pipeline, pipelines),
        _select("Tag", "All tags", "tag", State.tag, tags),
        rx.cond(State.is_narrow, button("Show all", "quiet", icon="x", on_click=State.clear)),
        rx.el.span(class_name="grow"),
        _columns(),
        _saved(),
        class_name="row g2 wrapped",
    )


def _select(label: str, all_of_them: str, field: str, value: Any, *options: Any) -> rx.Component:
    return rx.el.select(
        rx.el.option(all_of_them, value=""),
        *options,
        value=value,
        on_change=lambda chosen: State.narrow(field, chosen),
        aria_label=label,
        class_name="field narrow",
    )


def _choice(choice: Choice) -> rx.Component:
    return rx.el.option(choice.label, value=choice.value)


def _columns() -> rx.Component:
    return rx.popover.root(
        rx.popover.trigger(button("Columns", icon="columns-3")),
        rx.popover.content(
            rx.cond(
                State.metrics,
                rx.el.div(rx.foreach(State.metrics, _column), class_name="col g1"),
                rx.el.p("The listed runs have no metrics.", class_name="t3 s"),
            ),
            rx.el.label(
                rx.el.input(type="checkbox", checked=State.with_imports, on_change=State.show_imports),
                "Show data imports",
                class_name="row g2 s under-line",
            ),
            class_name="pick-columns",
            aria_label="Columns",
        ),
    )


def _column(metric: MetricChoice) -> rx.Component:
    return rx.el.label(
        rx.el.input(type="checkbox", checked=metric.is_shown, on_change=State.show_metric(metric.name)),
        metric.title,
        class_name="row g2 s",
    )


def _saved() -> rx.Component:
    return rx.popover.root(
        rx.popover.trigger(button(rx.cond(State.filter_name != "", State.filter_name, "Filters"), icon="bookmark")),
        rx.popover.content(
            rx.cond(
                State.filters,
                rx.el.div(rx.foreach(State.filters, _filter), class_name="col g1"),
                rx.el.p("Save what you filter, sort and show, to come back to it.", class_name="t3 s"),
            ),
            rx.el.form(
                rx.el.input(name="name", placeholder="Name", aria_label="Name of the filter", class_name="field sm"),
                rx.el.button("Save", class_name="btn sm", type="submit"),
                on_submit=State.save_filter,
                reset_on_submit=True,
                class_name="row g2 under-line",
            ),
            class_name="pick-columns",
            aria_label="Saved filters",
        ),
    )


def _filter(name: str) -> rx.Component:
    return rx.el.div(
        rx.el.button(name, on_click=State.use_filter(name), class_name="link grow", type="button"),
        icon_button("Remove this filter", "x", small=True, on_click=State.forget_filter(name)),
        class_name="row g2",
    )


def _table() -> rx.Component:
    return rx.el.table(
        rx.el.thead(
            rx.el.tr(
                rx.el.th(rx.el.span("Chosen", class_name="visually-hidden"), scope="col", style={"width": "28px"}),
                _head("Run", "name"),
                _head("Experiment", "experiment"),
                _head("State", "state"),
                _head("Started", "created"),
                _head("Time", "seconds", is_number=True),
                rx.el.th("Best", scope="col"),
                rx.foreach(State.metrics, _metric_head),
                rx.el.th("", scope="col"),
            )
        ),
        rx.el.tbody(rx.foreach(State.rows, _row)),
        class_name="tbl",
        aria_label="Runs",
    )


def _metric_head(metric: MetricChoice) -> rx.Component:
    return rx.cond(metric.is_shown, _head(metric.title, metric.name, is_number=True))


def _head(title: Any, key: Any, *, is_number: bool = False) -> rx.Component:
    down, up = State.sort == "-" + key, State.sort == key
    mark = rx.cond(down, rx.icon("arrow-down", size=12), rx.cond(up, rx.icon("arrow-up", size=12)))
    return rx.el.th(
        rx.el.button(title, mark, on_click=State.sort_by(key), class_name="sort", type="button"),
        class_name="num" if is_number else "",
        scope="col",
        custom_attrs={"aria-sort": rx.cond(down, "descending", rx.cond(up, "ascending", "none"))},
    )


def _row(row: RunRow) -> rx.Component:
    is_chosen = State.chosen.contains(row.id)
    return rx.el.tr(
        rx.el.td(
            rx.el.input(
                type="checkbox", checked=is_chosen, on_change=State.choose(row.id), aria_label="Choose " + row.name
            )
        ),
        rx.el.td(
            rx.el.div(
                rx.link(row.name, href="/runs/" + row.id, class_name="m quiet", underline="none"),
                rx.cond(row.is_import, chip("Data import")),
                assignments_chip(row.assignments),
                rx.foreach(row.tags, lambda tag: chip(tag)),
                class_name="row g2 name wrapped",
            ),
        ),
        rx.el.td(row.experiment, class_name="t2 words"),
        rx.el.td(state_badge(row.state)),
        rx.el.td(row.started, class_name="t2"),
        rx.el.td(row.seconds, class_name="num"),
        rx.el.td(row.best),
        rx.foreach(row.figures, lambda value: rx.el.td(value, class_name="num")),
        rx.el.td(
            rx.cond(
                row.evaluation != "",
                rx.link("Evaluation", href=row.evaluation, class_name="acc m", underline="none"),
            )
        ),
        class_name=rx.cond(is_chosen, "chosen", ""),
    )


PAGE = Page(route="/runs", title="Runs", section="Runs", content=content, bar=bar, on_load=(RunsState.load,))
