"""The border of a docked panel, by which it is resized; the canvas's script listens to it."""

import reflex as rx


def grip(panel: str, label: str, classes: str) -> rx.Component:
    """A thin line to drag; arrow keys move it, a double click or Enter closes and opens the panel."""
    return rx.el.div(
        class_name=classes,
        role="separator",
        tab_index=0,
        aria_label=label,
        custom_attrs={"data-grip": panel},
    )
