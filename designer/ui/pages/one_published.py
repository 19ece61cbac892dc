"""One published pipeline: versions, datasets, a form to run it, its runs, address, keys, client programs."""

import reflex as rx

from designer.serving.pipelines.consume import LANGUAGES
from designer.ui.page import Page
from designer.ui.panels.asked import asked_line
from designer.ui.panels.consume import consume_card
from designer.ui.panels.keys import access_card, key_question
from designer.ui.panels.new_schedule import new_schedule_dialog
from designer.ui.parts.badge import state_badge
from designer.ui.parts.buttons import button, icon_button, link_button
from designer.ui.parts.card import card, empty, missing
from designer.ui.parts.crumbs import crumbs
from designer.ui.parts.dialog import deletion
from designer.ui.parts.table import Column, table
from designer.ui.state.new_schedule import NewScheduleState
from designer.ui.state.published.access import AccessState
from designer.ui.state.published.page import TICK_ID, PublishedState
from designer.ui.views.published.texts import DatasetRow, VersionRow
from designer.ui.views.run.texts import RunRow

State = PublishedState
_RUNS = (Column("Run"), Column("State", "110px"), Column("Values"), Column("Time", "80px", True))
_VERSIONS = (
    Column("Version", "72px"),
    Column("Label", "80px"),
    Column("State", "84px"),
    Column("Made of"),
    Column("Published", "104px"),
    Column("", "108px", True),
)


def content() -> rx.Component:
    """The runs and the form on the left, versions and access on the right."""
    return rx.cond(
        State.problem != "",
        missing(State.problem, "All published pipelines", "/published"),
        rx.cond(
            State.address != "",
            rx.el.div(
                _head(),
                rx.el.div(
                    rx.el.div(_form(), _versions(), _runs(), class_name="col g4"),
                    rx.el.div(_about(), _access(), consume_card(AccessState, LANGUAGES), class_name="col g4"),
                    class_name="lay",
                ),
                # Clicked by a timer in the browser while the page is open.
                rx.el.button(id=TICK_ID, on_click=State.refresh, hidden=True, tab_index=-1, type="button"),
                new_schedule_dialog(),
                key_question(AccessState),
                _deletion(),
                class_name="endpoint",
            ),
        ),
    )


def bar() -> rx.Component:
    """Breadcrumbs."""
    return crumbs(("Published pipelines", "/published"), here=rx.cond(State.address != "", State.title, "Not found"))


def _head() -> rx.Component:
    return rx.el.div(
        rx.el.div(
            rx.el.h1(State.title),
            rx.el.span(State.state, class_name="chip large " + State.tone, role="status"),
            rx.el.span(State.words, class_name="s t2"),
            class_name="row g3 grow",
        ),
        button("Delete", "quiet", icon="trash-2", on_click=State.ask_delete(True)),
        button("Schedule", icon="calendar-clock", on_click=NewScheduleState.begin(State.address)),
        rx.cond(
            State.state == "Disabled",
            button("Enable", icon="play", on_click=State.toggle),
            button("Disable", icon="pause", on_click=State.toggle),
        ),
        class_name="row g3 top",
    )


def _form() -> rx.Component:
    return card(
        rx.el.form(
            rx.cond(
                State.asked,
                rx.foreach(State.asked, lambda item, index: asked_line(item, index, has_focus=False)),
                rx.el.p("It has no parameters.", class_name="s t2"),
            ),
            rx.cond(State.run_problem != "", rx.el.div(State.run_problem, class_name="wrong", role="alert")),
            rx.el.div(
                rx.el.button(
                    rx.icon("play", size=14, stroke_width=1.75, aria_hidden="true"),
                    "Run",
                    class_name="btn p",
                    type="submit",
                    disabled=State.state == "Disabled",
                    custom_attrs={"data-testid": "run-published"},
                ),
                class_name="row",
            ),
            on_submit=State.run,
            class_name="run-form bd",
            no_validate=True,
            key=State.form_key,
        ),
        heading="Run with these values",
    )


def _runs() -> rx.Component:
    return card(
        rx.cond(
            State.runs,
            rx.el.div(table(_RUNS, rx.foreach(State.runs, _run), label="Runs"), class_name="scrolled"),
            empty("It did not run yet."),
        ),
        heading="Runs",
        actions=(link_button("All runs", "/runs?published=" + State.address, kind="quiet"),),
    )


def _run(row: RunRow) -> rx.Component:
    return rx.el.tr(
        rx.el.td(
            rx.link(row.started, href="/runs/" + row.id, class_name="acc m", underline="none"),
            rx.el.div(row.experiment, class_name="xs t3"),
        ),
        rx.el.td(state_badge(row.state)),
        rx.el.td(row.assignments, class_name="t2"),
        rx.el.td(row.seconds, class_name="num"),
    )


def _versions() -> rx.Component:
    return card(
        rx.el.div(table(_VERSIONS, rx.foreach(State.versions, _version), label="Versions"), class_name="scroll"),
        rx.cond(AccessState.url != "", _certain_version()),
        heading="Versions",
        actions=(rx.el.span("a version never changes", class_name="xs t3 plain"),),
        style={"overflow": "hidden"},
    )


def _certain_version() -> rx.Component:
    """The address of one version, which stays when another becomes the default."""
    address = AccessState.url + "/versions/" + State.named_version + "/submit"
    return rx.el.div(
        rx.el.span(f"Address of version {State.named_version}", class_name="s t2"),
        rx.el.span(address, class_name="mono s ell grow", title=address),
        icon_button("Copy the address of this version", "copy", small=True, on_click=rx.set_clipboard(address)),
        class_name="row g3 below-table",
        custom_attrs={"data-testid": "certain-version"},
    )


def _version(row: VersionRow) -> rx.Component:
    return rx.el.tr(
        rx.el.td(row.number, class_name="b"),
        rx.el.td(row.label),
        rx.el.td(rx.cond(row.state != "", rx.el.span(row.state, class_name="chip " + row.tone))),
        rx.el.td(
            rx.cond(
                row.source != "",
                rx.link(row.source, href=row.source_address, class_name="acc", underline="none"),
                rx.el.span("code", class_name="t2"),
            )
        ),
        rx.el.td(row.made, class_name="t2"),
        rx.el.td(
            rx.cond(
                row.action != "",
                rx.el.button(
                    row.action, on_click=State.make_default(row.number), class_name="btn sm tiny", type="button"
                ),
            ),
            class_name="num",
        ),
    )


def _about() -> rx.Component:
    return card(
        rx.el.div(
            rx.el.label(
                rx.el.span("Description", class_name="lab"),
                rx.el.textarea(
                    default_value=State.description, on_blur=State.describe, rows="2", class_name="field",
                    placeholder="What it does, and for whom", key=State.address,
                ),
            ),
            rx.cond(
                State.datasets,
                rx.el.div(
                    rx.el.span("Datasets", class_name="lab"),
                    rx.el.div(rx.foreach(State.datasets, _dataset), class_name="facts"),
                ),
            ),
            class_name="bd col g3",
        ),
        heading="About",
    )  # fmt: skip


def _dataset(row: DatasetRow) -> rx.Component:
    return rx.el.div(
        rx.el.span(row.name, class_name="m ell"),
        rx.el.span(class_name="grow"),
        rx.el.span(row.parameter, class_name="xs t3"),
        rx.el.span(row.version, class_name="t2"),
        class_name="fact",
    )


def _access() -> rx.Component:
    return access_card(
        AccessState,
        call=AccessState.url + "/submit",
        contract={"OpenAPI": AccessState.url + "/openapi.json"},
        is_reachable=AccessState.url != "",
    )


def _deletion() -> rx.Component:
    return deletion(
        State,
        "Delete this published pipeline?",
        State.title,
        "takes no more runs. Its versions and keys go with it; its runs stay.",
    )


PAGE = Page(
    route="/published/[published_name]",
    title="Published pipeline",
    section="Published pipelines",
    content=content,
    bar=bar,
    subject=State.title,
    on_load=(State.load, AccessState.begin, AccessState.hide_keys),
)
