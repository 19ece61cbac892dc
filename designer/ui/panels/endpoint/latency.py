"""The endpoint's HTTP latency in the last hour."""

import reflex as rx

from designer.ui.parts.card import card
from designer.ui.parts.chart import chart
from designer.ui.parts.series import series
from designer.ui.state.endpoint.page import EndpointState

State = EndpointState
_COUNTED = "Every HTTP request counts as one, however many rows it holds. Scoring a file sends no request."


def latency_card() -> rx.Component:
    """The 50th and 95th percentile per minute, in milliseconds."""
    return card(
        rx.cond(
            State.p50 != "",
            rx.el.div(chart(State.latency_light, State.latency_dark, "Latency in the last hour", 168), class_name="cv"),
            rx.el.div(State.silence, class_name="empty"),
        ),
        heading=rx.fragment("Latency ", _unit()),
        actions=(
            rx.cond(
                State.p50 != "",
                rx.fragment(
                    rx.el.span(series("var(--c1)", False), "p50 ", rx.el.b(State.p50), class_name="row g2 s plain"),
                    rx.el.span(series("var(--c2)", True), "p95 ", rx.el.b(State.p95), class_name="row g2 s plain"),
                    rx.el.span(State.latency_words, class_name="s t2 plain"),
                ),
            ),
        ),
    )


def _unit() -> rx.Component:
    return rx.el.span("of HTTP requests, milliseconds, last hour", class_name="xs t3 plain", title=_COUNTED)
