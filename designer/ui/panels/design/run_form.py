"""The dialog that asks for the values of pipeline parameters before a run."""

from typing import Any

import reflex as rx

from designer.ui.parts.buttons import button
from designer.ui.parts.dialog import dialog
from designer.ui.state.editor.run_form import RunFormState

FORM = "run-form"


def run_form() -> rx.Component:
    """The dialog; to be placed once on a page. Enter in a line runs."""
    return dialog(
        RunFormState.title,
        rx.el.form(
            rx.foreach(RunFormState.asked, _asked),
            id=FORM,
            on_submit=RunFormState.run,
            class_name="run-form",
            no_validate=True,
        ),
        is_open=RunFormState.is_open,
        on_close=RunFormState.close,
        footer=(
            rx.el.span("The pipeline keeps its defaults.", class_name="s t3 grow ell"),
            button("Cancel", kind="quiet", on_click=RunFormState.close),
            rx.el.button(
                rx.icon("play", size=14, stroke_width=1.75, aria_hidden="true"),
                "Run",
                class_name="btn p",
                type="submit",
                custom_attrs={"form": FORM, "data-testid": "run-with-values"},
            ),
        ),
        width="480px",
    )


def _asked(item: Any, index: int) -> rx.Component:
    return rx.el.div(
        rx.cond(item.editor == "switch", _switch(item, index), _labelled(item, index)),
        rx.cond(item.error != "", rx.el.div(item.error, class_name="wrong", role="alert")),
        rx.cond(item.help != "", rx.el.div(item.help, class_name="help")),
        class_name="fd",
        custom_attrs={"data-testid": "asked-" + item.name},
        key=item.name,
    )


def _labelled(item: Any, index: int) -> rx.Component:
    return rx.fragment(
        rx.el.label(item.label, class_name="lab", html_for="asked-" + item.name),
        rx.match(
            item.editor,
            ("choice", _choice(item, index)),
            ("lines", rx.el.textarea(default_value=item.text, rows=4, **_props(item, index))),
            rx.el.input(
                default_value=item.text, input_mode=rx.cond(item.editor == "number", "decimal", "text"),
                auto_complete="off", spell_check=False, **_props(item, index),
            ),
        ),
    )  # fmt: skip


def _choice(item: Any, index: int) -> rx.Component:
    return rx.el.select(
        rx.cond(item.text == "", rx.el.option("Choose", value=""), rx.fragment()),
        rx.foreach(item.choices, lambda choice: rx.el.option(choice, value=choice)),
        default_value=item.text,
        **_props(item, index),
    )


def _switch(item: Any, index: int) -> rx.Component:
    return rx.el.label(
        rx.el.input(
            type="checkbox",
            default_checked=item.text == "true",
            name=item.name,
            auto_focus=index == 0,
            class_name="tick",
        ),
        rx.el.span(item.label, class_name="m s"),
        class_name="row g2",
    )


def _props(item: Any, index: int) -> dict[str, Any]:
    return {
        "name": item.name,
        "id": "asked-" + item.name,
        "auto_focus": index == 0,
        "aria_invalid": item.error != "",
        "class_name": rx.cond(item.error != "", "field bad-field", "field"),
    }
