"""New dataset from a file: what the page shows of an upload, read in a child process."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import reflex as rx

from designer.contract.reading import format_of
from designer.store.examination import Choices
from designer.ui import address, file_child
from designer.ui.apart import apart
from designer.ui.state.table_window import Table, TableWindow
from designer.ui.views import failure, figures, upload_view
from designer.ui.views.column_head import Head
from designer.ui.views.column_profile import ColumnProfile
from designer.ui.views.upload_view import Note, ReadAs
from designer.ui.views.uploads import PREVIEW_ROWS, Upload, arrived
from designer.ui.workbench import workbench
from designer.workbench.datasets import default_name

PAGE_ROWS = 25
MOST_COLUMNS = 500
"""What is sent to the browser of a very wide table; all of it is read and saved."""

READING_AGAIN = "Reading again"


class NewDatasetState(TableWindow, rx.State):
    """What the page shows. The upload's folder is the record; everything here is read from it."""

    upload: str = ""
    file_name: str = ""
    file_words: str = ""
    row_count: str = ""
    column_count: str = ""
    duplicate_count: str = ""
    preview_words: str = ""
    format: str = ""
    is_text: bool = True
    sheets: rx.Field[list[str]] = rx.field(default_factory=list)
    all_columns: rx.Field[list[Head]] = rx.field(default_factory=list)
    notes: rx.Field[list[Note]] = rx.field(default_factory=list)
    left_out: rx.Field[list[str]] = rx.field(default_factory=list)
    names: rx.Field[list[str]] = rx.field(default_factory=list)
    corrected_words: str = ""
    open_words: str = ""
    note_words: str = ""
    tab: str = "preview"
    label: str = ""
    label_values: str = ""
    label_words: str = ""
    read_as: ReadAs = ReadAs()
    edits_reading: bool = False
    name: str = ""
    busy: str = ""
    problem: str = ""
    first_lines: rx.Field[list[str]] = rx.field(default_factory=list)
    is_loaded: bool = False

    @rx.event
    def load(self) -> Any:
        """Show the upload that the address names; read its file where nobody did."""
        found = self._upload()
        self.upload = address.query(self.router.url, "upload") if found else ""
        self.is_loaded, self.problem, self.busy = True, "", ""
        if found is None:
            return None
        self.file_name = found.file_name
        self.file_words = figures.bytes_in_words(found.size)
        self.name = self.name or default_name(found.file_name)
        if found.answer() is None:
            self._clear(found)
            self.busy = "Reading the file"
            return NewDatasetState.examine
        self._show(found)
        return None

    @rx.event
    def begin_upload(self) -> None:
        """A file was chosen; the browser sends it."""
        self.busy, self.problem = "Receiving the file", ""

    @rx.event
    def uploaded(self, answer: dict[str, Any]) -> Any:
        """The browser's report of what the upload route answered."""
        self.busy = ""
        id, self.problem = arrived(workbench().workspace.uploads, answer)
        if not id:
            return None
        self._to_the_beginning()
        self.name, self.edits_reading = "", False
        return rx.redirect(f"/datasets/new?upload={id}")

    @rx.event(background=True)
    async def examine(self) -> None:
        """Read the file in a child process and show what was found; again where something was changed meanwhile."""
        async with self:
            found = self._upload()
            if found is None:
                return
            self.busy = self.busy or READING_AGAIN
        while True:
            asked = found.choices()
            problem = await _examined(found, asked)
            async with self:
                if problem and found.answer() is not None:
                    found.forget_choices()
                elif found.choices() != asked and asked is not None:
                    continue
                self.busy, self.problem = "", problem
                self._show(found)
                return

    @rx.event
    def show_tab(self, tab: str) -> None:
        """Rows, or all columns."""
        self.tab = "columns" if tab == "columns" else "preview"

    @rx.event
    def name_it(self, name: str) -> None:
        """The name of the dataset."""
        self.name = str(name)[:200]

    def _upload(self) -> Upload | None:
        return Upload.find(workbench().workspace.uploads, address.query(self.router.url, "upload"))

    def _clear(self, found: Upload) -> None:
        """Nothing of the file before is shown while another is read, or where it cannot be."""
        self.all_columns, self.notes, self.names, self.left_out, self.first_lines = [], [], [], [], []
        self._to_the_beginning()
        self._show_format(found)

    def _show_format(self, found: Upload) -> None:
        self.format, self.sheets = format_of(Path(found.file_name)), found.sheets()
        self.is_text = self.format in ("CSV", "TSV")

    def _show(self, found: Upload) -> None:
        answer = found.answer()
        self._show_format(found)
        choices = Choices.from_json(answer["choices"]) if answer else (found.choices() or Choices())
        self.read_as = upload_view.read_as(choices, self.sheets)
        table = self._table()
        has_title = answer is not None and any(finding["action"] == "skip rows" for finding in answer["findings"])
        self.first_lines = found.lines() if self.problem or has_title else []
        if answer is None or table is None:
            self.edits_reading = True
            return
        self._show_answer(answer)
        self.left_out, self.label = list(choices.left_out), choices.label
        self.names = [head.name for head in table.heads[:MOST_COLUMNS]]
        self._show_table(table)

    def _show_answer(self, answer: dict[str, Any]) -> None:
        self.row_count, self.column_count = figures.count(answer["rows"]), figures.count(len(answer["columns"]))
        self.duplicate_count = figures.count(answer["duplicates"])
        self.file_words = file_child.in_words(answer)
        self.preview_words = upload_view.preview_words(answer["rows"])
        self.all_columns = upload_view.heads(answer)[:MOST_COLUMNS]
        self.corrected_words = upload_view.corrected_words(answer)
        self.notes, self.note_words = upload_view.notes(answer), upload_view.note_words(answer)
        self.open_words = upload_view.open_words(answer)
        self.label_values, self.label_words = upload_view.label_values(answer), upload_view.label_words(answer)

    def _table(self) -> Table | None:
        found = self._upload()
        answer = found.answer() if found else None
        if found is None or answer is None:
            return None
        read = [head for head in upload_view.heads(answer) if not head.left_out]
        return Table(read, min(answer["rows"], PREVIEW_ROWS), PAGE_ROWS, found.rows)

    def _profile_of(self, column: str) -> ColumnProfile | None:
        found = self._upload()
        return found.profile(column) if found else None


async def _examined(found: Upload, asked: Choices | None) -> str:
    """Read the file as asked; what is wrong with it, empty where nothing is."""
    try:
        await apart(file_child.examine, str(found.folder), asked.to_json() if asked else None)
    except Exception as error:
        return failure.in_words(error)
    return ""
