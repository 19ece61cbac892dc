"""`designer run` and `designer check`."""

from __future__ import annotations

import signal
import sys
import threading
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from types import FrameType
from typing import Any

from designer.charts.metric_title import metric_title
from designer.cli.files import assignments_of, find_node, is_job, read_pipeline, to_json, with_settings
from designer.cli.opening import opened, opened_or_empty
from designer.cli.own_modules import library_for
from designer.contract.catalogue.library import Library
from designer.contract.wording.counting import counted
from designer.engine.backend import Backend
from designer.engine.backends import with_computes
from designer.engine.events import NodeChanged, Progress
from designer.engine.run import RunResult, execute
from designer.engine.submitting import checked_assignments
from designer.pipeline.check import errors
from designer.pipeline.graph import Pipeline
from designer.pipeline.lint.warning import Warning
from designer.pipeline.parameters import bound
from designer.pipeline.walk import title_of
from designer.registry.pipeline_job.reading import PipelineJob
from designer.store.history.submission import DEFAULT, Submission
from designer.store.records import ACTIVE
from designer.store.workspace import Workspace
from designer.workbench.editing import Analysis, Editing
from designer.workbench.workbench import Workbench

NOT_RUN = "Not all data was checked for leakage: run the steps before the trainers first."


def run(
    folder: Path,
    file: Path,
    settings: list[str],
    opened_backend: Callable[[], Backend],
    *,
    params: Sequence[str] = (),
    to: str | None,
    force: bool,
    json: bool,
    about: Submission,
) -> int:
    """Run the pipeline in a file on a backend that is already starting; returns the exit code."""
    with opened_backend() as backend:
        document = None if is_job(file) else read_pipeline(file)
        with opened(folder, makes=True) as workspace, with_computes(backend, workspace) as fleet:
            workspace.computes.require(about.compute)
            if document is None:
                bench = Workbench(workspace, workspace.library)
                job = bench.jobs.read(file)
                document, about, force = bench.jobs.keep_programs(job), _about(job, about), force or job.force
            pipeline, library = document, library_for(document, workspace)
            pipeline = with_settings(pipeline, settings, library)
            target = find_node(pipeline, to, library) if to else None
            given = checked_assignments(workspace, pipeline, assignments_of(params))
            editing, assigned = Editing(workspace, library), bound(pipeline, given)
            for problem in editing.check(assigned):
                print(f"problem    [{problem.node}] {problem}", file=sys.stderr if json else sys.stdout)
            result = finished_run(
                pipeline, library, workspace, to=target, force=force, quiet=json, backend=fleet, assignments=given,
                about=about,
            )  # fmt: skip
            warnings, notes = _advice(editing.analyse_here(assigned))
    if json:
        advice = {"warnings": [warning.to_json() for warning in warnings], "notes": notes}
        print(to_json({**as_document(result), **advice}))
    else:
        _print_result(result)
        _print_advice(warnings, notes, pipeline, library)
    return 0 if result.ok else 1


def finished_run(
    pipeline: Pipeline,
    library: Library,
    workspace: Workspace,
    *,
    to: str | None = None,
    force: bool = False,
    quiet: bool = False,
    only_new: bool = False,
    backend: Backend | None = None,
    assignments: Mapping[str, Any] | None = None,
    about: Submission | None = None,
    on_progress: Callable[[str], None] | None = None,
) -> RunResult:
    """Run to the end and print a line for each node as it ends; Ctrl-C cancels the run and records that.

    With `only_new`, for commands with an output of their own, reused and bypassed nodes are not printed. `on_progress`
    gets what nodes report.
    """
    stop = threading.Event()
    output = sys.stderr if quiet or only_new else sys.stdout
    unprinted = (*ACTIVE, "reused", "bypassed") if only_new else ACTIVE

    def show(event: Any) -> None:
        if isinstance(event, NodeChanged) and event.result.state not in unprinted:
            print(event.result.line, file=output, flush=True)
        elif isinstance(event, Progress) and on_progress is not None:
            on_progress(event.text)

    with _cancelled_by_signals(stop):
        return execute(
            pipeline, library, workspace, to=to, force=force, on_event=show, cancelled=stop.is_set, backend=backend,
            assignments=assignments,
            submission=about,
        )  # fmt: skip


def check_file(folder: Path, file: Path, params: Sequence[str] = (), *, json: bool) -> int:
    """Print the problems and warnings of a pipeline file; without `params`, with the defaults of its parameters."""
    with opened_or_empty(folder) as workspace:
        if is_job(file):
            job = Workbench(workspace, workspace.library).jobs.read(file)
            pipeline, library = job.graph, job.modules(workspace.library())
        else:
            pipeline = read_pipeline(file)
            library = library_for(pipeline, workspace)
        if params:
            pipeline = bound(pipeline, checked_assignments(workspace, pipeline, assignments_of(params)))
        analysis = Editing(workspace, library).analyse_here(pipeline)
    problems, (warnings, notes) = analysis.problems, _advice(analysis)
    if json:
        findings = {"problems": [p.to_json() for p in problems], "warnings": [w.to_json() for w in warnings]}
        print(to_json({**findings, "notes": notes}))
    else:
        for problem in problems:
            print(f"{problem.severity:<8} [{problem.node}] {problem}")
        if not problems and not warnings:
            print(f"{counted(len(pipeline.nodes), 'node')}, no problems.")
        _print_advice(warnings, notes, pipeline, library)
    return 1 if errors(problems) else 0


def _about(job: PipelineJob, about: Submission) -> Submission:
    """The submission of a job, with its experiment and tags where the command gives no others."""
    experiment = job.experiment if about.experiment == DEFAULT and job.experiment else about.experiment
    return replace(about, experiment=experiment, tags={**job.tags, **about.tags}).checked()


def as_document(result: RunResult) -> dict[str, Any]:
    """The result of a run as a JSON document, with the evaluation metrics by node."""
    metrics = {id: node.metrics for id, node in result.nodes.items() if node.metrics}
    nodes = {id: node.to_json() for id, node in result.nodes.items()}
    return {**result.to_json(), "nodes": nodes, "metrics": metrics}


def _print_result(result: RunResult) -> None:
    for node in result.nodes.values():
        if node.error:
            print(f"\n[{node.node}] {node.error.get('message', node.error)}")
        for model in node.metrics or []:
            numbers = ", ".join(
                f"{metric_title(name)} {'undefined' if value is None else f'{value:.6g}'}"
                for name, value in model["metrics"].items()
            )
            print(f"\n{node.title}, {model['name']} ({counted(model['rows'], 'row')}): {numbers}")
    states = [node.state for node in result.nodes.values()]
    outcomes = ", ".join(f"{states.count(state)} {state}" for state in dict.fromkeys(states))
    print(f"\nRun {result.run_id} {result.state} in {result.seconds:.2f} s: {outcomes}")


def _advice(analysis: Analysis) -> tuple[list[Warning], list[str]]:
    """The warnings, and notes on what was not checked."""
    return analysis.advice, [NOT_RUN] if analysis.audit.absent else []


def _print_advice(warnings: list[Warning], notes: list[str], pipeline: Pipeline, library: Library) -> None:
    for warning in warnings:
        print(_warning_line(warning, pipeline, library))
    for note in notes:
        print(f"note     {note}")


def _warning_line(warning: Warning, pipeline: Pipeline, library: Library) -> str:
    return f"warning  {_title(pipeline, library, warning.node)}: {warning.title}. {warning.message}"


def _title(pipeline: Pipeline, library: Library, id: str) -> str:
    node = pipeline.nodes[id]
    return f"{title_of(node, library)} [{id}]"


@contextmanager
def _cancelled_by_signals(stop: threading.Event) -> Iterator[None]:
    def on_signal(number: int, frame: FrameType | None) -> None:
        stop.set()

    handlers = {number: signal.signal(number, on_signal) for number in (signal.SIGINT, signal.SIGTERM)}
    try:
        yield
    finally:
        for number, handler in handlers.items():
            signal.signal(number, handler)
