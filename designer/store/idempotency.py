"""Requests that are sent again with the same Idempotency-Key: they queue one run."""

from __future__ import annotations

import time
from dataclasses import dataclass

from sqlalchemy import delete
from sqlmodel import Session, col

from designer.contract.errors import DesignerError
from designer.store.records import Idempotency

KEPT_SECONDS = 24 * 3600.0


class KeyReused(DesignerError):
    """An Idempotency-Key was sent before with another request."""


@dataclass(frozen=True)
class Once:
    """A request that is carried out once: the digest of its Idempotency-Key and address, and that of the request."""

    digest: str
    body: str


def run_of_in(session: Session, once: Once) -> str | None:
    """The id of the run that an equal request queued within a day; None without one. Raises KeyReused."""
    row = session.get(Idempotency, once.digest)
    if row is None or row.created < time.time() - KEPT_SECONDS:
        return None
    if row.body != once.body:
        raise KeyReused(
            "this Idempotency-Key was sent before with another request", "Send a new key with each new request."
        )
    return row.run_id


def remember_in(session: Session, once: Once, run_id: str) -> None:
    """Remember the run of a request, and forget requests older than a day."""
    now = time.time()
    session.exec(delete(Idempotency).where(col(Idempotency.created) < now - KEPT_SECONDS))
    session.merge(Idempotency(digest=once.digest, body=once.body, run_id=run_id, created=now))
