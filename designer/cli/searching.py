"""`designer tune`, and `designer search`: list, show, keep."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from designer.cli.options import Json, Workspace, moment, opened, print_json, print_rows

if TYPE_CHECKING:
    from designer.contract.catalogue.library import Library
    from designer.pipeline.graph import Pipeline
    from designer.workbench.searches import Ranked
    from designer.workbench.workbench import Workbench

app = typer.Typer(no_args_is_help=True, help="Searches that nodes make: their trials, ranked.")
Id = Annotated[str, typer.Argument(metavar="ID", help="The search.")]


def tune(folder: Path, file: Path, settings: list[str], node: str | None, opening: Any, *, json: bool) -> int:
    """Run a pipeline up to a node that searches; print its trials as they end, then the leaderboard."""
    from designer.cli.files import find_node, read_pipeline, with_settings
    from designer.cli.opening import opened as opened_workspace
    from designer.cli.own_modules import library_for
    from designer.cli.running import finished_run
    from designer.workbench.workbench import Workbench

    with opening() as backend, opened_workspace(folder, makes=True) as workspace:
        pipeline = read_pipeline(file)
        library = library_for(pipeline, workspace)
        pipeline = with_settings(pipeline, settings, library)
        target = find_node(pipeline, node, library) if node else _only_search(pipeline, library)
        result = finished_run(
            pipeline, library, workspace, to=target, force=False, quiet=json, backend=backend,
            on_progress=lambda text: print(text, file=sys.stderr if json else sys.stdout, flush=True),
        )  # fmt: skip
        bench = Workbench(workspace, workspace.library)
        for search in bench.searches.of_result(result.run_id, target):
            _print(bench, search.id, json=json)
    for ended in result.nodes.values():
        if ended.error:
            print(f"[{ended.node}] {ended.error.get('message', ended.error)}", file=sys.stderr)
    return 0 if result.ok else 1


@app.command("list")
def print_list(workspace: Workspace = None, json: Json = False) -> None:
    """List the latest searches."""
    from designer.workbench.searches import search_document

    with opened(workspace) as bench:
        searches = bench.searches.all()
    print_rows(
        searches, search_document, lambda each: f"{each.id}  {moment(each.created)}  {each.state:<11}  {each.title}",
        "No pipeline searched anything yet.", json=json,
    )  # fmt: skip


@app.command("show")
def show(id: Id, workspace: Workspace = None, json: Json = False) -> None:
    """Show the leaderboard of a search."""
    with opened(workspace) as bench:
        _print(bench, id, json=json)


@app.command("keep")
def keep(id: Id, workspace: Workspace = None) -> None:
    """End a running search and keep the best of its trials."""
    with opened(workspace) as bench:
        bench.searches.keep_best(id)
    print("It ends with the best so far.")


def _only_search(pipeline: Pipeline, library: Library) -> str:
    """The only node that searches. Raises InvalidParameter if there is none, or several."""
    from designer.contract.errors import InvalidParameter

    modules = {id: library.get(node.module) for id, node in pipeline.nodes.items()}
    ids = [id for id, module in modules.items() if module is not None and module.spec().abilities.searches]
    if len(ids) == 1:
        return ids[0]
    problem = f"{len(ids)} nodes search: {', '.join(ids)}" if ids else "no node of the pipeline searches"
    raise InvalidParameter(problem, "Name one with --node." if ids else "Add Tune Model Hyperparameters.")


def _print(bench: Workbench, id: str, *, json: bool) -> None:
    search, rows = bench.searches.get(id), bench.searches.leaderboard(id)
    if json:
        from designer.workbench.searches import search_document

        print_json({**search_document(search), "trials": [row.to_json() for row in rows]})
        return
    print(f"\nSearch {search.id}, {search.title}: {search.state}. {search.metric}:")
    for row in rows:
        print(_line(row))
    if search.sentence:
        print(search.sentence)


def _line(row: Ranked) -> str:
    trial = row.trial
    value = "-" if trial.value is None else f"{trial.value:.6g}"
    spread = "" if row.deviation is None else f"± {row.deviation:.2g}"
    settings = ", ".join(f"{name} {_short(value)}" for name, value in trial.settings.items())
    words = trial.reason or (trial.error or {}).get("found") or ("reused" if trial.reused else "")
    ranked = f"{row.rank or '-':>4}  trial {trial.number + 1:<4} {trial.state:<9} {value:>9} {spread:<9}"
    return f"{ranked} {settings}{f'  ({words})' if words else ''}"


def _short(value: Any) -> str:
    return f"{value:.4g}" if isinstance(value, float) else str(value)
