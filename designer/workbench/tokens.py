"""Access tokens: create, list, revoke."""

from __future__ import annotations

from dataclasses import dataclass

from designer.store.records import AccessToken
from designer.store.workspace import Workspace

DEFAULT_DAYS = 90


@dataclass(frozen=True)
class Tokens:
    """The tokens with which programs reach a workspace over HTTP."""

    workspace: Workspace

    def new(self, name: str, *, scope: str = "read", days: int = DEFAULT_DAYS) -> tuple[AccessToken, str]:
        """Create a token; returns its row and the token itself, which cannot be shown again.

        `scope` is read, run (also submits and cancels runs) or write (everything). It ends after `days`, with 0 never.
        Raises InvalidParameter, or TokenTaken for a name that is in use.
        """
        return self.workspace.tokens.new(name, scope, days)

    def all(self) -> list[AccessToken]:
        """The tokens by name, those that have expired too."""
        return self.workspace.tokens.all()

    def revoke(self, name: str) -> AccessToken:
        """Remove a token; requests with it are refused from now on. Raises FileMissing."""
        return self.workspace.tokens.revoke(name)

    def admitted(self, token: str) -> AccessToken | None:
        """The row of a valid token; None for one that is unknown, revoked or has expired."""
        return self.workspace.tokens.admitted(token)
