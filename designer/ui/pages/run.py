"""One run: its submission, its steps, and the log and metrics of the chosen one."""

from typing import Any

import reflex as rx

from designer.ui.canvas.canvas import module_tile
from designer.ui.page import Page
from designer.ui.panels.logged_curves import logged_charts, logged_values
from designer.ui.panels.published.publish_form import publish_dialog
from designer.ui.parts.assignments import assignments_chip
from designer.ui.parts.badge import state_badge
from designer.ui.parts.buttons import button, link_button
from designer.ui.parts.card import card, missing
from designer.ui.parts.crumbs import crumbs
from designer.ui.parts.table import Column, table
from designer.ui.state.history.run import RunState
from designer.ui.state.published.publish_form import PublishState
from designer.ui.views.run.about import Tag
from designer.ui.views.run.texts import NodeRow

_NODES = (
    Column("Step"),
    Column("State", "110px"),
    Column("Time", "72px", True),
    Column("Rows × columns", "120px", True),
    Column("", "96px"),
)


def content() -> rx.Component:
    """One run."""
    state = RunState
    return rx.cond(
        state.problem != "",
        missing(state.problem, "All runs", "/runs"),
        rx.cond(
            state.run_id != "",
            rx.el.div(
                rx.el.div(
                    rx.el.h1(state.row.name),
                    rx.cond(
                        state.about.number != "",
                        rx.link(
                            state.about.experiment,
                            " ",
                            state.about.number,
                            href="/runs?experiment=" + state.about.experiment,
                            class_name="chip",
                            underline="none",
                            title="All runs of this experiment",
                        ),
                    ),
                    state_badge(state.row.state),
                    rx.el.span(state.row.started, class_name="s t2"),
                    rx.el.span(state.row.seconds, class_name="s t2"),
                    assignments_chip(state.row.assignments),
                    rx.el.span(state.counts, class_name="s t2 grow"),
                    rx.cond(state.is_active, button("Cancel", "danger", icon="square", on_click=state.cancel)),
                    class_name="row g3 top",
                ),
                rx.cond(state.warning != "", rx.el.div(state.warning, class_name="note bad", role="alert")),
                rx.el.div(rx.el.div(_steps(), _about(), class_name="col g4"), _step(), class_name="run-columns"),
                publish_dialog(),
                class_name="evaluation",
            ),
        ),
    )


def bar() -> rx.Component:
    """Breadcrumbs, and links to the comparison, the pipeline and the evaluation."""
    row = RunState.row
    return rx.fragment(
        crumbs(("Runs", "/runs"), here=rx.cond(RunState.problem != "", "Not found", row.name)),
        rx.el.span(class_name="grow"),
        rx.cond(
            (row.id != "") & (RunState.problem == ""),
            rx.fragment(
                rx.cond(
                    ~row.is_import, button("Publish", "quiet", icon="send", on_click=PublishState.begin_run(row.id))
                ),
                link_button("Compare", "/runs/compare?a=" + row.id, kind="quiet", icon="history"),
                rx.cond(
                    RunState.pipeline_id != "",
                    link_button("Open pipeline", "/pipelines/" + RunState.pipeline_id, icon="workflow"),
                ),
                rx.cond(row.evaluation != "", link_button("Evaluation", row.evaluation, kind="primary")),
            ),
        ),
    )


def _steps() -> rx.Component:
    return card(table(_NODES, rx.foreach(RunState.nodes, _node), label="Steps"), heading="Steps")


def _node(row: NodeRow) -> rx.Component:
    return rx.el.tr(
        rx.el.td(
            rx.el.button(
                module_tile(icon=row.icon, category=row.category, small=True),
                rx.el.span(row.title, class_name="m"),
                rx.el.span(row.module, class_name="t3"),
                on_click=RunState.choose(row.id),
                class_name="link row g2",
                type="button",
            )
        ),
        rx.el.td(state_badge(row.state)),
        rx.el.td(row.seconds, class_name="num"),
        rx.el.td(row.size, class_name="num t2"),
        rx.el.td(
            rx.cond(
                row.evaluation != "",
                rx.link("Evaluation", href=row.evaluation, class_name="acc m", underline="none"),
            )
        ),
        class_name=rx.cond(RunState.chosen == row.id, "chosen", ""),
    )


def _step() -> rx.Component:
    state = RunState
    return card(
        rx.el.div(
            rx.cond(
                state.reason.message != "",
                rx.el.div(
                    rx.el.div(
                        rx.el.b(state.reason.message),
                        rx.cond(state.reason.kind != "", rx.el.div(state.reason.kind, class_name="t3")),
                    ),
                    class_name="note bad",
                    role="alert",
                ),
            ),
            rx.cond(state.chosen_words != "", rx.el.p(state.chosen_words, class_name="t2")),
            _metrics(),
            rx.el.h3("Log", class_name="lab"),
            rx.cond(
                state.log != "",
                rx.el.pre(state.log, class_name="log", tab_index=0),
                rx.el.p("It printed nothing.", class_name="t3"),
            ),
            class_name="bd col g3",
        ),
        heading=state.chosen_title,
    )


def _metrics() -> rx.Component:
    """The newest values that the step logged, and their curves."""
    state = RunState
    return rx.fragment(
        rx.cond(
            state.logged,
            rx.fragment(
                rx.el.h3("Logged", class_name="lab"),
                logged_values(state),
            ),
        ),
        logged_charts(state),
        rx.cond(state.unrecorded != "", rx.el.p(state.unrecorded, class_name="s t2")),
    )


def _about() -> rx.Component:
    """The submission: description, tags, what submitted it, and the code that it came from."""
    state, about = RunState, RunState.about
    return card(
        rx.el.div(
            rx.el.label(
                rx.el.span("Description", class_name="lab"),
                rx.el.textarea(
                    default_value=about.description,
                    on_blur=state.describe,
                    placeholder="What is tried, what came out",
                    rows="2",
                    class_name="field",
                    key=state.run_id,
                ),
            ),
            rx.el.div(
                rx.el.span("Tags", class_name="lab"),
                rx.el.div(
                    rx.foreach(about.tags, _tag),
                    rx.el.form(
                        rx.el.input(name="tag", placeholder="name=value", aria_label="New tag", class_name="field sm"),
                        on_submit=state.add_tag,
                        reset_on_submit=True,
                    ),
                    class_name="row g2 wrapped",
                ),
                rx.cond(state.tag_problem != "", rx.el.div(state.tag_problem, class_name="wrong", role="alert")),
            ),
            rx.el.div(
                _fact("Submitted", about.submitted),
                _fact("Commit", about.commit, hint=about.full_commit, is_code=True),
                _fact("Branch", about.branch),
                _fact("Repository", about.repository),
                _fact("Not committed", about.changes, hint=about.changed),
                class_name="facts",
            ),
            class_name="bd col g3",
        ),
        heading="About this run",
    )


def _fact(name: str, value: Any, *, hint: Any = "", is_code: bool = False) -> rx.Component:
    shown = rx.el.span(value, title=hint, class_name="mono wrap" if is_code else "wrap")
    return rx.cond(value != "", rx.el.div(rx.el.span(name, class_name="t2"), shown, class_name="fact"))


def _tag(tag: Tag) -> rx.Component:
    return rx.el.span(
        tag.name,
        rx.cond(tag.value != "", "=" + tag.value, ""),
        rx.el.button(
            rx.icon("x", size=10, aria_hidden="true"),
            on_click=RunState.remove_tag(tag.name),
            aria_label="Remove the tag " + tag.name,
            title="Remove this tag",
            type="button",
        ),
        class_name="chip removable",
    )


PAGE = Page(
    route="/runs/[run_id]",
    title="Run",
    section="Runs",
    content=content,
    bar=bar,
    subject=RunState.row.name,
    on_load=(RunState.load,),
)
