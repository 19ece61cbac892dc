"""The address and the two keys of what programs call: an endpoint, a published pipeline."""

from collections.abc import Mapping
from typing import Any

import reflex as rx

from designer.ui.parts.buttons import icon_button
from designer.ui.parts.card import card
from designer.ui.parts.dialog import question
from designer.ui.state.shown_keys import ShownKeys
from designer.ui.views.endpoint.texts import KeyRow


def access_card(
    state: type[ShownKeys], *, call: Any, contract: Mapping[str, Any], is_reachable: rx.Var[bool] | bool
) -> rx.Component:
    """The address that is called, the keys, and links by label to what describes it."""
    return card(
        rx.el.div(
            _line(
                "Address",
                rx.cond(
                    is_reachable,
                    rx.fragment(
                        rx.el.span(call, class_name="mono ell"),
                        icon_button("Copy the address", "copy", small=True, on_click=rx.set_clipboard(call)),
                    ),
                    rx.el.span("the scoring process does not answer", class_name="s bad"),
                ),
            ),
            rx.foreach(state.keys, lambda key: _key(state, key)),
            rx.cond(
                is_reachable,
                _line(
                    "Contract",
                    *(
                        rx.el.a(f"{label} →", href=href, target="_blank", class_name="acc m s")
                        for label, href in contract.items()
                    ),
                ),
            ),
            class_name="dls",
        ),
        heading="Address and keys",
        actions=(rx.el.span("reachable from this computer only", class_name="xs t3 plain"),),
    )


def key_question(state: type[ShownKeys]) -> rx.Component:
    """The confirmation before a key is replaced."""
    return question(
        "Make a new key?",
        "The ",
        state.to_rotate,
        " key stops opening at once. The other one goes on.",
        is_asked=state.to_rotate != "",
        on_no=state.ask_rotate(""),
        yes="Make a new key",
        on_yes=state.rotate,
        kind="primary",
    )


def _key(state: type[ShownKeys], key: KeyRow) -> rx.Component:
    return _line(
        key.title,
        rx.el.span(key.used, class_name="xs t3"),
        rx.el.span(key.shown, class_name="mono ell"),
        rx.cond(
            key.is_revealed,
            icon_button("Hide the key", "eye-off", small=True, on_click=state.reveal(key.slot)),
            icon_button("Show the key", "eye", small=True, on_click=state.reveal(key.slot)),
        ),
        icon_button("Copy the key", "copy", small=True, on_click=state.copy_key(key.slot)),
        icon_button("Make a new key", "rotate-cw", small=True, on_click=state.ask_rotate(key.slot)),
    )


def _line(label: Any, *content: Any) -> rx.Component:
    return rx.el.div(
        rx.el.span(label, class_name="s t2"), rx.el.div(*content, class_name="row g2 grow right"), class_name="dl"
    )
