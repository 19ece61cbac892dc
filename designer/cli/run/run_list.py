"""`designer run list|filters`: the runs of the workspace, filtered, sorted, with chosen metrics."""

from __future__ import annotations

import time
from dataclasses import replace
from typing import TYPE_CHECKING, Annotated

import typer

from designer.charts.metric_title import metric_title
from designer.cli.options import Json, Workspace, moment, note_none, opened, print_json
from designer.cli.run.runs import figure_of, row_of, written

if TYPE_CHECKING:
    from designer.store.history.run_query import RunQuery
    from designer.store.records import Run
    from designer.workbench.runs import Listing

SORT_HELP = "created, name, state, experiment, number, seconds, or a metric; '-' before it: largest first."


def print_list(
    workspace: Workspace = None,
    pipeline: Annotated[str, typer.Option(metavar="PIPELINE", help="Only runs of this pipeline.")] = "",
    experiment: Annotated[str, typer.Option(metavar="NAME", help="Only runs of this experiment.")] = "",
    state: Annotated[str, typer.Option(metavar="STATE", help="queued, running, finished, failed, cancelled.")] = "",
    tag: Annotated[list[str] | None, typer.Option(metavar="NAME[=VALUE]", help="Only runs with this tag.")] = None,
    text: Annotated[str, typer.Option(metavar="TEXT", help="Part of the name, description or a tag.")] = "",
    sort: Annotated[str, typer.Option(metavar="KEY", help=SORT_HELP)] = "",
    column: Annotated[list[str] | None, typer.Option(metavar="METRIC", help="Show this metric.")] = None,
    limit: Annotated[int, typer.Option(min=1, metavar="N", help="The maximum number of runs.")] = 20,
    imports: Annotated[bool, typer.Option("--imports", help="Include imports of datasets.")] = False,
    filter_: Annotated[str, typer.Option("--filter", metavar="NAME", help="Start from this saved filter.")] = "",
    save: Annotated[str, typer.Option(metavar="NAME", help="Save these options as a filter.")] = "",
    json: Json = False,
) -> None:
    """List the runs, newest first."""
    from designer.store.history.run_query import RunQuery

    with opened(workspace) as bench:
        base = bench.runs.filter(filter_) if filter_ else RunQuery()
        query = replace(
            base,
            pipeline=bench.pipelines.find(pipeline).id if pipeline else base.pipeline,
            experiment=experiment or base.experiment,
            state=state or base.state,
            tags={**base.tags, **dict(each.partition("=")[::2] for each in tag or [])},
            text=text or base.text,
            sort=sort or base.sort,
            columns=tuple(column or base.columns),
            with_imports=imports or base.with_imports,
        )
        bench.runs.require_sortable(sort, "--sort")
        for name in column or []:
            bench.runs.require_metric(name, "--column")
        if save:
            bench.runs.keep_filter(save, query)
        listing = bench.runs.listed(query, limit)
    if json:
        _print_json(listing)
    else:
        _print_lines(listing, query)
        note_none(listing.runs, "No runs match these filters." if query.is_narrow else "There are no runs.")


def print_filters(
    workspace: Workspace = None,
    forget: Annotated[str, typer.Option(metavar="NAME", help="Remove this one instead.")] = "",
    json: Json = False,
) -> None:
    """List the saved filters of the list of runs."""
    with opened(workspace) as bench:
        if forget:
            bench.runs.forget_filter(forget)
            return
        filters = bench.runs.filters()
    if json:
        print_json({name: query.to_json() for name, query in filters.items()})
        return
    for name, query in filters.items():
        fields = {key: value for key, value in query.to_json().items() if value and key != "with_imports"}
        print(f"{name}: {', '.join(f'{key} {value}' for key, value in fields.items())}")
    note_none(filters, "There are no saved filters.")


def _print_json(listing: Listing) -> None:
    figures = {run.id: figure_of(listing.nodes.get(run.id, {})) for run in listing.runs}
    print_json([{**row_of(run), "figure": figures[run.id], "metrics": listing.metrics[run.id]} for run in listing.runs])


def _print_lines(listing: Listing, query: RunQuery) -> None:
    from designer.workbench.assignments import assignments_text

    for run in listing.runs:
        seconds = f"{(run.ended or time.time()) - run.started:.1f} s" if run.started else ""
        metrics = listing.metrics[run.id]
        shown = [f"{metric_title(name)} {written(metrics.get(name))}" for name in query.columns]
        figures = ", ".join(shown) if shown else figure_of(listing.nodes.get(run.id, {})) or ""
        tags = " ".join(f"{name}={value}" for name, value in run.tags.items())
        line = f"{run.id[:8]}  {run.state:<9} {moment(run.started or run.created)}  {seconds:>9}  "
        about = "  ".join(each for each in (figures, assignments_text(run.assignments), tags) if each)
        print(f"{line}{_numbered(run):<16} {run.name:<32} {about}".rstrip())


def _numbered(run: Run) -> str:
    return f"{run.experiment} #{run.number}" if run.number is not None else ""
