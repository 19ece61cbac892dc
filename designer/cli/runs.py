"""`designer run submit|list|show|cancel|compare`: the runs of the workspace. `designer run FILE` is in `running`."""

from __future__ import annotations

import sys
import time
from collections.abc import Mapping
from typing import TYPE_CHECKING, Annotated, Any

import typer

from designer.charts.metric_title import metric_title
from designer.cli.options import Json, Params, Pipeline, Run, Workspace, moment, opened, print_json

if TYPE_CHECKING:
    from designer.store.records import NodeRun
    from designer.store.records import Run as Row
    from designer.workbench.workbench import Workbench

FOLLOW_SECONDS = 0.25


def submit(
    pipeline: Pipeline,
    workspace: Workspace = None,
    params: Params = None,
    to: Annotated[str | None, typer.Option(metavar="NODE", help="Run only this node and the steps before it.")] = None,
    force: Annotated[bool, typer.Option("--force", help="Reuse no results.")] = False,
    follow: Annotated[bool, typer.Option("--follow", help="Wait until it ends; prints a line for each node.")] = False,
    json: Json = False,
) -> None:
    """Queue a run of a pipeline, as the button Run does. The engine of a running Designer executes it."""
    from designer.cli.files import assignments_of

    with opened(workspace) as bench:
        given = assignments_of(params or [])
        row = bench.runs.submit(bench.pipelines.find(pipeline).id, to=to, force=force, assignments=given)
        is_stuck = bench.runs.is_stuck(row)
        if follow and not is_stuck:
            row = _followed(bench, row, quiet=json)
    if json:
        print_json(_row(row))
    else:
        print(f"{row.id[:8]}  {row.name}: {row.state}")
    if is_stuck:
        print("designer: no engine is running on this workspace; the run waits for: designer start", file=sys.stderr)
    if row.state not in ("queued", "running", "finished") or (follow and is_stuck):
        raise typer.Exit(1)


def print_list(
    workspace: Workspace = None,
    pipeline: Annotated[str, typer.Option(metavar="PIPELINE", help="Only runs of this pipeline.")] = "",
    limit: Annotated[int, typer.Option(min=1, metavar="N", help="The maximum number of runs.")] = 20,
    imports: Annotated[bool, typer.Option("--imports", help="Include imports of datasets.")] = False,
    json: Json = False,
) -> None:
    """List the runs, newest first."""
    from designer.workbench.assignments import assignments_text

    with opened(workspace) as bench:
        pipeline_id = bench.pipelines.find(pipeline).id if pipeline else None
        runs, nodes = bench.runs.listed(pipeline_id, limit, with_imports=imports)
        figures = {run.id: _figure(nodes.get(run.id, {})) for run in runs}
    if json:
        print_json([{**_row(run), "figure": figures[run.id]} for run in runs])
        return
    for run in runs:
        seconds = f"{(run.ended or time.time()) - run.started:.1f} s" if run.started else ""
        line = f"{run.id[:8]}  {run.state:<9} {moment(run.started or run.created)}  {seconds:>9}  "
        print(f"{line}{run.name:<40} {figures[run.id] or '':<20} {assignments_text(run.assignments)}".rstrip())


def show(
    run: Run,
    workspace: Workspace = None,
    follow: Annotated[bool, typer.Option("--follow", help="Wait until it ends; prints a line for each node.")] = False,
    log: Annotated[str, typer.Option(metavar="NODE", help="Print the log of this node.")] = "",
    json: Json = False,
) -> None:
    """Show a run with its nodes and errors. Exits with 1 if it ended without finishing."""
    with opened(workspace) as bench:
        row = bench.runs.find(run)
        if log:
            print(bench.runs.log(row.id, log), end="")
            return
        if follow:
            row = _followed(bench, row, quiet=json)
        nodes = bench.runs.nodes(row.id)
    if json:
        print_json({**_row(row), "nodes": {id: _node(node) for id, node in nodes.items()}})
    else:
        _print_run(row, nodes, with_nodes=not follow)
    if row.state not in ("queued", "running", "finished"):
        raise typer.Exit(1)


def cancel(run: Run, workspace: Workspace = None, json: Json = False) -> None:
    """Cancel a run; a queued one is cancelled at once."""
    with opened(workspace) as bench:
        row = bench.runs.find(run)
        updated = bench.runs.cancel(row.id)
    if json:
        print_json(_row(updated))
        return
    is_over = row.state not in ("queued", "running")
    outcome = f"already ended ({row.state})" if is_over else "cancelled" if updated.ended else "cancelling"
    print(f"{row.id[:8]}: {outcome}")


def compare(
    first: Run,
    second: Annotated[str, typer.Argument(metavar="RUN", help="Default: the previous run of the same pipeline.")] = "",
    workspace: Workspace = None,
    json: Json = False,
) -> None:
    """Compare two runs: the settings and metrics that changed from the earlier to the later one."""
    with opened(workspace) as bench:
        compared = bench.runs.compare(bench.runs.find(first), bench.runs.find(second) if second else None)
    if json:
        settings = [vars(each) for each in compared.settings]
        metrics = [{**vars(pair), "difference": pair.difference} for pair in compared.metrics]
        ids = {"first": compared.first.id, "second": compared.second.id}
        print_json({**ids, "settings": settings, "metrics": metrics})
        return
    print(f"from {compared.first.id[:8]} to {compared.second.id[:8]}, the later one")
    for each in compared.settings:
        print(f"  {each.step}, {each.setting}: {each.first} -> {each.second}")
    if not compared.settings:
        print("  no setting differs")
    for pair in compared.metrics:
        figures = [f"{value:.6g}" if value is not None else "–" for value in (pair.first, pair.second)]
        change = f"  ({pair.difference:+.6g})" if pair.difference is not None else ""
        print(f"  {pair.model}, {metric_title(pair.metric)}: {figures[0]} -> {figures[1]}{change}")


def _followed(bench: Workbench, run: Row, *, quiet: bool) -> Row:
    """Print each node as it ends, until the run ends."""
    from designer.store.records import ACTIVE

    printed: set[str] = set()
    while True:
        row, nodes = bench.runs.get(run.id), bench.runs.nodes(run.id)
        for id, node in nodes.items():
            if node.state not in ACTIVE and id not in printed:
                printed.add(id)
                if not quiet:
                    print(_line(node), flush=True)
        if row.state not in ACTIVE:
            return row
        time.sleep(FOLLOW_SECONDS)


def _print_run(run: Row, nodes: Mapping[str, NodeRun], *, with_nodes: bool) -> None:
    from designer.workbench.assignments import assignments_text

    print(f"{run.id}  {run.state}  {run.name}, {moment(run.started or run.created)}")
    for name, value in run.assignments.items():
        print(f"  {assignments_text({name: value})}")
    for node in nodes.values() if with_nodes else ():
        print(f"  {_line(node)}")
    for node in nodes.values():
        if node.error:
            print(f"\n{node.title} [{node.node}]: {node.error.get('message', '')}".rstrip())
    if run.error:
        print(f"\n{run.error.get('message', '')}")


def _line(node: NodeRun) -> str:
    seconds = f"{node.seconds:.2f} s" if node.seconds is not None else ""
    return (
        f"{node.state:<10} {node.title:<40} {seconds:>9}  {' '.join(node.explain.splitlines()) or node.reason}".rstrip()
    )


def _figure(nodes: Mapping[str, NodeRun]) -> str | None:
    from designer.workbench.headline import headline_of_run

    figure = headline_of_run(nodes)
    return f"{figure.metric} {figure.text}" if figure else None


def _row(run: Row) -> dict[str, Any]:
    times = {name: moment(getattr(run, name)) for name in ("created", "started", "ended")}
    return {"id": run.id, "pipeline": run.pipeline_id, "name": run.name, "state": run.state, **times,
            "assignments": run.assignments, "error": run.error}  # fmt: skip


def _node(node: NodeRun) -> dict[str, Any]:
    return {"title": node.title, "module": node.module, "state": node.state, "seconds": node.seconds,
            "explain": node.explain, "reason": node.reason, "error": node.error,
            "outputs": {port: output.get("summary") for port, output in node.outputs.items()}}  # fmt: skip
