"""State of the page of one dataset or sample: its rows and columns, and a pipeline built from it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from urllib.parse import quote

import reflex as rx

from designer.contract.errors import DesignerError
from designer.contract.wording.counting import table_size
from designer.pipeline.document import from_document
from designer.store.records import Dataset
from designer.ui import address, file_child
from designer.ui.apart import apart
from designer.ui.state.data.dataset_versions import VersionChoice, version_choices
from designer.ui.state.data.table_window import Table, TableWindow
from designer.ui.views import failure
from designer.ui.views.dataset import upload as uploads
from designer.ui.views.dataset.column_head import head_of
from designer.ui.views.dataset.column_profile import ColumnProfile
from designer.ui.views.dataset.upload import Line
from designer.ui.workbench import workbench
from designer.ui.workspace import workspace_folder

PAGE_ROWS = 50
ORIGINS: Mapping[str, str] = {
    "upload": "from a file", "code": "from code", "query": "from a query", "output": "from a run", "sample": "sample",
}  # fmt: skip


class DatasetState(TableWindow, rx.State):
    """One registered dataset or sample."""

    name: str = ""
    words: str = ""
    description: str = ""
    notices: rx.Field[list[str]] = rx.field(default_factory=list)
    """What reading the file lost or could not decide."""
    address: str = ""
    """The name, percent-encoded for a URL."""
    version: str = ""
    versions: rx.Field[list[VersionChoice]] = rx.field(default_factory=list)
    missing_name: str = ""
    names: rx.Field[list[str]] = rx.field(default_factory=list)
    label: str = ""
    busy: str = ""
    problem: str = ""

    @rx.event
    def load(self) -> Any:
        """Show the dataset that the address names."""
        wanted = address.query(self.router.url, "name")
        if wanted != self.name or address.query(self.router.url, "version") not in ("", self.version):
            self._to_the_beginning()
            self.label = ""
        self.heads, self.lines, self.problem, self.busy, self.notices = [], [], "", "", []
        self.versions = []
        row = self._row()
        self.missing_name = "" if row else wanted
        self.name = row.name if row else ""
        if row is None:
            return None
        self.address, self.version = quote(row.name, safe=""), str(row.version)
        self.versions = version_choices(workbench().datasets.versions(row.name))
        origin = ORIGINS.get(row.origin, row.origin)
        self.words = f"{table_size(row.rows, row.columns)}, version {row.version}, {origin}"
        self.description, self.notices = row.description, workbench().datasets.notices(row)
        if self._document(row) is None:
            self.busy = "Counting"
            return DatasetState.describe
        self._show()
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
                self._show()

    @rx.event
    def choose_version(self, number: str) -> Any:
        """Show another version."""
        if number not in [choice.number for choice in self.versions]:
            return None
        return rx.redirect(f"/datasets/view?name={self.address}&version={number}")

    @rx.event
    def choose_label(self, column: str) -> None:
        """Choose the label of a pipeline built from this dataset."""
        self.label = column if column in self.names else ""

    @rx.event(background=True)
    async def build(self) -> Any:
        """Build a pipeline from this dataset and open it; show the problem where it fails."""
        async with self:
            row, label = self._row(), self.label
            if row is None or self.busy:
                return None
            self.busy, self.problem = "Building", ""
        document: dict[str, Any] | None = None
        problem = ""
        try:
            document = await apart(file_child.build, str(workspace_folder()), row.name, row.version, label)
        except Exception as error:
            problem = failure.in_words(error)
        async with self:
            self.busy, self.problem = "", problem
        if document is None:
            return None
        draft = workbench().pipelines.create(from_document(document))
        return rx.redirect(f"/pipelines/{draft.id}")

    def _show(self) -> None:
        row, table = self._row(), self._table()
        if row is not None and table is not None:
            self.names = [head.name for head in table.heads]
            self.label = self.label or (self._document(row) or {}).get("label", "")
            self._show_table(table)

    def _table(self) -> Table | None:
        row = self._row()
        document = self._document(row) if row else None
        if row is None or document is None:
            return None

        def lines(names: list[str], offset: int, limit: int) -> list[Line]:
            return uploads.lines(workbench().datasets.rows(row, offset, limit)[names], offset)

        return Table([head_of(column) for column in document["columns"]], row.rows, PAGE_ROWS, lines)

    def _profile_of(self, column: str) -> ColumnProfile | None:
        row = self._row()
        document = self._document(row) if row else None
        return ColumnProfile.from_json(document["profiles"][column]) if document else None

    def _row(self) -> Dataset | None:
        number = address.query(self.router.url, "version")
        try:
            version = int(number) if number.isascii() and number.isdecimal() and len(number) <= 9 else None
            return workbench().datasets.get(address.query(self.router.url, "name"), version)
        except DesignerError:
            return None

    def _document(self, row: Dataset) -> dict[str, Any] | None:
        kept = workbench().datasets.profile(row, file_child.PAGE_PROFILE)
        return kept.document if kept is not None and kept.state == "ready" else None
