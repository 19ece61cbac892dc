"""The page of one dataset or sample."""

import reflex as rx

from designer.ui.page import Page
from designer.ui.panels.column_profile import profile_panel
from designer.ui.panels.preview_grid import preview_grid, turners
from designer.ui.parts.buttons import button, link_button
from designer.ui.parts.card import missing
from designer.ui.parts.crumbs import crumbs
from designer.ui.state.data.dataset import DatasetState


def content() -> rx.Component:
    """The page of one dataset."""
    state = DatasetState
    return rx.cond(
        state.missing_name != "",
        missing("There is no dataset “" + state.missing_name + "”.", "All datasets", "/datasets"),
        rx.el.div(
            rx.el.div(
                rx.el.div(
                    rx.el.span(state.words, class_name="s t2"),
                    rx.el.span(state.description, class_name="s t3 ell grow"),
                    rx.cond(state.busy != "", rx.el.span(state.busy, " …", class_name="s run", role="status")),
                    class_name="row g3 mh",
                ),
                rx.cond(state.problem != "", rx.el.div(state.problem, class_name="note bad", role="alert")),
                rx.cond(state.notices, _notices()),
                preview_grid(state.heads, state.lines, state.chosen, state.choose_column),
                turners(state),
                class_name="md",
            ),
            rx.cond(state.heads, profile_panel(state.profile, state.step_column(-1), state.step_column(1))),
            class_name="dataset",
        ),
    )


def _notices() -> rx.Component:
    return rx.el.section(
        rx.icon("info", size=16, stroke_width=1.75, aria_hidden="true"),
        rx.el.ul(rx.foreach(DatasetState.notices, rx.el.li)),
        class_name="note warn",
        aria_label="What reading the file changed or left open",
    )


def bar() -> rx.Component:
    """Breadcrumbs, the choice of the label, and the button that builds a pipeline."""
    state = DatasetState
    return rx.fragment(
        crumbs(("Datasets", "/datasets"), here=rx.cond(state.missing_name != "", "Not found", state.name)),
        rx.el.span(class_name="grow"),
        rx.cond(state.versions.length() > 1, _versions()),
        rx.cond(
            state.heads,
            rx.fragment(
                rx.el.select(
                    rx.el.option("Nothing to predict: find groups", value=""),
                    rx.foreach(state.names, lambda name: rx.el.option(name, value=name)),
                    value=state.label,
                    on_change=state.choose_label,
                    aria_label="What to predict",
                    class_name="field predict",
                ),
                button("Build pipeline", "primary", on_click=state.build),
            ),
        ),
    )


def _versions() -> rx.Component:
    """The choice of the version, and the comparison with the one before."""
    state = DatasetState
    return rx.fragment(
        rx.el.select(
            rx.foreach(state.versions, lambda choice: rx.el.option(choice.words, value=choice.number)),
            value=state.version,
            on_change=state.choose_version,
            aria_label="Version",
            class_name="field version",
        ),
        link_button("Compare", "/datasets/compare?name=" + state.address + "&after=" + state.version, icon="diff"),
    )


PAGE = Page(
    route="/datasets/view",
    title="Dataset",
    section="Datasets",
    content=content,
    bar=bar,
    subject=DatasetState.name,
    on_load=(DatasetState.load,),
)
