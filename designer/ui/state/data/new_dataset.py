"""New dataset from a file: state of the page of an upload, which is read in a child process."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import reflex as rx

from designer.reading.examination import Choices
from designer.reading.file import format_of
from designer.ui import address, file_child
from designer.ui.apart import apart
from designer.ui.state.data.table_window import Table, TableWindow
from designer.ui.views import failure, figures
from designer.ui.views.dataset import file_notes as upload_view
from designer.ui.views.dataset.column_head import Head
from designer.ui.views.dataset.column_profile import ColumnProfile
from designer.ui.views.dataset.file_notes import Note, ReadAs, Summary
from designer.ui.views.dataset.upload import PREVIEW_ROWS, Upload, arrived
from designer.ui.workbench import workbench
from designer.workbench.datasets import default_name

PAGE_ROWS = 25
MOST_COLUMNS = 500
"""The most columns sent to the browser; all columns are read and saved."""

READING_AGAIN = "Reading again"


class NewDatasetState(TableWindow, rx.State):
    """What the page shows; read from the upload's folder, which is the record."""

    upload: str = ""
    file_name: str = ""
    file_words: str = ""
    format: str = ""
    is_text: bool = True
    sheets: rx.Field[list[str]] = rx.field(default_factory=list)
    all_columns: rx.Field[list[Head]] = rx.field(default_factory=list)
    notes: rx.Field[list[Note]] = rx.field(default_factory=list)
    left_out: rx.Field[list[str]] = rx.field(default_factory=list)
    names: rx.Field[list[str]] = rx.field(default_factory=list)
    summary: Summary = Summary()
    tab: str = "preview"
    label: str = ""
    read_as: ReadAs = ReadAs()
    edits_reading: bool = False
    name: str = ""
    busy: str = ""
    problem: str = ""
    unreadable: rx.Field[list[str]] = rx.field(default_factory=list)
    first_lines: rx.Field[list[str]] = rx.field(default_factory=list)
    is_loaded: bool = False

    @rx.event
    def load(self) -> Any:
        """Show the upload that the address names; read its file where that was not done yet."""
        upload = self._upload()
        self.upload = address.query(self.router.url, "upload") if upload else ""
        self.is_loaded, self.problem, self.busy = True, "", ""
        if upload is None:
            return None
        self.file_name = upload.file_name
        self.file_words = figures.bytes_in_words(upload.size)
        self.name = self.name or default_name(upload.file_name)
        if upload.answer() is None:
            self._clear(upload)
            self.busy = "Reading the file"
            return NewDatasetState.examine
        self._show(upload)
        return None

    @rx.event
    def begin_upload(self) -> None:
        """Show progress: a file was chosen and the browser uploads it."""
        self.busy, self.problem = "Receiving the file", ""

    @rx.event
    def uploaded(self, answer: dict[str, Any]) -> Any:
        """Take the upload route's answer, reported by the browser."""
        self.busy = ""
        id, self.problem = arrived(workbench().workspace.uploads, answer)
        if not id:
            return None
        self._to_the_beginning()
        self.name, self.edits_reading = "", False
        return rx.redirect(f"/datasets/new?upload={id}")

    @rx.event(background=True)
    async def examine(self) -> None:
        """Read the file in a child process and show the result; read again where choices changed meanwhile."""
        async with self:
            upload = self._upload()
            if upload is None:
                return
            self.busy = self.busy or READING_AGAIN
        while True:
            choices = upload.choices()
            problem = await _examined(upload, choices)
            async with self:
                if problem and upload.answer() is not None:
                    upload.forget_choices()
                elif upload.choices() != choices and choices is not None:
                    continue
                self.busy, self.problem = "", problem
                self._show(upload)
                return

    @rx.event
    def show_tab(self, tab: str) -> None:
        """Show the rows, or all columns."""
        self.tab = "columns" if tab == "columns" else "preview"

    @rx.event
    def name_it(self, name: str) -> None:
        """Set the name of the dataset."""
        self.name = str(name)[:200]

    def _upload(self) -> Upload | None:
        return Upload.find(workbench().workspace.uploads, address.query(self.router.url, "upload"))

    def _clear(self, upload: Upload) -> None:
        """Clear the previous file's data while another file is read, or where it cannot be read."""
        self.all_columns, self.notes, self.names, self.left_out, self.first_lines = [], [], [], [], []
        self._to_the_beginning()
        self._show_format(upload)

    def _show_format(self, upload: Upload) -> None:
        self.format, self.sheets = format_of(Path(upload.file_name)), upload.sheets()
        self.is_text = self.format in ("CSV", "TSV")

    def _show(self, upload: Upload) -> None:
        answer = upload.answer()
        self._show_format(upload)
        choices = Choices.from_json(answer["choices"]) if answer else (upload.choices() or Choices())
        self.unreadable = upload.unreadable()[:MOST_COLUMNS] if self.problem else []
        self.read_as = upload_view.read_as(choices, self.sheets)
        table = self._table()
        has_title = answer is not None and any(finding["action"] == "skip rows" for finding in answer["findings"])
        self.first_lines = upload.lines() if self.problem or has_title else []
        if answer is None or table is None:
            self.edits_reading = True
            return
        self._show_answer(answer)
        self.left_out, self.label = list(choices.left_out), choices.label
        self.names = [head.name for head in table.heads[:MOST_COLUMNS]]
        self._show_table(table)

    def _show_answer(self, answer: dict[str, Any]) -> None:
        self.summary, self.notes = upload_view.summary(answer), upload_view.notes(answer)
        self.file_words = file_child.in_words(answer)
        self.all_columns = upload_view.heads(answer)[:MOST_COLUMNS]

    def _table(self) -> Table | None:
        upload = self._upload()
        answer = upload.answer() if upload else None
        if upload is None or answer is None:
            return None
        read = [head for head in upload_view.heads(answer) if not head.left_out]
        return Table(read, min(answer["rows"], PREVIEW_ROWS), PAGE_ROWS, upload.rows)

    def _profile_of(self, column: str) -> ColumnProfile | None:
        upload = self._upload()
        return upload.profile(column) if upload else None


async def _examined(upload: Upload, choices: Choices | None) -> str:
    """Read the file with these choices; returns the problem, empty where there is none."""
    try:
        await apart(file_child.examine, str(upload.folder), choices.to_json() if choices else None)
    except Exception as error:
        return failure.in_words(error)
    return ""
