"""Dialogs: a header, a scrolling body, a footer with a summary on the left and buttons on the right."""

from typing import Any

import reflex as rx

from designer.ui.parts.buttons import Kind, button, icon_button

_FIRST_FIELD: rx.Var[Any] = rx.Var(
    "(event) => { const field = event.target.querySelector("
    "'.bd :is(input:not([type=hidden]), select, textarea):not([disabled])');"
    " if (field) { event.preventDefault(); field.focus(); } }"
)
"""Gives the focus to the first field; a dialog without one gives it to its first button."""

LEAVES_FOCUS: dict[str, rx.Var[Any]] = {
    "onCloseAutoFocus": rx.Var("(event) => { if (document.querySelector('[role=\"dialog\"]')) event.preventDefault() }")
}
"""Attributes of the content of a menu that opens dialogs: once closed, it takes the focus from none of them."""


def dialog(
    title: Any,
    *content: Any,
    is_open: rx.Var[bool] | bool,
    on_close: Any,
    footer: tuple[Any, ...] = (),
    width: str = "1104px",
) -> rx.Component:
    """A modal dialog; Escape and the close button call `on_close`."""
    return rx.dialog.root(
        rx.dialog.content(
            rx.el.div(
                rx.dialog.title(title, class_name="h2 grow", margin="0", as_="h2"),
                icon_button("Close", "x", on_click=on_close),
                class_name="hd",
            ),
            rx.el.div(*content, class_name="bd"),
            rx.el.div(*footer, class_name="ft") if footer else rx.fragment(),
            class_name="sheet",
            max_width=width,
            padding="0",
            aria_describedby="",
            custom_attrs={"onOpenAutoFocus": _FIRST_FIELD},
        ),
        open=is_open,
        on_open_change=lambda _open: on_close,
    )


def question(
    title: str, *text: Any, is_asked: rx.Var[bool] | bool, on_no: Any, yes: str, on_yes: Any, kind: Kind = "danger"
) -> rx.Component:
    """A confirmation dialog before an action that is not easily undone."""
    return dialog(
        title,
        rx.el.p(*text),
        is_open=is_asked,
        on_close=on_no,
        footer=(rx.el.span(class_name="grow"), button("Keep", on_click=on_no), button(yes, kind, on_click=on_yes)),
        width="440px",
    )


def deletion(state: Any, title: str, name: Any, consequence: str) -> rx.Component:
    """The confirmation before what a page shows is deleted; its state has `asks_delete`, `ask_delete` and `delete`."""
    return question(
        title,
        "“",
        name,
        f"” {consequence}",
        is_asked=state.asks_delete,
        on_no=state.ask_delete(False),
        yes="Delete",
        on_yes=state.delete,
    )
