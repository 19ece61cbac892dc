"""Access tokens: made once, stored as a digest, refused when they end."""

from __future__ import annotations

import sqlite3
import time

import pytest
from sqlalchemy import update

from designer.contract.errors import FileMissing, InvalidParameter
from designer.store.records import AccessToken
from designer.store.tokens import TokenTaken, allows
from designer.store.workspace import Workspace


def test_a_token_is_admitted_until_it_is_revoked(workspace: Workspace) -> None:
    row, token = workspace.tokens.new(" laptop ", "run", 30)
    assert (row.name, row.scope, row.last_used) == ("laptop", "run", None)
    assert token.startswith(row.shown)
    assert row.expires == pytest.approx(time.time() + 30 * 24 * 3600, abs=60)
    admitted = workspace.tokens.admitted(token)
    assert admitted is not None
    assert admitted.name == "laptop"
    assert workspace.tokens.all()[0].last_used == pytest.approx(time.time(), abs=60)
    for wrong in ("", token[:-1], f"{token}x", token.upper(), row.digest):
        assert workspace.tokens.admitted(wrong) is None
    workspace.tokens.revoke("laptop")
    assert workspace.tokens.admitted(token) is None
    assert workspace.tokens.all() == []


def test_only_its_digest_is_stored(workspace: Workspace) -> None:
    _, token = workspace.tokens.new("laptop", "write", 0)
    with sqlite3.connect(workspace.database.file) as database:
        stored = "\n".join(database.iterdump())
    database.close()
    assert "laptop" in stored
    assert token not in stored


def test_a_token_ends_with_its_days_or_never(workspace: Workspace) -> None:
    _, ended = workspace.tokens.new("ended", "read", 1)
    _, endless = workspace.tokens.new("endless", "read", 0)
    with workspace.database.write() as session:
        session.exec(update(AccessToken).where(AccessToken.expires.is_not(None)).values(expires=time.time() - 1))  # type: ignore[union-attr]
    assert workspace.tokens.admitted(ended) is None
    assert workspace.tokens.admitted(endless) is not None


@pytest.mark.parametrize(
    ("name", "scope", "days", "message"),
    [
        ("", "read", 1, "Name: the name is empty"),
        ("<b>", "read", 1, "has the character '<'"),
        ("x" * 101, "read", 1, "101 characters"),
        ("x", "admin", 1, "Scope: there is no scope 'admin'. Use read or run or write."),
        ("x", "read", -1, "Days: a token cannot be valid for -1 days"),
        ("x", "read", 10**6, "1 to 3650"),
    ],
)
def test_what_a_token_cannot_be_is_said(workspace: Workspace, name: str, scope: str, days: int, message: str) -> None:
    with pytest.raises(InvalidParameter) as refused:
        workspace.tokens.new(name, scope, days)
    assert message in str(refused.value)
    assert workspace.tokens.all() == []


def test_a_name_is_given_once_and_a_close_one_is_suggested(workspace: Workspace) -> None:
    workspace.tokens.new("laptop", "read", 1)
    with pytest.raises(TokenTaken, match=r"'laptop' already. Revoke it first"):
        workspace.tokens.new("laptop", "write", 1)
    with pytest.raises(FileMissing, match=r"no token 'latop'. Did you mean 'laptop'"):
        workspace.tokens.revoke("latop")


def test_a_scope_includes_those_below_it() -> None:
    assert [allows("run", needed) for needed in ("read", "run", "write")] == [True, True, False]
    assert not allows("admin", "read")
