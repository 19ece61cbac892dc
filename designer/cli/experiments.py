"""`designer experiment list|show|describe|archive|restore`: named groups of runs."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Any

import typer

from designer.cli.options import Json, Workspace, moment, note_none, opened, print_json
from designer.contract.wording.counting import counted

if TYPE_CHECKING:
    from designer.store.records import Experiment

app = typer.Typer(no_args_is_help=True, help="Experiments: named groups of runs.")
Name = Annotated[str, typer.Argument(metavar="NAME", help="The experiment.")]


@app.command("list")
def print_list(
    workspace: Workspace = None,
    archived: Annotated[bool, typer.Option("--archived", help="Include archived ones.")] = False,
    json: Json = False,
) -> None:
    """List the experiments, the latest used first."""
    with opened(workspace) as bench:
        experiments = bench.experiments.all(archived=archived)
    if json:
        counts = [{"runs": each.runs, "latest": moment(each.latest) or None} for each in experiments]
        print_json([{**_row(each.experiment), **count} for each, count in zip(experiments, counts, strict=True)])
        return
    for each in experiments:
        row = each.experiment
        words = [*(["archived"] if row.archived else []), " ".join(row.description.split())]
        print(f"{row.name:<24} {counted(each.runs, 'run'):>9}  {moment(each.latest)}  {' '.join(words)}".rstrip())
    note_none(experiments, "There are no experiments.")


@app.command()
def show(name: Name, workspace: Workspace = None, json: Json = False) -> None:
    """Show an experiment. Its runs: designer run list --experiment NAME."""
    with opened(workspace) as bench:
        row = bench.experiments.get(name)
    _print(row, json=json)


@app.command()
def describe(
    name: Name, text: Annotated[str, typer.Argument(metavar="TEXT")], workspace: Workspace = None, json: Json = False
) -> None:
    """Change the description of an experiment."""
    with opened(workspace) as bench:
        row = bench.experiments.describe(name, text)
    _print(row, json=json)


@app.command()
def archive(name: Name, workspace: Workspace = None, json: Json = False) -> None:
    """Hide an experiment and refuse further runs. Its runs stay."""
    with opened(workspace) as bench:
        row = bench.experiments.archive(name)
    _print(row, json=json)


@app.command()
def restore(name: Name, workspace: Workspace = None, json: Json = False) -> None:
    """Undo archive."""
    with opened(workspace) as bench:
        row = bench.experiments.restore(name)
    _print(row, json=json)


def _print(row: Experiment, *, json: bool) -> None:
    if json:
        print_json(_row(row))
        return
    state = f", archived {moment(row.archived)}" if row.archived else ""
    print(f"{row.name}, since {moment(row.created)}{state}")
    if row.description:
        print(f"  {row.description}")


def _row(row: Experiment) -> dict[str, Any]:
    times = {name: moment(getattr(row, name)) or None for name in ("created", "archived")}
    return {"name": row.name, "description": row.description, **times}
