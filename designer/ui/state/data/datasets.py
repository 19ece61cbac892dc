"""State of the list of datasets: own datasets, samples and the trash."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any
from urllib.parse import quote

import reflex as rx

from designer.store.records import Dataset
from designer.ui.state.data.dataset import ORIGINS
from designer.ui.views import figures
from designer.ui.views.ranking import ranked
from designer.ui.workbench import workbench


@dataclass(frozen=True)
class DatasetRow:
    """One line of the list; `address` is the name percent-encoded for a URL."""

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
        """Read the list, filtered by the search text."""
        datasets = workbench().datasets
        own = [_row(row) for row in datasets.all() if row.origin != "sample"]
        samples = [
            DatasetRow(sample.name, quote(sample.name, safe=""), "", "", "sample", "", sample.description)
            for sample in datasets.samples()
        ]
        self.rows, self.samples = _found(own, self.search_text), _found(samples, self.search_text)
        self.trash = [_row(row) for row in datasets.all(trashed=True)]
        self.is_loaded = True

    @rx.event
    def search(self, text: str) -> Any:
        """Show only datasets that match."""
        self.search_text = str(text)[:200]
        return DatasetsState.load

    @rx.event
    def ask_delete(self, name: str) -> None:
        """Ask for confirmation before moving a dataset to the trash; an empty name closes the question."""
        self.to_delete = str(name)[:200]

    @rx.event
    def delete(self) -> Any:
        """Move the dataset to the trash."""
        name, self.to_delete = self.to_delete, ""
        if name not in workbench().datasets.names():
            return None
        workbench().datasets.delete(name)
        return [DatasetsState.load, rx.toast("The dataset is in the trash, at the end of this page.")]

    @rx.event
    def restore(self, name: str) -> Any:
        """Restore the dataset from the trash."""
        if name in [row.name for row in self.trash]:
            workbench().datasets.restore(name)
        return DatasetsState.load

    @rx.event
    def ask_forget(self, name: str) -> None:
        """Ask for confirmation before deleting a dataset permanently; an empty name closes the question."""
        self.to_forget = name if name in [row.name for row in self.trash] else ""

    @rx.event
    def forget(self) -> Any:
        """Delete the dataset in the trash permanently."""
        name, self.to_forget = self.to_forget, ""
        if name:
            workbench().datasets.forget(name)
        return DatasetsState.load


def _row(row: Dataset) -> DatasetRow:
    return DatasetRow(
        row.name,
        quote(row.name, safe=""),
        f"{row.rows:,} × {row.columns:,}",
        str(row.version),
        ORIGINS.get(row.origin, row.origin),
        figures.moment(row.created),
        row.description,
    )


def _found(rows: list[DatasetRow], text: str) -> list[DatasetRow]:
    return ranked(rows, text, lambda row: (row.name, (), row.description))
