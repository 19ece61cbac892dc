"""The thumbnail of a pipeline."""

import reflex as rx

from designer.ui.views.thumbnail import HEIGHT, WIDTH, Box, Thumbnail


def drawing(picture: Thumbnail) -> rx.Component:
    """The thumbnail as SVG."""
    return rx.el.svg(
        rx.foreach(picture.wires, _drawn_wire),
        rx.foreach(picture.boxes, _drawn_box),
        width=str(WIDTH),
        height=str(HEIGHT),
        view_box=f"0 0 {WIDTH} {HEIGHT}",
        aria_hidden="true",
    )


def _drawn_wire(path: str) -> rx.Component:
    return rx.el.path(d=path, stroke="var(--wire-any)", stroke_width="1.5", fill="none")


def _drawn_box(box: Box) -> rx.Component:
    return rx.el.g(
        rx.el.rect(width="52", height="12", rx="3.5", fill="var(--surface)", stroke="var(--line-strong)"),
        rx.el.rect(x="3", y="3", width="6", height="6", rx="1.5", fill=box.colour),
        rx.el.rect(x="13", y="4.5", width="24", height="3", rx="1.5", fill="var(--line-strong)"),
        custom_attrs={"transform": f"translate({box.x} {box.y})"},
    )
