"""Runs: the list, one run with its steps and log, two runs side by side."""

from __future__ import annotations

import asyncio
import time
from typing import Any

import reflex as rx

from designer.contract.errors import DesignerError
from designer.pipeline.document import from_document
from designer.store.records import Run
from designer.ui import address
from designer.ui.library import library
from designer.ui.prose import sentence
from designer.ui.run_comparison import Difference, MetricPair, differences, metric_pairs
from designer.ui.run_view import (
    ACTIVE,
    NodeRow,
    Reason,
    RunRow,
    node_counts,
    node_rows,
    pipeline_of,
    reason_of,
    run_row,
    run_rows,
)
from designer.ui.workspace import workspace

LIST_LIMIT = 100
POLL_SECONDS = 0.5
_NO_RUN = RunRow("", "", "", "", "", "", "", "", "")


class RunsState(rx.State):
    """The list of runs, the newest first; the query may name one pipeline."""

    rows: rx.Field[list[RunRow]] = rx.field(default_factory=list)
    pipeline_name: str = ""
    is_loaded: bool = False

    @rx.event(background=True)
    async def load(self) -> None:
        """Read the list; follow it while something runs and the list is open."""
        while True:
            async with self:
                is_open = self.router.url.path.rstrip("/") == "/runs"
                pipeline = address.query(self.router.url, "pipeline") or None
            if not is_open:
                return
            runs, rows = await asyncio.to_thread(_listed, pipeline)
            async with self:
                self.rows, self.is_loaded = rows, True
                self.pipeline_name = runs[0].name if pipeline and runs else ""
            if not any(run.state in ACTIVE for run in runs):
                return
            await asyncio.sleep(2 * POLL_SECONDS)


def _listed(pipeline: str | None) -> tuple[list[Run], list[RunRow]]:
    runs, now = workspace().runs.all(pipeline, LIST_LIMIT), time.time()
    return runs, run_rows(runs, workspace().runs.nodes, now)


class RunState(rx.State):
    """One run: its steps, and the log of the chosen one."""

    run_id: str = ""
    row: RunRow = _NO_RUN
    nodes: rx.Field[list[NodeRow]] = rx.field(default_factory=list)
    counts: str = ""
    problem: str = ""
    warning: str = ""
    chosen: str = ""
    chosen_title: str = ""
    chosen_words: str = ""
    reason: Reason = Reason()
    log: str = ""
    is_active: bool = False
    pipeline_id: str = ""

    @rx.event
    def load(self) -> Any:
        """Show the run that the address names; follow it while it runs."""
        self.problem, self.chosen, self.log = "", "", ""
        try:
            run = workspace().runs.get(address.part(self.router.url, 1))
        except DesignerError as error:
            self.problem, self.run_id, self.nodes, self.row = sentence(str(error)), "", [], _NO_RUN
            return None
        self._show(run)
        failed = next((node.id for node in self.nodes if node.is_failed), "")
        self._choose(failed or (self.nodes[0].id if self.nodes else ""))
        return RunState.follow if self.is_active else None

    @rx.event(background=True)
    async def follow(self) -> None:
        """Show changes while the run goes on and its page is open."""
        while True:
            await asyncio.sleep(POLL_SECONDS)
            async with self:
                wanted = address.part(self.router.url, 1)
                if wanted != self.run_id or not self.run_id:
                    return
                self._show(workspace().runs.get(wanted))
                self._choose(self.chosen)
                if not self.is_active:
                    return

    @rx.event
    def choose(self, node: str) -> None:
        """Show what happened to a step."""
        if node in [row.id for row in self.nodes]:
            self._choose(node)

    @rx.event
    def cancel(self) -> Any:
        """Ask for the end of the run."""
        if self.run_id:
            workspace().runs.request_cancel(self.run_id)
        return RunState.load

    def _show(self, run: Run) -> None:
        rows = workspace().runs.nodes(run.id)
        self.run_id = run.id
        self.row = run_row(run, rows, time.time())
        self.nodes = node_rows(run, rows, library())
        self.counts = node_counts(rows)
        self.is_active = run.state in ACTIVE
        self.pipeline_id = pipeline_of(workspace(), run)
        is_waiting = self.is_active and not workspace().engine_is_running()
        self.warning = "The engine is not running, so nothing happens here. Start Designer again." if is_waiting else ""
        if run.error:
            self.warning = reason_of(run.error).message

    def _choose(self, node: str) -> None:
        row = workspace().runs.node(self.run_id, node) if node else None
        self.chosen = node
        self.chosen_title = next((each.title for each in self.nodes if each.id == node), "")
        self.chosen_words = " ".join(sentence(text) for text in (row.explain, row.reason) if text) if row else ""
        self.reason = reason_of(row.error) if row else Reason()
        self.log = workspace().log(self.run_id, node, 60_000) if row else ""


class CompareState(rx.State):
    """Two runs side by side."""

    first: str = ""
    second: str = ""
    first_row: RunRow = _NO_RUN
    second_row: RunRow = _NO_RUN
    choices: rx.Field[list[RunRow]] = rx.field(default_factory=list)
    settings: rx.Field[list[Difference]] = rx.field(default_factory=list)
    metrics: rx.Field[list[MetricPair]] = rx.field(default_factory=list)
    problem: str = ""
    is_loaded: bool = False

    @rx.event
    def load(self) -> None:
        """Compare the runs that the address names; the one before stands in for a second that is not named."""
        self.problem, self.is_loaded = "", True
        self.settings, self.metrics = [], []
        self.first, self.choices, wanted = "", [], address.query(self.router.url, "a")
        if not wanted:
            self.problem = "Open a run and press Compare: it is held against the one before."
            return
        try:
            first = workspace().runs.get(wanted)
            named = address.query(self.router.url, "b")
            second = workspace().runs.get(named) if named else self._before(first)
            rows = self._rows(first, second)
        except DesignerError as error:
            self.problem = sentence(str(error))
            return
        self.first = first.id
        self.first_row, self.choices = rows[0], rows[1:]
        self.second = second.id if second else ""
        if second is None:
            self.problem = "There is no other run of this pipeline yet. Change a setting, run again, and compare."
            return
        self.second_row = next(row for row in rows if row.id == second.id)
        pipelines = [from_document(run.document) for run in (first, second)]
        nodes = [workspace().runs.nodes(run.id) for run in (first, second)]
        self.settings = differences(pipelines[0], pipelines[1], library())
        self.metrics = metric_pairs((pipelines[0], nodes[0]), (pipelines[1], nodes[1]), library())

    @rx.event
    def choose(self, run_id: str) -> Any:
        """Compare with another run."""
        known = [row.id for row in self.choices]
        return rx.redirect(f"/runs/compare?a={self.first}&b={run_id}") if run_id in known else None

    def _rows(self, first: Run, second: Run | None) -> list[RunRow]:
        """The first run, then all it can be held against, the second among them whatever pipeline it is of."""
        runs = workspace().runs.all(first.pipeline_id, LIST_LIMIT) if first.pipeline_id else []
        others = {run.id: run for run in (*runs, *([second] if second else [])) if run.id != first.id}
        return run_rows([first, *others.values()], workspace().runs.nodes, time.time())

    def _before(self, first: Run) -> Run | None:
        runs = workspace().runs.all(first.pipeline_id, LIST_LIMIT) if first.pipeline_id else []
        older = [run for run in runs if run.created < first.created and run.state == "finished"]
        others = [run for run in runs if run.id != first.id and run.state == "finished"]
        return next(iter((*older, *others)), None)
