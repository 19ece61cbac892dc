"""The coloured tile of a module's category."""

from typing import Any

import reflex as rx

from designer.ui.category import ICONS


def tile(icon: Any, colour_class: Any, small: bool = False) -> rx.Component:
    """The icon of a category on its tint; `icon` is one of those in `category.ICONS`."""
    size = 12 if small else 16
    drawn = {name: rx.icon(name, size=size, stroke_width=1.75, aria_hidden="true") for name in ICONS.values()}
    return rx.el.span(
        rx.match(icon, *drawn.items(), rx.icon("box", size=size, stroke_width=1.75, aria_hidden="true")),
        class_name=("tile sm " if small else "tile ") + colour_class,
    )
