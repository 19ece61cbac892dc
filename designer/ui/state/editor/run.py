"""Running the open pipeline: start, cancel, follow. The engine executes; this only reads its rows."""

from __future__ import annotations

import asyncio
import time
from collections import Counter
from collections.abc import Mapping
from functools import partial
from typing import Any

import reflex as rx

from designer.pipeline.document import from_document
from designer.store.records import ACTIVE, NodeRun, Run
from designer.ui.state.editor.analysis import AnalysisState, is_edited_since
from designer.ui.state.editor.dock import METRICS, DockState
from designer.ui.state.editor.dock_curves import DockCurvesState
from designer.ui.state.editor.held import Held
from designer.ui.state.editor.marks import run_marks, size_marks
from designer.ui.state.editor.pipeline import EditorState, ask, tell
from designer.ui.state.editor.port import PortState
from designer.ui.state.editor.settings import SettingsState
from designer.ui.state.editor.tabs import TabsState
from designer.ui.views.payload import as_object
from designer.ui.workbench import workbench
from designer.workbench.assignments import assignments_text
from designer.workbench.runs import AlreadyRunning, Runs
from designer.workbench.submitting import submission

POLL_SECONDS = 0.25
ENGINE_PATIENCE_SECONDS = 3.0
STATE_FIELDS = ["state", "fraction", "right", "message", "remedy", "why", "metric", "stale", "because"]


class RunState(EditorState):
    """The run as the top bar shows it."""

    run_id: str = ""
    run_state: str = ""
    is_active: bool = False
    progress: str = ""
    elapsed: str = ""
    outcome: str = ""
    is_up_to_date: bool = False
    engine_note: str = ""
    assignments: str = ""
    _follower: int = 0

    @rx.event
    async def start(
        self, to: str = "", force: bool = False, assignments: dict[str, Any] | None = None, experiment: str = ""
    ) -> Any:
        """Queue a run of the saved pipeline, up to node `to` if given; `force` ignores results that are up to date.

        `assignments` are values of its parameters. Without an experiment it goes to that of the run before.
        """
        to, given = str(to), as_object(assignments) or None
        if not self.pipeline_id or (to and to not in self._pipeline.value.nodes):
            return None
        if not self._pipeline.value.nodes:
            return tell("notify", "There is nothing to run yet: drop a dataset, or press Tab to search.")
        runs, experiments = workbench().runs, workbench().experiments
        about = submission("canvas", experiment=str(experiment) or experiments.last_of(self.pipeline_id))
        submit = partial(
            runs.submit, self.pipeline_id, to=to or None, force=bool(force), assignments=given, submission=about
        )
        try:
            run = await asyncio.to_thread(submit)
        except AlreadyRunning as error:
            return tell("notify", str(error))
        self._show(run, {})
        return [tell("unmark", STATE_FIELDS), RunState.follow, TabsState.announce]

    @rx.event
    async def cancel(self) -> None:
        """Request cancellation of the run."""
        if self.is_active and self.run_id:
            await asyncio.to_thread(workbench().runs.cancel, self.run_id)

    @rx.event
    def force(self) -> Any:
        """Run everything again, even what is up to date."""
        return ask("run", {"force": True})

    @rx.event
    def ask(self) -> Any:
        """Run the pipeline; the canvas first saves what is still being typed."""
        return ask("run", {})

    @rx.event
    def ask_experiment(self) -> Any:
        """Run the pipeline in an experiment that is asked for."""
        return ask("run", {"asks": True})

    @rx.event
    def ask_to_here(self) -> Any:
        """Run the selected node and what it depends on."""
        return ask("run", {"to": self.selected}) if self.selected else None

    @rx.event(background=True)
    async def follow(self) -> Any:
        """Show the newest run; while it is active, poll it at most four times a second."""
        async with self:
            self._follower += 1
            mine, pipeline = self._follower, self.pipeline_id
        runs, sent, sequence = workbench().runs, dict[str, dict[str, Any]](), 0
        run = await asyncio.to_thread(runs.latest, pipeline)
        if run is None:
            async with self:
                self._show_none()
                await self._show_below({})
        while run is not None:
            nodes = await asyncio.to_thread(runs.nodes, run.id)
            async with self:
                if mine != self._follower or pipeline != self.pipeline_id:
                    return
                self._show(run, nodes)
                await self._show_below(nodes)
                shows_metrics = (await self.get_state(DockState)).tab == METRICS
                marks = run_marks(nodes) | size_marks(self._pipeline.value, self._ran_as.value, nodes)
            news = {key: mark for key, mark in marks.items() if sent.get(key) != mark}
            sent = marks
            if news:
                yield tell("mark", news)
            if shows_metrics:
                yield DockCurvesState.read
            if run.state not in ACTIVE:
                yield tell("keepSizes", [key for key, mark in marks.items() if "shape" in mark])
                break
            sequence = await _next_change(runs, run, sequence)
            run = await asyncio.to_thread(runs.get, run.id)
        async with self:
            (await self.get_state(DockState)).list_runs()
        yield [PortState.load_page, PortState.load_profile, DockCurvesState.read, AnalysisState.analyse]

    def _show_none(self) -> None:
        """Clear another pipeline's run where the open pipeline has none."""
        self.run_id, self.run_state, self.is_active, self._ran = "", "", False, Held({})
        self._assigned, self.assignments = Held({}), ""
        self.progress = self.elapsed = self.outcome = self.engine_note = ""
        self.is_up_to_date = False

    def _show(self, run: Run, nodes: Mapping[str, NodeRun]) -> None:
        if run.id != self.run_id:
            self._ran_as, self._assigned = Held(from_document(run.document)), Held(dict(run.assignments))
            self.assignments = assignments_text(run.assignments)
            self._put(edited_since=is_edited_since(self._ran_as.value, self._pipeline.value))
        self.run_id, self.run_state, self.is_active = run.id, run.state, run.state in ACTIVE
        self._ran = Held(dict(nodes))
        done = sum(node.state not in ACTIVE for node in nodes.values())
        self.progress = f"{done} of {len(nodes)} done" if nodes else _place_in_queue(run)
        self.elapsed = _elapsed(run)
        self.outcome = "" if self.is_active else outcome_of(run, nodes)
        self.is_up_to_date = bool(nodes) and all(node.state in ("reused", "bypassed") for node in nodes.values())
        waits = run.state == "queued" and time.time() - run.created > ENGINE_PATIENCE_SECONDS
        stopped = waits and not workbench().runs.engine_is_running()
        self.engine_note = "The engine is not running. Restart Designer; the run is kept." if stopped else ""

    async def _show_below(self, nodes: Mapping[str, NodeRun]) -> None:
        """Pass the new results to the dock and the settings panel."""
        (await self.get_state(PortState))._take_run(self.run_id, nodes)
        (await self.get_state(DockState))._take_run(self.run_id)
        settings = await self.get_state(SettingsState)
        settings._take_run(self.run_id, nodes.get(self.selected))

    def _evaluation_address(self, node: str) -> str:
        """The address of a node's evaluation page in the shown run; empty where it has no evaluation."""
        row = self._ran.value.get(node)
        made = row is not None and any(stored.get("kind") == "evaluation" for stored in row.outputs.values())
        return f"/runs/{self.run_id}/evaluate/{node}" if made else ""


async def _next_change(runs: Runs, run: Run, sequence: int) -> int:
    """Wait for an event, at most a second so that the elapsed time advances; returns the latest sequence number."""
    began = time.monotonic()
    while time.monotonic() - began < 1:
        await asyncio.sleep(POLL_SECONDS)
        newest = await asyncio.to_thread(runs.last_event, run, sequence)
        if newest != sequence:
            return newest
    return sequence


def outcome_of(run: Run, nodes: Mapping[str, NodeRun]) -> str:
    """The outcome of a run that ended, in words."""
    counts = Counter("failed" if node.state == "crashed" else node.state for node in nodes.values())
    reused, ran, total = counts["reused"], counts["finished"], len(nodes)
    if run.state == "finished" and total and reused + counts["bypassed"] == total:
        return f"Nothing to do: {reused} of {total} up to date"
    parts = [(ran, "ran"), (reused, "reused"), (counts["failed"], "failed"), (counts["skipped"], "skipped"),
             (counts["cancelled"], "cancelled")]  # fmt: skip
    summary = ", ".join(f"{count} {word}" for count, word in parts if count)
    word = {"finished": "Finished", "failed": "Failed", "cancelled": "Cancelled", "crashed": "Failed"}.get(run.state)
    error = (run.error or {}).get("message") if not summary else ""
    return ": ".join(part for part in (word or run.state, summary or error) if part)


def _place_in_queue(run: Run) -> str:
    before = workbench().runs.waiting_before(run) if run.state == "queued" else 0
    return f"Queued, {before} before it" if before else "Queued"


def _elapsed(run: Run) -> str:
    if run.started is None:
        return ""
    minutes, seconds = divmod(int((run.ended or time.time()) - run.started), 60)
    return f"{minutes}:{seconds:02d}"
