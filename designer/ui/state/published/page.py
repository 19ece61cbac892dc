"""State of the page of one published pipeline: versions, parameters to run with, runs. Keys and code are substates."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable
from functools import partial
from typing import Any
from urllib.parse import quote

import reflex as rx

from designer.contract.errors import DesignerError
from designer.pipeline.document import from_document
from designer.pipeline.graph import PipelineParameter
from designer.store.records import Endpoint
from designer.ui import address
from designer.ui.queued import queued_toast
from designer.ui.state.published.list import default_of
from designer.ui.views import failure, figures
from designer.ui.views.asked import Asked, asked_for, changed_values, reads_dataset, with_error
from designer.ui.views.prose import sentence
from designer.ui.views.published import texts
from designer.ui.views.published.texts import DatasetRow, VersionRow
from designer.ui.views.run.texts import RunRow, run_rows
from designer.ui.workbench import workbench
from designer.workbench.submitting import submission

SHOWN_RUNS = 10
"""How many of its newest runs the page shows; the list of all runs has the others."""

TICK_ID = "published-tick"
TICK_MILLISECONDS = 2000
_TICK = f"""
clearInterval(window.__publishedTick);
window.__publishedTick = setInterval(() => {{
  const tick = document.getElementById("{TICK_ID}");
  if (!tick) clearInterval(window.__publishedTick);
  else if (!document.hidden) tick.click();
}}, {TICK_MILLISECONDS})
"""
"""Polls from the browser while the page is open and visible, so that a closed tab stops polling."""


class PublishedState(rx.State):
    """What the page shows; read again at each load."""

    address: str = ""
    title: str = ""
    description: str = ""
    problem: str = ""
    words: str = ""
    named_version: str = ""
    """The default version as an address names it: by its label or number."""
    state: str = ""
    tone: str = ""
    versions: rx.Field[list[VersionRow]] = rx.field(default_factory=list)
    datasets: rx.Field[list[DatasetRow]] = rx.field(default_factory=list)
    asked: rx.Field[list[Asked]] = rx.field(default_factory=list)
    form_key: str = ""
    run_problem: str = ""
    runs: rx.Field[list[RunRow]] = rx.field(default_factory=list)
    asks_delete: bool = False

    @rx.event
    def load(self) -> Any:
        """Show the published pipeline that the address names, and poll its runs."""
        wanted = address.part(self.router.url, 1)
        self.problem, self.run_problem, self.asks_delete = "", "", False
        try:
            row = workbench().published.find(wanted)
        except DesignerError as error:
            self.address, self.title, self.problem = "", "", sentence(str(error))
            return None
        self._show(row)
        return rx.call_script(_TICK)

    @rx.event(background=True)
    async def refresh(self) -> None:
        """Show how its runs go on, and those that programs and schedules submit."""
        async with self:
            name = self.address
        rows = await asyncio.to_thread(_runs, name) if name else []
        async with self:
            if name == self.address and rows != self.runs:
                self.runs = rows

    @rx.event
    async def run(self, form: dict[str, Any]) -> Any:
        """Queue a run with the values of the form; one that does not fit is shown at its field."""
        given = changed_values(self.asked, form)
        self.asked, self.run_problem = with_error(self.asked, None), ""
        about = submission("canvas")
        try:
            queue = partial(workbench().published.submit, self.address, assignments=given, submission=about)
            run = await asyncio.to_thread(queue)
        except DesignerError as error:
            self.asked = with_error(self.asked, error)
            if not any(item.error for item in self.asked):
                self.run_problem = sentence(str(error))
            return None
        note = "" if not workbench().runs.is_stuck(run) else " No engine is running: start Designer again."
        return [queued_toast(run, note), PublishedState.refresh]

    @rx.event
    def toggle(self) -> Any:
        """Disable it, so that it refuses runs, or enable it."""
        published = workbench().published
        change = published.enable if self.state == "Disabled" else published.disable
        return self._changed(lambda: change(self.address))

    @rx.event
    def make_default(self, version: int) -> Any:
        """Make another version the default."""
        if version not in [row.number for row in self.versions]:
            return None
        return self._changed(lambda: workbench().published.set_default(self.address, int(version)))

    @rx.event
    def describe(self, text: str) -> Any:
        """Change the description."""
        if str(text).strip() == self.description:
            return None
        return self._changed(lambda: workbench().published.describe(self.address, str(text)))

    @rx.event
    def ask_delete(self, is_asked: bool) -> None:
        """Open or close the confirmation of its deletion."""
        self.asks_delete = bool(is_asked)

    @rx.event
    def delete(self) -> Any:
        """Delete it with its versions and keys."""
        self.asks_delete = False
        try:
            workbench().published.delete(self.address)
        except DesignerError as error:
            return rx.toast.error(failure.in_words(error))
        return rx.redirect("/published")

    def _changed(self, change: Callable[[], Any]) -> Any:
        """Apply a change and show the page again; returns a toast with the error."""
        try:
            change()
            self._show(workbench().published.find(self.address))
        except DesignerError as error:
            return rx.toast.error(failure.in_words(error))
        return None

    def _show(self, row: Endpoint) -> None:
        bench, now = workbench(), time.time()
        versions, default = bench.published.versions(row.name), default_of(row.name)
        drafts = {draft.id: draft.name for draft in bench.pipelines.all()}
        self.address, self.title, self.description = row.name, row.title, row.description
        self.state, self.tone = texts.state_of(row)
        self.versions = texts.version_rows(row, versions, drafts, now)
        self.datasets = texts.dataset_rows(bench.published.datasets(default)) if default else []
        self.asked = _asked(list(from_document(default.document).parameters.values())) if default else []
        self.form_key = f"{row.name} {row.default_version}"
        self.runs = _runs(row.name)
        self.named_version = quote(default.label or str(default.version), safe="") if default else ""
        self.words = f"Published {figures.moment(row.created, now)}, version {texts.version_text(default)}"


def _asked(parameters: list[PipelineParameter]) -> list[Asked]:
    datasets = workbench().datasets.names() if reads_dataset(parameters) else []
    return asked_for(parameters, datasets)


def _runs(name: str) -> list[RunRow]:
    """The newest runs as lines."""
    bench = workbench()
    rows = bench.published.runs(name, SHOWN_RUNS)
    return run_rows(rows, bench.runs.nodes_of([row.id for row in rows]), time.time())
