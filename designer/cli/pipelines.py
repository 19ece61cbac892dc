"""`designer pipeline`: list, new, import, export, infer, deploy, copy, delete, restore."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from designer.cli.options import Accept, File, Json, Kind, Pipeline, Score, To, Workspace, moment, opened, print_json

if TYPE_CHECKING:
    from designer.store.records import Draft

app = typer.Typer(no_args_is_help=True, help="Pipelines of the workspace, as the page Pipelines shows them.")


@app.command("list")
def print_list(
    workspace: Workspace = None,
    trash: Annotated[bool, typer.Option("--trash", help="List what is in the trash instead.")] = False,
    json: Json = False,
) -> None:
    """List the pipelines, the last edited first."""
    with opened(workspace) as bench:
        drafts = bench.pipelines.all(trashed=trash)
    if json:
        print_json([_row(draft) for draft in drafts])
        return
    for draft in drafts:
        print(f"{draft.id[:8]}  {draft.name:<48} {draft.kind:<9} {moment(draft.edited)}")


@app.command("new")
def create(
    workspace: Workspace = None,
    template: Annotated[str, typer.Option(metavar="TEMPLATE", help="One of: designer samples.")] = "",
    json: Json = False,
) -> None:
    """Make a pipeline, empty or like a template."""
    with opened(workspace, makes=True) as bench:
        draft = bench.pipelines.create_from_template(template) if template else bench.pipelines.create_blank()
    _said(draft, "made", json=json)


@app.command("import")
def import_file(
    file: File,
    name: Annotated[str, typer.Option(metavar="NAME", help="Default: the name in the document.")] = "",
    workspace: Workspace = None,
    json: Json = False,
) -> None:
    """Make a pipeline of the workspace from a document. Nothing in it is run."""
    from designer.cli.files import read_document

    content = read_document(file)
    with opened(workspace, makes=True) as bench:
        draft = bench.pipelines.import_document(content, name=name)
    _said(draft, "imported", json=json)


@app.command("export")
def export(
    pipeline: Pipeline,
    output: Annotated[Path, typer.Option("-o", "--output", metavar="FILE", help="Where the file goes.")],
    to: To = "json",
    workspace: Workspace = None,
    json: Json = False,
) -> None:
    """Write a pipeline as it is saved now: a document, a plain script, a notebook or one ONNX file."""
    from designer.cli.files import format_named, put

    with opened(workspace) as bench:
        draft, format = bench.pipelines.find(pipeline), format_named(to)
        files = put(output, lambda folder: bench.exports.pipeline(draft.id, format, folder))
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
    """Keep the inference pipeline of a trained pipeline, made from the run that counts, as a pipeline beside it."""
    from designer.cli.delivery import kind_named

    with opened(workspace) as bench:
        draft = bench.inference.keep(bench.pipelines.find(pipeline).id, kind_named(kind), score)
    _said(draft, "made", json=json)


@app.command("deploy")
def deploy(
    pipeline: Pipeline,
    name: Annotated[str, typer.Option(metavar="N", help="The endpoint's name.")],
    score: Score = None,
    accept_differences: Accept = False,
    workspace: Workspace = None,
    json: Json = False,
) -> None:
    """Deploy a pipeline of the workspace, as its run that counts trained it. Exits with 1 where it did not go live."""
    from designer.cli.delivery import print_deployed, say
    from designer.serving.address import scoring_address

    with opened(workspace) as bench:
        deployed = bench.inference.deploy(
            bench.pipelines.find(pipeline).id, name, score, accept_differences=accept_differences, report=say
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
    _said(draft, "made", json=json)


@app.command("delete")
def delete(
    pipeline: Pipeline,
    workspace: Workspace = None,
    for_ever: Annotated[bool, typer.Option("--for-ever", help="Remove it from the trash, with its history.")] = False,
    json: Json = False,
) -> None:
    """Move a pipeline to the trash. Its runs and what was deployed of it stay."""
    with opened(workspace) as bench:
        draft = bench.pipelines.find(pipeline, trashed=for_ever)
        if for_ever:
            bench.pipelines.forget(draft.id)
        else:
            bench.pipelines.delete(draft.id)
    print(
        f"{draft.name}: "
        + ("removed for ever" if for_ever else "in the trash; designer pipeline restore brings it back")
    )


@app.command("restore")
def restore(pipeline: Pipeline, workspace: Workspace = None, json: Json = False) -> None:
    """Take a pipeline out of the trash."""
    with opened(workspace) as bench:
        draft = bench.pipelines.find(pipeline, trashed=True)
        bench.pipelines.restore(draft.id)
    _said(draft, "restored", json=json)


def _said(draft: Draft, words: str, *, json: bool) -> None:
    if json:
        print_json(_row(draft))
    else:
        print(f"{draft.id[:8]}  {draft.name}: {words}")


def _row(draft: Draft) -> dict[str, Any]:
    return {
        "id": draft.id, "name": draft.name, "kind": draft.kind, "revision": draft.revision,
        "nodes": len(draft.document.get("nodes", {})), "created": moment(draft.created), "edited": moment(draft.edited),
    }  # fmt: skip
