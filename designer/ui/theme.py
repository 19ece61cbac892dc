"""The look: Radix slate and indigo, then our own tokens on top."""

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
"""Order matters: tokens first, pieces after. Every file lives in assets/."""


def radix() -> rx.Component:
    """The Radix theme that our tokens refine."""
    return rx.theme(accent_color="indigo", gray_color="slate", radius="medium", scaling="95%")
