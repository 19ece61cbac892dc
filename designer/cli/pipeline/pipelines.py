"""`designer pipeline`: list, new, import, export, infer, deploy, copy, delete, restore."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from designer.cli.options import (
    Accept,
    FileOrJob,
    Json,
    Kind,
    Params,
    Pipeline,
    Score,
    To,
    Workspace,
    moment,
    opened,
    print_json,
    print_rows,
)

if TYPE_CHECKING:
    from designer.store.records import Draft

app = typer.Typer(no_args_is_help=True, help="Pipelines of the workspace, as on the page Pipelines.")


@app.command("list")
def print_list(
    workspace: Workspace = None,
    trash: Annotated[bool, typer.Option("--trash", help="List the trash instead.")] = False,
    json: Json = False,
) -> None:
    """List the pipelines, last edited first."""
    with opened(workspace) as bench:
        drafts = bench.pipelines.all(trashed=trash)
    none = "No pipeline is in the trash." if trash else "There are no pipelines."
    print_rows(drafts, _row, _line, none, json=json)


@app.command("new")
def create(
    workspace: Workspace = None,
    template: Annotated[str, typer.Option(metavar="TEMPLATE", help="An id listed by: designer samples.")] = "",
    json: Json = False,
) -> None:
    """Create a pipeline, empty or from a template."""
    with opened(workspace, makes=True) as bench:
        draft = bench.pipelines.create_from_template(template) if template else bench.pipelines.create_blank()
    _print_draft(draft, "created", json=json)


@app.command("import")
def import_file(
    file: FileOrJob,
    name: Annotated[str, typer.Option(metavar="NAME", help="Default: the name in the document.")] = "",
    workspace: Workspace = None,
    json: Json = False,
) -> None:
    """Import a document, or a pipeline job in YAML, as a pipeline of the workspace, without running it."""
    from designer.cli.files import is_job, read_pipeline

    with opened(workspace, makes=True) as bench:
        if is_job(file):
            draft = bench.jobs.import_file(file, name=name)
        else:
            read_pipeline(file)  # its errors name the file
            draft = bench.pipelines.import_document(file.read_bytes(), name=name)
    _print_draft(draft, "imported", json=json)


@app.command("export")
def export(
    pipeline: Pipeline,
    output: Annotated[Path, typer.Option("-o", "--output", metavar="FILE", help="The output file.")],
    to: To = "json",
    params: Params = None,
    workspace: Workspace = None,
    json: Json = False,
) -> None:
    """Export a saved pipeline as a document, Python script, notebook or ONNX file."""
    from designer.cli.files import assignments_of, format_named, put

    with opened(workspace) as bench:
        draft, format = bench.pipelines.find(pipeline), format_named(to)
        given = assignments_of(params or [])
        files = put(output, lambda folder: bench.exports.pipeline(draft.id, format, folder, given))
    if json:
        print_json({**_row(draft), "files": [str(file) for file in files]})
    else:
        print(*files, sep="\n")


@app.command("infer")
def infer(
    pipeline: Pipeline,
    kind: Kind = "realtime",
    score: Score = None,
    workspace: Workspace = None,
    json: Json = False,
) -> None:
    """Create the inference pipeline of a trained pipeline from its source run, as another pipeline of the workspace."""
    from designer.cli.pipeline.delivery import kind_named

    with opened(workspace) as bench:
        draft = bench.inference.keep(bench.pipelines.find(pipeline).id, kind_named(kind), score)
    _print_draft(draft, "created", json=json)


@app.command("deploy")
def deploy(
    pipeline: Pipeline,
    name: Annotated[str, typer.Option(metavar="N", help="The endpoint's name.")],
    score: Score = None,
    accept_differences: Accept = False,
    workspace: Workspace = None,
    json: Json = False,
) -> None:
    """Deploy a pipeline of the workspace as trained by its source run. Exits with 1 if it did not go live."""
    from designer.cli.pipeline.delivery import print_deployed, print_progress
    from designer.serving.address import scoring_address

    with opened(workspace) as bench:
        deployed = bench.inference.deploy(
            bench.pipelines.find(pipeline).id, name, score, accept_differences=accept_differences, report=print_progress
        )
        folder = bench.workspace.path
    address = scoring_address(folder)
    if json:
        print_json({**deployed, "address": address})
    else:
        print_deployed(deployed, address, folder)
    if not deployed["is_default"]:
        raise typer.Exit(1)


@app.command("copy")
def copy(pipeline: Pipeline, workspace: Workspace = None, json: Json = False) -> None:
    """Copy a pipeline under another name."""
    with opened(workspace) as bench:
        draft = bench.pipelines.duplicate(bench.pipelines.find(pipeline).id)
    _print_draft(draft, "created", json=json)


@app.command("delete")
def delete(
    pipeline: Pipeline,
    workspace: Workspace = None,
    for_ever: Annotated[bool, typer.Option("--for-ever", help="Remove it from the trash, with its history.")] = False,
    json: Json = False,
) -> None:
    """Move a pipeline to the trash. Its runs and deployments are kept."""
    with opened(workspace) as bench:
        draft = bench.pipelines.find(pipeline, trashed=for_ever)
        if for_ever:
            bench.pipelines.forget(draft.id)
        else:
            bench.pipelines.delete(draft.id)
    print(
        f"{draft.name}: "
        + ("removed for ever" if for_ever else "in the trash; restore it with: designer pipeline restore")
    )


@app.command("restore")
def restore(pipeline: Pipeline, workspace: Workspace = None, json: Json = False) -> None:
    """Restore a pipeline from the trash."""
    with opened(workspace) as bench:
        draft = bench.pipelines.find(pipeline, trashed=True)
        bench.pipelines.restore(draft.id)
    _print_draft(draft, "restored", json=json)


def _print_draft(draft: Draft, words: str, *, json: bool) -> None:
    if json:
        print_json(_row(draft))
    else:
        print(f"{draft.id[:8]}  {draft.name}: {words}")


def _line(draft: Draft) -> str:
    return f"{draft.id[:8]}  {draft.name:<48} {draft.kind:<9} {moment(draft.edited)}"


def _row(draft: Draft) -> dict[str, Any]:
    return {
        "id": draft.id, "name": draft.name, "kind": draft.kind, "revision": draft.revision,
        "nodes": len(draft.document.get("nodes", {})), "created": moment(draft.created), "edited": moment(draft.edited),
    }  # fmt: skip
