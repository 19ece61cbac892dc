"""`designer compute list|add|test|default|remove` and `designer worker`."""

from __future__ import annotations

import re
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from designer.cli.options import Json, Workspace, opened, print_json
from designer.contract.errors import InvalidParameter
from designer.contract.wording.counting import counted

if TYPE_CHECKING:
    from designer.store.records import Compute
    from designer.workbench.computes import ProofStep
    from designer.workbench.workbench import Workbench

app = typer.Typer(no_args_is_help=True, help="Computes: where steps run, besides this computer.")
Name = Annotated[str, typer.Argument(metavar="NAME", help="The compute.")]
Certificate = Annotated[Path | None, typer.Option("--tls-certificate", metavar="FILE", help="Of this computer.")]
Key = Annotated[Path | None, typer.Option("--tls-key", metavar="FILE", help="The key of the certificate.")]
Authority = Annotated[Path | None, typer.Option("--tls-ca", metavar="FILE", help="Who signed the certificates.")]
Address = Annotated[str, typer.Option(metavar="ADDRESS", help="The scheduler of a Dask cluster: tcp://127.0.0.1:8786.")]
Processes = Annotated[
    str, typer.Option(metavar="MIN..MAX", help="Worker processes on this computer, started as needed: 0..4.")
]
Threads = Annotated[int, typer.Option(min=1, metavar="N", help="Steps at once in each worker.")]
Memory = Annotated[
    float, typer.Option(min=0, metavar="GB", help="Most memory of a step (default: 80 % of a computer).")
]
Idle = Annotated[float, typer.Option(min=0, metavar="SECONDS", help="Idle workers are released after this time.")]


@app.command("list")
def print_list(workspace: Workspace = None, json: Json = False) -> None:
    """List the computes; the default one is marked."""
    with opened(workspace) as bench:
        rows, here, default = bench.computes.all(), bench.computes.here(), bench.computes.default()
        users = {row.name: [run.id for run in bench.computes.runs_using(row.name)] for row in rows}
    if json:
        print_json([_document(row, users[row.name]) for row in rows])
        return
    lines = [("local", f"this computer, {counted(here.slots, 'step')} at once"), *((r.name, _about(r)) for r in rows)]
    for name, about in lines:
        print(f"{name:<24} {about}{'  (default)' if name == default else ''}")


@app.command("add")
def add(
    name: Name,
    address: Address = "",
    processes: Processes = "",
    threads: Threads = 1,
    memory: Memory = 0,
    idle: Idle = 60,
    tls_ca: Authority = None,
    tls_certificate: Certificate = None,
    tls_key: Key = None,
    replace: Annotated[bool, typer.Option("--replace", help="Change the one of that name.")] = False,
    workspace: Workspace = None,
    json: Json = False,
) -> None:
    """Keep a compute without reaching it; see `designer compute test`."""
    from designer.store.computes import ComputeOrder

    if bool(address) == bool(processes):
        raise InvalidParameter("give an address or processes", "Write --address tcp://… or --processes 0..4.")
    minimum, maximum = _bounds(processes) if processes else (0, 1)
    files = _files(tls_ca, tls_certificate, tls_key)
    order = ComputeOrder(address, minimum, maximum, threads, int(memory * 1024**3), idle, files)
    with opened(workspace, makes=True) as bench:
        row = bench.computes.add(name, order, replace=replace)
        _print(bench, row, json=json)


@app.command("test")
def prove(name: Name, workspace: Workspace = None, json: Json = False) -> None:
    """Test a compute: reach it, compare versions and clocks, run a step there and here, cancel one. Exits with 1 if a
    step fails."""

    def show(step: ProofStep) -> None:
        if not json:
            print(f"{'failed' if step.problem else 'ok':<7}{step.title}: {step.problem or step.found}", flush=True)

    with opened(workspace) as bench:
        steps = bench.computes.test(name, on_step=show)
    if json:
        print_json([vars(step) for step in steps])
    raise typer.Exit(1 if steps[-1].problem else 0)


@app.command("default")
def set_default(name: Name, workspace: Workspace = None) -> None:
    """Make a compute, or local, the one that runs what names none."""
    with opened(workspace) as bench:
        print(f"{bench.computes.set_default(name)}: the default now")


@app.command("remove")
def remove(name: Name, workspace: Workspace = None) -> None:
    """Forget a compute. Refused while a run uses it."""
    with opened(workspace) as bench:
        print(f"{bench.computes.remove(name).name}: removed")


def worker(
    scheduler: Annotated[str, typer.Argument(metavar="ADDRESS", help="The scheduler: tcp://127.0.0.1:8786.")],
    name: Annotated[str, typer.Option(metavar="NAME", help="The worker in messages (default: its host).")] = "",
    threads: Threads = 1,
    tls_ca: Authority = None,
    tls_certificate: Certificate = None,
    tls_key: Key = None,
) -> None:
    """Run a worker for a Dask cluster until its scheduler is gone; Ctrl-C stops it."""
    from designer.engine.dask.refusals import require_cluster_support

    require_cluster_support()
    from designer.engine.dask.worker_process import serve_worker

    print(f"designer: a worker for {scheduler}, {counted(threads, 'step')} at once", file=sys.stderr)
    try:
        serve_worker(scheduler, name, threads, _files(tls_ca, tls_certificate, tls_key))
    except KeyboardInterrupt:
        raise typer.Exit(130) from None


def _bounds(text: str) -> tuple[int, int]:
    match = re.fullmatch(r"(\d{1,6})(?:\.\.(\d{1,6}))?", text)
    if match is None:
        raise InvalidParameter(f"'{text[:40]}' is no number of workers", "Write 4, or 0..4.", parameter="Processes")
    return int(match[1]), int(match[2] or match[1])


def _files(ca: Path | None, certificate: Path | None, key: Path | None) -> dict[str, str]:
    files = {"ca": ca, "certificate": certificate, "key": key}
    return {name: str(path) for name, path in files.items() if path is not None}


def _about(row: Compute) -> str:
    if row.kind == "cluster":
        return row.address
    return f"{row.minimum} to {counted(row.maximum, 'process')}, {counted(row.threads, 'step')} at once each"


def _document(row: Compute, users: list[str]) -> dict[str, Any]:
    return {**row.model_dump(exclude={"created"}), "runs": users}


def _print(bench: Workbench, row: Compute, *, json: bool) -> None:
    if json:
        print_json(_document(row, [run.id for run in bench.computes.runs_using(row.name)]))
    else:
        print(f"{row.name}: {_about(row)}")
