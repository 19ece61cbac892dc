"""The parity certificate: a seal, the numbers, and a report of every compared path."""

import math
from typing import Any

import reflex as rx

from designer.ui.parts.card import card, empty
from designer.ui.parts.dialog import dialog
from designer.ui.parts.table import Column, table
from designer.ui.state.endpoint.certifying import CertifyingState
from designer.ui.state.endpoint.page import EndpointState
from designer.ui.views.endpoint.texts import Path

State, Certifying = EndpointState, CertifyingState
_COLUMNS = (
    Column("Rows went through"),
    Column("Compared with"),
    Column("Rows", "90px", True),
    Column("Differences", "100px", True),
    Column("Largest", "100px", True),
)
_TICKS = 60


def certificate_card() -> rx.Component:
    """The seal and its numbers, or a notice that the version was deployed without a comparison."""
    certificate = State.certificate
    return rx.cond(
        certificate.exists,
        rx.el.section(
            _seal(),
            rx.el.div(
                rx.el.div(
                    rx.el.h2("Parity certificate"),
                    rx.cond(
                        certificate.passed,
                        rx.el.span("Passed", class_name="chip ok"),
                        rx.el.span("Not passed", class_name="chip bad"),
                    ),
                    class_name="row g2",
                ),
                rx.el.p(
                    rx.el.b(certificate.identical),
                    " compared held-out rows agree, largest difference ",
                    rx.el.b(certificate.largest),
                ),
                rx.el.p(certificate.words, class_name="s t2"),
                rx.cond(certificate.reason != "", rx.el.p(certificate.reason, class_name="s t2")),
                rx.el.div(
                    rx.el.span(certificate.made),
                    rx.el.button(
                        "View report", on_click=State.show_report(True), class_name="link acc m", type="button"
                    ),
                    _check_again(),
                    class_name="row g3 xs t3 meta",
                ),
                _problem(),
                class_name="grow",
            ),
            class_name="card row seal",
            aria_label="Parity certificate",
        ),
        card(empty("This version was deployed without a comparison.", _check_again()), _problem()),
    )


def _check_again() -> rx.Component:
    """The button, or the progress of a check."""
    return rx.cond(
        _is_here() & (Certifying.busy != ""),
        rx.el.span(
            rx.el.span(Certifying.busy, " …", role="status"),
            rx.el.span(rx.el.i(style={"width": f"{Certifying.progress}%"}), class_name="pbar"),
            class_name="row g2 grow checking",
        ),
        rx.el.button(
            "Check again",
            on_click=Certifying.check,
            disabled=Certifying.busy != "",
            class_name="link acc m",
            type="button",
        ),
    )


def _problem() -> rx.Component:
    return rx.cond(
        _is_here() & (Certifying.problem != ""),
        rx.el.div(Certifying.problem, class_name="note bad", role="alert"),
    )


def _is_here() -> Any:
    return Certifying.endpoint == State.name


def report() -> rx.Component:
    """The dialog with every path that the rows took and its differences."""
    return dialog(
        "Parity certificate",
        rx.el.p(State.certificate.words, class_name="t2 under"),
        table(_COLUMNS, rx.foreach(State.certificate.paths, _path), label="Comparisons"),
        is_open=State.shows_report,
        on_close=State.show_report(False),
        width="760px",
    )


def _path(path: Path) -> rx.Component:
    return rx.el.tr(
        rx.el.td(path.path, class_name="m"),
        rx.el.td(path.against, class_name="t2"),
        rx.el.td(path.rows, class_name="num"),
        rx.el.td(path.differences, class_name=rx.cond(path.is_same, "num ok", "num bad")),
        rx.el.td(path.largest, class_name="num"),
    )


def _seal() -> rx.Component:
    """A ring of ticks around a check mark, or around a cross."""
    colour = rx.cond(State.certificate.passed, "var(--ok)", "var(--bad)")
    tint = rx.cond(State.certificate.passed, "var(--ok-tint)", "var(--bad-tint)")
    line = rx.cond(State.certificate.passed, "var(--ok-line)", "var(--bad-line)")
    return rx.el.svg(
        rx.el.path(d=_ring(), stroke=colour, stroke_width="1.5", opacity="0.7"),
        rx.el.circle(cx="44", cy="44", r="34", fill=tint, stroke=colour, stroke_width="1.5"),
        rx.el.circle(cx="44", cy="44", r="29", fill="none", stroke=line, stroke_width="1.5"),
        rx.cond(
            State.certificate.passed,
            rx.el.path(d="M31 45.5L40 54.5L58 34.5", **_stroke(colour)),
            rx.el.path(d="M34 34L54 54M54 34L34 54", **_stroke(colour)),
        ),
        width="88",
        height="88",
        view_box="0 0 88 88",
        fill="none",
        aria_hidden="true",
    )


def _stroke(colour: rx.Var[str] | str) -> dict[str, object]:
    return {"stroke": colour, "stroke_width": "4", "stroke_linecap": "round", "stroke_linejoin": "round"}


def _ring() -> str:
    parts = []
    for i in range(_TICKS):
        angle = 2 * math.pi * i / _TICKS
        x, y = math.cos(angle), math.sin(angle)
        parts.append(f"M{44 + 38 * x:.1f} {44 + 38 * y:.1f}L{44 + 42 * x:.1f} {44 + 42 * y:.1f}")
    return "".join(parts)
