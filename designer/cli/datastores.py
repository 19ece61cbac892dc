"""`designer datastore`: add, list, show, test, default, remove, files, tables, query, upload, download, delete."""

from __future__ import annotations

import os
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from designer.cli.options import READING_HELP, Json, Workspace, folder_of, moment, opened, print_json
from designer.contract.errors import DesignerError, InvalidParameter
from designer.contract.files.query_values import read_values
from designer.contract.wording.counting import counted

if TYPE_CHECKING:
    from designer.store.datastores.filesystem import Listing
    from designer.store.datastores.local_folder import Entry
    from designer.store.records import Datastore
    from designer.workbench.workbench import Workbench

app = typer.Typer(no_args_is_help=True, help="Datastores: folders, object stores and databases by name.")
Name = Annotated[str, typer.Argument(metavar="NAME", help="The datastore.")]
Path_ = Annotated[str, typer.Argument(metavar="PATH", help="A file, a folder, or a pattern like in/*.csv.")]
Values = Annotated[
    list[str] | None, typer.Option("--value", metavar="NAME=VALUE", help="A value for a :NAME of the query.")
]


@app.command("add")
def add(
    name: Name,
    address: Annotated[
        str, typer.Argument(metavar="ADDRESS", help="A folder, s3://, gs://, abfs://, postgresql://, sqlite:///, …")
    ],
    secret: Annotated[
        list[str] | None,
        typer.Option(
            "--secret", metavar="NAME[=VARIABLE]",
            help="A secret such as password or secret_key: asked for, or from an environment variable.",
        ),
    ] = None,
    replace: Annotated[bool, typer.Option("--replace", help="Change the one of that name.")] = False,
    workspace: Workspace = None,
    json: Json = False,
) -> None:  # fmt: skip
    """Register a datastore and reach it once. Secrets are kept apart, in a file that only you can read."""
    secrets = dict(_secret(each) for each in secret or [])
    with opened(workspace, makes=True) as bench:
        row = bench.datastores.register(name, address, secrets, replace=replace)
        try:
            bench.datastores.test(row.name)
        except DesignerError:
            print(f"designer: '{row.name}' is registered, but was not reached:", file=sys.stderr)
            raise
        _print(bench, row, json=json)


@app.command("list")
def print_list(workspace: Workspace = None, json: Json = False) -> None:
    """List the datastores; the default one is marked."""
    with opened(workspace) as bench:
        rows = [_document(bench, row) for row in bench.datastores.all()]
    if json:
        print_json(rows)
        return
    for row in rows:
        print(f"{row['name']:<24} {row['kind']:<11} {row['address']}{'  (default)' if row['default'] else ''}")


@app.command("show")
def show(name: Name, workspace: Workspace = None, json: Json = False) -> None:
    """Show where a datastore lies, and which secrets it has."""
    with opened(workspace) as bench:
        _print(bench, bench.datastores.get(name), json=json)


@app.command("test")
def reach(name: Name, workspace: Workspace = None) -> None:
    """Reach a datastore once."""
    with opened(workspace) as bench:
        print(f"{bench.datastores.test(name).name}: reached")


@app.command("default")
def set_default(name: Name, workspace: Workspace = None) -> None:
    """Make a datastore of files the default one."""
    with opened(workspace) as bench:
        print(f"{bench.datastores.set_default(name).name}: the default now")


@app.command("remove")
def remove(name: Name, workspace: Workspace = None) -> None:
    """Forget a datastore and its secrets. What it holds stays."""
    with opened(workspace) as bench:
        print(f"{bench.datastores.remove(name).name}: removed")


@app.command("files")
def files(
    name: Name,
    path: Annotated[str, typer.Argument(metavar="PATH", help="A folder, or a pattern like in/*.csv.")] = "**",
    workspace: Workspace = None,
    json: Json = False,
) -> None:
    """List files of a datastore; at most 1,000."""
    with opened(workspace) as bench:
        listing = bench.datastores.files(name, path)
    if json:
        print_json([_entry(entry) for entry in listing.entries])
    else:
        for entry in listing.entries:
            print(f"{entry.size:>14,}  {moment(entry.changed) or '':<16}  {entry.path}")
    _note_more(listing)


@app.command("tables")
def tables(name: Name, workspace: Workspace = None, json: Json = False) -> None:
    """List the tables and views of a database."""
    with opened(workspace) as bench:
        names = bench.datastores.tables(name)
    print_json(names) if json else print("\n".join(names))


@app.command("query")
def query(
    name: Name,
    sql: Annotated[str, typer.Argument(metavar="SQL", help="A SELECT in the dialect of the database.")],
    value: Values = None,
    dataset: Annotated[str, typer.Option("--dataset", metavar="NAME", help="Make a dataset of all rows.")] = "",
    workspace: Workspace = None,
    json: Json = False,
) -> None:
    """Print the first 100 rows that a query gives, or make a dataset of all of them."""
    values = read_values(value or [])
    with opened(workspace) as bench:
        if dataset:
            row = bench.datastores.register_query(name, sql, dataset, values)
            print(f"{row.name}, version {row.version}: {counted(row.rows, 'row')}, {counted(row.columns, 'column')}.")
            return
        table = bench.datastores.query(name, sql, values)
    if json:
        print(table.to_json(orient="records", date_format="iso"))
    else:
        print(table.to_string(index=False) if len(table) else "The query gives no rows.")


@app.command("import")
def import_file(
    name: Name,
    path: Annotated[str, typer.Argument(metavar="PATH", help="A file of the datastore.")],
    dataset: Annotated[
        str, typer.Option("--dataset", metavar="NAME", help="Default: the file name, no extension.")
    ] = "",
    set_: Annotated[list[str] | None, typer.Option("--set", metavar="PARAMETER=VALUE", help=READING_HELP)] = None,
    workspace: Workspace = None,
    json: Json = False,
) -> None:
    """Make a dataset of a file of a datastore; an existing name gets a new version."""
    from designer.cli import data

    data.add_from_datastore(folder_of(workspace), name, path, dataset, set_ or [], json=json)


@app.command("upload")
def upload(
    name: Name,
    files: Annotated[list[Path], typer.Argument(metavar="FILE…", help="Files and folders of this computer.")],
    to: Annotated[str, typer.Option("--to", metavar="FOLDER", help="A folder of the datastore.")] = "",
    overwrite: Annotated[bool, typer.Option("--overwrite", help="Replace files of the same path.")] = False,
    workspace: Workspace = None,
) -> None:
    """Copy files into a datastore."""
    with opened(workspace) as bench:
        for entry in bench.datastores.upload(files, name, to, overwrite=overwrite):
            print(f"{entry.path}: {counted(entry.size, 'byte')}")


@app.command("download")
def download(
    name: Name,
    path: Path_,
    to: Annotated[Path, typer.Option("--to", metavar="FOLDER", help="A folder of this computer.")] = Path("."),
    workspace: Workspace = None,
) -> None:
    """Copy files of a datastore to this computer."""
    with opened(workspace) as bench:
        for place in bench.datastores.download(name, path, to):
            print(place)


@app.command("delete")
def delete(name: Name, path: Path_, workspace: Workspace = None) -> None:
    """Remove a file of a datastore for ever."""
    with opened(workspace) as bench:
        bench.datastores.delete(name, path)
    print(f"{path}: removed")


def _secret(text: str) -> tuple[str, str]:
    name, equals, variable = text.partition("=")
    if not equals:
        return name, typer.prompt(name, hide_input=True, err=True)
    if variable not in os.environ:
        raise InvalidParameter(f"there is no environment variable {variable}", "Set it first.", parameter=name)
    return name, os.environ[variable]


def _print(bench: Workbench, row: Datastore, *, json: bool) -> None:
    document = _document(bench, row)
    if json:
        print_json(document)
        return
    print(f"{row.name}: {document['address']}{' (default)' if row.is_default else ''}")
    for name, given in document["secrets"].items():
        print(f"  {name}: {'kept' if given else 'not given'}")


def _document(bench: Workbench, row: Datastore) -> dict[str, Any]:
    address = bench.datastores.address(row)
    return {"name": row.name, "kind": address.kind, "address": str(address), "default": row.is_default,
            "secrets": bench.datastores.secrets(row)}  # fmt: skip


def _entry(entry: Entry) -> dict[str, Any]:
    return {"path": entry.path, "size": entry.size, "changed": moment(entry.changed) or None}


def _note_more(listing: Listing) -> None:
    if not listing.is_complete:
        print(f"These are the first {len(listing.entries):,}; name a folder or a pattern for others.", file=sys.stderr)
