"""The port in view below the canvas: rows, statistics and charts of its table, or the description of its value."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import reflex as rx

from designer.contract.errors import DesignerError
from designer.contract.ports import PortType
from designer.contract.schema import Schema
from designer.contract.wording.counting import table_size
from designer.pipeline.walk import title_of
from designer.store.artifacts.values import Stored
from designer.store.records import NodeRun
from designer.ui.apart import apart
from designer.ui.library import library
from designer.ui.state.editor.grid import COLUMN_LIMIT, GridColumn, grid_columns, grid_rows
from designer.ui.state.editor.pipeline import EditorState
from designer.ui.state.editor.profile import Statistic, Tick, histograms, is_sampled, statistics, ticks
from designer.ui.state.editor.settings import in_words
from designer.ui.views.artifact_card import DESCRIBED, ArtifactCard, artifact_card, describe_artifact
from designer.ui.views.payload import as_whole
from designer.ui.workbench import workbench
from designer.ui.workspace import workspace_folder

PAGE_ROWS = 100
PROFILE_TRIES = 120
PROFILE_PAUSE_SECONDS = 0.25


@dataclass(frozen=True)
class PortChoice:
    """An output port that can be shown."""

    name: str
    title: str
    type: str


class PortState(EditorState):
    """What is shown of the port in view."""

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
    def show_port(self, port: str) -> Any:
        """Show another output of the same node."""
        self._look_at(self.node, str(port))
        return [PortState.load_page, PortState.load_profile]

    @rx.event
    def choose_column(self, name: str) -> None:
        """Show the histogram of a column."""
        self.column = str(name)
        self.chart = ticks(self._profile, self.column)

    @rx.event
    def turn_page(self, step: int) -> Any:
        """Show the previous or next rows."""
        self.offset = min(max(0, self.offset + as_whole(step) * PAGE_ROWS), max(0, self.total - 1))
        self._shown_digest = ""
        return PortState.load_page

    @rx.event(background=True)
    async def load_page(self) -> Any:
        """Read the rows of the port in view."""
        async with self:
            stored, offset = self._stored(), self.offset
            if stored is None or stored.digest == self._shown_digest:
                return None
        if stored.kind in DESCRIBED:
            return PortState.load_card
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
            row = await asyncio.to_thread(workbench().runs.profile, stored)
            if row.state != "wanted":
                break
            await asyncio.sleep(PROFILE_PAUSE_SECONDS)
        async with self:
            if self._stored() != stored:
                return
            self._take_profile(stored, row.state, row.document or {})

    def _look_at(self, node: str, port: str = "") -> None:
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
        """Show nothing where the port in view belongs to another pipeline than the open one."""
        if self._looked_in != self.pipeline_id:
            self._look_at("")

    def _take_run(self, run: str, nodes: Mapping[str, NodeRun]) -> None:
        """Keep the outputs of a run, and update the port in view."""
        self._run_id = run
        self._outputs = {id: dict(node.outputs) for id, node in nodes.items()}
        self._describe()

    def _stored(self, node: str | None = None, port: str | None = None) -> Stored | None:
        """The stored output of a port in the run that is shown, by default the one in view; None without one."""
        document = self._outputs.get(self.node if node is None else node, {}).get(self.port if port is None else port)
        return Stored.from_json(document) if document else None

    def _clear(self) -> None:
        self._put(rows=[], columns=[], statistics=[], chart=[], offset=0, total=0, column="", statistics_note="")
        self._put(card=ArtifactCard(), evaluation="")
        self._shown_digest, self._profile = "", {}

    def _describe(self) -> None:
        """Update the size, headings and note of the port in view."""
        stored = self._stored()
        if stored is None:
            note = "Run the pipeline to see what comes out here." if self.port else "This module has no outputs."
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
