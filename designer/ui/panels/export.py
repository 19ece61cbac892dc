"""The export menus of a pipeline and an endpoint, and the dialog that explains a failed export."""

from typing import Any

import reflex as rx

from designer.ui.parts.buttons import button
from designer.ui.parts.dialog import LEAVES_FOCUS, dialog
from designer.ui.state.exporting import ExportingState
from designer.workbench.exports import Format

State = ExportingState
_SCRIPT: tuple[tuple[Format, str], ...] = (("python", "Python script"), ("notebook", "Notebook"))
_ONNX: tuple[tuple[Format, str], ...] = (("onnx", "ONNX file"),)
_DOCUMENT: tuple[tuple[Format, str], ...] = (("sdk", "SDK code"), ("json", "Pipeline file (JSON)"))


def pipeline_export(pipeline_id: Any, is_training: Any) -> rx.Component:
    """The menu of a pipeline: Python formats for a training pipeline, ONNX for an inference pipeline, SDK code and JSON
    for both."""
    return _menu(
        rx.cond(is_training, rx.fragment(*_items(_SCRIPT, pipeline_id)), rx.fragment(*_items(_ONNX, pipeline_id))),
        *_items(_DOCUMENT, pipeline_id),
    )


def endpoint_export(name: Any) -> rx.Component:
    """The menu of an endpoint: the live version as ONNX, and the Python script that trains it."""
    return _menu(
        *(rx.dropdown_menu.item(label, on_select=State.endpoint(name, to)) for to, label in (*_ONNX, *_SCRIPT))
    )


def export_dialog() -> rx.Component:
    """Why an export failed; to be placed once on a page."""
    return dialog(
        "This cannot be exported",
        rx.el.p(State.problem, role="alert"),
        is_open=State.problem != "",
        on_close=State.close,
        footer=(rx.el.span(class_name="grow"), button("Close", on_click=State.close)),
        width="520px",
    )


def _items(formats: tuple[tuple[Format, str], ...], pipeline_id: Any) -> list[rx.Component]:
    return [rx.dropdown_menu.item(label, on_select=State.pipeline(pipeline_id, to)) for to, label in formats]


def _menu(*items: rx.Component) -> rx.Component:
    icon = {"size": 14, "stroke_width": 1.75, "aria_hidden": "true"}
    return rx.dropdown_menu.root(
        rx.dropdown_menu.trigger(
            rx.el.button(
                rx.cond(
                    State.is_busy,
                    rx.icon("loader-circle", class_name="turning", **icon),
                    rx.icon("download", **icon),
                ),
                rx.cond(State.is_busy, "Exporting …", "Export"),
                rx.icon("chevron-down", **icon),
                class_name="btn g",
                type="button",
                disabled=State.is_busy,
            )
        ),
        rx.dropdown_menu.content(*items, align="end", custom_attrs=LEAVES_FOCUS),
    )
