"""The dock below the canvas: its tabs, and the lists of problems and runs. The port in view has a state of its own."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from typing import Any

import reflex as rx

from designer.pipeline.walk import title_of
from designer.ui.library import library
from designer.ui.state.editor.marks import clock, duration
from designer.ui.state.editor.pipeline import EditorState, ask
from designer.ui.state.editor.port import PortState
from designer.ui.state.editor.problems import failures, finding_on_card
from designer.ui.views.figures import distinct_times
from designer.ui.views.legend import state_word
from designer.ui.views.payload import as_whole
from designer.ui.views.run.about import experiment_label
from designer.ui.workbench import workbench

METRICS = "Metrics"
TABS = ("Data", "Statistics", "Charts", METRICS, "Problems", "Runs", "Log")


@dataclass(frozen=True)
class ProblemLine:
    """One problem or warning, with the node and parameter it concerns."""

    node: str
    title: str
    message: str
    remedy: str
    severity: str
    parameter: str = ""
    fix: str = ""
    number: int = 0


@dataclass(frozen=True)
class RunLine:
    """One run of this pipeline."""

    id: str
    started: str
    state: str
    seconds: str
    revision: str
    experiment: str


class DockState(EditorState):
    """What the dock shows beside the port in view."""

    is_open: bool = True
    tab: str = TABS[0]
    problems: rx.Field[list[ProblemLine]] = rx.field(default_factory=list)
    problem_count: int = 0
    note_of_data: str = ""
    runs: rx.Field[list[RunLine]] = rx.field(default_factory=list)
    log: str = ""
    _run_id: str = ""

    @rx.event
    def show_tab(self, tab: str) -> Any:
        """Open the dock on one of the tabs."""
        self.tab, self.is_open = (tab if tab in TABS else TABS[0]), True
        match self.tab:
            case "Problems":
                self.list_problems()
            case "Runs":
                self.list_runs()
            case "Log":
                return DockState.load_log
            case "Statistics" | "Charts" | "Data":
                return PortState.load_profile
            case _:
                pass
        return None

    @rx.event
    def toggle(self) -> None:
        """Open or close the dock."""
        self.is_open = not self.is_open

    @rx.event(background=True)
    async def load_log(self) -> None:
        """Read the log of the selected node."""
        async with self:
            run, node = self._run_id, self.selected
        text = await asyncio.to_thread(workbench().runs.log, run, node) if run and node else ""
        async with self:
            self.log = text

    @rx.event
    def go_to(self, node: str, parameter: str = "") -> Any:
        """Show the node of a problem on the canvas, and the field."""
        return ask("show", str(node), str(parameter))

    @rx.event
    def mend(self, number: int) -> Any:
        """Apply the fix that a warning offers."""
        place = as_whole(number, -1)
        advice = self._advice[place] if 0 <= place < len(self._advice) else None
        return ask("edit", [dict(operation) for operation in advice.fix]) if advice and advice.fix else None

    def _take_run(self, run: str) -> None:
        """Keep the run whose log is shown, and update the problems."""
        self._run_id = run
        self.list_problems()

    def list_problems(self) -> None:
        """List problems, then failures of the last run, then advice; sent to the browser only on the Problems tab."""
        failed = failures(self._pipeline.value, self._ran.value, self._problems)
        self._put(problem_count=len(self._problems) + len(failed) + len(self._advice))
        if self.tab != "Problems":
            return
        lines = [
            ProblemLine(p.node, self._title(p.node), finding_on_card(p), p.remedy, p.severity, p.parameter or "")
            for p in self._problems
        ]
        lines += [ProblemLine(f.node, self._title(f.node), f.finding, f.remedy, "error") for f in failed]
        lines += [
            ProblemLine(a.node, self._title(a.node), a.title, a.message, "warning", fix=a.fix_title, number=i)
            for i, a in enumerate(self._advice)
        ]
        self._put(problems=lines)

    def list_runs(self) -> None:
        """List the latest runs of this pipeline, newest first."""
        runs = workbench().runs.all(self.pipeline_id, limit=30)
        self.runs = [
            RunLine(
                run.id,
                started,
                state_word(run.state),
                duration(run.ended - run.started) if run.ended and run.started else "",
                str(run.revision or ""),
                experiment_label(run),
            )
            for run, started in zip(runs, distinct_times((run.created for run in runs), clock), strict=True)
        ]

    def _title(self, node: str) -> str:
        present = self._pipeline.value.nodes.get(node)
        return title_of(present, library()) if present else node
