"""State of the run pages: the list, one run with its steps and log, two runs compared."""

from __future__ import annotations

import asyncio
import time
from typing import Any

import reflex as rx

from designer.contract.errors import DesignerError
from designer.store.records import ACTIVE, Run
from designer.store.run_query import RunQuery
from designer.ui import address
from designer.ui.views.prose import sentence
from designer.ui.views.run.comparison import MetricRow, metric_row
from designer.ui.views.run.texts import (
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
from designer.ui.workbench import workbench
from designer.workbench.comparison import Difference
from designer.workbench.runs import Runs

POLL_SECONDS = 0.5
_NO_RUN = RunRow("", "", "", "", "", "", "", "", "")


class RunsState(rx.State):
    """The list of runs, newest first; the query may name one pipeline."""

    rows: rx.Field[list[RunRow]] = rx.field(default_factory=list)
    pipeline_name: str = ""
    with_imports: bool = False
    is_loaded: bool = False
    _follower: int = 0

    @rx.event(background=True)
    async def load(self) -> None:
        """Read the list; poll while a run is active and the list is open."""
        async with self:
            self._follower += 1  # the poll of an earlier visit ends
            mine = self._follower
        while True:
            async with self:
                is_open = self.router.url.path.rstrip("/") == "/runs" and mine == self._follower
                pipeline, with_imports = address.query(self.router.url, "pipeline") or None, self.with_imports
            if not is_open:
                return
            runs, rows = await asyncio.to_thread(_listed, pipeline, with_imports)
            async with self:
                if mine != self._follower:
                    return
                self.rows, self.is_loaded = rows, True
                self.pipeline_name = runs[0].name if pipeline and runs else ""
            if not any(run.state in ACTIVE for run in runs):
                return
            await asyncio.sleep(2 * POLL_SECONDS)

    @rx.event
    def show_imports(self, wanted: bool) -> Any:
        """Include runs that read files into datasets, or leave them out."""
        self.with_imports = bool(wanted)
        return RunsState.load


def _listed(pipeline: str | None, with_imports: bool) -> tuple[list[Run], list[RunRow]]:
    listing = workbench().runs.listed(RunQuery(pipeline=pipeline or "", with_imports=with_imports))
    return listing.runs, run_rows(listing.runs, listing.nodes, time.time())


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
    _follower: int = 0

    @rx.event
    def load(self) -> Any:
        """Show the run that the address names; poll while it is active."""
        self.problem, self.chosen, self.log = "", "", ""
        try:
            run = workbench().runs.get(address.part(self.router.url, 1))
        except DesignerError as error:
            self.problem, self.run_id, self.nodes, self.row = sentence(str(error)), "", [], _NO_RUN
            return None
        self._show(run)
        failed = next((node.id for node in self.nodes if node.is_failed), "")
        self._choose(failed or (self.nodes[0].id if self.nodes else ""))
        return RunState.follow if self.is_active else None

    @rx.event(background=True)
    async def follow(self) -> None:
        """Show changes while the run is active and its page is open."""
        async with self:
            self._follower += 1  # the poll of an earlier visit ends
            mine = self._follower
        while True:
            await asyncio.sleep(POLL_SECONDS)
            async with self:
                wanted = address.part(self.router.url, 1)
                if wanted != self.run_id or not self.run_id or mine != self._follower:
                    return
                self._show(workbench().runs.get(wanted))
                self._choose(self.chosen)
                if not self.is_active:
                    return

    @rx.event
    def choose(self, node: str) -> None:
        """Show the reason and log of a step."""
        if node in [row.id for row in self.nodes]:
            self._choose(node)

    @rx.event
    def cancel(self) -> Any:
        """Request cancellation of the run."""
        if self.run_id:
            workbench().runs.cancel(self.run_id)
        return RunState.load

    def _show(self, run: Run) -> None:
        bench = workbench()
        rows = bench.runs.nodes(run.id)
        self.run_id = run.id
        self.row = run_row(run, rows, time.time())
        self.nodes = node_rows(run, rows, bench.library)
        self.counts = node_counts(rows)
        self.is_active = run.state in ACTIVE
        self.pipeline_id = pipeline_of(bench.workspace, run)
        is_waiting = bench.runs.is_stuck(run)
        self.warning = "The engine is not running, so nothing happens here. Start Designer again." if is_waiting else ""
        if run.error:
            self.warning = reason_of(run.error).message

    def _choose(self, node: str) -> None:
        runs = workbench().runs
        row = runs.nodes(self.run_id).get(node) if node else None
        self.chosen = node
        self.chosen_title = next((each.title for each in self.nodes if each.id == node), "")
        self.chosen_words = " ".join(sentence(text) for text in (row.explain, row.reason) if text) if row else ""
        self.reason = reason_of(row.error) if row else Reason()
        self.log = runs.log(self.run_id, node) if row else ""


class CompareState(rx.State):
    """Two runs side by side."""

    first: str = ""
    second: str = ""
    first_row: RunRow = _NO_RUN
    second_row: RunRow = _NO_RUN
    choices: rx.Field[list[RunRow]] = rx.field(default_factory=list)
    settings: rx.Field[list[Difference]] = rx.field(default_factory=list)
    metrics: rx.Field[list[MetricRow]] = rx.field(default_factory=list)
    problem: str = ""
    is_loaded: bool = False

    @rx.event
    def load(self) -> None:
        """Compare the runs that the address names; without a second one, compare with the previous run."""
        self.problem, self.is_loaded = "", True
        self.settings, self.metrics = [], []
        self.first, self.choices, wanted = "", [], address.query(self.router.url, "a")
        if not wanted:
            self.problem = "Open a run and press Compare: it is held against the one before."
            return
        runs = workbench().runs
        try:
            first = runs.get(wanted)
            named = address.query(self.router.url, "b")
            second = runs.get(named) if named else runs.before(first)
            rows = _rows(runs, first, second)
        except DesignerError as error:
            self.problem = sentence(str(error))
            return
        self.first, self.choices = first.id, rows[1:]
        self.second = second.id if second else ""
        if second is None:
            self.problem = "There is no other run of this pipeline yet. Change a setting, run again, and compare."
            return
        compared = runs.compare(first, second)
        by_id = {row.id: row for row in rows}
        self.first_row, self.second_row = by_id[compared.first.id], by_id[compared.second.id]
        self.settings = compared.settings
        self.metrics = [metric_row(pair) for pair in compared.metrics]

    @rx.event
    def choose(self, run_id: str) -> Any:
        """Compare with another run."""
        known = [row.id for row in self.choices]
        return rx.redirect(f"/runs/compare?a={self.first}&b={run_id}") if run_id in known else None


def _rows(runs: Runs, first: Run, second: Run | None) -> list[RunRow]:
    """The first run, then the runs it can be compared with; `second` is included whatever its pipeline."""
    listed = runs.listed(RunQuery(pipeline=first.pipeline_id)).runs if first.pipeline_id else []
    others = {run.id: run for run in (*listed, *([second] if second else [])) if run.id != first.id}
    rows = [first, *others.values()]
    return run_rows(rows, runs.workspace.runs.nodes_of([run.id for run in rows]), time.time())
