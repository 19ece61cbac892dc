"""How a state is shown: an icon, a word and a colour, never the colour alone."""

import reflex as rx

_STATES: dict[str, tuple[str, str]] = {
    "Not ready": ("circle-dashed", "idle"),
    "Ready": ("clock", "idle"),
    "Queued": ("clock", "idle"),
    "Running": ("loader-circle", "run"),
    "Finished": ("circle-check", "ok"),
    "Reused": ("recycle", "ok"),
    "Stale": ("recycle", "ok"),
    "Failed": ("circle-x", "bad"),
    "Cancelled": ("square", "idle"),
    "Disabled": ("ban", "idle"),
    "Skipped": ("circle-minus", "idle"),
    "Bypassed": ("ban", "idle"),
    "Crashed": ("circle-x", "bad"),
}


def state_badge(state: str) -> rx.Component:
    """The icon and word of a run or node state."""
    return rx.match(
        state,
        *((name, _drawn(name, icon, colour)) for name, (icon, colour) in _STATES.items()),
        rx.el.span(state, class_name="state idle"),
    )


def chip(label: str, tone: str = "") -> rx.Component:
    """A small label; tone is one of ok, warn, bad, run, acc, or empty for neutral."""
    return rx.el.span(label, class_name=f"chip {tone}".strip())


def _drawn(name: str, icon: str, colour: str) -> rx.Component:
    drawn = rx.icon(icon, size=12, stroke_width=2.2, aria_hidden="true")
    return rx.el.span(drawn, name, class_name=f"state {colour}")
