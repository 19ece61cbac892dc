"""What follows from the pipeline as it stands: columns, problems, advice, what is stale; worked out beside events."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import reflex as rx

from designer.contract.errors import DesignerError
from designer.contract.library import Library
from designer.contract.sources import using
from designer.contract.values import Known
from designer.engine.plan import Plan, plan
from designer.pipeline.check import Problem, check
from designer.pipeline.graph import Pipeline
from designer.pipeline.lint import lint
from designer.pipeline.propagate import Propagation, propagate
from designer.pipeline.warning import Warning as Advice
from designer.store.records import NodeRun
from designer.store.workspace import Workspace
from designer.ui.library import library
from designer.ui.state.editor import EditorState, tell
from designer.ui.state.editor_dock import DockState
from designer.ui.state.editor_marks import Marks, advice_marks, draft_marks, stale_marks
from designer.ui.state.editor_settings import SettingsState
from designer.ui.workspace import workspace


@dataclass(frozen=True)
class Analysis:
    """The answer for one revision."""

    known: Propagation
    problems: list[Problem]
    advice: list[Advice]
    marks: Marks


class AnalysisState(EditorState):
    """Brings what is shown up to date with the pipeline."""

    _sent: rx.Field[dict[str, Any]] = rx.field(default_factory=dict)

    @rx.event(background=True)
    async def analyse(self) -> Any:
        """Work it out, and show it if the pipeline has not changed meanwhile."""
        async with self:
            pipeline, ran, revision = self._pipeline, dict(self._ran), self._revision
        found = await asyncio.to_thread(analysis, workspace(), library(), pipeline, ran)
        async with self:
            if revision != self._revision:
                return
            self._known, self._problems, self._advice = found.known, found.problems, found.advice
            (await self.get_state(SettingsState)).refresh()
            (await self.get_state(DockState)).list_problems()
            news = _news(self._sent, found.marks)
            self._sent = found.marks
        if news:
            yield tell("mark", news)

    def forget_sent(self) -> None:
        """The canvas begins with no marks: everything is sent again."""
        self._sent = {}


def analysis(space: Workspace, modules: Library, pipeline: Pipeline, ran: Mapping[str, NodeRun]) -> Analysis:
    """Columns, problems, advice and marks of a pipeline; `ran` is what its last run did."""
    with using(space.sources(modules)):
        planned = _planned(space, modules, pipeline, ran) if ran else None
        known = propagate(pipeline, modules, _observed(planned))
        problems = check(pipeline, modules, known)
        advice = lint(pipeline, modules, known)
        marks = draft_marks(pipeline, modules, problems)
    for key, mark in (*stale_marks(planned, ran).items(), *advice_marks(advice).items()):
        marks[key] = {**marks.get(key, {}), **mark}
    return Analysis(known, problems, advice, marks)


def _planned(space: Workspace, modules: Library, pipeline: Pipeline, ran: Mapping[str, NodeRun]) -> Plan | None:
    previous = {id: node.parts for id, node in ran.items() if node.parts}
    try:
        with space.results.reading() as find:
            return plan(pipeline, modules, find, previous=previous)
    except DesignerError:
        return None  # what cannot be planned is said by the check


def _observed(planned: Plan | None) -> dict[tuple[str, str], Known]:
    """The columns of results that still hold: better than what can be worked out before a run."""
    steps = planned.steps.items() if planned else ()
    return {
        (id, port): stored.schema
        for id, step in steps
        if step.action == "reuse"
        for port, stored in step.outputs.items()
        if stored.schema is not None
    }


def _news(before: Mapping[str, Any], after: Mapping[str, Any]) -> dict[str, Any]:
    """What differs; keys that are gone lose their warning."""
    gone = {key: {"warning": None} for key in before if key not in after}
    return {**gone, **{key: mark for key, mark in after.items() if before.get(key) != mark}}
