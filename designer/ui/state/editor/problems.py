"""The text of a problem where its place is visible: on a card, under a field, beside the name of a node."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass

from designer.contract.errors import DesignerError
from designer.pipeline.check import Problem
from designer.pipeline.graph import Pipeline
from designer.store.records import NodeRun
from designer.ui.views.failure import in_sentence


@dataclass(frozen=True)
class Failure:
    """A node that failed in the last run: the finding and the remedy."""

    node: str
    finding: str
    remedy: str


def finding_on_card(problem: Problem) -> str:
    """The finding without the name of its node."""
    return _finding(problem.error, "module")


def finding_at_field(problem: Problem) -> str:
    """Finding and remedy without the names of node and field; for an empty required field, only the remedy."""
    if problem.lacks and problem.remedy:
        return problem.remedy
    return in_sentence(problem.error.in_full("module", "parameter"), problem.error.place.file)


def failures(pipeline: Pipeline, ran: Mapping[str, NodeRun], problems: Collection[Problem]) -> list[Failure]:
    """The nodes that failed in the last run, still exist and are enabled; findings of the check are not repeated."""
    known = {(problem.node, problem.error.found) for problem in problems}
    failed = []
    for id, row in ran.items():
        node = pipeline.nodes.get(id)
        if row.error is None or node is None or node.disabled or node.module != row.module:
            continue
        error = DesignerError.from_json(row.error)
        if (id, error.found) not in known:
            failed.append(Failure(id, f"Last run: {error.finding('module')}", error.remedy))
    return failed


def _finding(error: DesignerError, *known: str) -> str:
    return in_sentence(error.finding(*known), error.place.file)
