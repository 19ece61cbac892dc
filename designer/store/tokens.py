"""Access tokens: what programs show instead of a browser session. Only their SHA-256 is stored."""

from __future__ import annotations

import hashlib
import secrets
import time
from typing import Literal, get_args

from sqlalchemy import delete, update
from sqlmodel import col, select

from designer.contract.errors import DesignerError, FileMissing, InvalidParameter
from designer.contract.wording.closeness import closest
from designer.store.database import Database
from designer.store.history.submission import checked_name
from designer.store.records import AccessToken

Scope = Literal["read", "run", "write"]
SCOPES: tuple[Scope, ...] = get_args(Scope)
"""What a token allows, each with what the ones before it allow."""

PREFIX = "dsw_"
SHOWN = 8
DAY = 24 * 3600.0
MOST_DAYS = 3650
NOTED_SECONDS = 60.0
"""How far `last_used` may lag behind: it is not written at each request."""


class TokenTaken(DesignerError):
    """A token of that name exists."""


class Tokens:
    """The access tokens of a workspace."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def new(self, name: str, scope: str, days: int) -> tuple[AccessToken, str]:
        """Create a token that ends after `days`, with 0 never; returns its row and the token, which is not stored.

        Raises InvalidParameter for an unusable name, scope or number of days, TokenTaken.
        """
        label = checked_name(name, "Name")
        if scope not in SCOPES:
            raise InvalidParameter(f"there is no scope '{scope}'", f"Use {' or '.join(SCOPES)}.", parameter="Scope")
        if not 0 <= days <= MOST_DAYS:
            remedy = f"Use 1 to {MOST_DAYS}, or 0 for a token without an end."
            raise InvalidParameter(f"a token cannot be valid for {days} days", remedy, parameter="Days")
        token, now = f"{PREFIX}{secrets.token_urlsafe(32)}", time.time()
        row = AccessToken(
            name=label, digest=_digest(token), shown=token[: len(PREFIX) + SHOWN], scope=scope, created=now,
            expires=now + days * DAY if days else None,
        )  # fmt: skip
        with self._database.write() as session:
            if session.get(AccessToken, label) is not None:
                raise TokenTaken(f"there is a token '{label}' already", "Revoke it first, or use another name.")
            session.add(row)
        return row, token

    def all(self) -> list[AccessToken]:
        """The tokens by name, those that have expired too."""
        with self._database.read() as session:
            return list(session.exec(select(AccessToken).order_by(AccessToken.name)))

    def revoke(self, name: str) -> AccessToken:
        """Remove a token; requests with it are refused from now on. Raises FileMissing."""
        names = [row.name for row in self.all()]
        with self._database.write() as session:
            row = session.get(AccessToken, name)
            if row is not None:
                session.exec(delete(AccessToken).where(col(AccessToken.name) == name))
        if row is None:
            raise FileMissing(f"there is no token '{name}'", closest(name, names, "Tokens are"))
        return row

    def admitted(self, token: str) -> AccessToken | None:
        """The row of a valid token, whose use is noted; None for one that is unknown, revoked or has expired."""
        now = time.time()
        with self._database.read() as session:
            row = session.exec(select(AccessToken).where(AccessToken.digest == _digest(token))).first()
        if row is None or (row.expires is not None and row.expires <= now):
            return None
        if now - (row.last_used or 0.0) > NOTED_SECONDS:
            with self._database.record() as session:
                session.exec(update(AccessToken).where(col(AccessToken.name) == row.name).values(last_used=now))
        return row


def allows(scope: str, needed: Scope) -> bool:
    """Whether a scope includes another."""
    return scope in SCOPES and SCOPES.index(scope) >= SCOPES.index(needed)


def _digest(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()
