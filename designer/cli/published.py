"""`designer published`: add, list, show, submit, default, describe, enable, disable, keys, delete."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from designer.cli.keys import Rotate, key_documents, print_keys, print_slots
from designer.cli.options import (
    Description,
    Experiment,
    Json,
    Params,
    Tags,
    Workspace,
    Yes,
    moment,
    note_none,
    opened,
    print_json,
)
from designer.contract.errors import InvalidParameter
from designer.contract.wording.counting import counted

if TYPE_CHECKING:
    from designer.pipeline.graph import Pipeline as Graph
    from designer.store.records import Endpoint, EndpointVersion, Run
    from designer.workbench.workbench import Workbench

app = typer.Typer(
    no_args_is_help=True, help="Published pipelines, which run with other values over REST, by code and on schedules."
)

Name = Annotated[str, typer.Argument(metavar="NAME", help="Its name or address.")]
Version = Annotated[str, typer.Argument(metavar="VERSION", help="A version by number or label.")]
RUNS = 5


@app.command("add")
def add(
    name: Annotated[str, typer.Argument(metavar="NAME", help="Its name; one that is there gets another version.")],
    pipeline: Annotated[str, typer.Option(metavar="PIPELINE", help="A saved pipeline: name, id or prefix of it.")] = "",
    run: Annotated[str, typer.Option(metavar="RUN", help="A run, whose values become the defaults.")] = "",
    file: Annotated[Path | None, typer.Option(metavar="FILE", help="A pipeline document.")] = None,
    version: Annotated[str, typer.Option("--version", metavar="V", help="A label of the version, such as 1.0.")] = "",
    description: Description = "",
    workspace: Workspace = None,
    json: Json = False,
) -> None:
    """Publish a pipeline: its graph, its parameters and the versions of its components stay as they are now."""
    if sum(map(bool, (pipeline, run, file))) != 1:
        raise InvalidParameter(
            "it is open what to publish", "Name one of --pipeline, --run and --file.", parameter="--pipeline"
        )
    from designer.cli.files import read_pipeline

    graph = None if file is None else read_pipeline(file)
    with opened(workspace, makes=graph is not None) as bench:
        made = _published(bench, name, pipeline, run, graph, description, version)
        _print(bench, bench.published.find(made.endpoint), f"version {_label(made)}", json=json)


@app.command("list")
def print_list(workspace: Workspace = None, json: Json = False) -> None:
    """List the published pipelines, with their newest run."""
    with opened(workspace) as bench:
        rows, latest = bench.published.all(), bench.published.latest_runs()
    if json:
        print_json([{**_row(row), "last_run": _run(latest.get(row.name))} for row in rows])
        return
    for row in rows:
        run = latest.get(row.name)
        ran = f"{run.state} {moment(run.created)}" if run else "never ran"
        print(f"{row.title:<32} {_state(row):<9} version {row.default_version or 'none':<5} {ran}")
    note_none(rows, "There are no published pipelines.")


@app.command("show")
def show(name: Name, workspace: Workspace = None, json: Json = False) -> None:
    """Show a published pipeline: its address, parameters, versions, keys and newest runs."""
    with opened(workspace) as bench:
        row, versions = bench.published.find(name), bench.published.versions(name)
        keys, document = bench.published.keys(name), _document(bench, row, versions)
    if json:
        print_json(document)
        return
    print(f"{row.title}, {_state(row)}, {document['endpoint'] or f'/pipelines/{row.name}/submit'}")
    for line in filter(None, [row.description, *_parameter_lines(document["parameters"])]):
        print(f"  {line}")
    for each in versions:
        mark = "*" if each.version == row.default_version else " "
        print(f"{mark} version {each.version:<3} {each.label:<12} {moment(each.created)}".rstrip())
    print_slots(keys)
    for run in document["runs"]:
        print(f"  run {run['id'][:8]}  {run['state']:<9} version {run['version']}, {run['created']}")


@app.command("submit")
def submit(
    name: Name,
    params: Params = None,
    version: Annotated[str, typer.Option("--version", metavar="V", help="Default: the default version.")] = "",
    force: Annotated[bool, typer.Option("--force", help="Reuse no results.")] = False,
    experiment: Experiment = "",
    tag: Tags = None,
    description: Description = "",
    workspace: Workspace = None,
    json: Json = False,
) -> None:
    """Queue a run of a published pipeline; the engine of a running Designer executes it."""
    from designer.cli.files import assignments_of
    from designer.workbench.submitting import read_tags, submission

    about = submission("cli", experiment=experiment, description=description, tags=read_tags(tag or []))
    with opened(workspace) as bench:
        given = assignments_of(params or [])
        run = bench.published.submit(name, version=version or None, assignments=given, submission=about, force=force)
        is_stuck = bench.runs.is_stuck(run)
    if json:
        from designer.cli.run.runs import row_of

        print_json(row_of(run))
    else:
        print(f"{run.id[:8]}  {run.name}: {run.state}")
    if is_stuck:
        print("designer: no engine is running on this workspace; the run waits for: designer start", file=sys.stderr)


@app.command("default")
def set_default(name: Name, version: Version, workspace: Workspace = None, json: Json = False) -> None:
    """Make a version the one that runs where none is named."""
    with opened(workspace) as bench:
        made = bench.published.set_default(name, version)
        _print(bench, bench.published.find(name), f"version {_label(made)} is the default", json=json)


@app.command("describe")
def describe(
    name: Name, text: Annotated[str, typer.Argument(metavar="TEXT")], workspace: Workspace = None, json: Json = False
) -> None:
    """Change the description."""
    with opened(workspace) as bench:
        _print(bench, bench.published.describe(name, text), "described", json=json)


@app.command("enable")
def enable(name: Name, workspace: Workspace = None, json: Json = False) -> None:
    """Take runs again."""
    with opened(workspace) as bench:
        _print(bench, bench.published.enable(name), "enabled", json=json)


@app.command("disable")
def disable(name: Name, workspace: Workspace = None, json: Json = False) -> None:
    """Refuse new runs, over REST with 503, until it is enabled. Its runs stay."""
    with opened(workspace) as bench:
        _print(bench, bench.published.disable(name), "disabled", json=json)


@app.command("keys")
def keys(
    name: Name,
    rotate: Rotate = "",
    workspace: Workspace = None,
    json: Json = False,
) -> None:
    """Show the keys that open it over REST, or replace one; the other stays valid."""
    with opened(workspace) as bench:
        if rotate:
            bench.published.rotate(name, rotate)
        values = {key.slot: bench.published.reveal(name, key.slot) for key in bench.published.keys(name)}
    print_keys(values, json=json)


@app.command("delete")
def delete(
    name: Name,
    yes: Yes = False,
    workspace: Workspace = None,
    json: Json = False,
) -> None:
    """Remove a published pipeline with its versions and keys. Its runs stay."""
    with opened(workspace) as bench:
        row, count = bench.published.find(name), len(bench.published.versions(name))
        if not yes:
            typer.confirm(
                f"Permanently remove '{row.title}' with {counted(count, 'version')} and its keys?", abort=True
            )
        bench.published.delete(name)
    if json:
        print_json(_row(row))
    else:
        print(f"{row.title}: removed")


def _published(
    bench: Workbench, name: str, pipeline: str, run: str, graph: Graph | None, description: str, version: str
) -> EndpointVersion:
    if pipeline:
        id = bench.pipelines.find(pipeline).id
        return bench.published.publish_draft(id, name, description=description, version=version)
    if run:
        return bench.published.publish_run(bench.runs.find(run).id, name, description=description, version=version)
    assert graph is not None
    return bench.published.publish(graph, name, description=description, version=version)


def _print(bench: Workbench, row: Endpoint, words: str, *, json: bool) -> None:
    if json:
        print_json(_document(bench, row, bench.published.versions(row.name)))
    else:
        print(f"{row.title}: {words}")


def _document(bench: Workbench, row: Endpoint, versions: Sequence[EndpointVersion]) -> dict[str, Any]:
    default = next((each for each in versions if each.version == row.default_version), None)
    return {
        **_row(row),
        "endpoint": _endpoint(bench, row),
        "parameters": dict(default.parameters) if default is not None else {},
        "datasets": [vars(each) for each in bench.published.datasets(default)] if default is not None else [],
        "versions": [{"version": each.version, "label": each.label, "pipeline": each.pipeline_id, "run": each.run_id,
                      "created": moment(each.created)} for each in versions],
        "keys": key_documents(bench.published.keys(row.name)),
        "runs": [_run(run) for run in bench.published.runs(row.name, RUNS)],
    }  # fmt: skip


def _endpoint(bench: Workbench, row: Endpoint) -> str | None:
    from designer.workbench.started import NotStarted

    try:
        return f"{bench.published.address(row.name)}/submit"
    except NotStarted:
        return None


def _parameter_lines(parameters: dict[str, dict[str, Any]]) -> list[str]:
    return [
        f"{name}: {each['type']}, {'default ' + str(each['default']) if each['default'] is not None else 'required'}"
        for name, each in parameters.items()
    ]


def _row(row: Endpoint) -> dict[str, Any]:
    return {"name": row.title, "address": row.name, "state": _state(row), "version": row.default_version,
            "description": row.description}  # fmt: skip


def _run(run: Run | None) -> dict[str, Any] | None:
    if run is None:
        return None
    return {"id": run.id, "state": run.state, "version": run.trigger.get("version"), "created": moment(run.created)}


def _state(row: Endpoint) -> str:
    return "enabled" if row.state == "ready" else "disabled"


def _label(version: EndpointVersion) -> str:
    return f"{version.version}, {version.label}" if version.label else str(version.version)
