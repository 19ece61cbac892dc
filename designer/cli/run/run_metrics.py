"""`designer run metrics`: the metrics that the steps of a run logged, value by value."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Any

import typer

from designer.cli.options import Json, Run, Workspace, moment, note_none, opened, print_json
from designer.cli.run.runs import written
from designer.contract.wording.counting import counted

if TYPE_CHECKING:
    from designer.store.history.metrics import Point, Series


def print_metrics(
    run: Run,
    workspace: Workspace = None,
    node: Annotated[str, typer.Option(metavar="NODE", help="Only those of this node.")] = "",
    name: Annotated[str, typer.Option(metavar="METRIC", help="Print every value of this one.")] = "",
    json: Json = False,
) -> None:
    """Print the newest value of each logged metric, or every value of one. See `run show` for evaluations."""
    with opened(workspace) as bench:
        series = bench.runs.series(bench.runs.find(run).id, node or None)
    chosen = [each for each in series if name in ("", each.name)]
    if json:
        print_json([_document(each) for each in chosen])
        return
    for each in chosen:
        print(f"{each.node}  {each.name}  {written(each.last)}  ({_kept(each)})")
        for point in each.points if name else ():
            step = point.sequence if point.step is None else point.step
            print(f"  {step:>9}  {written(point.text if point.value is None else point.value)}")
    note_none(chosen, f"No step logged '{name}'." if name else "No step logged metrics.")


def _kept(series: Series) -> str:
    count = len(series.points)
    return f"{count} of {series.count} values are kept" if count < series.count else counted(count, "value")


def _document(series: Series) -> dict[str, Any]:
    points = [_point(point) for point in series.points]
    return {"node": series.node, "name": series.name, "count": series.count, "points": points}


def _point(point: Point) -> dict[str, Any]:
    value = point.text if point.value is None else point.value
    return {"sequence": point.sequence, "step": point.step, "value": value, "at": moment(point.at)}
