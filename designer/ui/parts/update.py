"""Notice that Designer was updated while a page was open, so that the page may no longer match the server."""

from typing import Any

import reflex as rx


def update_chip(served: Any, own: str) -> rx.Component:
    """A reload button, shown where the served build differs from the page's own."""
    return rx.cond(
        (served != "") & (served != own),
        rx.el.button(
            rx.icon("refresh-cw", size=14, stroke_width=1.75, aria_hidden="true"),
            "Designer was updated: reload",
            on_click=rx.call_script("window.location.reload()"),
            class_name="chip warn",
            type="button",
            custom_attrs={"data-testid": "updated"},
        ),
    )
