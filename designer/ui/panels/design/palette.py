"""The palette: search, modules that fit the selection, modules by category.

A row is added to the canvas by dragging it, or in the middle by a double click or Enter.
"""

from typing import Any

import reflex as rx

from designer.ui.canvas.canvas import module_tile
from designer.ui.panels.design.grip import grip
from designer.ui.parts.search_field import search_field
from designer.ui.state.editor.palette import PaletteState
from designer.ui.state.editor.pipeline import asking


def palette() -> rx.Component:
    """The panel on the left."""
    return rx.el.aside(
        rx.el.div(
            rx.el.span("Modules", class_name="b grow"),
            rx.el.span(PaletteState.module_count, class_name="xs t3"),
            class_name="row g2 head",
        ),
        rx.el.div(_search(), class_name="find"),
        rx.el.div(_fits(), rx.foreach(PaletteState.groups, _group), _broken(), class_name="groups"),
        grip("palette", "Width of the palette", "grip"),
        class_name="palette",
        aria_label="Modules",
    )


def _search() -> rx.Component:
    return search_field(
        "Search modules",
        PaletteState.query,
        PaletteState.search,
        key="Ctrl K",
        testid="palette-search",
    )


def _fits() -> rx.Component:
    count = PaletteState.fits.length()
    return rx.cond(
        count > 0,
        rx.el.section(
            _heading("Fits the selection", count, PaletteState.fits_open, PaletteState.toggle_fits),
            rx.cond(PaletteState.fits_open, rx.foreach(PaletteState.fits, _row)),
        ),
    )


def _broken() -> rx.Component:
    return rx.cond(
        PaletteState.broken.length() > 0,
        rx.el.section(
            rx.el.div("Cannot be loaded", class_name="pc"),
            rx.foreach(PaletteState.broken, _broken_file),
            custom_attrs={"data-testid": "broken-modules"},
        ),
    )


def _broken_file(row: Any) -> rx.Component:
    return rx.el.div(
        rx.icon("triangle-alert", size=14, stroke_width=1.75, class_name="t3", aria_hidden="true"),
        rx.el.span(row.file, class_name="m"),
        rx.el.span(row.reason, class_name="xs t3"),
        class_name="broken-file",
    )


def _group(group: Any) -> rx.Component:
    return rx.el.section(
        _heading(group.title, group.count, group.is_open, PaletteState.toggle(group.title)),
        rx.foreach(group.rows, _row),
    )


def _heading(title: Any, count: Any, is_open: Any, toggle: Any) -> rx.Component:
    return rx.el.button(
        rx.cond(
            is_open,
            rx.icon("chevron-down", size=14, stroke_width=1.75, class_name="t3", aria_hidden="true"),
            rx.icon("chevron-right", size=14, stroke_width=1.75, class_name="t3", aria_hidden="true"),
        ),
        rx.el.span(title, class_name="grow ell"),
        rx.el.span(count, class_name="xs t3"),
        on_click=toggle,
        class_name="pc",
        type="button",
        aria_expanded=is_open,
    )


def _row(row: Any) -> rx.Component:
    add = rx.call_script(
        rx.Var(asking("add", f"{row.module!s}, JSON.parse({row.parameters!s})"))._replace(
            merge_var_data=row._get_all_var_data()
        )
    )
    return rx.el.button(
        module_tile(icon=row.icon, category=row.category, small=True),
        rx.el.span(row.title, class_name="ell"),
        on_double_click=add,
        class_name="pi",
        type="button",
        draggable=True,
        title=row.hint,
        custom_attrs={
            "data-module": row.module,
            "data-parameters": row.parameters,
            "data-testid": row.testid,
        },
    )
