"""Analysis of the current pipeline in the background: columns, problems, advice, stale results."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from typing import Any

import reflex as rx

from designer.contract.catalogue.library import Library
from designer.engine.auditing import Audit
from designer.pipeline.graph import Pipeline
from designer.store.records import NodeRun
from designer.ui.state.editor.columns import ColumnsState
from designer.ui.state.editor.dock import DockState
from designer.ui.state.editor.held import Held
from designer.ui.state.editor.marks import Marks, advice_marks, draft_marks, size_marks, stale_marks
from designer.ui.state.editor.parameters import ParametersState
from designer.ui.state.editor.pipeline import EditorState, tell
from designer.ui.state.editor.settings import SettingsState
from designer.ui.workbench import workbench
from designer.workbench.editing import Analysis
from designer.workbench.results.comparison import differences
from designer.workbench.workbench import Workbench

LOOK_SECONDS = 0.5
LOOKS = 600


class AnalysisState(EditorState):
    """Runs the analysis and updates what the page shows."""

    _sent: rx.Field[dict[str, Any]] = rx.field(default_factory=dict)
    _analyst: int = 0
    _given_up: str = ""
    """Why the engine will not audit the data; empty where it will."""

    @rx.event(background=True)
    async def analyse(self) -> Any:
        """Analyse the pipeline, and show the result unless the pipeline changed meanwhile.

        Runs again once the engine has audited the data.
        """
        async with self:
            self._analyst += 1
            mine, pipeline, ran, revision = self._analyst, self._pipeline.value, self._ran.value, self._revision
            given_up, self._given_up, ran_as = self._given_up, "", self._ran_as.value
            assigned = self._assigned.value
        analysis, fresh = await asyncio.to_thread(_analysed, pipeline, ran, given_up, assigned)
        edited_since = await asyncio.to_thread(is_edited_since, ran_as, pipeline)
        async with self:
            if revision != self._revision:
                return
            self._known, self._problems, self._advice = Held(analysis.known), analysis.problems, analysis.advice
            if ran_as is self._ran_as.value:  # else a run that started meanwhile has set it
                self._put(edited_since=edited_since)
            (await self.get_state(SettingsState)).refresh()
            (await self.get_state(ColumnsState)).refresh()
            (await self.get_state(ParametersState)).refresh()
            dock = await self.get_state(DockState)
            dock.note_of_data = note_of(analysis.audit)
            dock.list_problems()
            marks = fresh | size_marks(pipeline, self._ran_as.value, ran)
            news = _news(self._sent, marks)
            self._sent = marks
        if news:
            yield tell("mark", news)
        if analysis.audit.waiting:
            given_up = await unanswered(workbench(), analysis)
            async with self:
                is_newest = mine == self._analyst
                self._given_up = given_up if is_newest else self._given_up
            if is_newest:
                yield AnalysisState.analyse

    def forget_sent(self) -> None:
        """Send all marks again, since a new canvas has none."""
        self._sent = {}


def marks_of(pipeline: Pipeline, modules: Library, analysis: Analysis, ran: Mapping[str, NodeRun]) -> Marks:
    """The marks that show an analysis on the canvas."""
    marks = draft_marks(pipeline, modules, analysis.problems)
    for key, mark in (*stale_marks(analysis.plan, ran).items(), *advice_marks(analysis.advice).items()):
        marks[key] = {**marks.get(key, {}), **mark}
    return marks


def note_of(audited: Audit) -> str:
    """A note where the data is not audited yet; empty where all of it is."""
    if audited.waiting:
        return "The data is being checked for leakage."
    return "The data is checked for leakage once the pipeline has run." if audited.absent else ""


def is_edited_since(ran_as: Pipeline, pipeline: Pipeline) -> bool:
    """Whether a pipeline differs from the one a run executed, ignoring positions, names and notes."""
    is_declared_alike = _defaults(ran_as) == _defaults(pipeline)
    return not is_declared_alike or bool(differences(ran_as, pipeline, workbench().library))


def _defaults(pipeline: Pipeline) -> dict[str, Any]:
    return {name: parameter.default for name, parameter in pipeline.parameters.items()}


def _analysed(
    pipeline: Pipeline, ran: Mapping[str, NodeRun], given_up: str, assigned: Mapping[str, Any]
) -> tuple[Analysis, Marks]:
    analysis = workbench().editing.analyse(pipeline, ran, given_up, assigned)
    return analysis, marks_of(pipeline, workbench().library, analysis, ran)


async def unanswered(bench: Workbench, analysis: Analysis) -> str:
    """Wait until the engine has audited the data; returns the reason where it does not, else an empty string."""
    for _ in range(LOOKS):
        if not await asyncio.to_thread(bench.editing.awaits_audit, analysis):
            return ""
        if not await asyncio.to_thread(bench.runs.engine_is_running):
            return "The engine process is not running; Designer starts it again."
        await asyncio.sleep(LOOK_SECONDS)
    return f"It was not done within {LOOKS * LOOK_SECONDS / 60:.0f} minutes."


def _news(before: Mapping[str, Any], after: Mapping[str, Any]) -> dict[str, Any]:
    """The marks that changed; keys that are gone lose their warning."""
    gone = {key: {"warning": None} for key in before if key not in after}
    return {**gone, **{key: mark for key, mark in after.items() if before.get(key) != mark}}
