"""Says that the page has lost its server and is trying again; what is on the page stays usable."""

import reflex as rx
from reflex.components.core.banner import has_connection_errors


def connection_chip() -> rx.Component:
    """A small chip under the top bar while the connection is down."""
    return rx.cond(
        has_connection_errors,
        rx.el.div(
            rx.icon("unplug", size=12, stroke_width=2.2, aria_hidden="true"),
            "Reconnecting. Designer may have been stopped; what you see stays.",
            class_name="chip warn offline",
            role="status",
        ),
    )
