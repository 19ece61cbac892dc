"""`designer run` and `designer check`."""

from __future__ import annotations

import signal
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from types import FrameType
from typing import Any

from designer.cli.files import find_node, read_pipeline, to_json, with_settings
from designer.contract.library import Library
from designer.contract.sources import using
from designer.engine.events import NodeChanged, NodeResult
from designer.engine.forkserver import Launched
from designer.engine.local import Local
from designer.engine.run import RunResult, execute
from designer.pipeline.check import check, errors
from designer.pipeline.graph import Pipeline
from designer.pipeline.lint import lint
from designer.store.workspace import Workspace, open_workspace

FINAL = {"finished", "reused", "failed", "skipped", "cancelled", "crashed", "bypassed"}


def run(
    folder: Path, file: Path, settings: list[str], server: Launched, *, to: str | None, force: bool, json: bool
) -> int:
    """Run the pipeline in a file, nodes by a fork server that was launched before; returns the exit code."""
    with Local(launched=server) as local, open_workspace(folder) as workspace:
        library = workspace.library()
        pipeline = with_settings(read_pipeline(file), settings, library)
        target = find_node(pipeline, to, library) if to else None
        lines = sys.stderr if json else sys.stdout
        for problem in _problems(pipeline, library, workspace):
            print(f"problem    [{problem.node}] {problem}", file=lines)
        result = finished_run(pipeline, library, workspace, to=target, force=force, quiet=json, local=local)
        if json:
            print(to_json(as_document(result)))
        else:
            _print_result(result)
        return 0 if result.ok else 1


def finished_run(
    pipeline: Pipeline,
    library: Library,
    workspace: Workspace,
    *,
    to: str | None = None,
    force: bool = False,
    quiet: bool = False,
    local: Local | None = None,
) -> RunResult:
    """Run to the end, printing one line a node as it happens; Ctrl-C cancels and leaves a true state."""
    stop = threading.Event()
    output = sys.stderr if quiet else sys.stdout

    def show(event: Any) -> None:
        if isinstance(event, NodeChanged) and event.result.state in FINAL:
            print(_line(event.result), file=output, flush=True)

    with _cancelled_by_signals(stop):
        return execute(
            pipeline, library, workspace, to=to, force=force, on_event=show, cancelled=stop.is_set, local=local
        )


def check_file(folder: Path, file: Path, *, json: bool) -> int:
    """Print the problems and warnings of a pipeline file."""
    with open_workspace(folder) as workspace:
        library = workspace.library()
        pipeline = read_pipeline(file)
        problems = _problems(pipeline, library, workspace)
        with using(workspace.sources(library)):
            warnings = lint(pipeline, library)
    if json:
        print(to_json({"problems": [p.to_json() for p in problems], "warnings": [w.to_json() for w in warnings]}))
    else:
        for problem in problems:
            print(f"{problem.severity:<8} [{problem.node}] {problem}")
        for warning in warnings:
            print(f"warning  {_title(pipeline, library, warning.node)}: {warning.title}. {warning.message}")
        if not problems and not warnings:
            print(f"{len(pipeline.nodes)} nodes, nothing stands in the way.")
    return 1 if errors(problems) else 0


def as_document(result: RunResult) -> dict[str, Any]:
    """The result of a run for machines: the evaluation metrics by node beside what the engine says."""
    metrics = {id: node.metrics for id, node in result.nodes.items() if node.metrics}
    nodes = {id: node.to_json() for id, node in result.nodes.items()}
    return {**result.to_json(), "nodes": nodes, "metrics": metrics}


def _print_result(result: RunResult) -> None:
    for node in result.nodes.values():
        if node.error:
            print(f"\n[{node.node}] {node.error.get('message', node.error)}")
        for model in node.metrics or []:
            numbers = ", ".join(f"{name} {value:.6g}" for name, value in model["metrics"].items() if value is not None)
            print(f"\n{node.title}, {model['name']} ({model['rows']:,} rows): {numbers}")
    states = [node.state for node in result.nodes.values()]
    counted = ", ".join(f"{states.count(state)} {state}" for state in dict.fromkeys(states))
    print(f"\nRun {result.run_id} {result.state} in {result.seconds:.2f} s: {counted}")


def _line(node: NodeResult) -> str:
    """One node: state, title, time, rows x columns, and what it says of itself."""
    seconds = f"{node.seconds:.2f} s" if node.seconds is not None else ""
    size = f"{node.rows:,} x {node.columns}" if node.rows is not None else ""
    return f"{node.state:<10} {node.title:<40} {seconds:>9} {size:>14}  {node.explain}".rstrip()


def _problems(pipeline: Pipeline, library: Library, workspace: Workspace) -> list[Any]:
    with using(workspace.sources(library)):
        return list(check(pipeline, library))


def _title(pipeline: Pipeline, library: Library, id: str) -> str:
    node = pipeline.nodes[id]
    module = library.get(node.module)
    title = node.title or (module.spec().title if module else node.module)
    return f"{title} [{id}]"


@contextmanager
def _cancelled_by_signals(stop: threading.Event) -> Iterator[None]:
    def ask(number: int, frame: FrameType | None) -> None:
        stop.set()

    before = {number: signal.signal(number, ask) for number in (signal.SIGINT, signal.SIGTERM)}
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)
