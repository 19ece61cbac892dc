"""Leakage checks of result tables: computed once per question and tables, stored beside the statistics."""

from __future__ import annotations

import json
import logging
from collections.abc import Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Any

from blake3 import blake3

from designer.audit.audit import VERSION, answer
from designer.audit.finding import NOT_CHECKED, Finding
from designer.contract.catalogue.library import Library
from designer.contract.errors import DesignerError
from designer.contract.files.sources import using
from designer.contract.values import Known
from designer.engine.plan import Plan, plan
from designer.pipeline.graph import Pipeline
from designer.pipeline.lint.comparisons import Comparison, comparisons
from designer.pipeline.propagate import propagate
from designer.pipeline.walk import Outlet, title_of
from designer.store.artifacts.values import Stored
from designer.store.workspace import Workspace

log = logging.getLogger("designer.audit")


def results_that_hold(workspace: Workspace, pipeline: Pipeline, library: Library) -> dict[Outlet, Stored]:
    """The stored results for the current settings, by output; empty if the pipeline cannot be planned."""
    try:
        with using(workspace.sources(library)), workspace.results.reading() as find:
            planned = plan(pipeline, library, find)
    except DesignerError:
        return {}  # the check of the pipeline reports why
    return outputs_of(planned)


def outputs_of(planned: Plan | None) -> dict[Outlet, Stored]:
    """The outputs of the steps that a plan would reuse."""
    steps = planned.steps.items() if planned else ()
    return {(id, port): stored for id, step in steps if step.action == "reuse" for port, stored in step.outputs.items()}


def observed(outputs: Mapping[Outlet, Stored]) -> dict[Outlet, Known]:
    """The schemas of stored results: more exact than what can be inferred before a run."""
    return {outlet: stored.schema for outlet, stored in outputs.items() if stored.schema is not None}


@dataclass(frozen=True)
class Audit:
    """The findings about training and test data.

    `waiting` are the questions sent to the engine process, by key; `absent` is whether a table to compare has no stored
    result.
    """

    findings: Mapping[Comparison, list[Finding]] = field(default_factory=dict)
    waiting: Mapping[str, Comparison] = field(default_factory=dict)
    absent: bool = False

    def given_up(self, reason: str) -> Audit:
        """A copy without waiting: unanswered questions become "not checked" findings with this reason."""
        findings = {comparison: list(previous) for comparison, previous in self.findings.items()}
        for comparison in dict.fromkeys(self.waiting.values()):
            findings.setdefault(comparison, []).append(_not_checked(reason))
        return Audit(findings, absent=self.absent)


def audit(
    workspace: Workspace, pipeline: Pipeline, library: Library, outputs: Mapping[Outlet, Stored], *, here: bool
) -> Audit:
    """Check stored result tables for leakage. New questions are computed `here`, or by the engine process.

    The audit is advisory: a failed check becomes a finding and does not fail the caller.
    """
    with using(workspace.sources(library)):
        schemas = propagate(pipeline, library, observed(outputs))
    findings: dict[Comparison, list[Finding]] = {}
    waiting: dict[str, Comparison] = {}
    absent = False
    for comparison in comparisons(pipeline, library, schemas):
        for question in _questions(pipeline, library, comparison, outputs):
            if question is None:
                absent = True
                continue
            answered = _answered(workspace, question, here)
            if answered is None:
                waiting[question.key] = comparison
            else:
                findings.setdefault(comparison, []).extend(answered)
    return Audit(findings, waiting, absent)


def _not_checked(reason: str) -> Finding:
    return Finding(NOT_CHECKED, (), reason)


def is_waiting(workspace: Workspace, audit: Audit) -> bool:
    """Whether the engine process has yet to answer one of its questions."""
    rows = (workspace.results.profile(key, VERSION) for key in audit.waiting)
    return any(row is not None and row.state == "wanted" for row in rows)


@dataclass(frozen=True)
class Question:
    """A question about stored tables."""

    tables: tuple[Stored, ...]
    label: str
    features: tuple[str, ...]
    is_split: bool
    folds: bool
    title: str
    """The nodes and ports of the tables, for the log."""

    @property
    def document(self) -> dict[str, Any]:
        """The question for `designer.audit.audit.answer`."""
        return {
            "label": self.label,
            "features": list(self.features),
            "is_split": self.is_split,
            "folds": self.folds,
        }

    @property
    def key(self) -> str:
        """BLAKE3 of the question and the identities of its tables."""
        content = {**self.document, "tables": [stored.identity for stored in self.tables]}
        return blake3(json.dumps(content, sort_keys=True).encode()).hexdigest()


def _questions(
    pipeline: Pipeline, library: Library, comparison: Comparison, outputs: Mapping[Outlet, Stored]
) -> Iterator[Question | None]:
    """The questions of a comparison; None for tables without a stored result."""
    trained = (comparison.trained.source, comparison.trained.output)
    sides_and_folds = [(comparison.sides, len(comparison.sides) == 1)] if comparison.sides else []
    if comparison.tested is None:
        sides_and_folds = [((trained,), False), *sides_and_folds]
    for sides, folds in sides_and_folds:
        if not all(outlet in outputs for outlet in sides):
            yield None
        else:
            yield Question(
                tuple(outputs[outlet] for outlet in sides),
                comparison.label,
                comparison.features,
                bool(comparison.split) or folds,
                folds,
                " and ".join(f"{title_of(pipeline.nodes[id], library)} ({port})" for id, port in sides),
            )


def _answered(workspace: Workspace, question: Question, here: bool) -> list[Finding] | None:
    """The answer; None if it was requested from the engine process. A failed question is retried only `here`."""
    request = {
        "tables": [stored.digest for stored in question.tables],
        "question": question.document,
        "title": question.title,
    }
    try:
        row = workspace.results.profile(question.key, VERSION)
        if row is not None and row.state == "ready":
            return [Finding.from_json(each) for each in row.document.get("findings", ())]
        if here:
            return _computed(workspace, question, request)
        if row is None:
            workspace.results.keep_profile(question.key, VERSION, "wanted", request)
    except Exception as error:
        log.debug("%s was not checked for leakage", question.title, exc_info=error)
        return [_not_checked(f"{question.title}: {_in_words(error)}")]
    if row is not None and row.state == "failed":
        return [_not_checked(f"{question.title}: {row.document.get('message', '')}")]
    return None


def _computed(workspace: Workspace, question: Question, request: dict[str, Any]) -> list[Finding]:
    findings = answer(question.document, [workspace.value(stored) for stored in question.tables])
    document = {**request, "findings": [finding.to_json() for finding in findings]}
    with suppress(DesignerError):  # if the disk is full, it is computed again next time
        workspace.results.keep_profile(question.key, VERSION, "ready", document)
    return findings


def _in_words(error: Exception) -> str:
    if isinstance(error, MemoryError):
        return "there was not enough memory"
    return str(error) if isinstance(error, DesignerError) else f"{type(error).__name__}: {error}"
