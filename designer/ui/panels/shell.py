"""The frame around every page: top bar, navigation rail, theme switch."""

import reflex as rx
from reflex.event import EventSpec

from designer.ui.destinations import LOWER, UPPER, Destination
from designer.ui.http.frontend import build_of_sources
from designer.ui.page import Page
from designer.ui.panels.finder import finder
from designer.ui.parts.connection import connection_chip
from designer.ui.parts.update import update_chip
from designer.ui.state.arrival import ArrivalState


def shell(page: Page) -> rx.Component:
    """A page in its frame."""
    return rx.fragment(
        rx.el.a("Skip to content", href="#content", class_name="skip", on_click=_focus_content()),
        _bar(page),
        _rail(page),
        rx.el.main(page.content(), id="content", class_name="main", tab_index=-1),
        finder(),
    )


def _focus_content() -> EventSpec:
    """Move the focus to the content: React's router intercepts fragment links without moving it."""
    return rx.call_script("document.getElementById('content').focus()")


def _bar(page: Page) -> rx.Component:
    title = rx.el.span(page.title, class_name="b") if page.bar is None else page.bar()
    return rx.el.header(
        rx.el.a(_logo(), href="/", class_name="logo", aria_label="Designer, home"),
        title,
        connection_chip(),
        update_chip(ArrivalState.build, build_of_sources()),
        class_name="bar",
    )


def _rail(page: Page) -> rx.Component:
    return rx.el.nav(
        *(_link(destination, page) for destination in UPPER),
        rx.el.span(class_name="grow"),
        _theme_switch(),
        *(_link(destination, page) for destination in LOWER),
        class_name="rail",
        aria_label="Pages",
    )


def _link(destination: Destination, page: Page) -> rx.Component:
    here = page.section == destination.label
    return rx.link(
        rx.icon(destination.icon, size=18, stroke_width=1.75, aria_hidden="true"),
        href=destination.route,
        title=destination.label,
        aria_label=destination.label,
        custom_attrs={"aria-current": "page"} if here else {},
        class_name="on" if here else "",
        underline="none",
    )


def _theme_switch() -> rx.Component:
    label = rx.color_mode_cond("Use the dark theme", "Use the light theme")
    return rx.el.button(
        rx.color_mode_cond(
            rx.icon("moon", size=18, stroke_width=1.75, aria_hidden="true"),
            rx.icon("sun", size=18, stroke_width=1.75, aria_hidden="true"),
        ),
        on_click=rx.toggle_color_mode,
        type="button",
        title=label,
        aria_label=label,
        id="theme",
    )


def _logo() -> rx.Component:
    return rx.image(src="/logo.svg", width="24px", height="24px", alt="")
