"""One field of the settings form, by its editor."""

from typing import Any

import reflex as rx

from designer.ui.canvas.canvas import code_field
from designer.ui.state.editor_columns import ColumnsState
from designer.ui.state.editor_settings import SettingsState

PAUSE_MS = 600
"""How long typing rests before it becomes an edit; leaving the field does so at once."""


def form_field(field: Any) -> rx.Component:
    """Label, control, error, help."""
    return rx.el.div(
        rx.cond(field.editor == "switch", _switch(field), _labelled(field)),
        rx.cond(field.error != "", rx.el.div(field.error, class_name="wrong", role="alert")),
        rx.cond(field.help != "", rx.el.div(field.help, class_name="help")),
        class_name=rx.cond(field.is_half, "fd half", "fd"),
        custom_attrs={"data-testid": "field-" + field.name},
        key=field.key,
    )


def _labelled(field: Any) -> rx.Component:
    return rx.fragment(
        rx.el.label(field.label, class_name="lab", html_for="field-" + field.name),
        rx.match(
            field.editor,
            ("choice", _choice(field)),
            ("column", _choice(field, "Choose a column")),
            ("dataset", _choice(field, "Choose a dataset")),
            ("columns", _columns(field)),
            ("code", _code(field)),
            ("lines", _lines(field)),
            ("table", _lines(field, "8", " mono")),
            _text(field),
        ),
    )


def _props(field: Any) -> dict[str, Any]:
    return {
        "id": "field-" + field.name,
        "aria_invalid": field.error != "",
        "custom_attrs": {"data-field": field.name},
    }


def _text(field: Any) -> rx.Component:
    return rx.el.input(
        default_value=field.text,
        on_change=lambda text: SettingsState.write(field.node, field.name, text).debounce(PAUSE_MS),
        on_blur=lambda text: SettingsState.write(field.node, field.name, text),
        input_mode=rx.cond(field.editor == "number", "decimal", "text"),
        class_name=rx.cond(field.error != "", "field bad-field", "field"),
        spell_check=False,
        auto_complete="off",
        **_props(field),
    )


def _lines(field: Any, rows: str = "4", classes: str = "") -> rx.Component:
    return rx.el.textarea(
        default_value=field.text,
        on_change=lambda text: SettingsState.write(field.node, field.name, text).debounce(PAUSE_MS),
        on_blur=lambda text: SettingsState.write(field.node, field.name, text),
        class_name=rx.cond(field.error != "", f"field bad-field{classes}", f"field{classes}"),
        rows=rows,
        spell_check=False,
        wrap="off",
        **_props(field),
    )


def _code(field: Any) -> rx.Component:
    return code_field(
        value=field.text,
        language=field.language,
        label=field.label,
        on_write=lambda text: SettingsState.write(field.node, field.name, text),
    )


def _choice(field: Any, nothing: str = "") -> rx.Component:
    empty = rx.cond(field.text == "", rx.el.option(nothing, value=""), rx.fragment()) if nothing else rx.fragment()
    return rx.el.div(
        rx.el.select(
            empty,
            rx.foreach(field.choices, lambda choice: rx.el.option(choice, value=choice)),
            value=field.text,
            on_change=lambda text: SettingsState.write(field.node, field.name, text),
            class_name=rx.cond(field.error != "", "field bad-field", "field"),
            **_props(field),
        ),
        rx.icon("chevron-down", size=14, stroke_width=1.75, class_name="t3", aria_hidden="true"),
        class_name="select",
    )


def _columns(field: Any) -> rx.Component:
    return rx.el.div(
        rx.el.div(
            rx.el.div(rx.cond(field.text != "No columns", field.text, "No column is chosen"), class_name="m clamp"),
            rx.cond(field.detail != "", rx.el.div(field.detail, class_name="s t2 ell")),
            class_name="grow",
        ),
        rx.el.button(
            "Edit",
            on_click=ColumnsState.open(field.node, field.name),
            class_name="btn sm",
            type="button",
            aria_label="Edit " + field.label,
            **_props(field),
        ),
        class_name=rx.cond(field.error != "", "field bad-field columns", "field columns"),
    )


def _switch(field: Any) -> rx.Component:
    return rx.el.div(
        rx.el.span(field.label, class_name="m s grow", id="label-" + field.name),
        rx.el.button(
            on_click=SettingsState.write(field.node, field.name, ~field.checked),
            class_name="sw",
            role="switch",
            aria_checked=rx.cond(field.checked, "true", "false"),
            aria_labelledby="label-" + field.name,
            type="button",
            **_props(field),
        ),
        class_name="row g2",
    )
