"""State of the access tokens on the settings page: the list, the form, the token shown once."""

from __future__ import annotations

import time
from dataclasses import dataclass
from typing import Any

import reflex as rx

from designer.contract.errors import DesignerError, InvalidParameter
from designer.store.records import AccessToken
from designer.ui.views import failure, figures
from designer.ui.views.payload import form_text
from designer.ui.views.prose import sentence
from designer.ui.workbench import workbench
from designer.workbench.tokens import DEFAULT_DAYS


@dataclass(frozen=True)
class TokenRow:
    """One line of the list of tokens."""

    name: str
    begins: str
    scope: str
    ends: str
    used: str
    is_expired: bool


class TokensState(rx.State):
    """The tokens of the workspace; `fresh` is the one just made, until it is hidden."""

    rows: rx.Field[list[TokenRow]] = rx.field(default_factory=list)
    is_open: bool = False
    fresh: str = ""
    problem: str = ""
    revoking: str = ""

    @rx.event
    def load(self) -> None:
        """Read the list."""
        self.fresh = self.problem = self.revoking = ""
        self.is_open = False
        self._read()

    @rx.event
    def begin(self) -> None:
        """Open the form of a new token."""
        self.fresh = self.problem = ""
        self.is_open = True

    @rx.event
    def end(self) -> None:
        """Close the form; a token shown in it is not shown again."""
        self.fresh = self.problem = ""
        self.is_open = False

    @rx.event
    def make(self, form: dict[str, Any]) -> None:
        """Create a token as the form says, and show it."""
        self.problem = ""
        try:
            days = _days(form_text(form, "days"))
            scope = form_text(form, "scope")
            _, self.fresh = workbench().tokens.new(form_text(form, "name"), scope=scope, days=days)
        except DesignerError as error:
            self.problem = sentence(str(error))
        self._read()

    @rx.event
    def copy_fresh(self) -> list[Any]:
        """Copy the token just made to the clipboard."""
        return [rx.set_clipboard(self.fresh), rx.toast.success("Token copied")]

    @rx.event
    def ask_to_revoke(self, name: str) -> None:
        """Ask before a token is removed; an empty name asks nothing."""
        self.revoking = str(name)

    @rx.event
    def revoke(self) -> None:
        """Remove the token that was asked about."""
        name, self.revoking = self.revoking, ""
        self.problem = failure.refusal(lambda: workbench().tokens.revoke(name))
        self._read()

    def _read(self) -> None:
        now = time.time()
        self.rows = [_row(row, now) for row in workbench().tokens.all()]


def _row(row: AccessToken, now: float) -> TokenRow:
    return TokenRow(
        row.name,
        f"{row.shown}…",
        row.scope,
        figures.moment(row.expires, now) if row.expires is not None else "never",
        figures.moment(row.last_used, now) if row.last_used is not None else "never",
        row.expires is not None and row.expires <= now,
    )


def _days(text: str) -> int:
    if not text.strip():
        return DEFAULT_DAYS
    try:
        return int(text)
    except ValueError:
        raise InvalidParameter(f"'{text}' is not a whole number", "Write a number of days.", parameter="Days") from None
