"""State of the page of one run: its submission, steps, the log and metrics of the chosen step."""

from __future__ import annotations

import asyncio
import time
from typing import Any

import reflex as rx

from designer.contract.errors import DesignerError
from designer.contract.wording.counting import counted
from designer.store.records import ACTIVE, Run
from designer.ui import address
from designer.ui.state.logged_curves import LoggedCurves
from designer.ui.views.payload import form_text
from designer.ui.views.prose import sentence
from designer.ui.views.run.about import About, about_run
from designer.ui.views.run.texts import (
    NodeRow,
    Reason,
    RunRow,
    node_counts,
    node_rows,
    reason_of,
    run_row,
)
from designer.ui.workbench import workbench
from designer.workbench.submitting import read_tags

POLL_SECONDS = 0.5
_NO_RUN = RunRow("", "", "", "", "", "", "", "", "")


class RunState(LoggedCurves, rx.State):
    """One run: its submission, its steps, and the log and metrics of the chosen one."""

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
    about: About = About()
    tag_problem: str = ""
    unrecorded: str = ""
    is_active: bool = False
    pipeline_id: str = ""
    _follower: int = 0

    @rx.event
    def load(self) -> Any:
        """Show the run that the address names; poll while it is active."""
        self.problem, self.chosen, self.log, self.tag_problem = "", "", "", ""
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
    def describe(self, text: str) -> None:
        """Change the description."""
        self._edit(description=str(text))

    @rx.event
    def add_tag(self, form: dict[str, Any]) -> None:
        """Set a tag, written as name=value."""
        try:
            tags = read_tags([form_text(form, "tag")])
        except DesignerError as error:
            self.tag_problem = sentence(str(error))
            return
        self._edit(tags={**self._tags(), **tags})

    @rx.event
    def remove_tag(self, name: str) -> None:
        """Remove a tag."""
        self._edit(tags={key: value for key, value in self._tags().items() if key != name})

    @rx.event
    def cancel(self) -> Any:
        """Request cancellation of the run."""
        if self.run_id:
            workbench().runs.cancel(self.run_id)
        return RunState.load

    def _tags(self) -> dict[str, str]:
        return {tag.name: tag.value for tag in self.about.tags}

    def _edit(self, **values: Any) -> None:
        self.tag_problem = ""
        if not self.run_id:
            return
        try:
            self.about = about_run(workbench().runs.describe(self.run_id, **values))
        except DesignerError as error:
            self.tag_problem = sentence(str(error))

    def _show(self, run: Run) -> None:
        bench = workbench()
        rows = bench.runs.nodes(run.id)
        self.run_id = run.id
        self.row = run_row(run, rows, time.time())
        self.nodes = node_rows(run, rows, bench.library)
        self.counts = node_counts(rows)
        self.about = about_run(run)
        self.is_active = run.state in ACTIVE
        draft = bench.pipelines.of_run(run)
        self.pipeline_id = draft.id if draft else ""
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
        lost = counted(row.unrecorded, "logged value") if row and row.unrecorded else ""
        self.unrecorded = f"{lost} could not be recorded: see the log." if lost else ""
        self._draw(self.run_id, node, runs.series(self.run_id, node) if node else [])
