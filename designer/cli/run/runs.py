"""`designer run submit|show|cancel|tag|describe|compare`. `designer run FILE` is in `running`, `list` in `run_list`."""

from __future__ import annotations

import sys
import time
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from designer.charts.metric_title import metric_title
from designer.cli.options import (
    ComputeName,
    Description,
    Experiment,
    Json,
    Params,
    Pipeline,
    Run,
    Tags,
    Workspace,
    moment,
    opened,
    print_json,
)

if TYPE_CHECKING:
    from designer.engine.recording.run_metrics import Value
    from designer.store.records import NodeRun
    from designer.store.records import Run as Row
    from designer.workbench.results.run_table import RunTable
    from designer.workbench.workbench import Workbench

FOLLOW_SECONDS = 0.25
ABOUT = ("experiment", "number", "description", "tags", "trigger", "source", "submitted_by", "compute")


def submit(
    pipeline: Pipeline,
    workspace: Workspace = None,
    params: Params = None,
    to: Annotated[str | None, typer.Option(metavar="NODE", help="Run only this node and the steps before it.")] = None,
    force: Annotated[bool, typer.Option("--force", help="Reuse no results.")] = False,
    follow: Annotated[bool, typer.Option("--follow", help="Wait until it ends; prints a line for each node.")] = False,
    experiment: Experiment = "",
    tag: Tags = None,
    description: Description = "",
    compute: ComputeName = "",
    json: Json = False,
) -> None:
    """Queue a run of a pipeline, as the button Run does. The engine of a running Designer executes it."""
    from designer.cli.files import assignments_of
    from designer.workbench.submitting import read_tags, submission

    about = submission(
        "cli", folder=Path.cwd(), experiment=experiment, description=description,
        tags=read_tags(tag or []), compute=compute,
    )  # fmt: skip
    with opened(workspace) as bench:
        given, id = assignments_of(params or []), bench.pipelines.find(pipeline).id
        row = bench.runs.submit(id, to=to, force=force, assignments=given, submission=about)
        is_stuck = bench.runs.is_stuck(row)
        if follow and not is_stuck:
            row = _followed(bench, row, quiet=json)
    if json:
        print_json(row_of(row))
    else:
        print(f"{row.id[:8]}  {row.name}: {row.state}")
    if is_stuck:
        print("designer: no engine is running on this workspace; the run waits for: designer start", file=sys.stderr)
    if row.state not in ("queued", "running", "finished") or (follow and is_stuck):
        raise typer.Exit(1)


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
        nodes, metrics = bench.runs.nodes(row.id), bench.runs.metrics(row.id)
    if json:
        documents = {id: {**_node(node), "metrics": metrics.get(id, {})} for id, node in nodes.items()}
        print_json({**row_of(row), "nodes": documents})
    else:
        _print_run(row, nodes, metrics, with_nodes=not follow)
    if row.state not in ("queued", "running", "finished"):
        raise typer.Exit(1)


def cancel(run: Run, workspace: Workspace = None, json: Json = False) -> None:
    """Cancel a run; a queued one is cancelled at once."""
    with opened(workspace) as bench:
        row = bench.runs.find(run)
        updated = bench.runs.cancel(row.id)
    if json:
        print_json(row_of(updated))
        return
    is_over = row.state not in ("queued", "running")
    outcome = f"already ended ({row.state})" if is_over else "cancelled" if updated.ended else "cancelling"
    print(f"{row.id[:8]}: {outcome}")


def tag(
    run: Run,
    tags: Annotated[list[str] | None, typer.Argument(metavar="[NAME=VALUE]...", help="Tags to set.")] = None,
    remove: Annotated[list[str] | None, typer.Option("--remove", metavar="NAME", help="Remove this tag.")] = None,
    workspace: Workspace = None,
    json: Json = False,
) -> None:
    """Set and remove tags of a run; prints those that it has."""
    from designer.workbench.submitting import read_tags

    with opened(workspace) as bench:
        row = bench.runs.find(run)
        kept = {name: value for name, value in row.tags.items() if name not in (remove or [])}
        row = bench.runs.describe(row.id, tags={**kept, **read_tags(tags or [])})
    if json:
        print_json(row_of(row))
        return
    for name, value in row.tags.items():
        print(f"{name}={value}")


def describe(
    run: Run, text: Annotated[str, typer.Argument(metavar="TEXT")], workspace: Workspace = None, json: Json = False
) -> None:
    """Change the description of a run."""
    with opened(workspace) as bench:
        row = bench.runs.describe(bench.runs.find(run).id, description=text)
    if json:
        print_json(row_of(row))


def compare(
    first: Run,
    others: Annotated[
        list[str] | None, typer.Argument(metavar="[RUN]...", help="Default: the previous run of the same pipeline.")
    ] = None,
    workspace: Workspace = None,
    json: Json = False,
) -> None:
    """Compare runs, the earliest first: the settings that differ, and the metrics."""
    with opened(workspace) as bench:
        runs = [bench.runs.find(text) for text in (first, *(others or []))]
        if len(runs) > 2:
            _print_table(bench.runs.compare_many(runs), json=json)
            return
        compared = bench.runs.compare(runs[0], runs[1] if others else None)
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


def _print_table(table: RunTable, *, json: bool) -> None:
    if json:
        settings, metrics = ([vars(each) for each in rows] for rows in (table.settings, table.metrics))
        print_json({"runs": [run.id for run in table.runs], "settings": settings, "metrics": metrics})
        return
    print("runs " + ", ".join(run.id[:8] for run in table.runs) + ", the earliest first")
    for each in table.settings:
        print(f"  {each.step}, {each.setting}: {' | '.join(each.values)}")
    if not table.settings:
        print("  no setting differs")
    for metric in table.metrics:
        print(f"  {metric.step}, {metric_title(metric.metric)}: {' | '.join(map(written, metric.values))}")


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


def _print_run(
    run: Row, nodes: Mapping[str, NodeRun], metrics: Mapping[str, Mapping[str, Value]], *, with_nodes: bool
) -> None:
    from designer.workbench.assignments import assignments_text

    print(f"{run.id}  {run.state}  {run.name}, {moment(run.started or run.created)}")
    for name, value in run.assignments.items():
        print(f"  {assignments_text({name: value})}")
    for line in _about(run):
        print(f"  {line}")
    for node in nodes.values() if with_nodes else ():
        print(f"  {_line(node)}")
    for id, values in metrics.items():
        print(f"  {nodes[id].title}: {', '.join(f'{metric_title(name)} {written(values[name])}' for name in values)}")
    for node in nodes.values():
        if node.error:
            print(f"\n{node.title} [{node.node}]: {node.error.get('message', '')}".rstrip())
    if run.error:
        print(f"\n{run.error.get('message', '')}")


def _about(run: Row) -> Iterator[str]:
    """What is known of the submission, line by line."""
    if run.number is not None:
        how = f", {run.trigger['kind']}" if run.trigger.get("kind") else ""
        yield f"experiment {run.experiment}, number {run.number}, by {run.submitted_by or 'unknown'}{how}"
    if run.description:
        yield run.description
    if run.tags:
        yield f"tags {', '.join(f'{name}={value}' for name, value in run.tags.items())}"
    commit = run.source.get("azureml.git.commit")
    if commit:
        branch, dirty = run.source.get("azureml.git.branch"), run.source.get("azureml.git.dirty") == "True"
        yield f"commit {commit[:10]}{f' on {branch}' if branch else ''}{', with changed files' if dirty else ''}"


def _line(node: NodeRun) -> str:
    seconds = f"{node.seconds:.2f} s" if node.seconds is not None else ""
    return (
        f"{node.state:<10} {node.title:<40} {seconds:>9}  {' '.join(node.explain.splitlines()) or node.reason}".rstrip()
    )


def figure_of(nodes: Mapping[str, NodeRun]) -> str | None:
    """The headline metric of a run."""
    from designer.workbench.results.headline import headline_of_run

    figure = headline_of_run(nodes)
    return f"{figure.metric} {figure.text}" if figure else None


def row_of(run: Row) -> dict[str, Any]:
    """A run as a JSON document."""
    times = {name: moment(getattr(run, name)) for name in ("created", "started", "ended")}
    about = {name: getattr(run, name) for name in ABOUT}
    return {"id": run.id, "pipeline": run.pipeline_id, "name": run.name, "state": run.state, **times,
            "assignments": run.assignments, "error": run.error, **about}  # fmt: skip


def written(value: Value | None) -> str:
    """The value of a metric as text."""
    return "–" if value is None else value if isinstance(value, str) else f"{value:.6g}"


def _node(node: NodeRun) -> dict[str, Any]:
    return {"title": node.title, "module": node.module, "state": node.state, "seconds": node.seconds,
            "explain": node.explain, "reason": node.reason, "error": node.error, "compute": node.compute,
            "place": node.place,
            "outputs": {port: output.get("summary") for port, output in node.outputs.items()}}  # fmt: skip
