"""The address and the keys of an endpoint."""

from typing import Any

import reflex as rx

from designer.ui.parts.buttons import icon_button
from designer.ui.parts.card import card
from designer.ui.parts.dialog import question
from designer.ui.state.endpoint.keys import KeysState
from designer.ui.views.endpoint.texts import KeyRow

State = KeysState


def address_card() -> rx.Component:
    """Scoring URL, keys, links to the OpenAPI document and the health check."""
    url = State.address + "/endpoints/" + State.name
    return card(
        rx.el.div(
            _line(
                "Address",
                rx.cond(
                    State.address != "",
                    rx.fragment(
                        rx.el.span(url + "/score", class_name="mono ell"),
                        icon_button("Copy the address", "copy", small=True, on_click=rx.set_clipboard(url + "/score")),
                    ),
                    rx.el.span("the scoring process does not answer", class_name="s bad"),
                ),
            ),
            rx.foreach(State.keys, _key),
            rx.cond(
                State.address != "",
                _line(
                    "Contract",
                    rx.el.a("OpenAPI →", href=url + "/openapi.json", target="_blank", class_name="acc m s"),
                    rx.el.a("Health →", href=url + "/ready", target="_blank", class_name="acc m s"),
                ),
            ),
            class_name="dls",
        ),
        heading="Address and keys",
        actions=(rx.el.span("reachable from this computer only", class_name="xs t3 plain"),),
    )


def rotation() -> rx.Component:
    """The confirmation before a key is replaced."""
    return question(
        "Make a new key?",
        "The ",
        State.to_rotate,
        " key stops opening at once. The other one goes on.",
        is_asked=State.to_rotate != "",
        on_no=State.ask_rotate(""),
        yes="Make a new key",
        on_yes=State.rotate,
        kind="primary",
    )


def _key(key: KeyRow) -> rx.Component:
    return _line(
        key.title,
        rx.el.span(key.used, class_name="xs t3"),
        rx.el.span(key.shown, class_name="mono ell"),
        rx.cond(
            key.is_revealed,
            icon_button("Hide the key", "eye-off", small=True, on_click=State.reveal(key.slot)),
            icon_button("Show the key", "eye", small=True, on_click=State.reveal(key.slot)),
        ),
        icon_button("Copy the key", "copy", small=True, on_click=State.copy_key(key.slot)),
        icon_button("Make a new key", "rotate-cw", small=True, on_click=State.ask_rotate(key.slot)),
    )


def _line(label: Any, *content: Any) -> rx.Component:
    return rx.el.div(
        rx.el.span(label, class_name="s t2"), rx.el.div(*content, class_name="row g2 grow right"), class_name="dl"
    )
