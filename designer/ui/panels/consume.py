"""Client programs in several languages, one shown at a time."""

from collections.abc import Iterable
from typing import Any

import reflex as rx

from designer.ui.parts.buttons import button
from designer.ui.parts.card import card


def consume_card(state: Any, languages: Iterable[str]) -> rx.Component:
    """Tabs of languages over the `code` of a state, which has `show_language` and `copy_code`."""
    return card(
        rx.el.div(*(_language(state, language) for language in languages), class_name="tabs", role="tablist"),
        rx.el.pre(
            rx.foreach(state.code, lambda piece: rx.el.span(piece.text, class_name=piece.look)),
            class_name="code",
            tab_index=0,
            aria_label="Program",
        ),
        heading="Consume",
        actions=(button("Copy", icon="copy", small=True, on_click=state.copy_code),),
        style={"overflow": "hidden"},
    )


def _language(state: Any, language: str) -> rx.Component:
    return rx.el.button(
        language,
        on_click=state.show_language(language),
        class_name=rx.cond(state.language == language, "on", ""),
        role="tab",
        custom_attrs={"aria-selected": state.language == language},
        type="button",
    )
