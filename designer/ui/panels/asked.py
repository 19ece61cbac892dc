"""The lines of a form that asks for values of pipeline parameters."""

from typing import Any

import reflex as rx


def asked_line(item: Any, index: Any, *, has_focus: bool = True) -> rx.Component:
    """A label, an editor by the type of the parameter, its error and its help."""
    return rx.el.div(
        rx.cond(item.editor == "switch", _switch(item, index, has_focus), _labelled(item, index, has_focus)),
        rx.cond(item.error != "", rx.el.div(item.error, class_name="wrong", role="alert")),
        rx.cond(item.help != "", rx.el.div(item.help, class_name="help")),
        class_name="fd",
        custom_attrs={"data-testid": "asked-" + item.name},
        key=item.name,
    )


def _labelled(item: Any, index: Any, has_focus: bool) -> rx.Component:
    props = _props(item, index, has_focus)
    return rx.fragment(
        rx.el.label(item.label, class_name="lab", html_for="asked-" + item.name),
        rx.match(
            item.editor,
            ("choice", _choice(item, props)),
            ("lines", rx.el.textarea(default_value=item.text, rows=4, **props)),
            rx.el.input(
                default_value=item.text, input_mode=rx.cond(item.editor == "number", "decimal", "text"),
                auto_complete="off", spell_check=False, **props,
            ),
        ),
    )  # fmt: skip


def _choice(item: Any, props: dict[str, Any]) -> rx.Component:
    return rx.el.select(
        rx.cond(item.text == "", rx.el.option("Choose", value=""), rx.fragment()),
        rx.foreach(item.choices, lambda choice: rx.el.option(choice, value=choice)),
        default_value=item.text,
        **props,
    )


def _switch(item: Any, index: Any, has_focus: bool) -> rx.Component:
    return rx.el.label(
        rx.el.input(
            type="checkbox",
            default_checked=item.text == "true",
            name=item.name,
            auto_focus=(index == 0) if has_focus else False,
            class_name="tick",
        ),
        rx.el.span(item.label, class_name="m s"),
        class_name="row g2",
    )


def _props(item: Any, index: Any, has_focus: bool) -> dict[str, Any]:
    return {
        "name": item.name,
        "id": "asked-" + item.name,
        "auto_focus": (index == 0) if has_focus else False,
        "aria_invalid": item.error != "",
        "class_name": rx.cond(item.error != "", "field bad-field", "field"),
    }
