"""The dock below the canvas: data, statistics and charts of one port, problems, runs, log."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import reflex as rx

from designer.contract.counting import table_size
from designer.contract.errors import DesignerError
from designer.contract.ports import PortType
from designer.contract.schema import Schema
from designer.engine.profiles import wanted
from designer.pipeline.walk import title_of
from designer.store.artifacts.values import Stored
from designer.store.records import NodeRun
from designer.ui.apart import apart
from designer.ui.library import library
from designer.ui.state.editor.grid import COLUMN_LIMIT, GridColumn, grid_columns, grid_rows
from designer.ui.state.editor.marks import clock, duration
from designer.ui.state.editor.pipeline import EditorState, ask
from designer.ui.state.editor.problems import failures, said
from designer.ui.state.editor.profile import Statistic, Tick, histograms, is_sampled, statistics, ticks
from designer.ui.state.editor.settings import in_words
from designer.ui.views.artifact_card import DESCRIBED, ArtifactCard, artifact_card, describe_artifact
from designer.ui.views.figures import told_apart
from designer.ui.views.legend import state_word
from designer.ui.workbench import workbench
from designer.ui.workspace import workspace_folder

TABS = ("Data", "Statistics", "Charts", "Problems", "Runs", "Log")
PAGE_ROWS = 100
PROFILE_TRIES = 120
PROFILE_PAUSE_SECONDS = 0.25


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


@dataclass(frozen=True)
class PortChoice:
    """An output port that can be shown."""

    name: str
    title: str
    type: str


class DockState(EditorState):
    """What the dock shows."""

    is_open: bool = True
    tab: str = TABS[0]
    node: str = ""
    node_title: str = ""
    port: str = ""
    port_title: str = ""
    port_type: str = ""
    choices: rx.Field[list[PortChoice]] = rx.field(default_factory=list)
    size: str = ""
    note: str = ""
    columns: rx.Field[list[GridColumn]] = rx.field(default_factory=list)
    rows: rx.Field[list[list[str]]] = rx.field(default_factory=list)
    offset: int = 0
    total: int = 0
    statistics: rx.Field[list[Statistic]] = rx.field(default_factory=list)
    statistics_note: str = ""
    column: str = ""
    chart: rx.Field[list[Tick]] = rx.field(default_factory=list)
    problems: rx.Field[list[ProblemLine]] = rx.field(default_factory=list)
    problem_count: int = 0
    note_of_data: str = ""
    runs: rx.Field[list[RunLine]] = rx.field(default_factory=list)
    log: str = ""
    explain: str = ""
    card: ArtifactCard = ArtifactCard()
    evaluation: str = ""
    """The address of the evaluation page; empty where the output is no evaluation."""

    _looked_in: str = ""
    """The id of the pipeline that the port in view belongs to."""
    _run_id: str = ""
    _outputs: rx.Field[dict[str, dict[str, Any]]] = rx.field(default_factory=dict)
    _shown_digest: str = ""
    _profile: rx.Field[dict[str, Any]] = rx.field(default_factory=dict)

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
                return DockState.load_profile
            case _:
                pass
        return None

    @rx.event
    def toggle(self) -> None:
        """Open or close the dock."""
        self.is_open = not self.is_open

    @rx.event
    def show_port(self, port: str) -> Any:
        """Show another output of the same node."""
        self.look_at(self.node, str(port))
        return [DockState.load_page, DockState.load_profile]

    @rx.event
    def choose_column(self, name: str) -> None:
        """Show the histogram of a column."""
        self.column = str(name)
        self.chart = ticks(self._profile, self.column)

    @rx.event
    def turn_page(self, step: int) -> Any:
        """Show the previous or next rows."""
        self.offset = min(max(0, self.offset + int(step) * PAGE_ROWS), max(0, self.total - 1))
        self._shown_digest = ""
        return DockState.load_page

    @rx.event(background=True)
    async def load_page(self) -> Any:
        """Read the rows of the port in view."""
        async with self:
            stored, offset = self._stored(), self.offset
            if stored is None or stored.digest == self._shown_digest:
                return None
        if stored.kind in DESCRIBED:
            return DockState.load_card
        if stored.kind != "data":
            return None
        try:
            page = await asyncio.to_thread(workbench().runs.rows, stored, offset, PAGE_ROWS)
        except DesignerError as error:
            async with self:
                self.note = str(error)
            return None
        async with self:
            if self._stored() == stored:
                self._shown_digest = stored.digest
                self.rows = grid_rows(page)
        return None

    @rx.event(background=True)
    async def load_card(self) -> None:
        """Load the model or transformation in view in a child process and show its description."""
        async with self:
            stored = self._stored()
            if stored is not None:
                self.note = f"{in_words(stored)}. Loading …"
        if stored is None:
            return
        try:
            card, note = artifact_card(await apart(describe_artifact, str(workspace_folder()), stored.digest)), ""
        except DesignerError as error:
            card, note = ArtifactCard(), str(error)
        async with self:
            if self._stored() == stored:
                self._shown_digest, self.card, self.note = stored.digest, card, note

    @rx.event(background=True)
    async def load_profile(self) -> None:
        """Wait for the statistics, which the engine computes at the first request."""
        async with self:
            stored = self._stored()
            if stored is None or stored.kind != "data" or self._profile.get("digest") == stored.digest:
                return
        for _ in range(PROFILE_TRIES):
            row = await asyncio.to_thread(wanted, workbench().workspace, stored.digest)
            if row.state != "wanted":
                break
            await asyncio.sleep(PROFILE_PAUSE_SECONDS)
        async with self:
            if self._stored() != stored:
                return
            self._take_profile(stored, row.state, row.document or {})

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
        advice = self._advice[int(number)] if 0 <= int(number) < len(self._advice) else None
        return ask("edit", [dict(operation) for operation in advice.fix]) if advice and advice.fix else None

    def look_at(self, node: str, port: str = "") -> None:
        """Show an output port; the first one where `port` names none."""
        present = self._pipeline.value.nodes.get(node)
        module = library().get(present.module) if present else None
        outputs = module.spec().outputs if module else ()
        chosen = next((p for p in outputs if p.name == port), next(iter(outputs), None))
        name, title, kind = (chosen.name, chosen.title, str(chosen.type)) if chosen else ("", "", "")
        changed = (self.pipeline_id, node, name) != (self._looked_in, self.node, self.port)
        self._looked_in = self.pipeline_id
        self._put(node=node, node_title=title_of(present, library()) if present else "")
        self._put(port=name, port_title=title, port_type=kind)
        self._put(choices=[PortChoice(p.name, p.title, str(p.type)) for p in outputs])
        if changed:
            self._clear()
        self._describe()

    def leave_other_pipelines(self) -> None:
        """Clear the dock where the port in view belongs to another pipeline than the open one."""
        if self._looked_in != self.pipeline_id:
            self.look_at("")

    def take_run(self, run: str, nodes: Mapping[str, NodeRun]) -> None:
        """Keep the outputs of a run, and update the port in view and the problems."""
        self._run_id = run
        self._outputs = {id: dict(node.outputs) for id, node in nodes.items()}
        self._describe()
        self.list_problems()

    def stored(self, node: str, port: str) -> Stored | None:
        """The stored output of a port in the run that is shown; None where there is none."""
        document = self._outputs.get(node, {}).get(port)
        return Stored.from_json(document) if document else None

    def list_problems(self) -> None:
        """List problems, then failures of the last run, then advice; sent to the browser only on the Problems tab."""
        failed = failures(self._pipeline.value, self._ran.value, self._problems)
        self._put(problem_count=len(self._problems) + len(failed) + len(self._advice))
        if self.tab != "Problems":
            return
        lines = [
            ProblemLine(p.node, self._title(p.node), said(p), p.remedy, p.severity, p.parameter or "")
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
            )
            for run, started in zip(runs, told_apart((run.created for run in runs), clock), strict=True)
        ]

    def _title(self, node: str) -> str:
        present = self._pipeline.value.nodes.get(node)
        return title_of(present, library()) if present else node

    def _stored(self) -> Stored | None:
        return self.stored(self.node, self.port)

    def _clear(self) -> None:
        self._put(rows=[], columns=[], statistics=[], chart=[], offset=0, total=0, column="", statistics_note="")
        self._put(card=ArtifactCard(), evaluation="")
        self._shown_digest, self._profile = "", {}

    def _describe(self) -> None:
        """Update the size, headings and note of the port in view."""
        stored = self._stored()
        if stored is None:
            note = "Run the pipeline to see what comes out here." if self.port else "This module gives no output."
            self._put(size="", note=note)
            self._clear()
        elif stored.schema is None:
            is_evaluation = stored.kind is PortType.EVALUATION
            self._put(size="", evaluation=f"/runs/{self._run_id}/evaluate/{self.node}" if is_evaluation else "")
            if self._shown_digest != stored.digest:
                self._put(note=in_words(stored), card=ArtifactCard())
        else:
            self._describe_table(stored, stored.schema)

    def _describe_table(self, stored: Stored, schema: Schema) -> None:
        if self._shown_digest and stored.digest != self._shown_digest:
            self._put(offset=0)
        total, width = stored.rows or 0, stored.columns or 0
        first = f", first {min(PAGE_ROWS, total)} shown" if total > PAGE_ROWS and not self.offset else ""
        cut = f", first {COLUMN_LIMIT} columns" if width > COLUMN_LIMIT else ""
        self._put(size=f"{table_size(total, width)}{first}{cut}", note="", total=total)
        self._put(columns=grid_columns(schema, histograms(self._profile)))

    def _take_profile(self, stored: Stored, state: str, document: Mapping[str, Any]) -> None:
        if state != "ready":
            self.statistics_note = str(document.get("message") or "The statistics are not ready yet.")
            return
        self._profile = {**document, "digest": stored.digest}
        self.statistics = statistics(self._profile)
        self.statistics_note = is_sampled(self._profile)
        if stored.schema is not None:
            self.columns = grid_columns(stored.schema, histograms(self._profile))
            self.column = self.column if self.column in stored.schema.names else next(iter(stored.schema.names), "")
        self.chart = ticks(self._profile, self.column)
