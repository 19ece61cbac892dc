"""The resize handle of a docked panel; the canvas script handles its events."""

import reflex as rx


def grip(panel: str, label: str, classes: str) -> rx.Component:
    """A separator to drag; arrow keys move it, a double click or Enter closes and opens the panel."""
    return rx.el.div(
        class_name=classes,
        role="separator",
        tab_index=0,
        aria_label=label,
        custom_attrs={"data-grip": panel},
    )
