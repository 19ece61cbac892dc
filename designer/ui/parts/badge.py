"""State badges: an icon, a word and a colour, never the colour alone."""

import reflex as rx

from designer.ui.views.legend import StateMark, state_marks


def state_badge(state: str) -> rx.Component:
    """The badge of a run or node state; `state` is the displayed word."""
    return rx.match(
        state,
        *((mark.word, _drawn(mark)) for mark in state_marks().values()),
        rx.el.span(state, class_name="state idle"),
    )


def state_icon(state: str, size: int = 14) -> rx.Component:
    """The icon of an ended run, to be placed beside text; `state` is the stored name."""
    ended = ("finished", "cancelled", "failed")
    drawn = ((name, _icon(state_marks()[name], size)) for name in ended)
    return rx.match(state, *drawn, _icon(state_marks()["failed"], size))


def chip(label: str, tone: str = "") -> rx.Component:
    """A small label; `tone` is ok, warn, bad, run, acc, or empty for neutral."""
    return rx.el.span(label, class_name=f"chip {tone}".strip())


def _drawn(mark: StateMark) -> rx.Component:
    drawn = rx.icon(mark.icon, size=12, stroke_width=2.2, aria_hidden="true")
    return rx.el.span(drawn, mark.word, class_name=f"state {mark.tone}")


def _icon(mark: StateMark, size: int) -> rx.Component:
    return rx.icon(mark.icon, size=size, stroke_width=2.2, class_name=mark.tone, aria_hidden="true")
