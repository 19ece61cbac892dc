"""New dataset from a file: upload, inspect, correct, choose the label, save."""

import reflex as rx

from designer.ui.page import Page
from designer.ui.panels.column_profile import profile_panel
from designer.ui.panels.drop_zone import drop_zone
from designer.ui.panels.file_notes import file_notes
from designer.ui.panels.preview_grid import columns_table, preview_grid, turners
from designer.ui.parts.badge import chip
from designer.ui.parts.buttons import button, link_button
from designer.ui.parts.crumbs import crumbs
from designer.ui.parts.segments import segment, segments
from designer.ui.state.data.correcting import CorrectingState
from designer.ui.state.data.new_dataset import NewDatasetState
from designer.ui.state.data.saving import SavingState

State, Correcting = NewDatasetState, CorrectingState


def content() -> rx.Component:
    """The drop zone, or after the upload the file between its notes and a column profile."""
    return rx.cond(
        State.upload != "",
        rx.el.div(
            file_notes(),
            rx.el.div(_problem(), _first_lines(), rx.cond(State.heads, _middle(), _nothing_yet()), class_name="md"),
            rx.cond(
                State.heads,
                profile_panel(State.profile, State.step_column(-1), State.step_column(1)),
            ),
            class_name="dataset",
        ),
        rx.el.div(
            rx.el.h1("New dataset"),
            drop_zone(State.begin_upload, State.uploaded, State.busy, State.problem),
            class_name="padded narrow",
        ),
    )


def bar() -> rx.Component:
    """Breadcrumbs, and the buttons to cancel, save, or save and build a pipeline."""
    return rx.fragment(
        crumbs(("Datasets", "/datasets"), here="New from file"),
        rx.el.span(class_name="grow"),
        link_button("Cancel", "/datasets", kind="quiet"),
        rx.cond(
            State.upload != "",
            rx.fragment(
                button("Save dataset", on_click=SavingState.save, disabled=~State.heads | (State.busy != "")),
                button(
                    "Save and build pipeline",
                    "primary",
                    on_click=SavingState.save_and_build,
                    disabled=~State.heads | (State.busy != ""),
                ),
            ),
        ),
    )


def _problem() -> rx.Component:
    return rx.cond(
        State.problem != "",
        rx.el.div(
            rx.icon("circle-x", size=14, stroke_width=2, aria_hidden="true"),
            rx.el.span(State.problem),
            rx.foreach(State.unreadable, _leave_out),
            class_name="note bad",
            role="alert",
        ),
    )


def _leave_out(column: str) -> rx.Component:
    return rx.el.button(
        "Leave out ", column, on_click=Correcting.leave_out(column), class_name="btn sm tiny", type="button"
    )


def _first_lines() -> rx.Component:
    """The first lines of the file, where they help to choose the read options."""
    return rx.cond(
        State.first_lines,
        rx.el.section(
            rx.el.h2("The file begins", class_name="s t2"),
            rx.el.ol(rx.foreach(State.first_lines, lambda line: rx.el.li(line)), class_name="mono"),
            class_name="first-lines",
            aria_label="The first lines of the file",
        ),
    )


def _nothing_yet() -> rx.Component:
    bars = (rx.el.div(class_name="skeleton") for _ in range(12))
    return rx.cond(State.busy != "", rx.el.div(*bars, class_name="waiting", aria_hidden="true"))


def _middle() -> rx.Component:
    return rx.fragment(
        rx.el.div(
            segments(_tab("preview", "Preview"), _tab("columns", "All columns"), label="View"),
            rx.el.span(State.summary.preview, class_name="s t2"),
            rx.el.span(class_name="grow"),
            rx.cond(State.summary.corrected != "", chip(State.summary.corrected, "ok")),
            rx.cond(State.summary.undecided != "", chip(State.summary.undecided, "warn")),
            class_name="row g3 mh",
        ),
        rx.cond(
            State.tab == "columns",
            columns_table(State.all_columns, State.choose_column, Correcting.choose_kind, Correcting.bring_back),
            rx.fragment(
                preview_grid(State.heads, State.lines, State.chosen, State.choose_column, Correcting.choose_kind),
                turners(State),
            ),
        ),
    )


def _tab(tab: str, label: str) -> rx.Component:
    return segment(label, State.tab == tab, State.show_tab(tab))


PAGE = Page(
    route="/datasets/new", title="New dataset", section="Datasets", content=content, bar=bar, on_load=(State.load,)
)
