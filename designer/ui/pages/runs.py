"""Runs: the list, one run with its steps and log, two runs compared."""

import reflex as rx

from designer.ui.canvas.canvas import module_tile
from designer.ui.page import Page
from designer.ui.parts.badge import chip, state_badge
from designer.ui.parts.buttons import button, link_button
from designer.ui.parts.card import card, empty, missing, waiting
from designer.ui.parts.crumbs import crumbs
from designer.ui.parts.table import Column, table
from designer.ui.state.runs import CompareState, RunsState, RunState
from designer.ui.views.run.comparison import MetricRow
from designer.ui.views.run.texts import NodeRow, RunRow
from designer.workbench.comparison import Difference

_RUNS = (
    Column("Pipeline"),
    Column("State", "120px"),
    Column("Started", "140px"),
    Column("Time", "100px", True),
    Column("Steps", "176px"),
    Column("Best", "128px"),
    Column("", "96px"),
)
_NODES = (
    Column("Step"),
    Column("State", "110px"),
    Column("Time", "72px", True),
    Column("Rows × columns", "120px", True),
    Column("", "96px"),
)
_SETTINGS = (Column("Step", "240px"), Column("Setting", "240px"), Column("Before"), Column("After"))
_METRICS = (
    Column("Model", "240px"),
    Column("Metric"),
    Column("Before", "120px", True),
    Column("After", "120px", True),
    Column("Change", "120px", True),
)


def content() -> rx.Component:
    """The list of runs."""
    state = RunsState
    return rx.el.div(
        rx.el.div(
            rx.el.h1(rx.cond(state.pipeline_name != "", "Runs of " + state.pipeline_name, "Runs"), class_name="grow"),
            rx.cond(state.pipeline_name == "", _imports_switch()),
            class_name="row g3",
        ),
        rx.cond(
            state.rows,
            card(table(_RUNS, rx.foreach(state.rows, _run), label="Runs")),
            rx.cond(
                state.is_loaded,
                card(empty("No runs yet. Open a pipeline and press Run.", link_button("All pipelines", "/pipelines"))),
                waiting(),
            ),
        ),
        class_name="padded stack",
    )


def _imports_switch() -> rx.Component:
    return rx.el.label(
        rx.el.input(type="checkbox", checked=RunsState.with_imports, on_change=RunsState.show_imports),
        "Show data imports",
        class_name="row g2 s t2",
    )


def _run(row: RunRow) -> rx.Component:
    return rx.el.tr(
        rx.el.td(
            rx.el.div(
                rx.link(row.name, href="/runs/" + row.id, class_name="m quiet row name", underline="none"),
                rx.cond(row.is_import, chip("Data import")),
                rx.cond(row.assignments != "", _assignments(row)),
                class_name="row g2",
            )
        ),
        rx.el.td(state_badge(row.state)),
        rx.el.td(row.started, class_name="t2"),
        rx.el.td(row.seconds, class_name="num"),
        rx.el.td(row.nodes, class_name="t2"),
        rx.el.td(row.best),
        rx.el.td(
            rx.cond(
                row.evaluation != "",
                rx.link("Evaluation", href=row.evaluation, class_name="acc m", underline="none"),
            )
        ),
    )


def _assignments(row: RunRow) -> rx.Component:
    """The values that a run was given for pipeline parameters."""
    return rx.el.span(
        rx.icon("variable", size=12, stroke_width=1.75, aria_hidden="true"),
        rx.el.span(row.assignments, class_name="ell"),
        class_name="chip acc assignments",
        title="Values given to pipeline parameters: " + row.assignments,
    )


def run_content() -> rx.Component:
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
                    state_badge(state.row.state),
                    rx.el.span(state.row.started, class_name="s t2"),
                    rx.el.span(state.row.seconds, class_name="s t2"),
                    rx.cond(state.row.assignments != "", _assignments(state.row)),
                    rx.el.span(state.counts, class_name="s t2 grow"),
                    rx.cond(state.is_active, button("Cancel", "danger", icon="square", on_click=state.cancel)),
                    class_name="row g3 top",
                ),
                rx.cond(state.warning != "", rx.el.div(state.warning, class_name="note bad", role="alert")),
                rx.el.div(_steps(), _step(), class_name="run-columns"),
                class_name="evaluation",
            ),
        ),
    )


def run_bar() -> rx.Component:
    """Breadcrumbs, and links to the comparison, the pipeline and the evaluation."""
    row = RunState.row
    return rx.fragment(
        crumbs(("Runs", "/runs"), here=rx.cond(RunState.problem != "", "Not found", row.name)),
        rx.el.span(class_name="grow"),
        rx.cond(
            (row.id != "") & (RunState.problem == ""),
            rx.fragment(
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


def compare_bar() -> rx.Component:
    """Breadcrumbs."""
    return crumbs(("Runs", "/runs"), here="Compare")


def compare_content() -> rx.Component:
    """Metrics and settings of two runs side by side."""
    state = CompareState
    return rx.el.div(
        rx.el.div(
            rx.el.h1("Compare runs", class_name="grow"),
            rx.cond(
                state.choices,
                rx.el.select(
                    rx.foreach(state.choices, _choice),
                    value=state.second,
                    on_change=state.choose,
                    aria_label="Compare with",
                    class_name="field predict",
                ),
            ),
            class_name="row g3",
        ),
        rx.cond(
            state.problem != "",
            card(empty(state.problem, link_button("All runs", "/runs"))),
            rx.cond(state.first != "", _compared()),
        ),
        class_name="padded stack",
    )


def _choice(row: RunRow) -> rx.Component:
    return rx.el.option(row.started, "  ", row.best, value=row.id)


def _compared() -> rx.Component:
    state = CompareState
    return rx.fragment(
        rx.el.div(_side("Before", state.first_row), _side("After", state.second_row), class_name="g2e flat"),
        card(
            rx.cond(
                state.metrics,
                table(_METRICS, rx.foreach(state.metrics, _metric), label="Metrics"),
                empty("The runs have no evaluation in common."),
            ),
            heading="Metrics",
        ),
        card(
            rx.cond(
                state.settings,
                table(_SETTINGS, rx.foreach(state.settings, _setting), label="Settings that differ"),
                empty("All settings are the same."),
            ),
            heading="Settings that differ",
        ),
    )


def _side(place: str, row: RunRow) -> rx.Component:
    return card(
        rx.el.div(
            rx.el.div(
                rx.el.span(place, class_name="b"),
                rx.link(row.name, href="/runs/" + row.id, class_name="m quiet", underline="none"),
                state_badge(row.state),
                class_name="row g2",
            ),
            rx.el.div(row.started, ", ", row.seconds, ", ", row.nodes, class_name="s t2"),
            class_name="bd pad",
        )
    )


def _metric(pair: MetricRow) -> rx.Component:
    return rx.el.tr(
        rx.el.td(pair.model, class_name="t2"),
        rx.el.td(pair.metric, class_name="m"),
        rx.el.td(pair.first, class_name=rx.cond(pair.better == 0, "num b", "num")),
        rx.el.td(pair.second, class_name=rx.cond(pair.better == 1, "num b", "num")),
        rx.el.td(pair.difference, class_name="num " + pair.tone),
    )


def _setting(difference: Difference) -> rx.Component:
    return rx.el.tr(
        rx.el.td(difference.step, class_name="m"),
        rx.el.td(difference.setting, class_name="t2"),
        rx.el.td(difference.first, class_name="words"),
        rx.el.td(difference.second, class_name="words"),
    )


PAGE = Page(route="/runs", title="Runs", section="Runs", content=content, on_load=(RunsState.load,))
RUN_PAGE = Page(
    route="/runs/[run_id]",
    title="Run",
    section="Runs",
    content=run_content,
    bar=run_bar,
    subject=RunState.row.name,
    on_load=(RunState.load,),
)
COMPARE_PAGE = Page(
    route="/runs/compare",
    title="Compare runs",
    section="Runs",
    content=compare_content,
    bar=compare_bar,
    on_load=(CompareState.load,),
)
