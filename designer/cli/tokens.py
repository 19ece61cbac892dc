"""`designer token`: new, list, revoke."""

from __future__ import annotations

import sys
import time
from typing import TYPE_CHECKING, Annotated, Any

import typer

from designer.cli.options import Json, Workspace, moment, opened, print_json, print_rows

if TYPE_CHECKING:
    from designer.store.records import AccessToken

app = typer.Typer(no_args_is_help=True, help="Tokens with which programs reach the workspace over HTTP.")
Token = Annotated[str, typer.Argument(metavar="NAME", help="The name of the token.")]


@app.command("new")
def new(
    name: Token,
    scope: Annotated[
        str,
        typer.Option(
            metavar="read|run|write", help="Read only; also submit and cancel runs; or everything, datasets included."
        ),
    ] = "read",
    days: Annotated[int, typer.Option(metavar="N", help="How long it is valid; 0 for ever.")] = 90,
    workspace: Workspace = None,
    json: Json = False,
) -> None:
    """Create a token and print it. It is not stored, so it cannot be shown again."""
    with opened(workspace) as bench:
        row, token = bench.tokens.new(name, scope=scope, days=days)
    if json:
        print_json({**_row(row), "token": token})
        return
    print(token)
    print(f"Keep it now: it is not shown again. Scope {row.scope}, {_end(row)}.", file=sys.stderr)


@app.command("list")
def print_list(workspace: Workspace = None, json: Json = False) -> None:
    """List the tokens."""
    with opened(workspace) as bench:
        rows = bench.tokens.all()
    print_rows(rows, _row, _line, "There are no tokens.", json=json)


@app.command("revoke")
def revoke(name: Token, workspace: Workspace = None, json: Json = False) -> None:
    """Remove a token; requests with it are refused from now on."""
    with opened(workspace) as bench:
        row = bench.tokens.revoke(name)
    if json:
        print_json(_row(row))
    else:
        print(f"{row.name}: revoked")


def _line(row: AccessToken) -> str:
    used = f"used {moment(row.last_used)}" if row.last_used else "never used"
    return f"{row.name:<32} {row.shown}…  {row.scope:<5}  {_end(row)}, {used}"


def _end(row: AccessToken) -> str:
    if row.expires is None:
        return "without an end"
    return f"{'expired' if row.expires <= time.time() else 'valid until'} {moment(row.expires)}"


def _row(row: AccessToken) -> dict[str, Any]:
    return {"name": row.name, "begins": row.shown, "scope": row.scope, "created": moment(row.created),
            "expires": moment(row.expires), "used": moment(row.last_used)}  # fmt: skip
