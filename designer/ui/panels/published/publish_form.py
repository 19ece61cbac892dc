"""The dialog that publishes a pipeline."""

from typing import Any

import reflex as rx

from designer.ui.parts.buttons import button
from designer.ui.parts.dialog import dialog
from designer.ui.state.published.publish_form import PublishState

State = PublishState
FORM = "publish-form"


def publish_dialog() -> rx.Component:
    """The dialog; to be placed once on a page."""
    return dialog(
        "Publish",
        rx.el.form(
            rx.el.p(State.words, class_name="s t2"),
            _field("name", "Name", State.name, "A name that is published already gets another version.", focus=True),
            _field("description", "Description", State.description, ""),
            _field("version", "Version", "", "A label beside the number, such as 1.0; may be empty."),
            rx.cond(State.problem != "", rx.el.div(State.problem, class_name="wrong", role="alert")),
            id=FORM,
            on_submit=State.publish,
            class_name="run-form",
            no_validate=True,
        ),
        is_open=State.is_open,
        on_close=State.close,
        footer=(
            rx.el.span("It runs with other values on request.", class_name="s t3 grow ell"),
            button("Cancel", kind="quiet", on_click=State.close),
            rx.el.button(
                rx.icon("send", size=14, stroke_width=1.75, aria_hidden="true"),
                rx.cond(State.is_publishing, "Publishing …", "Publish"),
                class_name="btn p",
                type="submit",
                disabled=State.is_publishing,
                custom_attrs={"form": FORM, "data-testid": "publish-now"},
            ),
        ),
        width="480px",
    )


def _field(name: str, label: str, value: Any, help: str, focus: bool = False) -> rx.Component:
    return rx.el.div(
        rx.el.label(label, class_name="lab", html_for=f"publish-{name}"),
        rx.el.input(
            default_value=value, name=name, id=f"publish-{name}", auto_focus=focus, auto_complete="off",
            spell_check=False, class_name="field",
        ),
        rx.el.div(help, class_name="help") if help else rx.fragment(),
        class_name="fd",
    )  # fmt: skip
