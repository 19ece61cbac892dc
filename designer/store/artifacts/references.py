"""Texts that may refer to a result or a file, which is kept as long as one does."""

from __future__ import annotations

import zlib
from collections.abc import Iterator

from sqlalchemy import Text, cast
from sqlmodel import Session, col, select

from designer.store.records import Draft, DraftRevision, EndpointVersion


def pipeline_texts(session: Session) -> Iterator[str]:
    """Every pipeline as JSON text: drafts, all their revisions, and deployed versions."""
    for documents in (Draft.document, EndpointVersion.document):
        yield from session.exec(select(cast(col(documents), Text)))
    yield from (zlib.decompress(packed).decode() for packed in session.exec(select(DraftRevision.packed)))
