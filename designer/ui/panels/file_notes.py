"""The panel of an uploaded file: counts, quality notes, label, dataset name, read options."""

from typing import Any

import reflex as rx

from designer.contract.files.read_options import DATE_ORDERS, ENCODINGS
from designer.reading.dialect import SEPARATORS, THOUSANDS
from designer.ui.parts.badge import chip
from designer.ui.parts.buttons import link_button
from designer.ui.state.data.correcting import CorrectingState
from designer.ui.state.data.new_dataset import NewDatasetState
from designer.ui.views.dataset.file_notes import Note

State, Correcting = NewDatasetState, CorrectingState


def file_notes() -> rx.Component:
    """The panel on the left."""
    return rx.el.aside(
        _file(),
        rx.cond(
            State.heads,
            rx.fragment(_counts(), _quality(), _left_out(), _predict(), _named()),
        ),
        _reading(),
        class_name="lp",
        aria_label="File",
    )


def _file() -> rx.Component:
    return rx.el.div(
        rx.el.span(rx.icon("file", size=16, stroke_width=1.75, aria_hidden="true"), class_name="tile k-data"),
        rx.el.div(
            rx.el.div(State.file_name, class_name="b ell", title=State.file_name),
            rx.el.div(
                rx.cond(State.busy != "", rx.el.span(State.busy, " …", role="status"), State.file_words),
                class_name="s t2",
            ),
            class_name="grow",
        ),
        link_button("Change", "/datasets/new", class_name="btn sm tiny"),
        class_name="row g2 fh",
    )


def _counts() -> rx.Component:
    summary = State.summary
    pairs = ((summary.rows, "rows"), (summary.columns, "columns"), (summary.duplicates, "duplicates"))
    return rx.el.div(*(rx.el.div(rx.el.b(value), rx.el.span(word)) for value, word in pairs), class_name="stt")


def _quality() -> rx.Component:
    return rx.fragment(
        rx.el.div(
            rx.el.h2("Quality", class_name="b grow"),
            rx.el.span(State.summary.notes, class_name="xs t3"),
            class_name="row g2 sh",
        ),
        rx.foreach(State.notes, _note),
    )


def _note(note: Note) -> rx.Component:
    icons = {"decide": ("triangle-alert", "warn"), "done": ("circle-check", "ok"), "info": ("info", "t2")}
    drawn = (
        (tone, rx.icon(icon, size=16, stroke_width=1.75, class_name=colour, aria_hidden="true"))
        for tone, (icon, colour) in icons.items()
    )
    return rx.el.div(
        rx.match(note.tone, *drawn, rx.fragment()),
        rx.el.div(
            rx.el.div(note.title, class_name="m"),
            rx.el.div(note.text, class_name="s t2"),
            rx.cond(
                note.tone == "decide",
                rx.el.div(
                    _answer(note.action, Correcting.accept(note.id), "btn sm tiny"),
                    rx.cond(note.other != "", _answer(note.other, Correcting.accept_other(note.id), "btn sm tiny")),
                    _answer("Keep", Correcting.keep(note.id), "btn sm g tiny"),
                    class_name="row g2 acts",
                ),
            ),
            class_name="grow",
        ),
        class_name="qn",
    )


def _answer(label: Any, event: Any, look: str) -> rx.Component:
    return rx.el.button(label, on_click=event, class_name=look, type="button")


def _left_out() -> rx.Component:
    return rx.cond(
        State.left_out,
        rx.el.div(
            rx.el.span("Left out:", class_name="t2"),
            rx.foreach(State.left_out, _left_out_column),
            class_name="lo s",
        ),
    )


def _left_out_column(name: str) -> rx.Component:
    return rx.el.button(
        name,
        rx.icon("undo-2", size=12, stroke_width=2, aria_hidden="true"),
        on_click=Correcting.bring_back(name),
        class_name="chip",
        title="Take it in again",
        type="button",
    )


def _predict() -> rx.Component:
    return rx.el.div(
        rx.el.label("What do you want to predict?", html_for="label-column", class_name="b"),
        rx.el.div(
            rx.icon("tag", size=14, stroke_width=1.75, class_name="acc", aria_hidden="true"),
            rx.el.select(
                rx.el.option("Nothing: find groups", value=""),
                rx.foreach(State.names, _option),
                value=State.label,
                on_change=Correcting.choose_label,
                id="label-column",
            ),
            rx.cond(State.summary.label_values != "", chip(State.summary.label_values)),
            rx.icon("chevron-down", size=14, stroke_width=1.75, aria_hidden="true"),
            class_name="field pick",
        ),
        rx.el.div(State.summary.label_kind, class_name="help"),
        class_name="sect",
    )


def _named() -> rx.Component:
    return rx.el.div(
        rx.el.label("Name of the dataset", html_for="dataset-name", class_name="b"),
        rx.debounce_input(
            rx.el.input(value=State.name, on_change=State.name_it, id="dataset-name", class_name="field"),
            debounce_timeout=200,
        ),
        class_name="sect",
    )


def _option(name: str) -> rx.Component:
    return rx.el.option(name, value=name)


def _reading() -> rx.Component:
    return rx.el.div(
        rx.el.div(
            rx.el.h2("How the file is read", class_name="b grow"),
            rx.cond(
                _has_layout(),
                rx.el.button(
                    rx.cond(State.edits_reading, "Done", "Edit"),
                    on_click=Correcting.edit_reading,
                    class_name="link acc m s",
                    type="button",
                ),
            ),
            class_name="row g2",
        ),
        rx.cond(
            State.is_text,
            rx.fragment(
                _choice("Separator", "separator", State.read_as.separator, tuple(SEPARATORS)),
                _choice("Encoding", "encoding", State.read_as.encoding, tuple(ENCODINGS)),
                _choice("Decimal mark", "decimal", State.read_as.decimal, ("point", "comma")),
                _choice("Thousands mark", "thousands", State.read_as.thousands, tuple(THOUSANDS)),
                _choice("Pad short rows", "short rows", State.read_as.short_rows, ("no", "yes")),
            ),
        ),
        rx.cond(State.sheets.length() > 1, _sheet()),
        rx.cond(
            State.format != "Parquet",
            _choice("Date order", "date order", State.read_as.date_order, tuple(map(str.lower, DATE_ORDERS))),
        ),
        rx.cond(
            _has_layout(),
            rx.fragment(
                _choice("First row holds names", "header", State.read_as.header, ("yes", "no")),
                _choice("Number duplicate names", "duplicates", State.read_as.duplicates, ("no", "yes")),
                _typed("Rows to skip", "skip rows", State.read_as.skip_rows, "Rows to skip above the header"),
                _typed(
                    "Missing written as", "missing", State.read_as.missing, "Missing written as, separated by commas"
                ),
            ),
            rx.el.div(rx.el.span("Format", class_name="t2"), rx.el.span(State.format, class_name="m"), class_name="pr"),
        ),
        class_name="sect reading",
    )


def _has_layout() -> Any:
    """Whether the file has layout options, as text and Excel files do; JSON lines and Parquet fix their own layout."""
    return State.is_text | (State.format == "Excel")


def _sheet() -> rx.Component:
    control = rx.el.select(
        rx.foreach(State.sheets, _option),
        value=State.read_as.sheet,
        on_change=lambda chosen: Correcting.choose_option("sheet", chosen),
        aria_label="Sheet",
        class_name="field sm",
    )
    return rx.el.div(rx.el.span("Sheet", class_name="t2"), control, class_name="pr")


def _choice(label: str, option: str, value: rx.Var[str] | str, values: tuple[str, ...]) -> rx.Component:
    control = rx.el.select(
        *(rx.el.option(each, value=each) for each in values),
        value=value,
        on_change=lambda chosen: Correcting.choose_option(option, chosen),
        aria_label=label,
        class_name="field sm",
    )
    return rx.el.div(
        rx.el.span(label, class_name="t2"),
        rx.cond(State.edits_reading, control, rx.el.span(value, class_name="m")),
        class_name="pr",
    )


def _typed(label: str, option: str, value: rx.Var[str] | str, spoken: str) -> rx.Component:
    control = rx.el.input(
        default_value=value,
        on_blur=lambda text: Correcting.choose_option(option, text),
        aria_label=spoken,
        class_name="field sm",
    )
    return rx.el.div(
        rx.el.span(label, class_name="t2"),
        rx.cond(State.edits_reading, control, rx.el.span(value, class_name="m")),
        class_name="pr",
    )
