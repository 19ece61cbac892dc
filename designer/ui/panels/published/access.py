"""The address and keys of a published pipeline, and programs that call it."""

from typing import Any

import reflex as rx

from designer.serving.pipelines.consume import LANGUAGES
from designer.ui.parts.buttons import button, icon_button
from designer.ui.parts.card import card
from designer.ui.parts.dialog import question
from designer.ui.state.published.access import AccessState
from designer.ui.views.endpoint.texts import KeyRow

State = AccessState


def access_card() -> rx.Component:
    """Address, keys, and a link to the contract."""
    return card(
        rx.el.div(
            _line(
                "Address",
                rx.cond(
                    State.url != "",
                    rx.fragment(
                        rx.el.span(State.url + "/submit", class_name="mono ell"),
                        icon_button(
                            "Copy the address", "copy", small=True, on_click=rx.set_clipboard(State.url + "/submit")
                        ),
                    ),
                    rx.el.span("the scoring process does not answer", class_name="s bad"),
                ),
            ),
            rx.foreach(State.keys, _key),
            rx.cond(
                State.url != "",
                _line(
                    "Contract",
                    rx.el.a("OpenAPI →", href=State.url + "/openapi.json", target="_blank", class_name="acc m s"),
                ),
            ),
            class_name="dls",
        ),
        heading="Address and keys",
        actions=(rx.el.span("reachable from this computer only", class_name="xs t3 plain"),),
    )


def consume_card() -> rx.Component:
    """Programs that submit a run and wait for its end."""
    return card(
        rx.el.div(*(_language(language) for language in LANGUAGES), class_name="tabs", role="tablist"),
        rx.el.pre(
            rx.foreach(State.code, lambda piece: rx.el.span(piece.text, class_name=piece.look)),
            class_name="code",
            tab_index=0,
            aria_label="Program",
        ),
        heading="Consume",
        actions=(button("Copy", icon="copy", small=True, on_click=State.copy_code),),
        style={"overflow": "hidden"},
    )


def key_question() -> rx.Component:
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


def _language(language: str) -> rx.Component:
    return rx.el.button(
        language,
        on_click=State.show_language(language),
        class_name=rx.cond(State.language == language, "on", ""),
        role="tab",
        custom_attrs={"aria-selected": State.language == language},
        type="button",
    )


def _line(label: Any, *content: Any) -> rx.Component:
    return rx.el.div(
        rx.el.span(label, class_name="s t2"), rx.el.div(*content, class_name="row g2 grow right"), class_name="dl"
    )
