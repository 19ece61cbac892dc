"""`designer parameter`: list, promote, demote, set, remove."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Any

import typer

from designer.cli.options import Json, Pipeline, Workspace, opened, print_json, print_rows

if TYPE_CHECKING:
    from designer.pipeline.promotion import Operations
    from designer.workbench.parameters import Listed
    from designer.workbench.workbench import Workbench

app = typer.Typer(no_args_is_help=True, help="Parameters of a pipeline, which are set for each run.")
Field = Annotated[str, typer.Argument(metavar="NODE.PARAMETER", help="The field of a node.")]
Parameter = Annotated[str, typer.Argument(metavar="NAME", help="The pipeline parameter.")]


@app.command("list")
def print_list(pipeline: Pipeline, workspace: Workspace = None, json: Json = False) -> None:
    """List the parameters of a pipeline with type, default, bounds, and the fields that each fills."""
    with opened(workspace) as bench:
        listed = bench.parameters.listed(bench.editing.open(bench.pipelines.find(pipeline).id).pipeline)
    print_rows(listed, _row, _line, "The pipeline has no parameters.", json=json)


@app.command("promote")
def promote(
    pipeline: Pipeline,
    field: Field,
    name: Annotated[str, typer.Option(metavar="NAME", help="A new or an existing name (default: the field's).")] = "",
    workspace: Workspace = None,
    json: Json = False,
) -> None:
    """Make a field a pipeline parameter, with its value as the default."""
    from designer.cli.files import field_named

    with opened(workspace) as bench:
        present = bench.editing.open(bench.pipelines.find(pipeline).id).pipeline
        node, declared = field_named(present, field, bench.library)
        operations = bench.parameters.promote(present, node, declared.name, name)
        _save(bench, pipeline, operations, json=json)


@app.command("demote")
def demote(pipeline: Pipeline, field: Field, workspace: Workspace = None, json: Json = False) -> None:
    """Detach a field from its pipeline parameter; it gets the default."""
    from designer.cli.files import field_named

    with opened(workspace) as bench:
        present = bench.editing.open(bench.pipelines.find(pipeline).id).pipeline
        node, declared = field_named(present, field, bench.library)
        _save(bench, pipeline, bench.parameters.demote(present, node, declared.name), json=json)


@app.command("set")
def change(
    pipeline: Pipeline,
    name: Parameter,
    default: Annotated[str | None, typer.Option(metavar="VALUE", help="Empty: each run must give a value.")] = None,
    minimum: Annotated[str | None, typer.Option(metavar="NUMBER", help="Empty: none.")] = None,
    maximum: Annotated[str | None, typer.Option(metavar="NUMBER", help="Empty: none.")] = None,
    choices: Annotated[str | None, typer.Option(metavar="A,B", help="The allowed values; empty: any.")] = None,
    title: Annotated[str | None, typer.Option(metavar="TEXT", help="The title in the form of a run.")] = None,
    description: Annotated[str | None, typer.Option(metavar="TEXT", help="The help in the form of a run.")] = None,
    rename: Annotated[str | None, typer.Option(metavar="NAME", help="Another name.")] = None,
    workspace: Workspace = None,
    json: Json = False,
) -> None:
    """Change a pipeline parameter."""
    texts = {"default": default, "minimum": minimum, "maximum": maximum, "choices": choices, "title": title,
             "description": description, "name": rename}  # fmt: skip
    with opened(workspace) as bench:
        present = bench.editing.open(bench.pipelines.find(pipeline).id).pipeline
        given = {key: text for key, text in texts.items() if text is not None}
        _save(bench, pipeline, bench.parameters.change(present, name, given), json=json)


@app.command("remove")
def remove(pipeline: Pipeline, name: Parameter, workspace: Workspace = None, json: Json = False) -> None:
    """Remove a pipeline parameter; the fields that it fills get its default."""
    with opened(workspace) as bench:
        present = bench.editing.open(bench.pipelines.find(pipeline).id).pipeline
        _save(bench, pipeline, bench.parameters.remove(present, name), json=json)


def _save(bench: Workbench, pipeline: str, operations: Operations, *, json: bool) -> None:
    """Save the edit, and print the parameters that the pipeline has then."""
    from designer.pipeline.edit import RefusedEdit

    draft = bench.pipelines.find(pipeline)
    saved = bench.editing.save(draft.id, draft.revision, operations)
    if saved.reason:
        raise RefusedEdit(saved.reason)
    listed = bench.parameters.listed(saved.pipeline)
    if json:
        print_json([_row(each) for each in listed])
    for each in listed if not json else ():
        print(_line(each))


def _line(listed: Listed) -> str:
    from designer.pipeline.assignments import bounds_text, text_of

    parameter = listed.parameter
    default = "must be given" if parameter.default is None else f"= {text_of(parameter.default)}"
    fills = ", ".join(f"{filled.node}.{filled.field}" for filled in listed.fills) or "fills no field"
    return f"{parameter.name:<20} {parameter.type:<8} {default:<24} {bounds_text(parameter):<24} {fills}".rstrip()


def _row(listed: Listed) -> dict[str, Any]:
    fills = [{"node": filled.node, "parameter": filled.field} for filled in listed.fills]
    return {**vars(listed.parameter), "choices": list(listed.parameter.choices), "fills": fills}
