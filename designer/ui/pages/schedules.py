"""Schedules: the list on the left, one of them with its times on the right."""

from typing import Any

import reflex as rx

from designer.ui.page import Page
from designer.ui.panels.new_schedule import new_schedule_dialog
from designer.ui.parts.badge import chip, state_badge
from designer.ui.parts.buttons import button, link_button
from designer.ui.parts.card import card, details_button, empty, waiting
from designer.ui.parts.dialog import deletion
from designer.ui.parts.table import Column, table
from designer.ui.state.new_schedule import NewScheduleState
from designer.ui.state.schedules import TICK_ID, SchedulesState
from designer.ui.views.schedules import FireRow, ScheduleRow

State = SchedulesState
_COLUMNS = (Column("Schedule"), Column("When"), Column("Next", "210px"), Column("Last", "200px"))
_FIRES = (Column("Time", "110px"), Column("Outcome", "150px"), Column("Reason"))


def content() -> rx.Component:
    """The page."""
    return rx.el.div(
        rx.el.div(
            rx.el.h1("Schedules", class_name="grow"),
            rx.cond(State.has_published, button("New schedule", icon="plus", on_click=NewScheduleState.begin(""))),
            class_name="row g3",
        ),
        rx.cond((State.idle != "") & State.rows.bool(), rx.el.div(State.idle, class_name="note bad", role="alert")),
        rx.cond(State.problem != "", rx.el.div(State.problem, class_name="note bad", role="alert")),
        rx.cond(
            State.rows,
            rx.el.div(
                card(
                    rx.el.div(table(_COLUMNS, rx.foreach(State.rows, _row), label="Schedules"), class_name="scrolled")
                ),
                _card(),
                class_name="models with-details",
            ),
            rx.cond(State.is_loaded, _none(), waiting()),
        ),
        # Clicked by a timer in the browser while the page is open.
        rx.el.button(id=TICK_ID, on_click=State.refresh, hidden=True, tab_index=-1, type="button"),
        new_schedule_dialog(),
        _deletion(),
        class_name="padded stack",
    )


def _none() -> rx.Component:
    return card(
        empty(
            "A schedule runs a published pipeline at times, or when files or a dataset change.",
            rx.cond(State.has_published, rx.fragment(), link_button("Published pipelines", "/published")),
        )
    )


def _row(row: ScheduleRow) -> rx.Component:
    return rx.el.tr(
        rx.el.td(
            details_button(row.name, State.choose(row.name)),
            rx.el.div(row.published, class_name="xs t3"),
        ),
        rx.el.td(row.when, rx.cond(row.warning != "", rx.el.div(row.warning, class_name="xs bad"))),
        rx.el.td(row.next, class_name="t2"),
        rx.el.td(
            rx.el.div(
                rx.cond(row.last_state != "", state_badge(row.last_state)),
                rx.el.span(row.last, class_name="t2"),
                class_name="row g2",
            )
        ),
        class_name=rx.cond(State.card.name == row.name, "chosen", ""),
    )


def _card() -> rx.Component:
    shown = State.card
    return card(
        rx.el.div(
            rx.cond(shown.warning != "", rx.el.div(shown.warning, class_name="note bad", role="alert")),
            rx.el.div(
                rx.el.div(shown.when, class_name="m"),
                rx.link(shown.published, href="/published/" + shown.address, class_name="acc s", underline="none"),
                class_name="col g1",
            ),
            rx.cond(shown.times, _section("Next times", rx.foreach(shown.times, _time))),
            rx.el.div(rx.foreach(shown.facts, _fact), class_name="facts"),
            _actions(),
            _section("Last times", rx.cond(
                shown.fires,
                rx.el.div(table(_FIRES, rx.foreach(shown.fires, _fire), label="Last times"), class_name="scrolled"),
                rx.el.p("None of its times has come yet.", class_name="s t2"),
            )),
            class_name="bd col g4",
        ),
        heading=shown.name,
        actions=(rx.cond(~shown.is_enabled, chip("Disabled", "warn")),),
    )  # fmt: skip


def _section(heading: str, *parts: Any) -> rx.Component:
    return rx.el.div(rx.el.div(heading, class_name="b s"), *parts, class_name="col g1")


def _time(time: Any) -> rx.Component:
    return rx.el.div(time, class_name="s t2")


def _fact(pair: Any) -> rx.Component:
    return rx.el.div(
        rx.el.span(pair[0], class_name="t2"), rx.el.span(pair[1], class_name="m wrap"), class_name="fact s"
    )


def _fire(row: FireRow) -> rx.Component:
    return rx.el.tr(
        rx.el.td(row.due, class_name="t2"),
        rx.el.td(
            rx.cond(
                row.run != "",
                rx.link(state_badge(row.state), href="/runs/" + row.run, underline="none", class_name="quiet"),
                rx.el.span(row.outcome, class_name="chip " + row.tone),
            )
        ),
        rx.el.td(row.reason, class_name="s t2", style={"white_space": "normal"}),
    )


def _actions() -> rx.Component:
    return rx.el.div(
        button("Run now", icon="play", on_click=State.fire),
        rx.cond(
            State.card.is_enabled,
            button("Disable", icon="pause", on_click=State.toggle),
            button("Enable", icon="play", on_click=State.toggle),
        ),
        button("Edit", icon="pencil", on_click=NewScheduleState.edit(State.card.name)),
        button("Delete", "quiet", icon="trash-2", on_click=State.ask_delete(True)),
        class_name="row g2",
    )


def _deletion() -> rx.Component:
    return deletion(
        State, "Delete this schedule?", State.card.name, "and the record of its times are removed; its runs stay."
    )


PAGE = Page(route="/schedules", title="Schedules", section="Schedules", content=content, on_load=(State.load,))
