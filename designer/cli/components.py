"""`designer component`: list, show, default, archive, restore."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Any

import typer

from designer.cli.options import Json, Workspace, moment, opened, print_json

if TYPE_CHECKING:
    from designer.store.records import Component

app = typer.Typer(no_args_is_help=True, help="Components: programs of your own as steps.")

Name = Annotated[str, typer.Argument(metavar="NAME", help="The component.")]
Version = Annotated[str | None, typer.Option("--version", metavar="V", help="A version (default: the default one).")]


@app.command("list")
def print_list(
    workspace: Workspace = None,
    archived: Annotated[bool, typer.Option("--archived", help="Those that are archived instead.")] = False,
    json: Json = False,
) -> None:
    """List the components by name, with their default version."""
    with opened(workspace) as bench:
        rows = bench.components.all(archived=archived)
    if json:
        print_json([_row(row) for row in rows])
        return
    for row in rows:
        print(f"{row.name:<32} {row.version:<12} {row.origin:<9} {moment(row.created)}  {_title(row)}".rstrip())


@app.command("show")
def show(name: Name, version: Version = None, workspace: Workspace = None, json: Json = False) -> None:
    """Show the interface of a component, and its versions."""
    with opened(workspace) as bench:
        row, versions = bench.components.get(name, version), bench.components.versions(name)
    if json:
        print_json({**_row(row), "spec": row.spec, "versions": [each.version for each in versions]})
        return
    spec = row.spec
    print(f"{name}, version {row.version}: {_title(row)}")
    for kind in ("inputs", "outputs", "parameters"):
        for each in spec[kind]:
            default = f" = {each['default']}" if each.get("default") is not None else ""
            optional = ", optional" if each["optional"] else ""
            print(f"  {kind.removesuffix('s'):<10} {each['name']}: {each['type']}{default}{optional}")
    print(f"  command    {spec['command']['program']}")
    print(f"  versions   {', '.join(each.version + (' (default)' if each.is_default else '') for each in versions)}")


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


def _title(row: Component) -> str:
    return str(row.spec["title"] or row.spec["description"].partition("\n")[0])


def _row(row: Component) -> dict[str, Any]:
    return {"name": row.name, "version": row.version, "title": _title(row), "origin": row.origin,
            "is_default": row.is_default, "archived": moment(row.archived), "created": moment(row.created),
            "author": row.author}  # fmt: skip
