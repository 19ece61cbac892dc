"""The dialog that makes a schedule, or changes one."""

from typing import Any

import reflex as rx

from designer.ui.panels.asked import asked_line
from designer.ui.parts.buttons import button
from designer.ui.parts.dialog import dialog
from designer.ui.parts.segments import segment, segments
from designer.ui.parts.wrong import field_class, wrong
from designer.ui.state.new_schedule import FORM, PREFIX, TEXTS, NewScheduleState

State: Any = NewScheduleState
_KINDS = (("cron", "Cron"), ("every", "Every"), ("files", "Files"), ("dataset", "Dataset"))


def new_schedule_dialog() -> rx.Component:
    """The dialog; to be placed once on a page."""
    return dialog(
        rx.cond(State.edited != "", "Change schedule", "New schedule"),
        rx.el.form(
            _line("name", "Name", _input("name", focus=True, read_only=State.edited != "")),
            _line("published", "Runs", _chosen("published", State.chosen, State.choose, _options(State.choices))),
            _line("version", "Version", _chosen(
                "version", State.version, State.choose_version,
                rx.el.option("The default one at each time", value=""), _options(State.versions),
            )),
            rx.el.div(
                rx.el.span("When", class_name="lab"),
                segments(*(segment(label, State.kind == kind, State.choose_kind(kind)) for kind, label in _KINDS),
                         label="When"),
                class_name="fd",
            ),
            _when(),
            rx.cond((State.kind == "cron") | (State.kind == "every"), _preview()),
            _line("timezone", "Time zone", _input("timezone", on_blur=State.choose_timezone)),
            rx.cond((State.kind == "files") | (State.kind == "dataset"), _watched(), _missed()),
            rx.el.div(
                _line("starts", "Starts", _input("starts", type="datetime-local"), class_name="fd grow"),
                _line("ends", "Ends", _input("ends", type="datetime-local"), class_name="fd grow"),
                class_name="row g3 top",
            ),
            rx.foreach(State.asked, lambda item, index: asked_line(item, index, has_focus=False)),
            _line("experiment", "Experiment", _input("experiment", placeholder="Default")),
            wrong(State.problem),
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
                rx.cond(State.edited != "", "Change schedule", "Add schedule"), class_name="btn p", type="submit",
                custom_attrs={"form": FORM, "data-testid": "add-schedule"},
            ),
        ),
        width="520px",
    )  # fmt: skip


def _when() -> rx.Component:
    times = {"on_change": State.typed, "on_blur": State.preview}
    return rx.match(
        State.kind,
        ("cron", _line("when", "Cron expression", _input("when", placeholder="30 6 * * MON-FRI, or @daily", **times))),
        ("every", _line("when", "Every", _input("when", placeholder="30s, 15m, 2h or 1d", **times))),
        ("files", _line("when", "Folder, or a pattern of files", _input("when", placeholder="/data/incoming/*.csv"))),
        _line("when", "Dataset", _select("when", _names(State.datasets))),
    )  # fmt: skip


def _preview() -> rx.Component:
    return rx.el.div(
        rx.cond(
            State.words != "",
            rx.el.div(State.words, class_name="m s", role="status"),
            rx.el.div("Its next times show here.", class_name="s t3"),
        ),
        rx.foreach(State.times, lambda time: rx.el.div(time, class_name="s t2")),
        class_name="col g1",
    )


def _watched() -> rx.Component:
    return rx.fragment(
        _line("into", "What changed is the value of",
              _select("into", rx.el.option("no parameter", value=""), _names(State.takers))),
        _line("poll", "Looked at every", _input("poll")),
    )  # fmt: skip


def _missed() -> rx.Component:
    return rx.fragment(
        _line("catch_up", "Times that were missed", _select(
            "catch_up", rx.el.option("One run for those of the last day", value="once"),
            rx.el.option("None", value="skip"),
        )),
        _line("overlap", "While its last run goes on", _select(
            "overlap", rx.el.option("Skip the time", value="skip"), rx.el.option("Queue it", value="queue"),
        )),
    )  # fmt: skip


def _line(name: str, label: str, editor: rx.Component, class_name: str = "fd") -> rx.Component:
    error = wrong(State.errors[name]) if name in TEXTS else rx.fragment()
    return rx.el.div(rx.el.label(label, class_name="lab", html_for=PREFIX + name), editor, error, class_name=class_name)


def _names(names: Any) -> rx.Component:
    return rx.foreach(names, lambda name: rx.el.option(name, value=name))


def _options(choices: Any) -> rx.Component:
    return rx.foreach(choices, lambda choice: rx.el.option(choice.title, value=choice.address))


def _chosen(name: str, value: Any, on_change: Any, *options: rx.Component) -> rx.Component:
    return rx.el.select(*options, value=value, on_change=on_change, id=PREFIX + name, class_name="field")


def _select(name: str, *options: rx.Component) -> rx.Component:
    return rx.el.select(*options, name=PREFIX + name, id=PREFIX + name, default_value=State.texts[name],
                        class_name=field_class(State.errors[name]))  # fmt: skip


def _input(name: str, *, focus: bool = False, **props: Any) -> rx.Component:
    return rx.el.input(
        name=PREFIX + name, id=PREFIX + name, default_value=State.texts[name], auto_focus=focus, auto_complete="off",
        spell_check=False, class_name=field_class(State.errors[name]), aria_invalid=State.errors[name] != "", **props,
    )  # fmt: skip
