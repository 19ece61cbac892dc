"""`designer endpoint`: list, show, pause, resume, promote, rollback, keys, delete."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from designer.cli.options import Json, Name, To, Workspace, moment, opened, print_json
from designer.contract.counting import counted

if TYPE_CHECKING:
    from designer.store.records import Endpoint, EndpointVersion

app = typer.Typer(no_args_is_help=True, help="Endpoints: what is deployed, which version answers, who may ask.")


@app.command("list")
def print_list(workspace: Workspace = None, json: Json = False) -> None:
    """List the endpoints."""
    with opened(workspace) as bench:
        endpoints = bench.endpoints.all()
    if json:
        print_json([_row(endpoint) for endpoint in endpoints])
        return
    for endpoint in endpoints:
        print(f"{endpoint.name:<32} {endpoint.state:<8} version {endpoint.default_version or 'none'}")


@app.command("show")
def show(name: Name, workspace: Workspace = None, json: Json = False) -> None:
    """Show an endpoint: its versions, the newest first, with what their certificates say, and its keys."""
    with opened(workspace) as bench:
        endpoint, versions = bench.endpoints.get(name), bench.endpoints.versions(name)
        keys = bench.endpoints.keys(name)
    if json:
        slots = [{"slot": key.slot, "begins": key.shown, "used": moment(key.last_used)} for key in keys]
        print_json({**_row(endpoint), "versions": [_version(each) for each in versions], "keys": slots})
        return
    print(f"{endpoint.name}, {endpoint.state}")
    _print_versions(endpoint, versions)
    for key in keys:
        print(
            f"  {key.slot} key begins {key.shown}, "
            + (f"used {moment(key.last_used)}" if key.last_used else "never used")
        )


@app.command("pause")
def pause(name: Name, workspace: Workspace = None, json: Json = False) -> None:
    """Answer 503 until the endpoint is resumed."""
    with opened(workspace) as bench:
        bench.endpoints.pause(name)
        _said(bench.endpoints.get(name), "paused", json=json)


@app.command("resume")
def resume(name: Name, workspace: Workspace = None, json: Json = False) -> None:
    """Answer again."""
    with opened(workspace) as bench:
        bench.endpoints.resume(name)
        _said(bench.endpoints.get(name), "answers again", json=json)


@app.command("promote")
def promote(
    name: Name,
    version: Annotated[int, typer.Argument(min=1, metavar="VERSION", help="The number of the version.")],
    workspace: Workspace = None,
    json: Json = False,
) -> None:
    """Let another version answer, a newer one or one before."""
    with opened(workspace) as bench:
        bench.endpoints.promote(name, version)
        _said(bench.endpoints.get(name), f"version {version} answers", json=json)


@app.command("rollback")
def roll_back(name: Name, workspace: Workspace = None, json: Json = False) -> None:
    """Let the version before the present one answer."""
    with opened(workspace) as bench:
        version = bench.endpoints.roll_back(name)
        _said(bench.endpoints.get(name), f"version {version} answers", json=json)


@app.command("keys")
def keys(
    name: Name,
    rotate: Annotated[str, typer.Option(metavar="primary|secondary", help="Make a new key in this slot.")] = "",
    workspace: Workspace = None,
    json: Json = False,
) -> None:
    """Show the keys of an endpoint, or replace one: the other goes on opening."""
    with opened(workspace) as bench:
        if rotate:
            bench.endpoints.rotate(name, rotate)
        slots = [key.slot for key in bench.endpoints.keys(name)]
        known = {slot: bench.endpoints.reveal(name, slot) for slot in slots}
    if json:
        print_json(known)
        return
    for slot, key in known.items():
        print(f"{slot:<9} {key or 'known by its digest only: --rotate makes a new one'}")


@app.command("export")
def export(
    name: Name,
    output: Annotated[Path, typer.Option("-o", "--output", metavar="FILE", help="Where the file goes.")],
    to: To = "onnx",
    workspace: Workspace = None,
    json: Json = False,
) -> None:
    """Write what answers as one ONNX file, or the script or notebook that trains it."""
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
    yes: Annotated[bool, typer.Option("--yes", help="Do not ask.")] = False,
    workspace: Workspace = None,
    json: Json = False,
) -> None:
    """Remove an endpoint with its versions and keys."""
    with opened(workspace) as bench:
        endpoint, count = bench.endpoints.get(name), len(bench.endpoints.versions(name))
        if not yes:
            typer.confirm(f"Remove '{name}' with {counted(count, 'version')} and its keys for ever?", abort=True)
        bench.endpoints.delete(name)
    _said(endpoint, "removed", json=json)


def _said(endpoint: Endpoint, words: str, *, json: bool) -> None:
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


def _row(endpoint: Endpoint) -> dict[str, Any]:
    return {"name": endpoint.name, "state": endpoint.state, "version": endpoint.default_version,
            "description": endpoint.description, "requires_key": endpoint.requires_key}  # fmt: skip


def _version(version: EndpointVersion) -> dict[str, Any]:
    return {"version": version.version, "state": version.state, "engine": version.engine, "reason": version.reason,
            "run": version.run_id, "pipeline": version.pipeline_id, "created": moment(version.created),
            "certificate": version.certificate}  # fmt: skip
