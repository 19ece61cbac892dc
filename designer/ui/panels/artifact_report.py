"""Report on a model, a transformation or an evaluation: facts, bars, lines, text or picture."""

from typing import Any

import reflex as rx

from designer.ui.views.artifact_card import ArtifactCard, Weight


def artifact_report(shown: ArtifactCard, *below: rx.Component) -> rx.Component:
    """The parts of a card, stacked or side by side depending on the container; `below` follows the facts."""
    return rx.fragment(
        rx.el.div(
            rx.foreach(shown.facts, _pair),
            rx.foreach(shown.notes, lambda note: rx.el.p(note, class_name="s t2")),
            *below,
            class_name="facts",
        ),
        rx.cond(
            shown.weights,
            rx.el.div(
                rx.el.div(shown.weight_title, class_name="b s"),
                rx.foreach(shown.weights, _weight),
                class_name="ws",
            ),
        ),
        rx.cond(
            shown.lines,
            rx.el.div(rx.el.div(shown.list_title, class_name="b s"), rx.foreach(shown.lines, _pair), class_name="fs"),
        ),
        rx.cond(shown.text != "", rx.el.pre(shown.text, class_name="m s file-text")),
        rx.cond(shown.picture != "", rx.el.img(src=shown.picture, alt=shown.name, class_name="file-picture")),
    )


def _pair(pair: Any) -> rx.Component:
    return rx.el.div(
        rx.el.span(pair[0], class_name="t2 ell", title=pair[0]),
        rx.el.span(pair[1], class_name="m"),
        class_name="fact s",
    )


def _weight(weight: Weight) -> rx.Component:
    return rx.el.div(
        rx.el.span(weight.feature, class_name="t2 ell", title=weight.feature),
        rx.el.span(
            rx.el.i(style={"width": f"{weight.width}%"}, class_name=rx.cond(weight.is_negative, "negative", "")),
            class_name="grow",
        ),
        rx.el.span(weight.value, class_name="m num"),
        class_name="weight s",
    )
