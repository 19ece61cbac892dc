"""What the canvas shows beyond the document: summaries, problems, run states, table sizes on edges."""

from __future__ import annotations

import time
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from designer.contract.catalogue.library import Library
from designer.contract.wording.stops import stopped
from designer.engine.plan import Plan, Step
from designer.pipeline.check import Problem
from designer.pipeline.graph import Edge, Pipeline
from designer.pipeline.lint.warning import Warning as Advice
from designer.pipeline.parameters import previewed
from designer.store.records import NodeRun
from designer.ui.state.editor.problems import finding_on_card
from designer.ui.views.legend import shown_state
from designer.ui.views.run.texts import headline_text
from designer.ui.views.small_graph import summary_of
from designer.workbench.results.headline import headline_of_run

Marks = dict[str, dict[str, Any]]
PROBLEM_LENGTH = 60
WORDS = {
    "fitted-before-split": "Leakage",
    "sampled-before-split": "Leakage",
    "scored-on-training-rows": "Same rows",
    "fitted-on-held-out-rows": "Leakage",
    "label-among-features": "Answer inside",
    "identifier-as-feature": "Identifier",
    "learned-before-folds": "Leakage",
    "same-rows": "Same rows",
    "identifier-in-data": "Identifier",
    "answer-in-data": "Answer inside",
    "group-on-both-sides": "Same group",
    "future-in-training": "Future rows",
    "data-not-checked": "Not checked",
}
"""The rules of `pipeline.lint` in a word or two."""


def draft_marks(pipeline: Pipeline, library: Library, problems: Iterable[Problem]) -> Marks:
    """Summary and first problem of every node."""
    first: dict[str, Problem] = {}
    for problem in problems:
        if problem.severity == "error":
            first.setdefault(problem.node, problem)
    return {
        id: {
            "summary": summary_of(node, library),
            "problem": _short(first[id]) if id in first else None,
        }
        for id, node in previewed(pipeline).nodes.items()
    }


def run_marks(nodes: Mapping[str, NodeRun]) -> Marks:
    """State of every node of a run."""
    return {id: node_mark(node) for id, node in nodes.items()}


def size_marks(pipeline: Pipeline, ran_as: Pipeline, nodes: Mapping[str, NodeRun]) -> Marks:
    """The size of every table output in a run of `ran_as`; None where the node's ancestry has changed since."""
    return {
        f"{id}/{port}": {"shape": f"{size['rows']:,} × {size['columns']:,}" if is_fed_alike else None}
        for id, node in nodes.items()
        for is_fed_alike in [_fed(pipeline, id) == _fed(ran_as, id)]
        for port, stored in node.outputs.items()
        if "rows" in (size := stored.get("summary") or {})
    }


def _fed(pipeline: Pipeline, id: str) -> tuple[frozenset[Edge], frozenset[tuple[str, str, bool]]]:
    """The edges and nodes that a node's outputs depend on, the node included."""
    if id not in pipeline.nodes:
        return frozenset(), frozenset()
    above = pipeline.ancestors(id) | {id}
    steps = (pipeline.nodes[each] for each in above)
    wires = (edge for each in above for edge in pipeline.incoming(each))
    return frozenset(wires), frozenset((step.id, step.module, step.disabled) for step in steps)


def stale_marks(planned: Plan | None, ran: Mapping[str, NodeRun]) -> Marks:
    """Which results are stale, and why."""
    marks: Marks = {}
    for id, node in ran.items():
        step = planned.steps.get(id) if planned else None
        because = _why_stale(step, node) if step and node.state in ("finished", "reused") else ""
        marks[id] = {"stale": bool(because) or None, "because": because or None}
    return marks


def _why_stale(step: Step, node: NodeRun) -> str:
    """Why the shown result of a node does not match its current settings; empty where it does."""
    if step.action in ("run", "wait"):
        return step.reason
    if step.action in ("fail", "skip"):
        return f"Shows an earlier result. As it stands now: {step.reason}"
    is_another = step.action == "reuse" and step.key != node.key
    return "Shows the result of other settings. The one of these settings is kept: run to see it." if is_another else ""


def advice_marks(advice: Iterable[Advice]) -> Marks:
    """Warnings by edge: a word with the number of further ones, and the full texts with their fixes on click."""
    by_wire: dict[str, list[Advice]] = {}
    for item in advice:
        if (w := item.wire) is not None:
            by_wire.setdefault(f"wire:{w.source}/{w.output}>{w.target}/{w.input}", []).append(item)
    return {wire: {"warning": _on_wire(some)} for wire, some in by_wire.items()}


def _on_wire(advice: Sequence[Advice]) -> dict[str, Any]:
    word, more = WORDS.get(advice[0].rule, "Warning"), len(advice) - 1
    return {
        "word": f"{word} +{more}" if more else word,
        "title": "\n".join(item.title for item in advice),
        "parts": [
            {
                "title": item.title,
                "message": item.message,
                "fix": item.fix_title or None,
                "operations": [dict(operation) for operation in item.fix],
            }
            for item in advice
        ],
    }


def node_mark(node: NodeRun) -> dict[str, Any]:
    """One node's state for its card."""
    state = shown_state(node.state)
    error = node.error or {}
    return {
        "state": state,
        "fraction": node.fraction if state == "running" else None,
        "right": _right(node),
        "message": _message(error) if state == "failed" else None,
        "remedy": (error.get("remedy") or None) if state == "failed" else None,
        "why": node.reason or None,
        "metric": _measured(node),
    }


def duration(seconds: float) -> str:
    """Seconds as text: with tenths below 10 s, whole seconds below a minute, then minutes and seconds."""
    if seconds < 10:
        return f"{seconds:.1f} s"
    if seconds < 60:
        return f"{seconds:.0f} s"
    minutes, rest = divmod(round(seconds), 60)
    return f"{minutes} min {rest:02d} s"


def clock(moment: float, exact: bool = False) -> str:
    """The local time of day of a Unix timestamp, with the date unless it is today; `exact` adds seconds."""
    then, today = time.localtime(moment), time.localtime()
    time_of_day = "%H:%M:%S" if exact else "%H:%M"
    return time.strftime(time_of_day if then[:3] == today[:3] else f"%d %b {time_of_day}", then)


def _measured(node: NodeRun) -> str | None:
    """The headline metric of a node's evaluation, such as `AUC 0.882`; None where there is none."""
    return headline_text(headline_of_run({node.node: node})) or None


def _right(node: NodeRun) -> str | None:
    if node.state == "running":
        return node.text or None
    if node.state == "reused" and node.made_at:
        return f"made {clock(node.made_at)}"
    if node.state in ("finished", "failed", "crashed") and node.seconds is not None:
        return duration(node.seconds)
    return None


def _message(error: Mapping[str, Any]) -> str:
    return stopped(
        str(error.get("found") or error.get("message") or "It failed without a message. The log may say more.")
    )


def _short(problem: Problem) -> str:
    """The problem in short, for a card, which already names the node."""
    if problem.lacks:
        return f"Needs {problem.lacks[:1].lower()}{problem.lacks[1:]}"
    text = finding_on_card(problem)
    return text if len(text) <= PROBLEM_LENGTH else f"{text[: PROBLEM_LENGTH - 1]}…"
