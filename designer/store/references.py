"""The texts that may name a result or a file: as long as one does, what it names is kept."""

from __future__ import annotations

import zlib
from collections.abc import Iterator

from sqlalchemy import Text, cast
from sqlmodel import Session, col, select

from designer.store.records import Draft, DraftRevision, EndpointVersion


def pipeline_texts(session: Session) -> Iterator[str]:
    """Every pipeline as text: drafts, each of their saved states, and deployed versions."""
    for documents in (Draft.document, EndpointVersion.document):
        yield from session.exec(select(cast(col(documents), Text)))
    yield from (zlib.decompress(packed).decode() for packed in session.exec(select(DraftRevision.packed)))
