"""The curves of a two-class model: ROC, precision-recall or lift, calibration, with dots at the threshold."""

from typing import Any

import reflex as rx

from designer.ui.parts.card import card
from designer.ui.parts.chart import chart
from designer.ui.state.evaluate import EvaluateState
from designer.ui.views.charts import Dot

State = EvaluateState


def curves() -> rx.Component:
    """Three charts side by side."""
    return rx.el.div(_roc(), _precision_or_lift(), _calibration(), class_name="g3c")


def drawn(name: str, label: str, height: int = 260) -> rx.Component:
    """A chart of the evaluation in the current theme; `height` in pixels."""
    light: Any = State.light
    dark: Any = State.dark
    return chart(light[name], dark[name], label, height)


def _dots(curve: str) -> Any:
    dots: Any = State.dots
    return dots[curve]


def _roc() -> rx.Component:
    return _card(
        "ROC curve",
        rx.el.span("numbers: area under the curve", class_name="xs t3 plain"),
        drawn("roc", "ROC curve"),
        _dots("roc"),
    )


def _precision_or_lift() -> rx.Component:
    switch = rx.el.div(
        _choice("precision", "Precision and recall"), _choice("lift", "Lift"), class_name="seg", role="group"
    )
    words = rx.el.span("dots: threshold ", State.threshold.threshold_text, class_name="xs t3 plain")
    return card(
        rx.cond(
            State.curve == "lift",
            _over(drawn("lift", "Lift curve"), _dots("lift"), "lift"),
            _over(
                drawn("precision", "Precision and recall"),
                _dots("precision"),
                "",
            ),
        ),
        heading=switch,
        actions=(words,),
    )


def _calibration() -> rx.Component:
    words = rx.cond(State.names.length() > 1, "bars: rows per bin, model A", "bars: rows per bin")
    return _card(
        "Calibration",
        rx.el.span(words, class_name="xs t3 plain"),
        drawn("calibration", "Calibration"),
        None,
    )


def _card(title: str, words: rx.Component, figure: rx.Component, dots: Any) -> rx.Component:
    return card(_over(figure, dots, ""), heading=title, actions=(words,))


def _over(figure: rx.Component, dots: Any, kind: str) -> rx.Component:
    """The chart with dots laid over it, so that moving the threshold redraws only the dots."""
    marks = rx.el.div(rx.foreach(dots, _dot), class_name=f"dots {kind}") if dots is not None else rx.fragment()
    return rx.el.div(figure, marks, class_name="cv")


def _dot(dot: Dot) -> rx.Component:
    return rx.cond(
        dot.is_shown,
        rx.el.i(style={"left": f"{dot.x}%", "top": f"{dot.y}%", "background": dot.colour}),
    )


def _choice(curve: str, label: str) -> rx.Component:
    return rx.el.button(
        label,
        on_click=State.show_curve(curve),
        class_name=rx.cond(State.curve == curve, "on", ""),
        aria_pressed=State.curve == curve,
        type="button",
    )
