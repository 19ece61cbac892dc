"""The dialog that asks for the values of pipeline parameters before a run."""

import reflex as rx

from designer.ui.panels.asked import asked_line
from designer.ui.parts.buttons import button
from designer.ui.parts.dialog import dialog
from designer.ui.state.editor.run_form import RunFormState

FORM = "run-form"


def run_form() -> rx.Component:
    """The dialog; to be placed once on a page. Enter in a line runs."""
    return dialog(
        RunFormState.title,
        rx.el.form(
            rx.foreach(RunFormState.asked, lambda item, index: asked_line(item, index)),
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
