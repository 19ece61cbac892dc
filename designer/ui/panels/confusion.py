"""The confusion matrix (rows actual, columns predicted) and its threshold."""

import reflex as rx

from designer.ui.parts.card import card
from designer.ui.parts.segments import segment, segments
from designer.ui.state.evaluate import EvaluateState, NamedModel
from designer.ui.views.evaluation import MatrixCell, MatrixRow

State = EvaluateState


def confusion_card() -> rx.Component:
    """The threshold on the left, the matrix on the right."""
    return card(
        rx.el.div(_threshold(), rx.el.div(matrix(), class_name="grow"), class_name="row thr"),
        heading="Threshold and confusion matrix",
        actions=(
            rx.cond(
                State.names.length() > 1,
                segments(rx.foreach(State.names, _model), label="Model"),
            ),
        ),
    )


def matrix() -> rx.Component:
    """The confusion matrix as a table."""
    return rx.el.table(
        rx.el.thead(
            rx.el.tr(rx.el.th(), rx.el.th("Predicted", col_span=State.classes.length(), class_name="ax")),
            rx.el.tr(rx.el.th(), rx.foreach(State.classes, lambda name: rx.el.th(name, class_name="ax2", title=name))),
        ),
        rx.el.tbody(rx.foreach(State.matrix, _row)),
        class_name=rx.cond(State.classes.length() > 2, "cmx many", "cmx"),
        aria_label="Confusion matrix",
    )


def _row(row: MatrixRow) -> rx.Component:
    return rx.el.tr(
        rx.el.th(rx.el.b("Actual"), row.actual, scope="row", title=row.actual),
        rx.foreach(row.cells, _cell),
    )


def _cell(cell: MatrixCell) -> rx.Component:
    return rx.el.td(
        rx.el.b(cell.count),
        rx.cond(cell.name != "", rx.el.span(cell.name)),
        rx.el.span(cell.share),
        style={"background": cell.ground},
    )


def _model(model: NamedModel, place: int) -> rx.Component:
    return segment(model.letter, State.model == place, State.show_model(place), title=model.title)


def _threshold() -> rx.Component:
    view = State.threshold
    return rx.el.div(
        rx.el.div(
            rx.el.label("Predict “", State.positive, "” from", html_for="threshold-number", class_name="m grow ell"),
            rx.debounce_input(
                rx.el.input(
                    type="number",
                    min="0",
                    max="1",
                    step="0.01",
                    value=view.threshold_text,
                    on_change=State.move_threshold,
                    id="threshold-number",
                    class_name="field sm",
                ),
                debounce_timeout=400,
            ),
            class_name="row s g2",
        ),
        rx.el.div(
            rx.foreach(State.score_bars, lambda height: rx.el.i(style={"height": f"calc({height} * 100%)"})),
            class_name="bars",
            aria_hidden="true",
        ),
        rx.debounce_input(
            rx.el.input(
                type="range",
                min="0",
                max="1",
                step="0.01",
                value=view.threshold,
                on_change=State.move_threshold,
                aria_label="Threshold",
                style={"--place": f"calc({view.threshold} * 100%)"},
            ),
            debounce_timeout=60,
        ),
        rx.el.div(rx.el.span("0"), rx.el.span("1"), class_name="row ends xs t3"),
        rx.el.div(
            rx.el.div(
                rx.el.span("Flagged as “", State.positive, "”", class_name="grow t2 ell"),
                rx.el.b(view.flagged),
                class_name="row s g2",
            ),
            _best("Best F1 at", view.best_f1),
            _best("Best accuracy at", view.best_accuracy),
            class_name="col g1",
        ),
        class_name="thl",
    )


def _best(label: str, value: rx.Var[str] | str) -> rx.Component:
    return rx.el.div(
        rx.el.span(label, class_name="grow t2"),
        rx.el.button(value, on_click=State.move_threshold(value), class_name="link acc m", type="button"),
        class_name="row s",
    )
