"""Notice that the page lost its connection and is reconnecting; its content stays usable."""

import reflex as rx
from reflex.components.core.banner import has_connection_errors

STAYS = "Designer may have been stopped; what you see stays."


def connection_chip() -> rx.Component:
    """A chip in the top bar, where it covers nothing, while the connection is down."""
    return rx.cond(
        has_connection_errors,
        rx.el.span(
            rx.icon("unplug", size=12, stroke_width=2.2, aria_hidden="true"),
            "Reconnecting",
            rx.el.span(f". {STAYS}", class_name="visually-hidden"),
            class_name="chip warn offline",
            title=STAYS,
            role="status",
        ),
    )
