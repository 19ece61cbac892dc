"""Options and arguments shared by several commands, and the workbench they call."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable, Iterator, Mapping, Sequence, Sized
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, TypeVar

import typer

from designer import settings
from designer.contract.files.read_options import DATE_ORDERS, DECIMAL_MARKS, ENCODINGS, SEPARATORS, THOUSANDS_MARKS

if TYPE_CHECKING:
    from designer.workbench.workbench import Workbench

Row = TypeVar("Row")

Workspace = Annotated[
    Path | None, typer.Option("--workspace", metavar="DIR", help="The workspace folder (default: .designer).")
]
File = Annotated[Path, typer.Argument(metavar="FILE", help="A pipeline document.")]
FileOrJob = Annotated[Path, typer.Argument(metavar="FILE", help="A pipeline document, or a pipeline job in YAML.")]
Kind = Annotated[str, typer.Option(metavar="realtime|batch", help="Score single requests, or whole tables.")]
Score = Annotated[str | None, typer.Option(metavar="NODE", help="The Score node, if there are several.")]
Accept = Annotated[bool, typer.Option("--accept-differences", help="Go live even if scores differ from training.")]
To = Annotated[str, typer.Option("--to", metavar="json|python|notebook|onnx|sdk", help="The format.")]
Params = Annotated[
    list[str] | None,
    typer.Option("--param", metavar="NAME=VALUE", help="The value of a pipeline parameter; may be repeated."),
]
Yes = Annotated[bool, typer.Option("--yes", help="Skip the confirmation.")]
Json = Annotated[bool, typer.Option("--json", help="Print JSON instead of text.")]
Name = Annotated[str, typer.Argument(metavar="NAME", help="The endpoint.")]
Dataset = Annotated[str, typer.Argument(metavar="NAME", help="The dataset.")]
Pipeline = Annotated[str, typer.Argument(metavar="PIPELINE", help="Its name, its id or a prefix of its id.")]
Run = Annotated[str, typer.Argument(metavar="RUN", help="Its id, a prefix of its id, or latest.")]
Experiment = Annotated[str, typer.Option(metavar="NAME", help="The experiment of the run; a new one is made.")]
Tags = Annotated[list[str] | None, typer.Option("--tag", metavar="NAME=VALUE", help="A tag of the run.")]
Description = Annotated[str, typer.Option(metavar="TEXT", help="A description of the run.")]
ComputeName = Annotated[
    str,
    typer.Option(
        "--compute", metavar="NAME",
        help="Where it runs, in place of what the pipeline says: a compute, local, or the address of a scheduler.",
    ),
]  # fmt: skip
READING_HELP = "How the file is read, each as PARAMETER=VALUE: " + "; ".join(
    f"{name} ({', '.join(values)})"
    for name, values in {
        "format": ("By file name", "CSV", "TSV", "Excel", "JSON Lines", "Parquet"),
        "separator": SEPARATORS,
        "encoding": ENCODINGS,
        "header": ("true", "false"),
        "skip_rows": ("N",),
        "missing_values": ("NA,?",),
        "decimal_mark": DECIMAL_MARKS,
        "thousands_mark": THOUSANDS_MARKS,
        "fill_up_short_rows": ("true", "false"),
        "number_duplicates": ("true", "false"),
        "date_order": DATE_ORDERS,
        "sheet": ("NAME",),
        "columns": ("a JSON list of names",),
    }.items()
)


def folder_of(workspace: Path | None) -> Path:
    """The folder of the given workspace, or of the default one."""
    return (workspace or settings.default_workspace()).resolve()


@contextmanager
def opened(workspace: Path | None, *, makes: bool = False) -> Iterator[Workbench]:
    """Open the workbench of a workspace, which is created with `makes` if there is none.

    Imports on demand, since pandas takes a second.
    """
    from designer.cli.opening import opened as opened_workspace
    from designer.workbench.workbench import Workbench

    with opened_workspace(folder_of(workspace), makes=makes) as present:
        yield Workbench(present, present.library)


def print_json(document: Mapping[str, Any] | list[Any]) -> None:
    """Print a document as indented JSON."""
    print(json.dumps(document, indent=2, ensure_ascii=False, default=str))


def print_rows(
    rows: Sequence[Row], document: Callable[[Row], Any], line: Callable[[Row], str], none: str, *, json: bool
) -> None:
    """Print a list as JSON documents or as lines; the sentence `none` goes to standard error if it is empty."""
    if json:
        print_json([document(row) for row in rows])
        return
    for row in rows:
        print(line(row).rstrip())
    note_none(rows, none)


def note_none(rows: Sized, sentence: str) -> None:
    """Print a sentence to standard error if a list without rows was printed."""
    if not rows:
        print(sentence, file=sys.stderr)


def moment(seconds: float | None, timezone: str = "") -> str:
    """Format a time in local time, or in a time zone, which is then named; empty for None."""
    from datetime import datetime
    from zoneinfo import ZoneInfo

    if seconds is None:
        return ""
    if timezone:
        return f"{datetime.fromtimestamp(seconds, ZoneInfo(timezone)):%Y-%m-%d %H:%M:%S %Z}"
    return f"{datetime.fromtimestamp(seconds).astimezone():%Y-%m-%d %H:%M:%S}"
