"""Text with emphasis and inline code."""

from __future__ import annotations

from collections.abc import Sequence

import reflex as rx

from designer.ui.views.prose import Piece


def prose(pieces: Sequence[Piece] | rx.Var[list[Piece]]) -> rx.Component:
    """The pieces as elements: code, emphasis, strong or plain."""
    return rx.foreach(pieces, _drawn)


def _drawn(piece: Piece) -> rx.Component:
    return rx.match(
        piece.look,
        ("code", rx.el.code(piece.text)),
        ("em", rx.el.em(piece.text)),
        ("strong", rx.el.strong(piece.text)),
        rx.el.span(piece.text),
    )
