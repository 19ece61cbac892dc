"""What follows from the pipeline as it stands: columns, problems, advice, what is stale; worked out beside events."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from typing import Any

import reflex as rx

from designer.contract.library import Library
from designer.engine.auditing import Audit
from designer.pipeline.graph import Pipeline
from designer.store.records import NodeRun
from designer.ui.state.editor import EditorState, tell
from designer.ui.state.editor_columns import ColumnsState
from designer.ui.state.editor_dock import DockState
from designer.ui.state.editor_marks import Marks, advice_marks, draft_marks, size_marks, stale_marks
from designer.ui.state.editor_settings import SettingsState
from designer.ui.state.held import Held
from designer.ui.workbench import workbench
from designer.workbench.comparison import differences
from designer.workbench.editing import Analysis
from designer.workbench.workbench import Workbench

LOOK_SECONDS = 0.5
LOOKS = 600


class AnalysisState(EditorState):
    """Brings what is shown up to date with the pipeline."""

    _sent: rx.Field[dict[str, Any]] = rx.field(default_factory=dict)
    _analyst: int = 0
    _given_up: str = ""
    """Why the engine will not answer what is asked of the data."""

    @rx.event(background=True)
    async def analyse(self) -> Any:
        """Work it out, and show it if the pipeline has not changed meanwhile; again when the engine has looked at the
        data."""
        async with self:
            self._analyst += 1
            mine, pipeline, ran, revision = self._analyst, self._pipeline.value, self._ran.value, self._revision
            given_up, self._given_up, ran_as = self._given_up, "", self._ran_as.value
        found, fresh = await asyncio.to_thread(_analysed, pipeline, ran, given_up)
        edited_since = await asyncio.to_thread(is_edited_since, ran_as, pipeline)
        async with self:
            if revision != self._revision:
                return
            self._known, self._problems, self._advice = Held(found.known), found.problems, found.advice
            if ran_as is self._ran_as.value:  # else a run began meanwhile, which knows better
                self._put(edited_since=edited_since)
            (await self.get_state(SettingsState)).refresh()
            (await self.get_state(ColumnsState)).refresh()
            dock = await self.get_state(DockState)
            dock.note_of_data = note_of(found.audit)
            dock.list_problems()
            marks = fresh | size_marks(pipeline, self._ran_as.value, ran)
            news = _news(self._sent, marks)
            self._sent = marks
        if news:
            yield tell("mark", news)
        if found.audit.waiting:
            given_up = await unanswered(workbench(), found)
            async with self:
                is_newest = mine == self._analyst
                self._given_up = given_up if is_newest else self._given_up
            if is_newest:
                yield AnalysisState.analyse

    def forget_sent(self) -> None:
        """The canvas begins with no marks: everything is sent again."""
        self._sent = {}


def marks_of(pipeline: Pipeline, modules: Library, found: Analysis, ran: Mapping[str, NodeRun]) -> Marks:
    """What the canvas shows of an analysis."""
    marks = draft_marks(pipeline, modules, found.problems)
    for key, mark in (*stale_marks(found.plan, ran).items(), *advice_marks(found.advice).items()):
        marks[key] = {**marks.get(key, {}), **mark}
    return marks


def note_of(audited: Audit) -> str:
    """What is not known of the data yet; empty where all of it was looked at."""
    if audited.waiting:
        return "The data is being checked for leakage."
    return "The data is checked for leakage once the pipeline has run." if audited.absent else ""


def is_edited_since(ran_as: Pipeline, pipeline: Pipeline) -> bool:
    """Whether a pipeline is another one than a run found, whatever its places, names and notes."""
    return bool(differences(ran_as, pipeline, workbench().library))


def _analysed(pipeline: Pipeline, ran: Mapping[str, NodeRun], given_up: str) -> tuple[Analysis, Marks]:
    found = workbench().editing.analyse(pipeline, ran, given_up)
    return found, marks_of(pipeline, workbench().library, found, ran)


async def unanswered(bench: Workbench, asked: Analysis) -> str:
    """Wait until the engine has looked at the data; returns why it does not come to it, if so."""
    for _ in range(LOOKS):
        if not await asyncio.to_thread(bench.editing.awaits_audit, asked):
            return ""
        if not await asyncio.to_thread(bench.runs.engine_is_running):
            return "The engine process is not running; Designer starts it again."
        await asyncio.sleep(LOOK_SECONDS)
    return f"It was not done within {LOOKS * LOOK_SECONDS / 60:.0f} minutes."


def _news(before: Mapping[str, Any], after: Mapping[str, Any]) -> dict[str, Any]:
    """What differs; keys that are gone lose their warning."""
    gone = {key: {"warning": None} for key in before if key not in after}
    return {**gone, **{key: mark for key, mark in after.items() if before.get(key) != mark}}
