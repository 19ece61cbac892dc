"""Texts of the New dataset page about the file: quality notes, read options, the column to predict."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

from designer.contract.wording.counting import counted
from designer.reading.examination import Choices
from designer.ui.views import figures
from designer.ui.views.dataset import upload as uploads
from designer.ui.views.dataset.column_head import Head, head_of
from designer.ui.views.dataset.upload import PREVIEW_ROWS

MOST_NOTES = 100
"""How many notes of a very wide table are sent to the browser; all of it is read and saved."""

_TASKS = {
    "two-class": "Two values: this will be a two-class pipeline.",
    "multiclass": "Several values: this will be a multiclass pipeline.",
    "regression": "A number: this will be a regression pipeline.",
    "": "Nothing to predict: this will be a clustering pipeline.",
}


@dataclass(frozen=True)
class Note:
    """One quality note."""

    id: str
    tone: str
    title: str
    text: str
    action: str
    column: str
    other: str = ""


@dataclass(frozen=True)
class ReadAs:
    """The read options of the file, in words."""

    separator: str = "comma"
    encoding: str = "UTF-8"
    decimal: str = "point"
    thousands: str = "none"
    skip_rows: str = "0"
    short_rows: str = "no"
    duplicates: str = "no"
    missing: str = "empty"
    header: str = "yes"
    sheet: str = ""
    date_order: str = "infer"


@dataclass(frozen=True)
class Summary:
    """The file as read, in words; parts without anything to report are empty."""

    rows: str = ""
    columns: str = ""
    duplicates: str = ""
    preview: str = ""
    """How much of the file the preview shows."""
    corrected: str = ""
    """How many columns are read as another type than the file suggests."""
    undecided: str = ""
    """How many notes await a decision."""
    notes: str = ""
    label_values: str = ""
    """The most frequent values of the column to predict."""
    label_kind: str = ""
    """The kind of pipeline that results."""


def summary(answer: dict[str, Any]) -> Summary:
    """Summarize what the examination of a file found."""
    return Summary(
        rows=figures.count(answer["rows"]),
        columns=figures.count(len(answer["columns"])),
        duplicates=figures.count(answer["duplicates"]),
        preview=_preview(answer["rows"]),
        corrected=_corrected(answer),
        undecided=_undecided(answer),
        notes=_note_count(answer),
        label_values=_label_values(answer),
        label_kind=_label_kind(answer),
    )


def read_as(choices: Choices, sheets: list[str]) -> ReadAs:
    """How a file is read, in words; of a workbook, the first sheet unless another was chosen."""
    words = ReadAs(decimal=choices.decimal, **uploads.in_words(choices.options))
    return replace(words, sheet=choices.options.sheet or next(iter(sheets), ""))


def heads(answer: dict[str, Any]) -> list[Head]:
    """The headers of all columns, including those left out."""
    open_ones = {finding["column"] for finding in answer["findings"] if finding["tone"] == "decide"}
    done = {finding["column"] for finding in answer["findings"] if finding["tone"] == "done"}
    return [head_of(column, open_ones, done) for column in answer["columns"]]


def notes(answer: dict[str, Any]) -> list[Note]:
    """The first notes."""
    return [
        Note(f["id"], f["tone"], f["title"], f["text"], f["action"].capitalize(), f["column"], f["other"].capitalize())
        for f in answer["findings"][:MOST_NOTES]
    ]


def _note_count(answer: dict[str, Any]) -> str:
    count = len(answer["findings"])
    first = f"first {MOST_NOTES} of " if count > MOST_NOTES else ""
    return f"{first}{counted(count, 'note')}" if count else "nothing to note"


def _undecided(answer: dict[str, Any]) -> str:
    count = sum(1 for finding in answer["findings"] if finding["tone"] == "decide")
    return f"{count} to decide" if count else ""


def _corrected(answer: dict[str, Any]) -> str:
    count = sum(1 for column in answer["columns"] if column["was"])
    return f"{counted(count, 'type')} corrected" if count else ""


def _preview(rows: int) -> str:
    return counted(rows, "row") if rows <= PREVIEW_ROWS else f"First {PREVIEW_ROWS} of {counted(rows, 'row')}"


def _label_values(answer: dict[str, Any]) -> str:
    values = answer["label"]["values"]
    return ", ".join(values[:3]) + (", …" if len(values) > 3 else "") if values else ""


def _label_kind(answer: dict[str, Any]) -> str:
    return _TASKS[answer["label"]["task"]]
