"""The dialog that makes a schedule."""

from typing import Any

import reflex as rx

from designer.ui.panels.asked import asked_line
from designer.ui.parts.buttons import button
from designer.ui.parts.dialog import dialog
from designer.ui.parts.segments import segment, segments
from designer.ui.state.new_schedule import PREFIX, NewScheduleState

State = NewScheduleState
FORM = "schedule-form"
_KINDS = (("cron", "Cron"), ("every", "Every"), ("files", "Files"), ("dataset", "Dataset"))


def new_schedule_dialog() -> rx.Component:
    """The dialog; to be placed once on a page."""
    return dialog(
        "New schedule",
        rx.el.form(
            _line("Name", _input("name", focus=True)),
            _line("Runs", _published()),
            rx.el.div(
                rx.el.span("When", class_name="lab"),
                segments(*(segment(label, State.kind == kind, State.choose_kind(kind)) for kind, label in _KINDS),
                         label="When"),
                class_name="fd",
            ),
            _when(),
            rx.cond((State.kind == "cron") | (State.kind == "every"), _preview()),
            rx.cond(
                State.kind == "cron",
                _line("Time zone", _input("timezone", value=State.timezone, on_blur=State.choose_timezone)),
            ),
            rx.cond((State.kind == "files") | (State.kind == "dataset"), _watched(), _missed()),
            rx.foreach(State.asked, lambda item, index: asked_line(item, index, has_focus=False)),
            _line("Experiment", _input("experiment", placeholder="Default")),
            rx.cond(State.problem != "", rx.el.div(State.problem, class_name="wrong", role="alert")),
            id=FORM,
            on_submit=State.add,
            class_name="run-form",
            no_validate=True,
        ),
        is_open=State.is_open,
        on_close=State.close,
        footer=(
            rx.el.span("It does not run at once.", class_name="s t3 grow ell"),
            button("Cancel", kind="quiet", on_click=State.close),
            rx.el.button(
                "Add schedule", class_name="btn p", type="submit",
                custom_attrs={"form": FORM, "data-testid": "add-schedule"},
            ),
        ),
        width="520px",
    )  # fmt: skip


def _published() -> rx.Component:
    return rx.el.select(
        rx.foreach(State.choices, lambda choice: rx.el.option(choice.title, value=choice.address)),
        value=State.chosen, on_change=State.choose, id=PREFIX + "published", class_name="field",
    )  # fmt: skip


def _when() -> rx.Component:
    return rx.match(
        State.kind,
        ("cron", _line("Cron expression", _input("when", placeholder="30 6 * * MON-FRI, or @daily",
                                                 on_blur=State.preview))),
        ("every", _line("Every", _input("when", placeholder="30s, 15m, 2h or 1d", on_blur=State.preview))),
        ("files", _line("Folder, or a pattern of files", _input("when", placeholder="/data/incoming/*.csv"))),
        _line("Dataset", rx.el.select(
            rx.foreach(State.datasets, lambda name: rx.el.option(name, value=name)),
            name=PREFIX + "when", id=PREFIX + "when", class_name="field",
        )),
    )  # fmt: skip


def _preview() -> rx.Component:
    return rx.el.div(
        rx.el.div(State.words, class_name="m s", role="status"),
        rx.foreach(State.times, lambda time: rx.el.div(time, class_name="s t2")),
        class_name="col g1",
        # Room for its lines from the start: a button that moves while it is pressed is missed.
        style={"min_height": "124px"},
    )


def _watched() -> rx.Component:
    return rx.fragment(
        _line("What changed is the value of", rx.el.select(
            rx.el.option("no parameter", value=""),
            rx.foreach(State.parameters, lambda name: rx.el.option(name, value=name)),
            name=PREFIX + "into", id=PREFIX + "into", class_name="field",
        )),
        _line("Looked at every", _input("poll", value="1m")),
    )  # fmt: skip


def _missed() -> rx.Component:
    return rx.fragment(
        _line("Times that were missed", _select("catch_up", (("once", "One run for those of the last day"),
                                                             ("skip", "None")))),
        _line("While its last run goes on", _select("overlap", (("skip", "Skip the time"), ("queue", "Queue it")))),
    )  # fmt: skip


def _line(label: str, editor: rx.Component) -> rx.Component:
    return rx.el.label(rx.el.span(label, class_name="lab"), editor, class_name="fd")


def _select(name: str, options: tuple[tuple[str, str], ...]) -> rx.Component:
    drawn = (rx.el.option(label, value=value) for value, label in options)
    return rx.el.select(*drawn, name=PREFIX + name, id=PREFIX + name, class_name="field")


def _input(name: str, *, focus: bool = False, value: Any = "", **props: Any) -> rx.Component:
    return rx.el.input(
        name=PREFIX + name, id=PREFIX + name, default_value=value, auto_focus=focus, auto_complete="off",
        spell_check=False, class_name="field", **props,
    )  # fmt: skip
