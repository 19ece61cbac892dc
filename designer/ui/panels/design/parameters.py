"""The dialog of a pipeline's parameters, and the button that opens it."""

from typing import Any

import reflex as rx

from designer.ui.canvas.canvas import text_field
from designer.ui.parts.buttons import button
from designer.ui.parts.card import empty
from designer.ui.parts.dialog import dialog
from designer.ui.state.editor.parameters import ParametersState

State = ParametersState


def parameters_dialog() -> rx.Component:
    """The dialog; to be placed once on a page."""
    return dialog(
        "Pipeline parameters",
        rx.cond(
            State.rows.length() > 0,
            rx.el.div(_list(), _form(State.row), class_name="parameters"),
            empty("Open the menu of a field in the settings, and choose Make pipeline parameter."),
        ),
        is_open=State.is_open,
        on_close=State.close,
        footer=(
            rx.cond(
                State.rows.length() > 0,
                button("Remove", "danger", on_click=State.remove(State.row.name)),
            ),
            rx.el.span(
                "A run asks for their values. Every change can be undone on the canvas.", class_name="s t3 grow ell"
            ),
            button("Close", on_click=State.close),
        ),
        width="760px",
    )


def _list() -> rx.Component:
    return rx.el.div(
        rx.foreach(
            State.rows,
            lambda row: rx.el.button(
                rx.el.span(row.name, class_name="m ell"),
                rx.el.span(row.allowed, class_name="xs t3 ell"),
                on_click=State.open(row.name),
                class_name=rx.cond(State.chosen == row.name, "on", ""),
                type="button",
                aria_pressed=State.chosen == row.name,
                custom_attrs={"data-testid": "parameter-" + row.name},
            ),
        ),
        class_name="parameter-list",
        role="group",
        aria_label="Parameters",
    )


def _form(row: Any) -> rx.Component:
    return rx.el.div(
        _name(row),
        rx.el.div(
            rx.el.span("Type", class_name="lab"), rx.el.div(row.type, class_name="field read"), class_name="fd half"
        ),
        _part(row, "default", "Default", row.default, help="Empty: each run must give a value."),
        rx.cond(row.is_bounded, _part(row, "minimum", "Minimum", row.minimum, half=True)),
        rx.cond(row.is_bounded, _part(row, "maximum", "Maximum", row.maximum, half=True)),
        rx.cond(
            (row.type == "choice") | (row.choices != ""),
            _part(row, "choices", "Choices", row.choices, help="With commas between them."),
        ),
        _part(row, "title", "Title", row.title),
        _part(row, "description", "Description", row.description, rows=2),
        rx.el.div(
            rx.el.span("Fills", class_name="lab"),
            rx.cond(
                row.fills.length() > 0,
                rx.el.div(rx.foreach(row.fills, _filled), class_name="chips"),
                rx.el.span("No field uses it.", class_name="s t3"),
            ),
            class_name="fd",
        ),
        class_name="form",
    )


def _name(row: Any) -> rx.Component:
    """The name, which is changed when the field is left: every pause while typing would rename the parameter."""
    return rx.el.div(
        rx.el.label("Name", class_name="lab", html_for="parameter-name"),
        rx.el.input(
            default_value=row.name,
            key=row.name,
            id="parameter-name",
            on_blur=lambda text: State.write(row.name, "name", text),
            class_name=rx.cond(State.wrong == "name", "field bad-field", "field"),
            aria_invalid=State.wrong == "name",
            spell_check=False,
            auto_complete="off",
        ),
        rx.cond(State.wrong == "name", rx.el.div(State.problem, class_name="wrong", role="alert")),
        class_name="fd half",
    )


def _part(
    row: Any, part: str, label: str, value: Any, *, half: bool = False, rows: int = 0, help: str = ""
) -> rx.Component:
    return rx.el.div(
        rx.el.label(label, class_name="lab", html_for=f"field-parameter-{part}"),
        text_field(
            value=value,
            name=f"parameter-{part}",
            label=label,
            target="",
            rows=rows,
            wrong=State.wrong == part,
            on_write=lambda text: State.write(row.name, part, text),
            key=part,
        ),
        rx.cond(State.wrong == part, rx.el.div(State.problem, class_name="wrong", role="alert")),
        *([rx.el.div(help, class_name="help")] if help else []),
        class_name="fd half" if half else "fd",
    )


def _filled(filled: Any) -> rx.Component:
    return rx.el.button(
        filled.text, class_name="chip acc", type="button", on_click=State.lead_to(filled.node, filled.field)
    )
