"""One field of the settings form, with the control for its editor."""

from typing import Any

import reflex as rx

from designer.contract.files.store_path import NAMED_IN_PATH
from designer.ui.canvas.canvas import code_field, file_field, text_field
from designer.ui.parts.dialog import LEAVES_FOCUS
from designer.ui.state.editor.browsing import BrowseState
from designer.ui.state.editor.columns import ColumnsState
from designer.ui.state.editor.parameters import ParametersState
from designer.ui.state.editor.settings import SettingsState
from designer.ui.state.editor.typed import PARAMETER


def form_field(field: Any) -> rx.Component:
    """A field with label, control, error and help."""
    return rx.el.div(
        rx.cond(
            field.parameter != "",
            _bound(field),
            rx.cond(field.editor == "switch", _switch(field), _labelled(field)),
        ),
        rx.cond(field.error != "", rx.el.div(field.error, class_name="wrong", role="alert")),
        rx.cond(field.help != "", rx.el.div(field.help, class_name="help")),
        class_name=rx.cond(field.is_half, "fd half", "fd"),
        custom_attrs={"data-testid": "field-" + field.name},
        key=field.key,
    )


def _bound(field: Any) -> rx.Component:
    """A field that a pipeline parameter fills: the parameter's name and its default."""
    return rx.fragment(
        rx.el.div(rx.el.span(field.label, class_name="lab grow"), _menu(field), class_name="row lab-row"),
        rx.el.button(
            rx.icon("variable", size=14, stroke_width=1.75, aria_hidden="true"),
            rx.el.span(field.parameter, class_name="m"),
            rx.el.span(
                rx.cond(
                    field.editor == "switch",
                    rx.cond(field.checked, "on", "off"),
                    rx.cond(field.text != "", field.text, "given for each run"),
                ),
                class_name="t3 ell grow",
            ),
            on_click=ParametersState.open(field.parameter),
            class_name=rx.cond(field.error != "", "field bound bad-field", "field bound"),
            type="button",
            title="Edit the pipeline parameter",
            aria_label=f"{field.label}: pipeline parameter {field.parameter}",
            id="field-" + field.name,
            custom_attrs={"data-field": field.name, "data-testid": "bound-" + field.name},
        ),
    )


def _menu(field: Any) -> rx.Component:
    """What can be done with a field besides writing to it."""
    return rx.dropdown_menu.root(
        rx.dropdown_menu.trigger(
            rx.el.button(
                rx.icon("ellipsis", size=14, stroke_width=1.75, aria_hidden="true"),
                class_name="btn g i field-menu",
                type="button",
                aria_label="More for " + field.label,
                custom_attrs={"data-testid": "menu-" + field.name},
            )
        ),
        rx.dropdown_menu.content(
            rx.cond(
                field.parameter != "",
                rx.fragment(
                    rx.dropdown_menu.item("Edit parameter", on_select=ParametersState.open(field.parameter)),
                    rx.dropdown_menu.item("Detach", on_select=SettingsState.demote(field.node, field.name)),
                ),
                rx.fragment(
                    rx.dropdown_menu.item(
                        "Make pipeline parameter", on_select=SettingsState.promote(field.node, field.name, "")
                    ),
                    rx.foreach(
                        field.shareable,
                        lambda name: rx.dropdown_menu.item(
                            f"Use parameter {name}", on_select=SettingsState.promote(field.node, field.name, name)
                        ),
                    ),
                ),
            ),
            align="end",
            custom_attrs=LEAVES_FOCUS,
        ),
    )


def _labelled(field: Any) -> rx.Component:
    return rx.fragment(
        rx.el.div(
            rx.el.label(field.label, class_name="lab grow", html_for="field-" + field.name),
            rx.cond(field.can_promote, _menu(field)),
            class_name="row lab-row",
        ),
        rx.cond(field.store != "", _path_in_store(field), _control(field)),
    )


def _control(field: Any) -> rx.Component:
    return rx.fragment(
        rx.match(
            field.editor,
            ("choice", _choice(field)),
            ("column", _choice(field, "Choose a column")),
            ("dataset", _choice(field, "Choose a dataset")),
            ("datastore", _choice(field, "Choose a datastore")),
            ("place", _choice(field, "This computer", stays=True)),
            ("columns", _columns(field)),
            ("code", _code(field)),
            ("file", _file(field)),
            ("lines", _text(field, rows=4)),
            ("table", _text(field, rows=10, mono=True)),
            _text(field),
        ),
    )


def _props(field: Any) -> dict[str, Any]:
    return {
        "id": "field-" + field.name,
        "aria_invalid": field.error != "",
        "custom_attrs": {"data-field": field.name, "data-target": _target(field)},
    }


def _target(field: Any) -> Any:
    return field.node + PARAMETER + field.name


def _text(field: Any, rows: int = 0, mono: bool = False) -> rx.Component:
    return text_field(
        value=field.text,
        name=field.name,
        label=field.label,
        target=_target(field),
        rows=rows,
        mono=mono,
        is_number=field.editor == "number",
        wrong=field.error != "",
        on_write=lambda text: SettingsState.write(field.node, field.name, text),
    )


def _code(field: Any) -> rx.Component:
    return code_field(
        value=field.text,
        name=field.name,
        language=field.language,
        label=field.label,
        target=_target(field),
        on_write=lambda text: SettingsState.write(field.node, field.name, text),
    )


def _file(field: Any) -> rx.Component:
    return file_field(
        value=field.text,
        name=field.name,
        label=field.label,
        target=_target(field),
        accept=field.accept,
        wrong=field.error != "",
        on_write=lambda path: SettingsState.write(field.node, field.name, path),
    )


def _path_in_store(field: Any) -> rx.Component:
    """A path in a datastore, typed or chosen there."""
    return rx.el.div(
        rx.el.div(_text(field), class_name="grow"),
        rx.el.button(
            "Browse",
            on_click=BrowseState.open(field.node, field.name),
            class_name="btn",
            type="button",
            aria_label="Browse " + field.store,
            custom_attrs={"data-testid": "browse-" + field.name},
        ),
        class_name="row g2",
    )


def _choice(field: Any, nothing: str = "", *, stays: bool = False) -> rx.Component:
    """A list to choose from; `nothing` stands for no choice, and stays in the list if that can be chosen again."""
    none = rx.el.option(nothing, value="")
    empty = none if stays else rx.cond(field.text == "", none, rx.fragment()) if nothing else rx.fragment()
    return rx.el.div(
        rx.el.select(
            empty,
            rx.foreach(field.choices, lambda choice: rx.el.option(_worded(choice) if stays else choice, value=choice)),
            value=field.text,
            on_change=lambda text: SettingsState.write(field.node, field.name, text),
            class_name=rx.cond(field.error != "", "field bad-field", "field"),
            **_props(field),
        ),
        rx.icon("chevron-down", size=14, stroke_width=1.75, class_name="t3", aria_hidden="true"),
        class_name="select",
    )


def _worded(choice: Any) -> rx.Var[str]:
    """The name of a place, or in words that the path names it."""
    return rx.cond(choice == NAMED_IN_PATH, "Named in the path", choice)


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
        rx.cond(field.can_promote, _menu(field)),
        rx.el.button(
            on_click=SettingsState.write(field.node, field.name, ~field.checked),
            class_name="sw",
            role="switch",
            aria_checked=rx.cond(field.checked, "true", "false"),
            aria_labelledby="label-" + field.name,
            type="button",
            **_props(field),
        ),
        class_name="row g2 lab-row",
    )
