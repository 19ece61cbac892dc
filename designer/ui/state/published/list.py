"""State of the list of published pipelines."""

from __future__ import annotations

import time

import reflex as rx

from designer.contract.errors import DesignerError
from designer.store.records import EndpointVersion
from designer.ui.views.published.texts import PublishedRow, published_row
from designer.ui.workbench import workbench


class PublishedListState(rx.State):
    """The published pipelines of the workspace."""

    rows: rx.Field[list[PublishedRow]] = rx.field(default_factory=list)
    is_loaded: bool = False

    @rx.event
    def load(self) -> None:
        """Read the list."""
        published, now = workbench().published, time.time()
        latest = published.latest_runs()
        self.rows = [published_row(row, default_of(row.name), latest.get(row.name), now) for row in published.all()]
        self.is_loaded = True


def default_of(name: str) -> EndpointVersion | None:
    """The default version of a published pipeline; None without one."""
    try:
        return workbench().published.version(name)
    except DesignerError:
        return None
