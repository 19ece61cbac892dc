"""Home: start from a file, from a template, or from a recent pipeline."""

import reflex as rx

from designer.ui.page import Page
from designer.ui.panels.drop_zone import file_input
from designer.ui.panels.finder import finder_field
from designer.ui.parts.badge import chip, state_badge
from designer.ui.parts.buttons import button
from designer.ui.parts.card import card, empty, waiting
from designer.ui.parts.segments import segment, segments
from designer.ui.parts.table import Column, name_link, table
from designer.ui.parts.thumbnail import drawing
from designer.ui.state.data.new_dataset import NewDatasetState as Upload
from designer.ui.state.home import HomeState
from designer.ui.views.overview import RecentPipeline, Template
from designer.ui.views.run.standing import Standing, spark_line

_COLUMNS = (
    Column("Pipeline"),
    Column("Task", "120px"),
    Column("Last run", "120px"),
    Column("Best", "132px", is_number=True),
    Column("Change", "88px", is_number=True),
    Column("Runs", "108px"),
    Column("Edited", "104px", is_number=True),
)

_WHAT_FILE = (
    "Drop a CSV, TSV, Excel, JSON lines or Parquet file. You name the column to predict; the pipeline is built for "
    "you. Nothing leaves this computer."
)


def bar() -> rx.Component:
    """The title, and the finder on the right."""
    return rx.fragment(rx.el.span("Home", class_name="b"), rx.el.span(class_name="grow"), finder_field())


def content() -> rx.Component:
    """The page below the top bar."""
    return rx.el.div(_lost(), _own_file(), _templates(), _recent(), class_name="home")


def _lost() -> rx.Component:
    """A warning about recorded items that the database lacks."""
    lines = rx.foreach(HomeState.lost, lambda text: rx.el.p(text))
    return rx.cond(HomeState.lost, rx.el.section(lines, class_name="note warn", role="alert"))


def _own_file() -> rx.Component:
    return rx.el.section(
        rx.el.span(rx.icon("upload", size=20, stroke_width=1.75, aria_hidden="true"), class_name="tile k-web"),
        rx.el.div(
            rx.el.h2("Use my own file"),
            rx.el.div(
                rx.cond(
                    Upload.problem == "",
                    rx.el.span(rx.cond(Upload.busy == "", _WHAT_FILE, Upload.busy)),
                    rx.el.span(Upload.problem, class_name="bad"),
                ),
                class_name="t2",
                role="status",
            ),
            class_name="grow",
        ),
        file_input(Upload.begin_upload, Upload.uploaded, Upload.busy),
        rx.el.span("Choose file", class_name="btn p", aria_hidden="true"),
        button("Blank pipeline", icon="plus", on_click=HomeState.start_blank),
        class_name="drop",
        aria_label="Use my own file",
    )


def _templates() -> rx.Component:
    return rx.el.section(
        rx.el.div(
            rx.el.h2("Start from a template", class_name="grow"),
            rx.cond(HomeState.templates, rx.fragment(_task_switch(), _template_count())),
            class_name="head",
        ),
        rx.cond(
            HomeState.templates,
            rx.el.div(rx.foreach(HomeState.shown_templates, _template), class_name="gal"),
            rx.cond(HomeState.is_loaded, card(empty("No templates are installed.")), waiting()),
        ),
        aria_label="Templates",
    )


def _task_switch() -> rx.Component:
    return segments(rx.foreach(HomeState.tasks, _task), label="Task")


def _task(task: str) -> rx.Component:
    return segment(task, HomeState.task == task, HomeState.show_task(task))


def _template_count() -> rx.Component:
    return rx.el.button(
        HomeState.template_count, on_click=HomeState.show_all, type="button", class_name="s acc m plain"
    )


def _template(template: Template) -> rx.Component:
    return rx.el.button(
        rx.el.span(drawing(template.picture), class_name="th"),
        rx.el.span(
            rx.el.span(template.title, class_name="b"),
            rx.el.span(template.summary, class_name="s t2 ell"),
            rx.el.span(
                chip(template.task),
                rx.el.span(template.size, class_name="ell"),
                rx.el.span("·"),
                rx.el.span(template.modules, " modules", style={"flex": "none"}),
                class_name="row g2 xs t3",
                style={"margin_top": "6px"},
            ),
            class_name="tx",
        ),
        on_click=HomeState.start_from(template.id),
        type="button",
        class_name="card tc",
    )


def _recent() -> rx.Component:
    return rx.el.section(
        rx.el.div(
            rx.el.h2("Recent pipelines", class_name="grow"),
            rx.link("All pipelines", href="/pipelines", class_name="s acc m", underline="none"),
            class_name="head",
        ),
        rx.cond(
            HomeState.recent,
            card(table(_COLUMNS, rx.foreach(HomeState.recent, _row), label="Recent pipelines")),
            rx.cond(
                HomeState.is_loaded,
                card(empty("No pipelines yet. What you build appears here.", _start())),
                waiting(),
            ),
        ),
        aria_label="Recent pipelines",
    )


def _start() -> rx.Component:
    return button("Blank pipeline", icon="plus", on_click=HomeState.start_blank)


def _row(pipeline: RecentPipeline) -> rx.Component:
    return rx.el.tr(
        rx.el.td(name_link("workflow", "web", pipeline.name, "/pipelines/" + pipeline.id)),
        rx.el.td(pipeline.task, class_name="t2"),
        rx.el.td(rx.cond(pipeline.state == "", rx.el.span("Not run", class_name="t3"), state_badge(pipeline.state))),
        *_standing(pipeline.standing),
        rx.el.td(pipeline.edited, class_name="num t2"),
    )


def _standing(standing: Standing) -> tuple[rx.Component, ...]:
    """The cells about the runs: best metric, change in the last run, sparkline."""
    known = standing.metric != ""
    return (
        rx.el.td(
            rx.cond(known, rx.fragment(rx.el.span(standing.metric, class_name="t2"), " ", rx.el.b(standing.best)), ""),
            class_name="num",
        ),
        rx.el.td(standing.change, class_name="num t3 " + standing.tone),
        rx.el.td(rx.cond(known, spark_line(standing), "")),
    )


PAGE = Page(route="/", title="Home", section="Home", content=content, bar=bar, on_load=(HomeState.load,))
