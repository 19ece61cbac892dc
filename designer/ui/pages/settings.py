"""Settings: theme, processes, workspace, modules that failed to load, access tokens, limits, sign-out."""

from collections.abc import Callable
from typing import Literal

import reflex as rx
from reflex.style import color_mode, set_color_mode

from designer.ui.http.guard import LEAVE
from designer.ui.page import Page
from designer.ui.panels.tokens import tokens_card
from designer.ui.parts.buttons import button
from designer.ui.parts.card import card
from designer.ui.state.settings import Fact, ProcessRow, SettingsState
from designer.ui.state.tokens import TokensState

State = SettingsState
_THEMES: tuple[tuple[Literal["light", "dark", "system"], str], ...] = (
    ("light", "Light"),
    ("dark", "Dark"),
    ("system", "Like the system"),
)


def settings_page(upload_bytes: int, body_bytes: int) -> Page:
    """The page, with the limits in bytes of the entry point that serves it."""
    limits = (
        ("Largest uploaded file", _binary(upload_bytes)),
        ("Largest ordinary request", _binary(body_bytes)),
        ("Reachable from", "this computer only"),
        ("Telemetry", "none; nothing is fetched from outside"),
    )
    return Page(
        route="/settings",
        title="Settings",
        section="Settings",
        content=_content(limits),
        on_load=(State.load, TokensState.load),
    )


def _binary(size: int) -> str:
    return f"{size / 1024**3:g} GiB" if size >= 1024**3 else f"{size / 1024**2:g} MiB"


def _content(limits: tuple[tuple[str, str], ...]) -> Callable[[], rx.Component]:
    def content() -> rx.Component:
        return rx.el.div(
            rx.el.h1("Settings"),
            card(rx.el.div(*(_theme(*theme) for theme in _THEMES), class_name="bd"), heading="Theme"),
            card(rx.el.div(rx.foreach(State.processes, _process), class_name="bd facts"), heading="Processes"),
            card(
                rx.el.div(
                    rx.foreach(State.facts, _fact),
                    rx.foreach(State.warnings, lambda text: rx.el.p(text, class_name="note warn")),
                    class_name="bd facts",
                ),
                heading="Workspace",
            ),
            rx.cond(
                State.broken,
                card(
                    rx.el.div(rx.foreach(State.broken, _fact), class_name="bd facts"),
                    heading="Modules that could not be loaded",
                ),
            ),
            tokens_card(),
            card(rx.el.div(*(_line(label, value) for label, value in limits), class_name="bd facts"), heading="Limits"),
            card(_leaving(), heading="This browser"),
            class_name="padded stack settings",
        )

    return content


def _theme(mode: Literal["light", "dark", "system"], label: str) -> rx.Component:
    return rx.el.label(
        rx.el.input(
            type="radio",
            name="theme",
            value=mode,
            checked=color_mode == mode,
            on_change=set_color_mode(mode),
        ),
        label,
        class_name="row g2 choice",
    )


def _leaving() -> rx.Component:
    words = "All its tabs lose their connection; pipelines and runs stay. The command designer open lets it in again."
    leave = f"fetch('{LEAVE}', {{method: 'POST'}}).then(() => location.assign('/'))"
    return rx.el.div(
        rx.el.span(words, class_name="t2 grow"),
        button("Sign out", on_click=rx.call_script(leave)),
        class_name="bd row g3 s",
    )


def _process(row: ProcessRow) -> rx.Component:
    return rx.el.div(
        rx.el.span(row.title, class_name="m name"),
        rx.el.span(row.state, class_name="chip " + row.tone),
        rx.el.span(row.words, class_name="t2 grow"),
        rx.el.span(row.remedy, class_name="t2"),
        class_name="fact s",
    )


def _fact(fact: Fact) -> rx.Component:
    return _line(fact.label, fact.value)


def _line(label: rx.Var[str] | str, value: rx.Var[str] | str) -> rx.Component:
    name = rx.el.span(label, class_name="t2 name")
    return rx.el.div(name, rx.el.span(value, class_name="m wrap"), class_name="fact s")
