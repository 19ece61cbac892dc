"""Edit a pipeline: save operations by compare-and-swap, and analyse the result."""

from __future__ import annotations

import random
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from designer.contract.catalogue.library import Library
from designer.contract.component import ComponentSpec, component_module
from designer.contract.errors import DesignerError, FileMissing
from designer.contract.files.sources import using
from designer.contract.wording.closeness import closest
from designer.engine.auditing import Audit, audit, is_waiting, observed, outputs_of, results_that_hold
from designer.engine.plan import Plan, plan
from designer.pipeline.check import Problem, check
from designer.pipeline.document import from_document, to_document
from designer.pipeline.edit import RefusedEdit, apply
from designer.pipeline.graph import Pipeline
from designer.pipeline.lint.lint import lint
from designer.pipeline.lint.warning import Warning as Advice
from designer.pipeline.newer import Newer, newer, with_module
from designer.pipeline.parameters import previewed
from designer.pipeline.placing import laid_out
from designer.pipeline.propagate import Propagation, propagate
from designer.pipeline.versions import up_to_date
from designer.store.drafts import Conflict
from designer.store.records import Draft, NodeRun
from designer.store.workspace import Workspace

ATTEMPTS = 60
LONGEST_PAUSE_SECONDS = 0.05
"""Before an edit that met another one is tried again; random, so that writers do not meet again."""

OPERATION_LIMIT = 20_000

Operation = Mapping[str, Any]


@dataclass(frozen=True)
class Saved:
    """The result of a batch of operations: `reason` says why it was refused, `merged` that there were other edits."""

    pipeline: Pipeline
    revision: int
    saved: float
    """Time of the save, in seconds since the epoch."""
    reason: str = ""
    merged: bool = False


@dataclass(frozen=True)
class Analysis:
    """The analysis of one revision of a pipeline and its last run."""

    known: Propagation
    problems: list[Problem]
    advice: list[Advice]
    audit: Audit
    plan: Plan | None
    """What the next run would do; None where nothing ran yet or nothing can be planned."""


@dataclass(frozen=True)
class Editing:
    """The pipelines of a workspace, for editing."""

    workspace: Workspace
    library: Library

    def open(self, id: str) -> Saved:
        """Open a saved pipeline; raises FileMissing."""
        return self.opened(self.workspace.drafts.get(id))

    def opened(self, draft: Draft) -> Saved:
        """Open a draft, with settings of older module versions migrated and a position for every node.

        Both changes are saved with the next edit.
        """
        pipeline = laid_out(up_to_date(from_document(draft.document), self.library))
        return Saved(pipeline, draft.revision, draft.edited)

    def save(self, id: str, base: int, operations: Sequence[Operation]) -> Saved:
        """Apply operations made on revision `base` and save. Concurrent edits are kept; these are applied on top."""
        if len(operations) > OPERATION_LIMIT:
            return self._refused(id, f"one edit may hold at most {OPERATION_LIMIT:,} operations")
        for attempt in range(ATTEMPTS):
            draft = self.workspace.drafts.get(id)
            before = self.opened(draft).pipeline
            merged = draft.revision != base
            try:
                after = apply(before, _new(before, operations) if merged else operations, self.library)
            except DesignerError as error:
                return self._refused(id, str(error))
            if after == before:
                return Saved(before, draft.revision, draft.edited, merged=merged)
            try:
                revision = self.workspace.drafts.save(
                    id, draft.revision, to_document(after), allow_empty=any(o.get("op") == "remove" for o in operations)
                )
            except Conflict:
                time.sleep(random.uniform(0, min(LONGEST_PAUSE_SECONDS, 0.002 * attempt)))  # noqa: S311
                continue
            return Saved(after, revision, time.time(), merged=merged)
        return self._refused(id, "the pipeline is being changed elsewhere all the time")

    def use_offered(self, id: str, component: str) -> list[Newer]:
        """Give the steps of a saved pipeline the version of a component that the palette offers; returns the changes.

        One edit, as on the canvas. Raises RefusedEdit if the pipeline is being changed elsewhere.
        """
        opened = self.open(id)
        updates = [each for each in newer(opened.pipeline, self.library) if each.module.startswith(f"{component}@")]
        operations = [operation for each in updates for operation in each.operations]
        saved = self.save(id, opened.revision, operations) if operations else opened
        if saved.reason:
            raise RefusedEdit(saved.reason, "Try again.")
        return updates

    def keep_step(
        self, pipeline: Pipeline, node: str, name: str = "", version: str = ""
    ) -> tuple[ComponentSpec, list[dict[str, Any]]]:
        """Register the program of a step, which only its pipelines know, under a name, by default its own.

        Returns the component, and the edit that gives the step that component. Raises FileMissing for a step without
        such a program, VersionTaken.
        """
        if node not in pipeline.nodes:
            raise FileMissing(f"there is no step '{node}'", closest(node, pipeline.nodes, "Steps are"))
        spec = self.workspace.components.name_anonymous(pipeline.nodes[node].module, name, version)
        return spec, [dict(each) for each in with_module(pipeline, node, component_module(spec).spec())]

    def is_anonymous(self, module: str) -> bool:
        """Whether a module, by its id, is a program that only its pipelines know."""
        return self.workspace.components.is_anonymous(module)

    def check(self, pipeline: Pipeline) -> list[Problem]:
        """The problems of a pipeline, by the columns of stored results, else by inferred ones."""
        outputs = results_that_hold(self.workspace, previewed(pipeline), self.library)
        with using(self.workspace.sources(self.library)):
            return check(pipeline, self.library, propagate(pipeline, self.library, observed(outputs)))

    def analyse_here(self, pipeline: Pipeline) -> Analysis:
        """Like `analyse`, of a pipeline in a file; the data is audited in this process."""
        return self._analysis(pipeline, self._planned(previewed(pipeline), {}), here=True)

    def analyse(
        self,
        pipeline: Pipeline,
        ran: Mapping[str, NodeRun],
        given_up: str = "",
        assignments: Mapping[str, Any] | None = None,
    ) -> Analysis:
        """The columns, problems, advice and plan of a pipeline; `ran` are the node runs of its last run.

        `assignments` are the values that the last run was given, as far as they still fit; `given_up` is the reason for
        not waiting for the engine's audit of the data.
        """
        planned = self._planned(previewed(pipeline, assignments), ran) if ran else None
        return self._analysis(pipeline, planned, given_up)

    def _analysis(
        self, pipeline: Pipeline, planned: Plan | None, given_up: str = "", *, here: bool = False
    ) -> Analysis:
        outputs = outputs_of(planned)
        with using(self.workspace.sources(self.library)):
            propagation = propagate(pipeline, self.library, observed(outputs))
            problems = check(pipeline, self.library, propagation)
            audited = audit(self.workspace, previewed(pipeline), self.library, outputs, here=here)
            audited = audited.given_up(given_up) if given_up else audited
            advice = lint(pipeline, self.library, propagation, audited.findings)
        return Analysis(propagation, problems, advice, audited, planned)

    def awaits_audit(self, analysis: Analysis) -> bool:
        """Whether the engine is still auditing the data of an analysis."""
        return is_waiting(self.workspace, analysis.audit)

    def _planned(self, pipeline: Pipeline, ran: Mapping[str, NodeRun]) -> Plan | None:
        previous = {id: node.parts for id, node in ran.items() if node.parts}
        try:
            with using(self.workspace.sources(self.library)), self.workspace.results.reading() as find:
                return plan(
                    pipeline, self.library, find, previous=previous, default_compute=self.workspace.computes.default
                )
        except DesignerError:
            return None  # the check reports why

    def _refused(self, id: str, reason: str) -> Saved:
        now = self.open(id)
        return Saved(now.pipeline, now.revision, now.saved, reason=reason)


def _new(pipeline: Pipeline, operations: Sequence[Operation]) -> list[Operation]:
    """Drop additions of existing nodes: a batch whose response was lost is sent again."""
    return [o for o in operations if not (o.get("op") == "add" and _is_there(pipeline, o))]


def _is_there(pipeline: Pipeline, operation: Operation) -> bool:
    node = pipeline.nodes.get(str(operation.get("id")))
    return node is not None and node.module == operation.get("module")
