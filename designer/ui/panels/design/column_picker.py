"""The column selection dialog, with the tabs By name and With rules."""

from typing import Any

import reflex as rx

from designer.ui.parts.buttons import button, icon_button
from designer.ui.parts.dialog import dialog
from designer.ui.parts.search_field import search_field
from designer.ui.state.editor.columns import (
    BY_NAME,
    KINDS,
    ROLES,
    WAYS,
    WITH_RULES,
    ColumnsState,
)


def column_picker() -> rx.Component:
    """The dialog; to be placed once on a page."""
    return dialog(
        ColumnsState.label,
        rx.el.div(_tab(BY_NAME), _tab(WITH_RULES), class_name="seg", role="tablist"),
        rx.cond(ColumnsState.help != "", rx.el.p(ColumnsState.help, class_name="s t2")),
        rx.cond(ColumnsState.tab == BY_NAME, _by_name(), _with_rules()),
        is_open=ColumnsState.is_open,
        on_close=ColumnsState.close,
        footer=(
            rx.el.span(
                ColumnsState.preview, class_name="s t2 grow ell", custom_attrs={"data-testid": "picker-preview"}
            ),
            button("Cancel", kind="quiet", on_click=ColumnsState.close),
            button("Choose", kind="primary", on_click=ColumnsState.save, custom_attrs={"data-testid": "picker-save"}),
        ),
        width="640px",
    )


def _tab(name: str) -> rx.Component:
    return rx.el.button(
        name,
        on_click=ColumnsState.show_tab(name),
        class_name=rx.cond(ColumnsState.tab == name, "on", ""),
        role="tab",
        aria_selected=ColumnsState.tab == name,
        type="button",
    )


def _by_name() -> rx.Component:
    return rx.el.div(
        rx.el.div(
            search_field("Search columns", ColumnsState.query, ColumnsState.search),
            button("All", small=True, on_click=ColumnsState.tick_all(True)),
            button("None", small=True, on_click=ColumnsState.tick_all(False)),
            class_name="row g2",
        ),
        rx.el.div(
            rx.cond(
                ColumnsState.choices,
                rx.foreach(ColumnsState.choices, _choice),
                rx.el.p("No column of that name is known here.", class_name="s t3"),
            ),
            class_name="column-list",
            role="group",
            aria_label="Columns",
        ),
        rx.cond(ColumnsState.is_known, rx.fragment(), _typed()),
        class_name="picker",
    )


def _choice(choice: Any) -> rx.Component:
    return rx.el.label(
        rx.el.input(
            type="checkbox",
            checked=choice.is_chosen,
            on_change=lambda _: ColumnsState.tick(choice.name),
            custom_attrs={"data-testid": "pick-" + choice.name},
        ),
        rx.el.span(choice.name, class_name="grow ell"),
        rx.cond(
            choice.is_missing,
            rx.el.span(choice.kind, class_name="chip bad"),
            rx.el.span(choice.kind, class_name="xs t3"),
        ),
        rx.cond((choice.role != "Feature") & (choice.role != ""), rx.el.span(choice.role, class_name="chip acc")),
        class_name="row g2 s",
    )


def _typed() -> rx.Component:
    return rx.fragment(
        rx.el.p("Not all columns are known before the run. One that will come can be named here:", class_name="s t3"),
        rx.el.form(
            rx.el.input(name="name", placeholder="Column name", aria_label="Column name", class_name="field"),
            rx.el.button("Add", class_name="btn sm", type="submit"),
            on_submit=ColumnsState.add_typed,
            reset_on_submit=True,
            class_name="row g2",
        ),
    )


def _with_rules() -> rx.Component:
    return rx.el.div(
        rx.el.div(
            rx.el.span("Begin with", class_name="m s"),
            rx.el.div(
                _start("all", "All columns"),
                _start("none", "No columns"),
                class_name="seg",
                role="group",
                aria_label="Begin with",
            ),
            class_name="row g3",
        ),
        rx.foreach(ColumnsState.rules, _rule),
        button("Add a rule", icon="plus", small=True, on_click=ColumnsState.add_rule),
        class_name="picker",
    )


def _start(value: str, label: str) -> rx.Component:
    return rx.el.button(
        label,
        on_click=ColumnsState.start_with(value),
        class_name=rx.cond(ColumnsState.start == value, "on", ""),
        aria_pressed=ColumnsState.start == value,
        type="button",
    )


def _rule(rule: Any) -> rx.Component:
    return rx.el.div(
        _select(rule, "action", rule.action, {"include": "Include", "exclude": "Exclude"}),
        _select(rule, "by", rule.by, WAYS),
        rx.el.div(
            rx.match(
                rule.by,
                ("names", _names(rule)),
                ("kinds", _chips(rule, "kinds", rule.kinds, KINDS)),
                ("roles", _chips(rule, "roles", rule.roles, ROLES)),
                ("indices", _positions(rule)),
                rx.fragment(),
            ),
            class_name="grow",
        ),
        icon_button("Remove the rule", "x", small=True, on_click=ColumnsState.remove_rule(rule.number)),
        class_name="rule row g2",
        key=rule.number,
    )


def _select(rule: Any, part: str, value: Any, choices: dict[str, str]) -> rx.Component:
    return rx.el.div(
        rx.el.select(
            *(rx.el.option(label, value=name) for name, label in choices.items()),
            value=value,
            on_change=lambda chosen: ColumnsState.change_rule(rule.number, part, chosen),
            class_name="field sm",
            aria_label="Include or exclude" if part == "action" else "By",
        ),
        rx.icon("chevron-down", size=14, stroke_width=1.75, class_name="t3", aria_hidden="true"),
        class_name="select",
    )


def _names(rule: Any) -> rx.Component:
    return rx.el.div(
        rx.foreach(
            rule.names,
            lambda name: rx.el.button(
                name,
                rx.icon("x", size=12, stroke_width=2, aria_hidden="true"),
                on_click=ColumnsState.toggle_in_rule(rule.number, "names", name),
                class_name="chip acc",
                type="button",
                title="Take away",
            ),
        ),
        rx.el.select(
            rx.el.option("Add a column", value=""),
            rx.foreach(ColumnsState.names, lambda name: rx.el.option(name, value=name)),
            value="",
            on_change=lambda name: ColumnsState.toggle_in_rule(rule.number, "names", name),
            class_name="field sm add",
            aria_label="Add a column",
        ),
        class_name="chips",
    )


def _chips(rule: Any, part: str, present: Any, values: tuple[str, ...]) -> rx.Component:
    return rx.el.div(
        *(
            rx.el.button(
                value,
                on_click=ColumnsState.toggle_in_rule(rule.number, part, value),
                class_name=rx.cond(present.contains(value), "chip acc", "chip"),
                aria_pressed=present.contains(value),
                type="button",
            )
            for value in values
        ),
        class_name="chips",
    )


def _positions(rule: Any) -> rx.Component:
    return rx.el.input(
        default_value=rule.indices,
        placeholder="1-4,8",
        aria_label="Positions, counted from 1",
        on_change=lambda text: ColumnsState.change_rule(rule.number, "indices", text).debounce(300),
        class_name="field sm",
    )
