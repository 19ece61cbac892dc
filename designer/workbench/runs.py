"""Runs: submit, list, follow, cancel, compare."""

from __future__ import annotations

import os
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import pandas as pd

from designer.contract.catalogue.library import Library
from designer.contract.errors import Ambiguous, DesignerError, FileMissing, InvalidParameter
from designer.contract.files.sources import using
from designer.contract.wording.closeness import closest
from designer.contract.wording.counting import counted
from designer.engine.executed import executed_pipeline
from designer.engine.importing import is_import
from designer.engine.plan import Plan, plan
from designer.engine.profiles import wanted
from designer.engine.recording.run_metrics import Values, metric_names, metrics_of_run, metrics_of_step, sort_value
from designer.engine.submitting import checked_assignments
from designer.pipeline.check import check, errors
from designer.pipeline.document import from_document, to_document
from designer.pipeline.graph import Pipeline
from designer.pipeline.parameters import bound
from designer.pipeline.walk import title_of
from designer.store.artifacts.values import Stored
from designer.store.history.metrics import Series
from designer.store.history.run_query import SORT_KEYS, RunQuery
from designer.store.history.submission import DEFAULT, Submission
from designer.store.records import ACTIVE, Event, NodeRun, Profile, Run
from designer.store.workspace import Workspace
from designer.workbench.pipelines import UNTITLED
from designer.workbench.results.comparison import Difference, MetricPair, differences, logged_pairs, metric_pairs
from designer.workbench.results.run_table import MOST_RUNS, Compared, RunTable, run_table

LISTED = 100
SORTED = 1_000
"""How many of the newest runs are sorted by a metric."""

NEWEST = "latest"


class AlreadyRunning(DesignerError):
    """The pipeline has an active run with other values of its parameters."""

    exit_code = os.EX_TEMPFAIL


@dataclass(frozen=True)
class Comparison:
    """Two runs, the earlier first, with the settings that differ and their metrics side by side."""

    first: Run
    second: Run
    settings: list[Difference]
    metrics: list[MetricPair]


@dataclass(frozen=True)
class Forecast:
    """What a run would do: the steps in order, and the seconds that each took when it ran the last time."""

    plan: Plan
    seconds: Mapping[str, float]


@dataclass(frozen=True)
class Listing:
    """Runs without their documents, with the nodes and the metrics of each."""

    runs: list[Run]
    nodes: Mapping[str, Mapping[str, NodeRun]]
    metrics: Mapping[str, Values]

    def metric_names(self) -> list[str]:
        """The metrics that any of the runs has."""
        return metric_names(self.metrics.values())

    def sorted_by(self, metric: str, is_descending: bool, limit: int) -> Listing:
        """The first runs by the value of a metric; those without it last."""
        rows = sorted(
            self.runs, key=lambda run: sort_value(self.metrics[run.id].get(metric), is_descending=is_descending)
        )
        return Listing(rows[:limit], self.nodes, self.metrics)


@dataclass(frozen=True)
class Runs:
    """The runs of a workspace."""

    workspace: Workspace
    modules: Callable[[], Library]

    def all(self, pipeline: str | None = None, limit: int = LISTED) -> list[Run]:
        """Runs, newest first; those of one pipeline if its id is given."""
        return self.workspace.runs.all(pipeline, limit)

    def get(self, id: str) -> Run:
        """A run by its id; raises FileMissing."""
        return self.workspace.runs.get(id)

    def find(self, text: str) -> Run:
        """A run by its id, a prefix of its id, or `latest`; raises FileMissing or Ambiguous.

        Imports of files into datasets are runs too, but never the latest.
        """
        if text == NEWEST:
            newest = next((run for run in self.all() if not is_import(run.document)), None)
            if newest is None:
                raise FileMissing("no pipeline was run in this workspace yet", "Run one: designer run FILE.")
            return newest
        matches = self.workspace.runs.beginning_with(text) if len(text) >= 4 else []
        if len(matches) > 1:
            raise Ambiguous(f"{len(matches)} runs begin with '{text}'", "Write more of the id.")
        return matches[0] if matches else self.get(text)

    def listed(self, query: RunQuery | None = None, limit: int = LISTED) -> Listing:
        """The runs that a query chooses, without their documents, with the nodes and metrics of each.

        Sorted by a metric, only the newest `SORTED` of them are considered.
        """
        chosen = query or RunQuery()
        is_column = chosen.sort_key in SORT_KEYS
        runs = self.workspace.runs.matching(chosen, limit if is_column else max(limit, SORTED))
        listing = self._with_metrics(runs)
        return listing if is_column else listing.sorted_by(chosen.sort_key, chosen.is_descending, limit)

    def require_sortable(self, sort: str, parameter: str = "sort") -> None:
        """Raise InvalidParameter unless runs can be sorted by this: a column, or a metric of any run, `-` before it."""
        key = sort.removeprefix("-")
        if key and key not in SORT_KEYS:
            self.require_metric(key, parameter, SORT_KEYS)

    def require_metric(self, name: str, parameter: str, others: Sequence[str] = ()) -> None:
        """Raise InvalidParameter for a metric that no run has, unless none has any yet; one of `others` will do."""
        known = [*others, *self._metric_names()]
        if known and name not in known:
            remedy = closest(name, known, "There are")
            raise InvalidParameter(f"no run has a metric '{name[:80]}'", remedy, parameter=parameter)

    def _metric_names(self) -> list[str]:
        """The metrics that any of the newest `SORTED` runs has."""
        return self._with_metrics(self.workspace.runs.matching(RunQuery(with_imports=True), SORTED)).metric_names()

    def _with_metrics(self, runs: list[Run]) -> Listing:
        ids = [run.id for run in runs]
        nodes, logged = self.workspace.runs.nodes_of(ids), self.workspace.metrics.latest(ids)
        return Listing(runs, nodes, {id: metrics_of_run(nodes[id], logged[id]) for id in ids})

    def metrics(self, id: str) -> dict[str, Values]:
        """The metrics of each node of a run that has some, logged ones and those of evaluations, by name."""
        nodes, logged = self.nodes(id), self.workspace.metrics.latest([id])[id]
        values = {node: metrics_of_step(row, logged.get(node, {})) for node, row in nodes.items()}
        return {node: each for node, each in values.items() if each}

    def series(self, id: str, node: str | None = None) -> list[Series]:
        """What the nodes of a run, or one of them, logged: every kept value, by node and name."""
        return self.workspace.metrics.of_run(id, node)

    def describe(self, id: str, *, description: str | None = None, tags: Mapping[str, str] | None = None) -> Run:
        """Replace the description, the tags, or both; returns the run. Raises FileMissing or InvalidParameter."""
        return self.workspace.runs.describe(id, description=description, tags=tags)

    def filters(self) -> dict[str, RunQuery]:
        """The saved filters by name."""
        return self.workspace.run_filters.all()

    def filter(self, name: str) -> RunQuery:
        """A saved filter; raises FileMissing."""
        return self.workspace.run_filters.get(name)

    def keep_filter(self, name: str, query: RunQuery) -> None:
        """Save a filter, or replace the one of that name. Raises InvalidParameter for an unusable name."""
        self.workspace.run_filters.keep(name, query)

    def forget_filter(self, name: str) -> None:
        """Remove a saved filter; raises FileMissing."""
        self.workspace.run_filters.forget(name)

    def latest(self, pipeline: str) -> Run | None:
        """The newest run of a pipeline; None where it never ran."""
        return self.workspace.runs.latest(pipeline)

    def latest_states(self) -> dict[str, str]:
        """The state of the newest run of each pipeline, by pipeline id."""
        return self.workspace.runs.latest_states()

    def heads(self, pipeline: str, limit: int = LISTED) -> list[Run]:
        """The newest runs of a pipeline without their documents, newest first."""
        return self.workspace.runs.heads(pipeline, limit)

    def waiting_before(self, run: Run) -> int:
        """How many runs are queued before this one."""
        return self.workspace.runs.waiting_before(run)

    def last_event(self, run: Run, after: int) -> int:
        """The sequence number of a run's newest event after a given one; the given number if there is none."""
        events = self.workspace.runs.events_after(after, run.id)
        return int(events[-1].sequence or after) if events else after

    def events(self, id: str, after: int) -> list[Event]:
        """The events of a run after a sequence number, in order; at most a thousand."""
        return self.workspace.runs.events_after(after, id)

    def stamp(self) -> object:
        """A value that changes with every write to the workspace; cheap enough to be asked for many times a second."""
        return self.workspace.database.stamp()

    def node(self, id: str, node: str) -> NodeRun | None:
        """The record of one node in a run; None where the run does not include it."""
        return self.workspace.runs.node(id, node)

    def rows(self, stored: Stored, offset: int, limit: int) -> pd.DataFrame:
        """Some rows of a table that a node produced, without reading the others."""
        return self.workspace.page(stored, offset, limit)

    def value(self, stored: Stored) -> Any:
        """An output of a node, read and verified by digest."""
        return self.workspace.value(stored)

    def nodes(self, id: str) -> Mapping[str, NodeRun]:
        """The records of a run's nodes so far, in the order of its pipeline."""
        rows = self.workspace.runs.nodes(id)
        order = from_document(self.workspace.runs.get(id).document).order()
        return {node: rows[node] for node in order if node in rows}

    def nodes_of(self, ids: Collection[str]) -> Mapping[str, Mapping[str, NodeRun]]:
        """The records of the nodes of several runs, by run and node, without the parts of their keys."""
        return self.workspace.runs.nodes_of(ids)

    def profile(self, stored: Stored) -> Profile:
        """The statistics of a table that a node produced.

        `state` is ready, failed, or wanted: the engine computes them at the first request.
        """
        return wanted(self.workspace, stored.digest)

    def log(self, id: str, node: str, limit: int = 60_000) -> str:
        """The end of a node's log."""
        return self.workspace.log(id, node, limit)

    def log_part(self, id: str, node: str, start: int | None = None) -> tuple[str, int]:
        """What a node printed from the byte `start`, a megabyte at most, and the byte to go on from.

        Without `start` the end of its log, as `log` returns it.
        """
        return self.workspace.log_part(id, node, start)

    def checked_assignments(self, pipeline: Pipeline, given: Mapping[str, Any] | None = None) -> dict[str, Any]:
        """The values given to the parameters of a pipeline, read by their types; raises as `submit` does."""
        return checked_assignments(self.workspace, pipeline, given)

    def submit(
        self,
        pipeline: str,
        *,
        to: str | None = None,
        force: bool = False,
        assignments: Mapping[str, Any] | None = None,
        submission: Submission | None = None,
    ) -> Run:
        """Queue a run of a saved pipeline; returns the active run if there is one with the same assignments.

        `to` runs only what one node needs, `force` reuses nothing, `assignments` are values of its parameters; see
        `workbench.submitting` for the submission. Raises TooManyRuns where the queue is full, AlreadyRunning where it
        runs with other values or in another experiment than the one named, ArchivedExperiment, ComputeMissing; for
        values that do not fit see `checked_assignments`.
        """
        draft = self.workspace.drafts.get(pipeline)
        given = checked_assignments(self.workspace, from_document(draft.document), assignments)
        self._require_compute(submission)
        run = self.workspace.runs.create(
            draft.document,
            pipeline_id=draft.id,
            revision=draft.revision,
            to=to,
            force=force,
            assignments=given,
            submission=submission,
        )
        if run.assignments != given:
            raise AlreadyRunning(f"'{run.name}' is running with other values", "Wait until it ends, or cancel it.")
        if submission is not None and submission.experiment not in (DEFAULT, run.experiment):
            problem = f"'{run.name}' is running in the experiment '{run.experiment}'"
            raise AlreadyRunning(problem, "Wait until it ends, or cancel it.")
        return run

    def submit_document(
        self,
        pipeline: Pipeline,
        *,
        to: str | None = None,
        force: bool = False,
        assignments: Mapping[str, Any] | None = None,
        submission: Submission | None = None,
    ) -> Run:
        """Queue a run of a pipeline that need not be saved, see `submit`.

        `submission` has its experiment, tags and description. Raises the first error of its check, so that nothing is
        queued that cannot run.
        """
        given = checked_assignments(self.workspace, pipeline, assignments)
        self._require_compute(submission)
        library = self.modules()
        with using(self.workspace.sources(library)):
            problems = errors(check(bound(pipeline, given), library))
        if problems:
            raise problems[0].error
        document = to_document(named_after_last_step(pipeline, library))
        return self.workspace.runs.create(document, to=to, force=force, assignments=given, submission=submission)

    def _require_compute(self, submission: Submission | None) -> None:
        self.workspace.computes.require(submission.compute if submission is not None else "")

    def forecast(
        self,
        pipeline: Pipeline,
        *,
        to: str | None = None,
        force: bool = False,
        assignments: Mapping[str, Any] | None = None,
        compute: str = "",
    ) -> Forecast:
        """What a run of a pipeline would do, where, and why, compared with the last runs of the name it would get.

        `compute` is where it runs in place of what the pipeline says. Raises ComputeMissing.
        """
        self.workspace.computes.require(compute)
        given = checked_assignments(self.workspace, pipeline, assignments)
        library = self.modules()
        name = named_after_last_step(pipeline, library).name
        last = next((run for run in self.all() if run.name == name), None)
        nodes = self.nodes(last.id) if last is not None else {}
        previous = self.workspace.runs.parts_of(name)
        with using(self.workspace.sources(library)), self.workspace.results.reading() as find:
            planned = plan(
                pipeline, library, find, to=to, force=force, previous=previous, assignments=given, compute=compute,
                default_compute=self.workspace.computes.default,
            )  # fmt: skip
        took = {id: node.seconds for id, node in nodes.items() if node.seconds is not None}
        took |= {id: step.result.seconds for id, step in planned.steps.items() if step.result is not None}
        return Forecast(planned, {id: took[id] for id in planned.steps if id in took})

    def cancel(self, id: str) -> Run:
        """Request cancellation of a run and return its current state. A run that ended is unchanged."""
        self.workspace.runs.get(id)
        self.workspace.runs.request_cancel(id)
        return self.workspace.runs.get(id)

    def engine_is_running(self) -> bool:
        """Whether an engine that takes queued runs is running."""
        return self.workspace.engine_is_running()

    def is_stuck(self, run: Run) -> bool:
        """Whether a run is active while no engine is running."""
        return run.state in ACTIVE and not self.engine_is_running()

    def before(self, run: Run) -> Run | None:
        """The finished run of the same pipeline to compare with: the previous one, else the newest; None without one.

        Runs of a document without a pipeline id are matched by name.
        """
        runs = self.all(run.pipeline_id) if run.pipeline_id else self._of_document(run.name)
        finished = [other for other in runs if other.id != run.id and other.state == "finished"]
        older = [other for other in finished if other.created < run.created]
        return next(iter((*older, *finished)), None)

    def _of_document(self, name: str) -> list[Run]:
        return [run for run in self.all() if run.pipeline_id is None and run.name == name]

    def compare(self, first: Run, second: Run | None = None) -> Comparison:
        """Compare two runs, the earlier first; without a second, compare with the run `before` returns.

        Raises DesignerError where there is none, or where both are the same.
        """
        if second is not None and second.id == first.id:
            raise DesignerError("a run cannot be compared with itself", "Choose two different runs.")
        other = second or self.before(first)
        if other is None:
            problem = f"there is no other run of '{first.name}' yet"
            raise DesignerError(problem, "Change a setting, run again, and compare.")
        earlier, later = sorted((first, other), key=lambda run: run.created)
        pipelines = [executed_pipeline(run) for run in (earlier, later)]
        nodes = [self.nodes(run.id) for run in (earlier, later)]
        library = self.modules()
        settings = differences(pipelines[0], pipelines[1], library)
        metrics = metric_pairs((pipelines[0], nodes[0]), (pipelines[1], nodes[1]), library)
        logged = self.workspace.metrics.latest([earlier.id, later.id])
        metrics += logged_pairs(pipelines[1], logged[earlier.id], logged[later.id], library)
        return Comparison(earlier, later, settings, metrics)

    def compare_many(self, runs: Sequence[Run]) -> RunTable:
        """Compare two to `MOST_RUNS` runs, the earliest first: settings that differ, metrics, curves.

        Raises DesignerError for fewer or more.
        """
        count = len({run.id for run in runs})
        if not 2 <= count <= MOST_RUNS:
            remedy = f"Choose 2 to {MOST_RUNS} different runs."
            raise DesignerError(f"{counted(count, 'run')} cannot be compared", remedy)
        ordered = sorted(runs, key=lambda run: run.created)
        logged = self.workspace.metrics.latest([run.id for run in ordered])
        compared = [
            Compared(run, executed_pipeline(run), self.nodes(run.id), logged[run.id], self.series(run.id))
            for run in ordered
        ]
        return run_table(compared, self.modules())


def named_after_last_step(pipeline: Pipeline, library: Library) -> Pipeline:
    """The pipeline; one without a name gets that of its last step."""
    steps = pipeline.order()
    if pipeline.name not in ("", UNTITLED) or not steps:
        return pipeline
    return replace(pipeline, name=title_of(pipeline.nodes[steps[-1]], library))
