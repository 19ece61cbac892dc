"""What a run would do, and what keeps steps from running."""

from __future__ import annotations

from collections import UserList
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from designer.contract.catalogue.library import Library
from designer.contract.wording.counting import counted
from designer.engine.plan import Action
from designer.pipeline.check import Problem
from designer.pipeline.graph import Pipeline
from designer.pipeline.walk import title_of
from designer.sdk.display.tables import grid
from designer.workbench.runs import Forecast


@dataclass(frozen=True)
class PlannedStep:
    """What would be done with a step: `action` is reuse, run, wait (for one that runs), bypass, skip or fail.

    `seconds` is how long it took the last time; None if it never ran. `compute` is where it runs, empty for the
    computer of the workspace.
    """

    id: str
    title: str
    action: Action
    reason: str
    seconds: float | None
    compute: str = ""


def planned(forecast: Forecast, pipeline: Pipeline, library: Library) -> list[PlannedStep]:
    """The steps of a forecast, with their titles."""
    return [
        PlannedStep(
            id, title_of(pipeline.nodes[id], library), step.action, step.reason, forecast.seconds.get(id), step.compute
        )
        for id, step in forecast.plan.steps.items()
    ]


class Plan(UserList[PlannedStep]):
    """The steps of a run that was not made, in order."""

    @property
    def running(self) -> list[str]:
        """The ids of the steps that run, or wait for one that does and are reused if its result stays the same."""
        return [step.id for step in self if step.action in ("run", "wait")]

    def __repr__(self) -> str:
        return _text(self._rows) if self else "Nothing to run."

    def _repr_mimebundle_(self, include: Any = None, exclude: Any = None) -> dict[str, Any]:
        reused = sum(step.action == "reuse" for step in self)
        caption = f"{counted(len(self.running), 'step')} to run, {reused} reused"
        table = grid(
            ["Step", "", "Last time", "Why"], [[row[0], row[1], row[2], row[3]] for row in self._rows], caption
        )
        return {"text/plain": repr(self), "text/html": table}

    @property
    def _rows(self) -> list[list[str]]:
        return [
            [step.title, step.action, f"{step.seconds:.2f} s" if step.seconds is not None else "", step.reason]
            for step in self
        ]


class Problems(UserList[Problem]):
    """What keeps steps from running, in order."""

    def __repr__(self) -> str:
        return "\n".join(f"{problem.node}: {problem}" for problem in self) if self else "No problems."

    def _repr_mimebundle_(self, include: Any = None, exclude: Any = None) -> dict[str, Any]:
        rows = [[problem.node, problem.message, problem.remedy] for problem in self]
        table = grid(["Step", "Problem", "What would do"], rows, counted(len(self), "problem"))
        return {"text/plain": repr(self), "text/html": table if self else "No problems."}


def _text(rows: Sequence[Sequence[str]]) -> str:
    widths = [max(len(row[column]) for row in rows) for column in range(3)]
    return "\n".join(
        f"{title:<{widths[0]}}  {action:<{widths[1]}}  {took:>{widths[2]}}  {reason}".rstrip()
        for title, action, took, reason in rows
    )
