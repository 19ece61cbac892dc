"""The theme: Radix slate and indigo, refined by Designer's own tokens."""

import reflex as rx

STYLESHEETS = (
    "/fonts.css",
    "/tokens.css",
    "/frame.css",
    "/controls.css",
    "/tables.css",
    "/home.css",
    "/help.css",
    "/canvas.css",
    "/design.css",
    "/datasets.css",
    "/evaluate.css",
    "/pages.css",
    "/inference.css",
    "/endpoint.css",
)
"""Order matters: tokens before the rest. All files are in assets/."""


def radix() -> rx.Component:
    """The Radix theme that the tokens refine."""
    return rx.theme(accent_color="indigo", gray_color="slate", radius="medium", scaling="95%")
