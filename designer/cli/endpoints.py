"""`designer endpoint`: list, show, pause, resume, promote, rollback, keys, delete."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from designer.cli.keys import Rotate, key_documents, print_keys, print_slots
from designer.cli.options import Json, Name, To, Workspace, Yes, moment, opened, print_json, print_rows
from designer.contract.wording.counting import counted

if TYPE_CHECKING:
    from designer.store.records import Endpoint, EndpointVersion

app = typer.Typer(no_args_is_help=True, help="Endpoints, their versions and keys.")


@app.command("list")
def print_list(workspace: Workspace = None, json: Json = False) -> None:
    """List the endpoints."""
    with opened(workspace) as bench:
        endpoints = bench.endpoints.all()
    print_rows(endpoints, _row, _line, "There are no endpoints.", json=json)


@app.command("show")
def show(name: Name, workspace: Workspace = None, json: Json = False) -> None:
    """Show an endpoint: its versions, newest first, with their certificates, and its keys."""
    with opened(workspace) as bench:
        endpoint, versions = bench.endpoints.get(name), bench.endpoints.versions(name)
        keys = bench.endpoints.keys(name)
    if json:
        documents = [_version(each) for each in versions]
        print_json({**_row(endpoint), "versions": documents, "keys": key_documents(keys)})
        return
    print(f"{endpoint.name}, {endpoint.state}")
    _print_versions(endpoint, versions)
    print_slots(keys)


@app.command("pause")
def pause(name: Name, workspace: Workspace = None, json: Json = False) -> None:
    """Answer 503 until the endpoint is resumed."""
    with opened(workspace) as bench:
        bench.endpoints.pause(name)
        _print_endpoint(bench.endpoints.get(name), "paused", json=json)


@app.command("resume")
def resume(name: Name, workspace: Workspace = None, json: Json = False) -> None:
    """Resume a paused endpoint."""
    with opened(workspace) as bench:
        bench.endpoints.resume(name)
        _print_endpoint(bench.endpoints.get(name), "resumed", json=json)


@app.command("promote")
def promote(
    name: Name,
    version: Annotated[int, typer.Argument(min=1, metavar="VERSION", help="The version number.")],
    workspace: Workspace = None,
    json: Json = False,
) -> None:
    """Make another version the default."""
    with opened(workspace) as bench:
        bench.endpoints.promote(name, version)
        _print_endpoint(bench.endpoints.get(name), f"version {version} is the default", json=json)


@app.command("rollback")
def roll_back(name: Name, workspace: Workspace = None, json: Json = False) -> None:
    """Make the newest usable version before the default one the default."""
    with opened(workspace) as bench:
        version = bench.endpoints.roll_back(name)
        _print_endpoint(bench.endpoints.get(name), f"version {version} is the default", json=json)


@app.command("keys")
def keys(
    name: Name,
    rotate: Rotate = "",
    workspace: Workspace = None,
    json: Json = False,
) -> None:
    """Show the keys of an endpoint, or replace one; the other stays valid."""
    with opened(workspace) as bench:
        if rotate:
            bench.endpoints.rotate(name, rotate)
        values = {key.slot: bench.endpoints.reveal(name, key.slot) for key in bench.endpoints.keys(name)}
    print_keys(values, json=json)


@app.command("export")
def export(
    name: Name,
    output: Annotated[Path, typer.Option("-o", "--output", metavar="FILE", help="The output file.")],
    to: To = "onnx",
    workspace: Workspace = None,
    json: Json = False,
) -> None:
    """Export the default version to ONNX, or its training pipeline to a script or notebook."""
    from designer.cli.files import format_named, put

    with opened(workspace) as bench:
        endpoint, format = bench.endpoints.get(name), format_named(to)
        files = put(output, lambda folder: bench.exports.endpoint(name, format, folder))
    if json:
        print_json({**_row(endpoint), "files": [str(file) for file in files]})
    else:
        print(*files, sep="\n")


@app.command("delete")
def delete(
    name: Name,
    yes: Yes = False,
    workspace: Workspace = None,
    json: Json = False,
) -> None:
    """Remove an endpoint with its versions and keys."""
    with opened(workspace) as bench:
        endpoint, count = bench.endpoints.get(name), len(bench.endpoints.versions(name))
        if not yes:
            typer.confirm(f"Permanently remove '{name}' with {counted(count, 'version')} and its keys?", abort=True)
        bench.endpoints.delete(name)
    _print_endpoint(endpoint, "removed", json=json)


def _print_endpoint(endpoint: Endpoint, words: str, *, json: bool) -> None:
    if json:
        print_json(_row(endpoint))
    else:
        print(f"{endpoint.name}: {words}")


def _print_versions(endpoint: Endpoint, versions: Sequence[EndpointVersion]) -> None:
    for each in versions:
        mark = "*" if each.version == endpoint.default_version else " "
        print(f"{mark} version {each.version:<3} {each.state:<7} {each.engine:<12} {moment(each.created)}")
        if each.certificate.get("sentence"):
            print(f"    {each.certificate['sentence']}")


def _line(endpoint: Endpoint) -> str:
    return f"{endpoint.name:<32} {endpoint.state:<8} version {endpoint.default_version or 'none'}"


def _row(endpoint: Endpoint) -> dict[str, Any]:
    return {"name": endpoint.name, "state": endpoint.state, "version": endpoint.default_version,
            "description": endpoint.description, "requires_key": endpoint.requires_key}  # fmt: skip


def _version(version: EndpointVersion) -> dict[str, Any]:
    return {"version": version.version, "state": version.state, "engine": version.engine, "reason": version.reason,
            "run": version.run_id, "pipeline": version.pipeline_id, "created": moment(version.created),
            "certificate": version.certificate}  # fmt: skip
