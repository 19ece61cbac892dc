"""The settings of the selected node: title, last result, form, columns, outputs, code."""

from typing import Any

import reflex as rx

from designer.store.computes import LOCAL
from designer.ui.canvas.canvas import code_field, module_tile, port_mark, text_field
from designer.ui.panels.design.fields import form_field
from designer.ui.panels.design.grip import grip
from designer.ui.state.editor.canvas import CanvasState
from designer.ui.state.editor.pipeline import EditorState, ask
from designer.ui.state.editor.settings import TABS, SettingsState
from designer.ui.state.editor.typed import COMMENT


def settings() -> rx.Component:
    """The panel on the right."""
    return rx.el.aside(
        grip("settings", "Width of the settings", "grip left"),
        rx.cond(SettingsState.module != "", _panel(), _nothing()),
        class_name="settings",
        aria_label="Settings",
    )


def _nothing() -> rx.Component:
    text = rx.el.div(
        rx.cond(
            EditorState.selected_count > 1,
            rx.el.span(f"{EditorState.selected_count} nodes are selected. Their settings are shown one at a time."),
            rx.el.span("Select a node to see its settings."),
        ),
        class_name="empty t3",
    )
    place = _compute(
        "Default compute",
        "",
        SettingsState.pipeline_compute,
        "As the workspace: " + SettingsState.default_compute,
    )
    return rx.fragment(
        text, rx.cond(EditorState.selected_count > 1, rx.fragment(), rx.el.div(place, class_name="sheet"))
    )


def _panel() -> rx.Component:
    return rx.fragment(
        rx.el.div(
            module_tile(icon=SettingsState.icon, category=SettingsState.category),
            rx.el.div(
                rx.el.div(SettingsState.title, class_name="b ell", custom_attrs={"data-testid": "settings-title"}),
                rx.el.div(SettingsState.category, class_name="s t2 ell"),
                class_name="grow",
            ),
            _more(),
            class_name="row g3 what",
        ),
        rx.el.div(*(_tab(name) for name in TABS), class_name="tabs", role="tablist", aria_label="Settings"),
        rx.el.div(
            rx.match(
                SettingsState.tab,
                ("Columns", _columns()),
                ("Outputs", _outputs()),
                ("Code", _code()),
                _form(),
            ),
            class_name="sheet",
            custom_attrs={"data-settings": "true"},
        ),
    )


def _more() -> rx.Component:
    def act(label: str, action: str, shortcut: str) -> rx.Component:
        return rx.dropdown_menu.item(label, shortcut=shortcut, on_select=ask("act", action))

    return rx.dropdown_menu.root(
        rx.dropdown_menu.trigger(
            rx.el.button(
                rx.icon("ellipsis", size=16, stroke_width=1.75, aria_hidden="true"),
                class_name="btn g sm i",
                type="button",
                aria_label="More for this node",
            )
        ),
        rx.dropdown_menu.content(
            act("Run to here", "runToHere", "Ctrl Shift Enter"),
            act("Rename", "rename", "F2"),
            act("Duplicate", "duplicate", "Ctrl D"),
            act("Disable or enable", "disable", "D"),
            rx.cond(
                SettingsState.is_unnamed,
                rx.dropdown_menu.item("Keep as component", on_select=CanvasState.keep_as_component),
            ),
            rx.dropdown_menu.separator(),
            rx.dropdown_menu.item("Help on this module", on_select=rx.redirect("/help/" + SettingsState.module)),
            rx.dropdown_menu.separator(),
            act("Delete", "remove", "Delete"),
            act("Delete and heal the wires", "removeAndHeal", "Ctrl Delete"),
            align="end",
        ),
    )


def _tab(name: str) -> rx.Component:
    return rx.el.button(
        name,
        on_click=SettingsState.show_tab(name),
        class_name=rx.cond(SettingsState.tab == name, "on", ""),
        role="tab",
        aria_selected=SettingsState.tab == name,
        type="button",
    )


def _form() -> rx.Component:
    return rx.fragment(
        rx.cond(
            SettingsState.problem != "",
            rx.el.div(
                rx.icon("circle-alert", size=14, stroke_width=2, aria_hidden="true"),
                rx.el.span(SettingsState.problem),
                class_name="note bad said",
                role="alert",
            ),
        ),
        rx.cond(
            SettingsState.explain != "",
            rx.el.div(
                rx.icon("circle-check", size=14, stroke_width=2, aria_hidden="true"),
                rx.el.span(SettingsState.explain),
                class_name="note ok said",
            ),
        ),
        rx.cond(
            SettingsState.failure != "",
            rx.el.div(
                rx.icon("circle-x", size=14, stroke_width=2, aria_hidden="true"),
                rx.el.span(SettingsState.failure),
                class_name="note bad said",
                role="alert",
            ),
        ),
        rx.cond(SettingsState.fields.length() == 0, rx.el.p(SettingsState.description, class_name="t2 s about")),
        rx.el.div(rx.foreach(SettingsState.fields, form_field), class_name="form"),
        _compute(
            "Runs on", SettingsState.node, SettingsState.compute,
            rx.cond(
                SettingsState.pipeline_compute != "",
                "As the pipeline: " + SettingsState.pipeline_compute,
                "As the pipeline: " + SettingsState.default_compute,
            ),
        ),
        _comment(),
    )  # fmt: skip


def _compute(label: str, node: Any, chosen: Any, otherwise: Any) -> rx.Component:
    """A list of computes, where there are any; an empty `node` stands for the pipeline."""
    return rx.cond(
        SettingsState.computes.length() > 0,
        rx.el.label(
            rx.el.span(label, class_name="lab"),
            rx.el.div(
                rx.el.select(
                    rx.el.option(otherwise, value=""),
                    rx.el.option("This computer", value=LOCAL),
                    rx.foreach(SettingsState.computes, lambda name: rx.el.option(name, value=name)),
                    value=chosen,
                    on_change=lambda name: SettingsState.place(node, name),
                    class_name="field",
                    aria_label=label,
                ),
                rx.icon("chevron-down", size=14, stroke_width=1.75, class_name="t3", aria_hidden="true"),
                class_name="select",
            ),
            class_name="fd",
        ),
    )


def _comment() -> rx.Component:
    return rx.el.label(
        rx.el.span("Comment", class_name="lab"),
        text_field(
            value=SettingsState.comment,
            name="comment",
            label="Comment",
            target=SettingsState.node + COMMENT,
            rows=2,
            on_write=lambda text: SettingsState.write_comment(SettingsState.node, text),
            key=SettingsState.node,
        ),
        class_name="fd",
    )


def _columns() -> rx.Component:
    return rx.cond(
        SettingsState.ports.length() > 0,
        rx.el.div(rx.foreach(SettingsState.ports, _port), class_name="ports"),
        rx.el.p("This module has no ports.", class_name="t3 s"),
    )


def _port(port: Any) -> rx.Component:
    return rx.el.section(
        rx.el.div(
            port_mark(type=port.type),
            rx.el.span(port.title, class_name="m grow ell"),
            rx.el.span(rx.cond(port.side == "in", "in", "out"), class_name="chip"),
            class_name="row g2",
        ),
        rx.el.div(port.note, class_name="s t3 noted"),
        rx.foreach(port.columns, _column),
        class_name="port-columns",
    )


def _column(column: Any) -> rx.Component:
    return rx.el.div(
        rx.el.span(column.name, class_name="grow ell"),
        rx.el.span(column.kind, class_name="xs t3"),
        rx.cond(column.role != "Feature", rx.el.span(column.role, class_name="chip acc")),
        class_name="row g2 s column-line",
    )


def _outputs() -> rx.Component:
    return rx.el.div(rx.foreach(SettingsState.results, _result), class_name="ports")


def _result(result: Any) -> rx.Component:
    return rx.el.section(
        rx.el.div(
            port_mark(type=result.type),
            rx.el.span(result.title, class_name="m grow ell"),
            class_name="row g2",
        ),
        rx.el.div(result.text, class_name="s t2 noted"),
        rx.cond(result.metrics.length() > 0, rx.foreach(result.metrics, _metric)),
        rx.cond(result.address != "", rx.link("Open the evaluation", href=result.address, class_name="s acc")),
        class_name="port-columns",
    )


def _metric(metric: Any) -> rx.Component:
    return rx.el.div(
        rx.el.span(metric.name, class_name="grow"),
        rx.el.span(metric.value, class_name="num"),
        class_name="row g2 s column-line",
    )


def _code() -> rx.Component:
    return rx.cond(
        SettingsState.code != "",
        code_field(value=SettingsState.code, language="python", label="Code of this node", read_only=True),
        rx.el.p(SettingsState.code_note, class_name="t3 s"),
    )
