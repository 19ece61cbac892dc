"""`designer model`: list, export."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from designer.cli.options import Json, Workspace, moment, opened, print_json, print_rows
from designer.contract.wording.counting import counted

if TYPE_CHECKING:
    from designer.workbench.models import Trained

app = typer.Typer(no_args_is_help=True, help="Trained models.")


@app.command("list")
def print_list(workspace: Workspace = None, json: Json = False) -> None:
    """List the trained models, newest first, with their headline metric and the endpoint that serves them."""
    with opened(workspace) as bench:
        models = bench.models.all()
    print_rows(models, _row, _line, "There are no trained models.", json=json)


@app.command("export")
def export(
    model: Annotated[str, typer.Argument(metavar="MODEL", help="Its digest or a prefix of it.")],
    output: Annotated[Path, typer.Option("-o", "--output", metavar="FILE.onnx", help="The output file.")],
    workspace: Workspace = None,
    json: Json = False,
) -> None:
    """Export a model, with the steps that process rows before it, to one ONNX file."""
    with opened(workspace) as bench:
        trained = bench.models.find(model)
        written = bench.models.export(trained, output)
    if json:
        print_json({**_row(trained), "file": str(output)})
        return
    inputs, outputs = counted(len(written.schema), "input"), counted(len(written.outputs), "output")
    print(f"{output}: {counted(len(written.model), 'byte')}, {inputs}, {outputs}.")


def _line(model: Trained) -> str:
    figure = f"{model.headline.metric} {model.headline.text}" if model.headline else ""
    return f"{model.digest[:8]}  {model.title:<36} {moment(model.run.created)}  {figure:<24} {model.endpoint or ''}"


def _row(model: Trained) -> dict[str, Any]:
    figure = {"metric": model.headline.metric, "value": model.headline.value} if model.headline else None
    return {"digest": model.digest, "title": model.title, "task": model.task, "run": model.run.id,
            "pipeline": model.run.pipeline_id, "made": moment(model.run.created), "figure": figure,
            "endpoint": model.endpoint}  # fmt: skip
