"""`designer schedule`: add, list, show, times, enable, disable, fire, fires, delete."""

from __future__ import annotations

import sys
from functools import partial
from typing import TYPE_CHECKING, Annotated, Any

import typer

from designer.cli.options import Experiment, Json, Params, Workspace, Yes, moment, opened, print_json, print_rows

if TYPE_CHECKING:
    from designer.store.records import Schedule, ScheduleFire
    from designer.workbench.workbench import Workbench

app = typer.Typer(no_args_is_help=True, help="Schedules, which run published pipelines by themselves.")

Name = Annotated[str, typer.Argument(metavar="NAME", help="The schedule.")]
Cron = Annotated[str, typer.Option(metavar="'M H D M W'", help="Five fields, as 30 6 * * MON-FRI, or @daily.")]
Zone = Annotated[str, typer.Option("--timezone", metavar="ZONE", help="As Europe/Berlin (default: this computer's).")]
Every = Annotated[str, typer.Option(metavar="TIME", help="30s, 15m, 2h or 1d.")]
Files = Annotated[str, typer.Option("--on-files", metavar="PATTERN", help="A folder, or a pattern of files in one.")]
Dataset = Annotated[str, typer.Option("--on-dataset", metavar="NAME", help="A new version of this dataset.")]


@app.command("add")
def add(
    name: Name,
    published: Annotated[str, typer.Argument(metavar="PUBLISHED", help="The published pipeline: name or address.")],
    cron: Cron = "",
    timezone: Zone = "",
    every: Every = "",
    on_files: Files = "",
    on_dataset: Dataset = "",
    into: Annotated[str, typer.Option(metavar="PARAMETER", help="The parameter that gets what changed.")] = "",
    poll: Annotated[str, typer.Option(metavar="TIME", help="How often files or a dataset are looked at.")] = "1m",
    version: Annotated[str, typer.Option("--version", metavar="V", help="Default: the default one at each time.")] = "",
    params: Params = None,
    experiment: Experiment = "",
    catch_up: Annotated[str, typer.Option(metavar="once|skip", help="What to do with missed times.")] = "once",
    overlap: Annotated[str, typer.Option(metavar="skip|queue", help="What to do while its last run goes on.")] = "skip",
    starts: Annotated[str, typer.Option(metavar="TIME", help="No time before this, as 2026-05-01 or with 06:30.")] = "",
    ends: Annotated[str, typer.Option(metavar="TIME", help="No time after this.")] = "",
    replace: Annotated[bool, typer.Option("--replace", help="Change the schedule of this name.")] = False,
    workspace: Workspace = None,
    json: Json = False,
) -> None:
    """Add a schedule. It does not run at once; the engine of a running Designer queues its runs."""
    from designer.cli.files import assignments_of
    from designer.workbench.schedules import When, moment_of

    when = When(cron, timezone, every, on_files, on_dataset, into, poll)
    with opened(workspace) as bench:
        bench.schedules.add(
            name, published, when, version=version or None, parameters=assignments_of(params or []),
            experiment=experiment, catch_up=catch_up, overlap=overlap,  # type: ignore[arg-type]
            starts=moment_of(starts, timezone, "starts"), ends=moment_of(ends, timezone, "ends"), replaces=replace,
        )  # fmt: skip
        _print(bench, name, json=json)


@app.command("list")
def print_list(
    published: Annotated[str, typer.Option(metavar="PUBLISHED", help="Those of one published pipeline.")] = "",
    workspace: Workspace = None,
    json: Json = False,
) -> None:
    """List the schedules with their next time."""
    from designer.workbench.schedules import words_of

    with opened(workspace) as bench:
        rows = bench.schedules.all(published or None)
        _warn(bench, rows)

    def line(row: Schedule) -> str:
        state = ("" if row.enabled else "  disabled") + (f"  {row.problem}" if row.problem else "")
        return f"{row.name:<28} {row.endpoint:<28} {words_of(row):<44} {moment(row.next_due, row.timezone)}{state}"

    print_rows(rows, _row, line, "There are no schedules.", json=json)


@app.command("show")
def show(name: Name, workspace: Workspace = None, json: Json = False) -> None:
    """Show a schedule: its next five times, and what became of the last ones."""
    with opened(workspace) as bench:
        _print(bench, name, json=json)


@app.command("times")
def times(
    cron: Cron = "", timezone: Zone = "", every: Every = "", workspace: Workspace = None, json: Json = False
) -> None:
    """Say a time in words with the next five, without keeping it."""
    from designer.workbench.schedules import When

    with opened(workspace) as bench:
        words, zone, next_ones = bench.schedules.times_of(When(cron, timezone, every))
    shown = [moment(each, zone) for each in next_ones]
    if json:
        print_json({"words": words, "timezone": zone, "times": shown})
        return
    print(words, *(f"  {each}" for each in shown), sep="\n")


@app.command("enable")
def enable(name: Name, workspace: Workspace = None, json: Json = False) -> None:
    """Let it run again from now on."""
    with opened(workspace) as bench:
        bench.schedules.enable(name)
        _print(bench, name, json=json)


@app.command("disable")
def disable(name: Name, workspace: Workspace = None, json: Json = False) -> None:
    """Queue no more runs until it is enabled."""
    with opened(workspace) as bench:
        bench.schedules.disable(name)
        _print(bench, name, json=json)


@app.command("fire")
def fire(name: Name, workspace: Workspace = None, json: Json = False) -> None:
    """Queue a run now, whatever its times."""
    with opened(workspace) as bench:
        run = bench.schedules.fire(name)
        _warn(bench, [bench.schedules.get(name)])
    if json:
        from designer.cli.run.runs import row_of

        print_json(row_of(run))
    else:
        print(f"{run.id[:8]}  {run.name}: {run.state}")


@app.command("fires")
def fires(
    name: Name,
    limit: Annotated[int, typer.Option(min=1, max=1000, metavar="N", help="How many.")] = 20,
    workspace: Workspace = None,
    json: Json = False,
) -> None:
    """List what became of its times, newest first: fired, missed, skipped or failed."""
    with opened(workspace) as bench:
        zone, rows = bench.schedules.get(name).timezone, bench.schedules.fires(name, limit)
    print_rows(rows, partial(_fire, zone), partial(_line, zone), "None of its times has come yet.", json=json)


@app.command("delete")
def delete(
    name: Name,
    yes: Yes = False,
    workspace: Workspace = None,
    json: Json = False,
) -> None:
    """Remove a schedule with the record of its times. Its runs stay."""
    with opened(workspace) as bench:
        row = bench.schedules.get(name)
        if not yes:
            typer.confirm(f"Remove the schedule '{name}'?", abort=True)
        bench.schedules.delete(name)
    if json:
        print_json(_row(row))
    else:
        print(f"{name}: removed")


def _print(bench: Workbench, name: str, *, json: bool) -> None:
    standing = bench.schedules.standing(name, 5)
    row, next_ones = standing.schedule, bench.schedules.next_times(name)
    if json:
        times = [moment(each, row.timezone) for each in next_ones]
        fires = [_fire(row.timezone, fire) for fire in standing.fires]
        print_json({**_row(row), "times": times, "failures": standing.failures, "fires": fires})
        return
    from designer.workbench.schedules import words_of

    print(f"{row.name} runs {row.endpoint}{'' if row.enabled else ', disabled'}: {words_of(row)}")
    for each in next_ones:
        print(f"  next {moment(each, row.timezone)}")
    for fire in standing.fires:
        print(f"  {_line(row.timezone, fire)}")
    if row.problem:
        print(f"  {row.problem}")
    if standing.is_failing:
        print(f"  its last {standing.failures} runs failed")
    _warn(bench, [row])


def _warn(bench: Workbench, rows: list[Schedule]) -> None:
    since = bench.schedules.idle_since()
    if since is not None and any(row.enabled for row in rows):
        when = f" since {moment(since)}" if since else ""
        print(f"designer: no engine is running{when}; schedules wait for: designer start", file=sys.stderr)


def _row(row: Schedule) -> dict[str, Any]:
    from designer.workbench.schedules import words_of

    times = {
        name: moment(getattr(row, name), row.timezone) or None for name in ("starts", "ends", "next_due", "created")
    }
    return {
        "name": row.name, "published": row.endpoint, "version": row.version, "when": words_of(row), "cron": row.cron,
        "timezone": row.timezone, "every": row.every, "watch": row.watch, "parameters": row.parameters,
        "experiment": row.experiment, "catch_up": row.catch_up, "overlap": row.overlap, "enabled": row.enabled,
        "problem": row.problem, **times,
    }  # fmt: skip


def _fire(zone: str, row: ScheduleFire) -> dict[str, Any]:
    return {"due": moment(row.due, zone), "outcome": row.outcome, "run": row.run_id, "reason": row.reason}


def _line(zone: str, row: ScheduleFire) -> str:
    return f"{moment(row.due, zone)}  {row.outcome:<8} {(row.run_id or '')[:8]:<8} {row.reason}".rstrip()
