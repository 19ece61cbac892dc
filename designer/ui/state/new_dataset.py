"""New dataset from a file: what the page shows of an upload, and the user's corrections."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import reflex as rx

from designer.contract.errors import DesignerError
from designer.contract.reading import format_of
from designer.contract.schema import Schema
from designer.pipeline.document import to_document
from designer.pipeline.starter import starter
from designer.store.examination import Choices, Finding
from designer.ui import address, failure, figures, file_child, uploads
from designer.ui.apart import apart
from designer.ui.column_head import Head, head_of
from designer.ui.column_profile import ColumnProfile
from designer.ui.uploads import PREVIEW_ROWS, Line, Upload
from designer.ui.workspace import workspace, workspace_folder

PAGE_ROWS = 25
WINDOW = 24
MOST_COLUMNS, MOST_NOTES = 500, 100
"""What is sent to the browser of a very wide table; all of it is read and saved."""

READING_AGAIN, SAVING = "Reading again", "Saving"
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


@dataclass(frozen=True)
class ReadAs:
    """How the file is read, in words."""

    separator: str = "comma"
    encoding: str = "UTF-8"
    decimal: str = "point"
    missing: str = "empty"
    header: str = "yes"
    sheet: str = ""


class NewDatasetState(rx.State):
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
    heads: rx.Field[list[Head]] = rx.field(default_factory=list)
    all_columns: rx.Field[list[Head]] = rx.field(default_factory=list)
    lines: rx.Field[list[Line]] = rx.field(default_factory=list)
    notes: rx.Field[list[Note]] = rx.field(default_factory=list)
    left_out: rx.Field[list[str]] = rx.field(default_factory=list)
    names: rx.Field[list[str]] = rx.field(default_factory=list)
    _read_names: list[str] = []  # noqa: RUF012  (Reflex copies the default for every state)
    offset: int = 0
    first_column: int = 0
    row_words: str = ""
    column_words: str = ""
    has_rows_after: bool = False
    has_columns_after: bool = False
    corrected_words: str = ""
    open_words: str = ""
    note_words: str = ""
    tab: str = "preview"
    chosen: str = ""
    profile: ColumnProfile = ColumnProfile()
    label: str = ""
    label_values: str = ""
    label_words: str = ""
    read_as: ReadAs = ReadAs()
    edits_reading: bool = False
    name: str = ""
    busy: str = ""
    problem: str = ""
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
        self.name = self.name or _name_of(found.file_name)
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
        id = answer.get("upload") if isinstance(answer, dict) else None
        if isinstance(id, str) and Upload.find(workspace().uploads, id):
            self.name, self.chosen, self.offset, self.first_column = "", "", 0, 0
            self.edits_reading = False
            return rx.redirect(f"/datasets/new?upload={id}")
        message = answer.get("message") if isinstance(answer, dict) else None
        self.problem = str(message)[:500] if message else "The file did not arrive. Try again."
        return None

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
    def choose_kind(self, column: str, kind: str) -> Any:
        """Read a column as another type."""
        return self._changed(lambda choices: uploads.with_kind(choices, self._known(column), kind))

    @rx.event
    def choose_label(self, column: str) -> Any:
        """Choose what to predict."""
        return self._changed(lambda choices: uploads.with_label(choices, self._known(column) if column else ""))

    @rx.event
    def choose_option(self, option: str, value: str) -> Any:
        """Read the file in another way."""
        return self._changed(lambda choices: uploads.with_option(choices, option, str(value)), fresh=True)

    @rx.event
    def accept(self, id: str) -> Any:
        """Do what a note offers."""
        return self._on_finding(id, uploads.accepted)

    @rx.event
    def keep(self, id: str) -> Any:
        """Leave it as it is."""
        return self._on_finding(id, uploads.kept)

    @rx.event
    def bring_back(self, column: str) -> Any:
        """Take a left out column in again."""
        return self._changed(lambda choices: uploads.brought_back(choices, self._known(column)))

    @rx.event
    def edit_reading(self) -> None:
        """Open or close the options of reading."""
        self.edits_reading = not self.edits_reading

    @rx.event
    def show_tab(self, tab: str) -> None:
        """Rows, or all columns."""
        self.tab = "columns" if tab == "columns" else "preview"

    @rx.event
    def choose_column(self, column: str) -> None:
        """Show the profile of a column."""
        found = self._upload()
        if found is not None and column in self._read_names:
            self._show_profile(found, column)

    @rx.event
    def step_column(self, step: int) -> None:
        """Show the profile of the next or previous column."""
        found = self._upload()
        names = self._read_names
        if found is None or self.chosen not in names or step not in (-1, 1):
            return
        self._show_profile(found, names[(names.index(self.chosen) + step) % len(names)])

    @rx.event
    def turn_rows(self, step: int) -> None:
        """The next or previous rows of the preview."""
        found = self._upload()
        if found is not None and step in (-1, 1):
            self.offset += step * PAGE_ROWS
            self._show(found)

    @rx.event
    def turn_columns(self, step: int) -> None:
        """The next or previous columns of a wide table."""
        found = self._upload()
        if found is not None and step in (-1, 1):
            last = max(len(self._read_names) - 1, 0) // WINDOW * WINDOW
            self.first_column = max(0, min(self.first_column + step * WINDOW, last))
            self._show(found)

    @rx.event
    def name_it(self, name: str) -> None:
        """The name of the dataset."""
        self.name = str(name)[:200]

    @rx.event(background=True)
    async def save(self) -> Any:
        """Register the dataset."""
        document = await self._register()
        return None if document is None else rx.redirect("/datasets")

    @rx.event(background=True)
    async def save_and_build(self) -> Any:
        """Register the dataset and make a pipeline of it."""
        document = await self._register()
        if document is None:
            return None
        schema = Schema.from_json(document["schema"])
        pipeline = starter(
            document["name"], schema, document["label"], document["task"] or "clustering", document["missing"]
        )
        draft = workspace().drafts.create(pipeline.name, to_document(pipeline))
        return rx.redirect(f"/pipelines/{draft.id}")

    async def _register(self) -> dict[str, Any] | None:
        async with self:
            found = self._upload()
            if found is None or found.answer() is None or self.busy:
                return None
            self.busy, self.problem = SAVING, ""
            name = self.name
        document: dict[str, Any] | None = None
        problem = ""
        try:
            document = await apart(file_child.register, str(found.folder), str(workspace_folder()), name, "")
        except Exception as error:
            problem = failure.in_words(error)
        async with self:
            self.busy, self.problem = "", problem
        return document

    def _upload(self) -> Upload | None:
        return Upload.find(workspace().uploads, address.query(self.router.url, "upload"))

    def _known(self, column: str) -> str:
        found = self._upload()
        answer = found.answer() if found else None
        if answer is None or column not in [known["name"] for known in answer["columns"]]:
            raise DesignerError(f"there is no column '{str(column)[:80]}'", "Choose one of the table.")
        return column

    def _changed(self, change: Callable[[Choices], Choices], fresh: bool = False) -> Any:
        """Try changed choices; `fresh` forgets corrections of single columns, since their names may change."""
        found = self._upload()
        choices = found.choices() if found else None
        if found is None or self.busy == SAVING:
            return None
        try:
            changed = change(choices or Choices())
        except DesignerError as error:
            self.problem = str(error)
            return None
        if fresh:
            changed = Choices(options=changed.options, decimal=changed.decimal)
        found.remember(changed)
        if self.busy:
            return None  # the reading that goes on sees the change when it ends
        self.busy = READING_AGAIN
        return NewDatasetState.examine

    def _on_finding(self, id: str, change: Callable[[Choices, Finding], Choices]) -> Any:
        found = self._upload()
        answer = found.answer() if found else None
        documents = answer["findings"] if answer else []
        finding = next((Finding(**document) for document in documents if document["id"] == id), None)
        return self._changed(lambda choices: change(choices, finding)) if finding else None

    def _clear(self, found: Upload) -> None:
        """Nothing of the file before is shown while another is read, or where it cannot be."""
        self.heads, self.all_columns, self.lines, self.notes, self.names, self.left_out = [], [], [], [], [], []
        self._read_names, self.chosen, self.offset, self.first_column = [], "", 0, 0
        self._show_format(found)

    def _show_format(self, found: Upload) -> None:
        self.format, self.sheets = format_of(Path(found.file_name)), found.sheets()
        self.is_text = self.format in ("CSV", "TSV")

    def _show(self, found: Upload) -> None:
        answer = found.answer()
        self._show_format(found)
        choices = Choices.from_json(answer["choices"]) if answer else (found.choices() or Choices())
        self.read_as = ReadAs(decimal=choices.decimal, **uploads.in_words(choices.options))
        if answer is None:
            self.edits_reading = True
            return
        sheets = self.sheets or [""]
        self.read_as = replace(self.read_as, sheet=choices.options.sheet or sheets[0])
        self.row_count, self.column_count = figures.count(answer["rows"]), figures.count(len(answer["columns"]))
        self.duplicate_count = figures.count(answer["duplicates"])
        self.file_words = file_child.in_words(answer)
        self.left_out = list(choices.left_out)
        self._show_columns(answer)
        self._show_notes(answer)
        self._show_label(answer, choices)
        self._show_rows(found, answer["rows"])
        names = self._read_names
        self._show_profile(found, self.chosen if self.chosen in names else names[0] if names else "")

    def _show_columns(self, answer: dict[str, Any]) -> None:
        open_ones = {finding["column"] for finding in answer["findings"] if finding["tone"] == "decide"}
        done = {finding["column"] for finding in answer["findings"] if finding["tone"] == "done"}
        heads = [head_of(column, open_ones, done) for column in answer["columns"]]
        self.all_columns = heads[:MOST_COLUMNS]
        read = [head for head in heads if not head.left_out]
        self._read_names = [head.name for head in read]
        self.names = self._read_names[:MOST_COLUMNS]
        self.first_column = min(self.first_column, max(len(read) - 1, 0) // WINDOW * WINDOW)
        self.heads = read[self.first_column : self.first_column + WINDOW]
        last = self.first_column + len(self.heads)
        self.column_words = f"Columns {self.first_column + 1} to {last} of {len(read):,}" if len(read) > WINDOW else ""
        self.has_columns_after = last < len(read)
        corrected = sum(1 for column in answer["columns"] if column["was"])
        self.corrected_words = f"{figures.plural(corrected, 'type')} corrected" if corrected else ""

    def _show_notes(self, answer: dict[str, Any]) -> None:
        self.notes = [
            Note(f["id"], f["tone"], f["title"], f["text"], f["action"].capitalize(), f["column"])
            for f in answer["findings"][:MOST_NOTES]
        ]
        open_count = sum(1 for finding in answer["findings"] if finding["tone"] == "decide")
        self.open_words = f"{open_count} to decide" if open_count else ""
        count = len(answer["findings"])
        first = f"first {MOST_NOTES} of " if count > MOST_NOTES else ""
        self.note_words = f"{first}{figures.plural(count, 'note')}" if count else "nothing to note"

    def _show_label(self, answer: dict[str, Any], choices: Choices) -> None:
        values = answer["label"]["values"]
        self.label = choices.label
        self.label_values = ", ".join(values[:3]) + (", …" if len(values) > 3 else "") if values else ""
        self.label_words = _TASKS[answer["label"]["task"]]

    def _show_rows(self, found: Upload, rows: int) -> None:
        shown, last = [head.name for head in self.heads], min(rows, PREVIEW_ROWS)
        self.offset = max(0, min(self.offset, (last - 1) // PAGE_ROWS * PAGE_ROWS))
        self.has_rows_after = self.offset + PAGE_ROWS < last
        self.lines = found.rows(shown, self.offset, PAGE_ROWS)
        few = rows <= PREVIEW_ROWS
        self.preview_words = figures.plural(rows, "row") if few else f"First {PREVIEW_ROWS} of {rows:,} rows"
        self.row_words = f"Rows {self.offset + 1} to {self.offset + len(self.lines)}" if self.lines else "No rows"

    def _show_profile(self, found: Upload, column: str) -> None:
        self.chosen = column
        self.profile = found.profile(column) or ColumnProfile()


async def _examined(found: Upload, asked: Choices | None) -> str:
    """Read the file as asked; what is wrong with it, empty where nothing is."""
    try:
        await apart(file_child.examine, str(found.folder), asked.to_json() if asked else None)
    except Exception as error:
        return failure.in_words(error)
    return ""


def _name_of(file_name: str) -> str:
    stem = file_name.rsplit(".", 1)[0]
    return " ".join(stem.replace("_", " ").replace("-", " ").split()).capitalize() or file_name
