"""`designer component`: add, list, show, use, keep, export, default, archive, restore; and `designer environment`."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from designer.cli.options import Json, Workspace, moment, note_none, opened, print_json, print_rows
from designer.contract.wording.counting import counted

if TYPE_CHECKING:
    from designer.engine.programs.environments import Made
    from designer.store.records import Component

app = typer.Typer(no_args_is_help=True, help="Components: programs of your own as steps.")

environments = typer.Typer(
    no_args_is_help=True, help="Environments: packages of components, installed on this computer."
)

Name = Annotated[str, typer.Argument(metavar="NAME", help="The component.")]
Version = Annotated[str | None, typer.Option("--version", metavar="V", help="A version (default: the default one).")]


@app.command("add")
def add(
    file: Annotated[Path, typer.Argument(metavar="FILE", help="A component in YAML, or a .py with @component.")],
    version: Annotated[str, typer.Option("--version", metavar="V", help="Instead of the version in the file.")] = "",
    workspace: Workspace = None,
    json: Json = False,
) -> None:
    """Register a component: its interface, its code and its environment, which is solved now.

    FILE.yml is a command component, as Azure describes them. FILE.py is executed to read the functions in it that are
    declared with @component, or @command_component of mldesigner.
    """
    if file.suffix.lower() == ".py":
        typer.echo(f"Executing {file.name} to read its components.", err=True)
    with opened(workspace, makes=True) as bench:
        specs = bench.components.add(file, version)
    if json:
        print_json([spec.to_json() for spec in specs])
        return
    for spec in specs:
        own = f", {counted(len(spec.environment.packages), 'package')}" if spec.environment else ""
        print(f"{spec.name}, version {spec.version}{own}: {counted(len(spec.inputs), 'input')}, "
              f"{counted(len(spec.outputs), 'output')}, {counted(len(spec.parameters), 'setting')}.")  # fmt: skip


@app.command("list")
def print_list(
    workspace: Workspace = None,
    archived: Annotated[bool, typer.Option("--archived", help="Those that are archived instead.")] = False,
    json: Json = False,
) -> None:
    """List the components by name, with their default version."""
    with opened(workspace) as bench:
        rows = bench.components.all(archived=archived)
    print_rows(rows, _row, _line, "No component is archived." if archived else "There are no components.", json=json)


@app.command("show")
def show(name: Name, version: Version = None, workspace: Workspace = None, json: Json = False) -> None:
    """Show the interface of a component, and its versions."""
    from designer.contract.component import ComponentSpec

    with opened(workspace) as bench:
        row, versions = bench.components.get(name, version), bench.components.versions(name)
        uses = bench.components.used_in(name)
    if json:
        print_json({**_row(row), "spec": row.spec, "versions": [each.version for each in versions],
                    "used_in": [draft.name for draft in uses]})  # fmt: skip
        return
    spec = ComponentSpec.from_json(row.spec)
    print(f"{name}, version {row.version}: {_title(row)}")
    for kind, ports in (("input", spec.inputs), ("output", spec.outputs)):
        for port in ports:
            print(f"  {kind:<10} {port.name}: {port.type}{', optional' if port.optional else ''}")
    for each in spec.parameters:
        default = f" = {each.default}" if each.default is not None else ""
        rest = ", ".join(filter(None, (each.bounds, "optional" if each.optional else "")))
        print(f"  parameter  {each.name}: {each.type}{default}{', ' if rest else ''}{rest}")
    print(f"  command    {spec.command.program}")
    if uses:
        print(f"  used in    {', '.join(draft.name for draft in uses)}")
    print(f"  versions   {', '.join(each.version + (' (default)' if each.is_default else '') for each in versions)}")


@app.command("export")
def export(
    name: Name,
    folder: Annotated[Path, typer.Option("-o", "--output", metavar="FOLDER", help="Where to write it.")] = Path(),
    version: Version = None,
    workspace: Workspace = None,
) -> None:
    """Write a component as NAME.yml, as Azure describes components, with its code in NAME/.

    `designer component add` reads it back as the same component.
    """
    with opened(workspace) as bench:
        print(bench.exports.component(name, folder, version))


@app.command("use")
def use(
    name: Name,
    pipeline: Annotated[str, typer.Argument(metavar="PIPELINE", help="A saved pipeline, by name or id.")],
    workspace: Workspace = None,
) -> None:
    """Give the steps of a pipeline the version that the palette offers; prints what changes in the interface."""
    with opened(workspace) as bench:
        updates = bench.editing.use_offered(bench.pipelines.find(pipeline).id, name)
    for update in updates:
        print(f"{update.node}: version {update.version}. {' '.join(update.changes)}".rstrip())
    note_none(updates, f"No step of '{pipeline}' has another version of {name}.")


@app.command("keep")
def keep(
    pipeline: Annotated[str, typer.Argument(metavar="PIPELINE", help="A saved pipeline, by name or id.")],
    step: Annotated[str, typer.Argument(metavar="STEP", help="A step whose program was made in Python.")],
    name: Annotated[str, typer.Option("--name", metavar="NAME", help="Its name (default: that of the step).")] = "",
    version: Annotated[str, typer.Option("--version", metavar="V", help="Default: the next number.")] = "",
    workspace: Workspace = None,
) -> None:
    """Keep the program of a step as a component, which the palette offers; the step uses it from then on."""
    with opened(workspace) as bench:
        draft = bench.pipelines.find(pipeline)
        saved = bench.editing.open(draft.id)
        spec, operations = bench.editing.keep_step(saved.pipeline, step, name, version)
        bench.editing.save(draft.id, saved.revision, operations)
    print(f"{spec.name}, version {spec.version}, is in the palette.")


@app.command("default")
def set_default(
    name: Name,
    version: Annotated[str, typer.Argument(metavar="VERSION", help="The version that the palette offers.")],
    workspace: Workspace = None,
) -> None:
    """Choose the version that the palette offers; pipelines keep the one they have."""
    with opened(workspace) as bench:
        bench.components.set_default(name, version)
    print(f"{name}: version {version} is the default.")


@app.command("archive")
def archive(name: Name, workspace: Workspace = None) -> None:
    """Hide a component from the palette; pipelines that use it keep working."""
    with opened(workspace) as bench:
        bench.components.archive(name)
    print(f"{name} is archived. Bring it back with: designer component restore {name}")


@app.command("restore")
def restore(name: Name, workspace: Workspace = None) -> None:
    """Show an archived component in the palette again."""
    with opened(workspace) as bench:
        bench.components.archive(name, archived=False)
    print(f"{name} is in the palette again.")


@environments.command("list")
def list_environments(workspace: Workspace = None, json: Json = False) -> None:
    """List the environments that were made for components on this computer."""
    with opened(workspace) as bench:
        rows = bench.components.environments()
    print_rows(rows, _environment, _environment_line, "No environment was made for a component.", json=json)


@environments.command("build")
def build(name: Name, version: Version = None, workspace: Workspace = None) -> None:
    """Make the environment of a component now, before its first run."""
    with opened(workspace) as bench:
        python = bench.components.build_environment(name, version)
    print(python or f"{name} runs in Designer's own environment.")


@environments.command("clean")
def clean(
    days: Annotated[float, typer.Option("--unused", min=0, metavar="DAYS", help="Not used for so long.")] = 90,
    workspace: Workspace = None,
) -> None:
    """Remove environments that were not used for some time; they are made again when needed."""
    with opened(workspace) as bench:
        gone = bench.components.clean_environments(days)
    print(f"{counted(len(gone), 'environment')} removed, {sum(row.bytes for row in gone) / 1e6:,.0f} MB.")


def _title(row: Component) -> str:
    return str(row.spec["title"] or row.spec["description"].partition("\n")[0])


def _line(row: Component) -> str:
    return f"{row.name:<32} {row.version:<12} {row.origin:<9} {moment(row.created)}  {_title(row)}"


def _environment(row: Made) -> dict[str, Any]:
    return {**vars(row), "folder": str(row.folder), "used": moment(row.used)}


def _environment_line(row: Made) -> str:
    size, packages = f"{row.bytes / 1e6:,.0f} MB", counted(len(row.packages), "package")
    return f"{row.key}  Python {row.python:<8} {packages:<14} {size:>10}  {moment(row.used)}"


def _row(row: Component) -> dict[str, Any]:
    return {"name": row.name, "version": row.version, "title": _title(row), "origin": row.origin,
            "is_default": row.is_default, "archived": moment(row.archived), "created": moment(row.created),
            "author": row.author}  # fmt: skip
