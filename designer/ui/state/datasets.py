"""Datasets: the list, and the page of one."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any
from urllib.parse import quote

import reflex as rx

from designer.contract.errors import DesignerError
from designer.contract.schema import Schema
from designer.pipeline.document import to_document
from designer.pipeline.starter import starter
from designer.store.examination import task_of
from designer.store.records import Dataset
from designer.ui import address, failure, figures, file_child, uploads
from designer.ui.apart import apart
from designer.ui.column_head import Head, head_of
from designer.ui.column_profile import ColumnProfile
from designer.ui.uploads import Line
from designer.ui.workspace import workspace, workspace_folder

PAGE_ROWS = 50
WINDOW = 24
_ORIGINS = {"upload": "from a file", "output": "from a run", "sample": "sample", "batch": "batch scoring"}


@dataclass(frozen=True)
class DatasetRow:
    """One line of the list; `address` is the name as it stands in an address."""

    name: str
    address: str
    size: str
    version: str
    origin: str
    made: str
    description: str = ""


class DatasetsState(rx.State):
    """The list of datasets and of samples."""

    rows: rx.Field[list[DatasetRow]] = rx.field(default_factory=list)
    samples: rx.Field[list[DatasetRow]] = rx.field(default_factory=list)
    trash: rx.Field[list[DatasetRow]] = rx.field(default_factory=list)
    search_text: str = ""
    to_delete: str = ""
    to_forget: str = ""
    is_loaded: bool = False

    @rx.event
    def load(self) -> None:
        """Read the list."""
        datasets = workspace().datasets
        found = [row for row in datasets.all() if row.origin != "sample"]
        words = self.search_text.casefold().split()
        self.rows = [_row(row) for row in found if _matches(words, row.name, row.description)]
        self.samples = [
            DatasetRow(sample.name, quote(sample.name, safe=""), "", "", "sample", "", sample.description)
            for sample in datasets.samples()
            if _matches(words, sample.name, sample.description)
        ]
        self.trash = [_row(row) for row in datasets.all(trashed=True)]
        self.is_loaded = True

    @rx.event
    def search(self, text: str) -> Any:
        """Show only datasets that match."""
        self.search_text = str(text)[:200]
        return DatasetsState.load

    @rx.event
    def ask_delete(self, name: str) -> None:
        """Ask before a dataset goes; empty closes the question."""
        self.to_delete = str(name)[:200]

    @rx.event
    def delete(self) -> Any:
        """Move the dataset to the trash."""
        name, self.to_delete = self.to_delete, ""
        if name not in workspace().datasets.names():
            return None
        workspace().datasets.delete(name)
        return [DatasetsState.load, rx.toast("The dataset is in the trash, at the end of this page.")]

    @rx.event
    def restore(self, name: str) -> Any:
        """Take the dataset out of the trash."""
        if name in [row.name for row in self.trash]:
            workspace().datasets.restore(name)
        return DatasetsState.load

    @rx.event
    def ask_forget(self, name: str) -> None:
        """Ask before a dataset goes for ever; empty closes the question."""
        self.to_forget = name if name in [row.name for row in self.trash] else ""

    @rx.event
    def forget(self) -> Any:
        """Remove the dataset from the trash."""
        name, self.to_forget = self.to_forget, ""
        if name:
            workspace().datasets.forget(name)
        return DatasetsState.load


class DatasetState(rx.State):
    """One registered dataset or sample."""

    name: str = ""
    words: str = ""
    description: str = ""
    missing_name: str = ""
    heads: rx.Field[list[Head]] = rx.field(default_factory=list)
    names: rx.Field[list[str]] = rx.field(default_factory=list)
    lines: rx.Field[list[Line]] = rx.field(default_factory=list)
    offset: int = 0
    first_column: int = 0
    row_words: str = ""
    column_words: str = ""
    has_rows_after: bool = False
    has_columns_after: bool = False
    chosen: str = ""
    profile: ColumnProfile = ColumnProfile()
    label: str = ""
    busy: str = ""
    problem: str = ""

    @rx.event
    def load(self) -> Any:
        """Show the dataset that the address names."""
        wanted = address.query(self.router.url, "name")
        if wanted != self.name:
            self.offset, self.first_column, self.chosen, self.label = 0, 0, "", ""
        self.heads, self.lines, self.problem, self.busy = [], [], "", ""
        row = self._row()
        self.missing_name = "" if row else wanted
        self.name = row.name if row else ""
        if row is None:
            return None
        origin = _ORIGINS.get(row.origin, row.origin)
        self.words = f"{row.rows:,} rows × {row.columns:,} columns, version {row.version}, {origin}"
        self.description = row.description
        if self._document(row) is None:
            self.busy = "Counting"
            return DatasetState.describe
        self._show(row)
        return None

    @rx.event(background=True)
    async def describe(self) -> None:
        """Count every column in a child process."""
        async with self:
            row = self._row()
        if row is None:
            return
        problem = ""
        try:
            await apart(file_child.describe, str(workspace_folder()), row.name, row.version)
        except Exception as error:
            problem = failure.in_words(error)
        async with self:
            self.busy, self.problem = "", problem
            if not problem:
                self._show(row)

    @rx.event
    def choose_column(self, column: str) -> None:
        """Show the profile of a column."""
        self._choose(column)

    @rx.event
    def step_column(self, step: int) -> None:
        """Show the profile of the next or previous column."""
        if self.chosen in self.names and step in (-1, 1):
            self._choose(self.names[(self.names.index(self.chosen) + step) % len(self.names)])

    @rx.event
    def turn_rows(self, step: int) -> None:
        """The next or previous rows."""
        row = self._row()
        if row is not None and step in (-1, 1):
            last = max(row.rows - 1, 0) // PAGE_ROWS * PAGE_ROWS
            self.offset = max(0, min(self.offset + step * PAGE_ROWS, last))
            self._show_rows(row)

    @rx.event
    def turn_columns(self, step: int) -> None:
        """The next or previous columns of a wide table."""
        row = self._row()
        if row is not None and step in (-1, 1):
            last = max(row.columns - 1, 0) // WINDOW * WINDOW
            self.first_column = max(0, min(self.first_column + step * WINDOW, last))
            self._show(row)

    @rx.event
    def choose_label(self, column: str) -> None:
        """Choose what a pipeline of this dataset predicts."""
        self.label = column if column in self.names else ""

    @rx.event
    def build(self) -> Any:
        """Make a pipeline of this dataset."""
        row = self._row()
        document = self._document(row) if row else None
        if row is None or document is None:
            return None
        missing = [column["name"] for column in document["columns"] if column["missing"]]
        task = "clustering"
        if self.label:
            frame = workspace().page(workspace().datasets.stored(row.name, row.version), 0, row.rows)
            task = task_of(frame[self.label])
        schema = Schema.from_json(row.table_schema)
        pipeline = starter(row.name, schema, self.label, task, missing)  # type: ignore[arg-type]
        draft = workspace().drafts.create(pipeline.name, to_document(pipeline))
        return rx.redirect(f"/pipelines/{draft.id}")

    def _choose(self, column: str) -> None:
        row = self._row()
        document = self._document(row) if row else None
        if document is not None and column in document["profiles"]:
            self.chosen, self.profile = column, ColumnProfile.from_json(document["profiles"][column])

    def _row(self) -> Dataset | None:
        try:
            return workspace().datasets.get(address.query(self.router.url, "name"))
        except DesignerError:
            return None

    def _document(self, row: Dataset) -> dict[str, Any] | None:
        kept = workspace().results.profile(row.digest, file_child.PAGE_PROFILE)
        return kept.document if kept is not None and kept.state == "ready" else None

    def _show(self, row: Dataset) -> None:
        document = self._document(row)
        if document is None:
            return
        heads = [head_of(column) for column in document["columns"]]
        self.names = [head.name for head in heads]
        self.heads = heads[self.first_column : self.first_column + WINDOW]
        last = self.first_column + len(self.heads)
        self.column_words = (
            f"Columns {self.first_column + 1} to {last} of {len(heads):,}" if len(heads) > WINDOW else ""
        )
        self.has_columns_after = last < len(heads)
        self.chosen = self.chosen if self.chosen in self.names else self.names[0] if self.names else ""
        if self.chosen:
            self.profile = ColumnProfile.from_json(document["profiles"][self.chosen])
        self._show_rows(row)

    def _show_rows(self, row: Dataset) -> None:
        page = workspace().page(workspace().datasets.stored(row.name, row.version), self.offset, PAGE_ROWS)
        self.lines = uploads.lines(page[[head.name for head in self.heads]], self.offset)
        last = self.offset + len(self.lines)
        self.has_rows_after = last < row.rows
        self.row_words = f"Rows {self.offset + 1:,} to {last:,} of {row.rows:,}" if self.lines else "No rows"


def _row(row: Dataset) -> DatasetRow:
    return DatasetRow(
        row.name,
        quote(row.name, safe=""),
        f"{row.rows:,} × {row.columns:,}",
        str(row.version),
        _ORIGINS.get(row.origin, row.origin),
        figures.moment(row.created),
        row.description,
    )


def _matches(words: list[str], *texts: str) -> bool:
    text = " ".join(texts).casefold()
    return all(word in text for word in words)
