"""Components: programs of the user's own as steps, and the environments that were made for them."""

from typing import Any

import reflex as rx

from designer.ui.page import Page
from designer.ui.parts.badge import chip
from designer.ui.parts.buttons import button
from designer.ui.parts.card import card, details_button, empty, waiting
from designer.ui.parts.table import Column, table
from designer.ui.state.components import ComponentsState
from designer.ui.views.component_list import ComponentRow, EnvironmentRow, Use, VersionRow

State = ComponentsState
_COLUMNS = (Column("Component"), Column("Version", "110px"), Column("Made of", "130px"), Column("Interface", "220px"),
            Column("Registered", "120px"))  # fmt: skip
_ENVIRONMENTS = (Column("Environment", "110px"), Column("Python", "90px"), Column("Packages"), Column("Size", "100px"),
                 Column("Last used", "130px"))  # fmt: skip
_NONE = (
    "No components yet. Register a program of yours from a file, designer component add train.yml, or in Python, as "
    "the README shows."
)


def content() -> rx.Component:
    """The list on the left, one component on the right, environments below."""
    return rx.el.div(
        rx.el.div(
            rx.el.h1("Components", class_name="grow"),
            rx.el.label(
                rx.el.input(type="checkbox", checked=State.with_archived, on_change=State.show_archived),
                "Archived ones",
                class_name="row g2 s t2",
            ),
            class_name="row g3",
        ),
        rx.cond(State.problem != "", rx.el.div(State.problem, class_name="note bad", role="alert")),
        rx.cond(State.note != "", rx.el.div(State.note, class_name="note", role="status")),
        rx.cond(
            State.rows,
            rx.el.div(
                card(
                    rx.el.div(table(_COLUMNS, rx.foreach(State.rows, _row), label="Components"), class_name="scrolled")
                ),
                _card(),
                class_name="models with-details",
            ),
            rx.cond(State.is_loaded, card(empty(_NONE)), waiting()),
        ),
        rx.cond(State.environments, _environments()),
        class_name="padded stack",
    )


def _row(row: ComponentRow) -> rx.Component:
    return rx.el.tr(
        rx.el.td(
            details_button(row.title, State.choose(row.name)),
            rx.el.div(row.name, class_name="xs t3"),
        ),
        rx.el.td(row.version),
        rx.el.td(row.origin, class_name="t2"),
        rx.el.td(row.interface, class_name="t2"),
        rx.el.td(row.made, class_name="t2"),
        class_name=rx.cond(State.card.name == row.name, "chosen", ""),
    )


def _card() -> rx.Component:
    shown = State.card
    return card(
        rx.el.div(
            rx.cond(shown.description != "", rx.el.p(shown.description, class_name="t2")),
            rx.el.div(rx.foreach(shown.ports, _pair), class_name="facts"),
            rx.cond(shown.settings, _section("Settings", rx.foreach(shown.settings, _pair))),
            _section("Command", rx.el.pre(shown.command, class_name="m s file-text")),
            _section("Environment", rx.el.p(shown.environment, class_name="t2"), _packages()),
            _section("Versions", rx.foreach(shown.versions, _version)),
            rx.cond(shown.uses, _section("Used in", rx.foreach(shown.uses, _use))),
            _actions(),
            class_name="bd col g4",
        ),
        heading=shown.title,
    )


def _section(heading: str, *parts: Any) -> rx.Component:
    return rx.el.div(rx.el.div(heading, class_name="b s"), *parts, class_name="col g1")


def _pair(pair: Any) -> rx.Component:
    return rx.el.div(
        rx.el.span(pair[0], class_name="t2 ell", title=pair[0]),
        rx.el.span(pair[1], class_name="m"),
        class_name="fact s",
    )


def _packages() -> rx.Component:
    return rx.cond(
        State.card.packages,
        rx.el.div(rx.foreach(State.card.packages, lambda text: chip(text)), class_name="chips"),
    )


def _version(version: VersionRow) -> rx.Component:
    return rx.el.div(
        rx.el.span(version.version, class_name="m"),
        rx.el.span(version.made, class_name="t3 s grow"),
        rx.cond(
            version.is_default,
            chip("In the palette"),
            button("Offer in the palette", "quiet", small=True, on_click=State.make_default(version.version)),
        ),
        class_name="row g3",
    )


def _use(use: Use) -> rx.Component:
    return rx.link(use.name, href=use.href, class_name="acc s", underline="none")


def _actions() -> rx.Component:
    return rx.el.div(
        rx.cond(
            State.card.is_archived,
            button("Restore", icon="archive-restore", on_click=State.restore),
            button("Archive", icon="archive", on_click=State.archive),
        ),
        button("Export", icon="download", on_click=State.export),
        rx.cond(State.card.packages, button("Make the environment now", icon="package", on_click=State.build)),
        class_name="row g2 wrapped",
    )


def _environments() -> rx.Component:
    return card(
        rx.el.div(
            table(_ENVIRONMENTS, rx.foreach(State.environments, _environment), label="Environments"),
            class_name="scrolled",
        ),
        rx.el.div(
            button("Remove those unused for 90 days", "quiet", small=True, on_click=State.clean), class_name="bd"
        ),
        heading="Environments on this computer",
    )


def _environment(row: EnvironmentRow) -> rx.Component:
    return rx.el.tr(
        rx.el.td(row.key, class_name="m"),
        rx.el.td(row.python),
        rx.el.td(row.packages, class_name="t2"),
        rx.el.td(row.size, class_name="num"),
        rx.el.td(row.used, class_name="t2"),
    )


PAGE = Page(route="/components", title="Components", section="Components", content=content, on_load=(State.load,))
