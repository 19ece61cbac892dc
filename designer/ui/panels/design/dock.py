"""The dock: data, statistics and charts of the port in view, problems, runs, log."""

from typing import Any

import reflex as rx

from designer.ui.canvas.canvas import port_mark
from designer.ui.panels.artifact_report import artifact_report
from designer.ui.panels.design.data_grid import chart, data_grid, statistics
from designer.ui.panels.design.grip import grip
from designer.ui.panels.logged_curves import logged_charts, logged_values
from designer.ui.parts.badge import state_badge
from designer.ui.parts.buttons import button, icon_button, link_button
from designer.ui.parts.card import empty
from designer.ui.parts.table import Column, table
from designer.ui.state.editor.dock import METRICS, TABS, DockState
from designer.ui.state.editor.dock_curves import DockCurvesState
from designer.ui.state.editor.port import PAGE_ROWS, PortState

_RUNS = (
    Column("Started"),
    Column("State"),
    Column("Experiment"),
    Column("Took", is_number=True),
    Column("Revision", is_number=True),
)


def dock() -> rx.Component:
    """The panel below the canvas."""
    return rx.el.section(
        grip("dock", "Height of the dock", "grip top"),
        rx.el.div(
            rx.el.div(*(_tab(name) for name in TABS), class_name="row tabs-left", role="tablist", aria_label="Dock"),
            rx.el.span(class_name="grow"),
            _port(),
            icon_button("Open or close the dock", "panel-bottom", small=True, on_click=DockState.toggle),
            class_name="tabs",
        ),
        rx.cond(DockState.is_open, rx.el.div(_body(), class_name="dock-body")),
        class_name=rx.cond(DockState.is_open, "dock", "dock closed"),
        aria_label="Data and problems",
    )


def _tab(name: str) -> rx.Component:
    count = rx.cond(DockState.problem_count > 0, rx.el.span(DockState.problem_count, class_name="cnt bad"))
    return rx.el.button(
        name,
        *([count] if name == "Problems" else []),
        on_click=[DockState.show_tab(name), *([DockCurvesState.read] if name == METRICS else [])],
        class_name=rx.cond((DockState.tab == name) & DockState.is_open, "on", ""),
        role="tab",
        aria_selected=DockState.tab == name,
        type="button",
        custom_attrs={"data-testid": f"dock-{name.lower()}"},
    )


def _port() -> rx.Component:
    return rx.cond(
        PortState.port != "",
        rx.el.div(
            port_mark(type=PortState.port_type),
            rx.el.span(PortState.node_title, " /", class_name="m ell"),
            rx.cond(
                PortState.choices.length() > 1,
                rx.el.select(
                    rx.foreach(PortState.choices, lambda choice: rx.el.option(choice.title, value=choice.name)),
                    value=PortState.port,
                    on_change=PortState.show_port,
                    class_name="plain-select m",
                    aria_label="Output port",
                ),
                rx.el.span(PortState.port_title, class_name="m"),
            ),
            rx.el.span(PortState.size, class_name="t3", custom_attrs={"data-testid": "dock-size"}),
            rx.cond((DockState.tab == "Data") & (PortState.total > PAGE_ROWS), _pages()),
            class_name="row g2 s looked-at",
        ),
    )


def _pages() -> rx.Component:
    return rx.el.span(
        icon_button("Rows before", "chevron-left", small=True, on_click=PortState.turn_page(-1)),
        rx.el.span(f"{PortState.offset + 1} to {PortState.offset + PortState.rows.length()}", class_name="s t2"),
        icon_button("Rows after", "chevron-right", small=True, on_click=PortState.turn_page(1)),
        class_name="row",
        role="group",
        aria_label="Rows",
    )


def _body() -> rx.Component:
    return rx.match(
        DockState.tab,
        ("Data", _table(data_grid())),
        ("Statistics", _table(statistics())),
        ("Charts", _table(chart())),
        (METRICS, _metrics()),
        ("Problems", _problems()),
        ("Runs", _runs()),
        ("Log", _log()),
        rx.fragment(),
    )


def _table(content: rx.Component) -> rx.Component:
    return rx.cond(
        PortState.node == "",
        empty("Select a node, a port or a wire to see its data."),
        rx.match(
            rx.cond(PortState.card.name != "", "card", rx.cond(PortState.note != "", "note", "table")),
            ("card", _card()),
            ("note", empty(PortState.note)),
            content,
        ),
    )


def _card() -> rx.Component:
    """The description of a value that is not a table."""
    return rx.el.div(
        artifact_report(
            PortState.card,
            rx.cond(PortState.evaluation != "", link_button("Open the evaluation", PortState.evaluation)),
        ),
        class_name="artifact",
        custom_attrs={"data-testid": "dock-card"},
    )


def _problems() -> rx.Component:
    return rx.fragment(
        rx.cond(
            DockState.problem_count > 0,
            rx.el.ul(rx.foreach(DockState.problems, _problem), class_name="problems"),
            empty("No problems: the pipeline can run."),
        ),
        rx.cond(DockState.note_of_data != "", empty(DockState.note_of_data)),
    )


def _problem(line: Any) -> rx.Component:
    return rx.el.li(
        rx.el.button(
            rx.cond(
                line.severity == "error",
                rx.icon("circle-x", size=14, stroke_width=2, class_name="bad", aria_label="Error"),
                rx.icon("triangle-alert", size=14, stroke_width=2, class_name="warn", aria_label="Warning"),
            ),
            rx.el.span(line.title, class_name="m"),
            rx.el.span(line.message, " ", rx.el.span(line.remedy, class_name="t2"), class_name="grow said"),
            on_click=DockState.go_to(line.node, line.parameter),
            class_name="row g2",
            type="button",
        ),
        rx.cond(line.fix != "", button(line.fix, small=True, on_click=DockState.mend(line.number))),
        class_name="row g2",
        custom_attrs={"data-testid": "problem"},
    )


def _runs() -> rx.Component:
    return rx.cond(
        DockState.runs.length() > 0,
        table(_RUNS, rx.foreach(DockState.runs, _run), label="Runs of this pipeline"),
        empty("This pipeline was not run yet."),
    )


def _run(line: Any) -> rx.Component:
    return rx.el.tr(
        rx.el.td(rx.link(line.started, href="/runs/" + line.id, class_name="acc")),
        rx.el.td(state_badge(line.state)),
        rx.el.td(line.experiment, class_name="t2"),
        rx.el.td(line.seconds, class_name="num"),
        rx.el.td(line.revision, class_name="num"),
    )


def _metrics() -> rx.Component:
    """What the selected node logs, while it runs and afterwards."""
    state = DockCurvesState
    return rx.cond(
        state.selected == "",
        empty("Select a node to see the metrics that it logs."),
        rx.cond(
            state.logged,
            rx.el.div(logged_values(state), logged_charts(state), class_name="dock-curves"),
            empty("This node logged no metrics in the last run."),
        ),
    )


def _log() -> rx.Component:
    return rx.cond(
        DockState.selected == "",
        empty("Select a node to see what it printed."),
        rx.cond(
            DockState.log != "",
            rx.el.pre(DockState.log, class_name="log", tab_index=0, aria_label="Log of the node"),
            empty("This node printed nothing in the last run."),
        ),
    )
