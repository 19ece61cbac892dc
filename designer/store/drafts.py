"""Drafts, the pipelines being edited: saved by compare-and-swap, with an append-only history."""

from __future__ import annotations

import time
import uuid
from collections.abc import Mapping
from typing import Any

from sqlalchemy import delete, func, update
from sqlmodel import Session, col, select

from designer.contract.errors import DesignerError, FileMissing
from designer.store.database import Database
from designer.store.packing import packed, unpacked
from designer.store.record import Record
from designer.store.records import Draft, DraftRevision

Document = Mapping[str, Any]


class Conflict(DesignerError):
    """The draft was saved elsewhere in the meantime; `revision` is the current one."""

    def __init__(self, base: int, revision: int) -> None:
        super().__init__(
            f"the pipeline was changed elsewhere (revision {revision}, this edit was made on {base})",
            "Load it again and repeat the edit.",
        )
        self.revision = revision


class WouldEmpty(DesignerError):
    """A save would replace a pipeline with an empty one without `allow_empty`."""


class Drafts:
    """The drafts of a workspace."""

    def __init__(self, database: Database, record: Record) -> None:
        self._database = database
        self._record = record

    def create(
        self,
        name: str,
        document: Document,
        *,
        kind: str = "training",
        parent: str | None = None,
        parent_run: str | None = None,
    ) -> Draft:
        """Create a draft at revision 1."""
        now = time.time()
        draft = Draft(
            id=uuid.uuid4().hex, name=name, kind=kind, document={**document, "name": name, "kind": kind},
            created=now, edited=now, parent=parent, parent_run=parent_run,
        )  # fmt: skip
        with self._database.write() as session:
            session.add(draft)
            _remember(session, draft.id, 1, "create", draft.document, now)
        self._record.note("pipeline", draft.id)
        return draft

    def get(self, id: str) -> Draft:
        """A draft, in the trash or not. Raises FileMissing if there is none with this id."""
        with self._database.read() as session:
            draft = session.get(Draft, id)
        if draft is None:
            raise FileMissing(f"there is no pipeline '{id}'", "Open one from the home page.")
        return draft

    def all(
        self, *, kind: str | None = None, parent: str | None = None, trashed: bool = False, limit: int | None = None
    ) -> list[Draft]:
        """Drafts, the last edited first."""
        query = select(Draft).order_by(col(Draft.edited).desc()).limit(limit)
        query = query.where(col(Draft.trashed).is_not(None) if trashed else col(Draft.trashed).is_(None))
        if kind is not None:
            query = query.where(Draft.kind == kind)
        if parent is not None:
            query = query.where(Draft.parent == parent)
        with self._database.read() as session:
            return list(session.exec(query))

    def save(self, id: str, base: int, document: Document, *, action: str = "edit", allow_empty: bool = False) -> int:
        """Replace the document if it is still at revision `base`; returns the new revision, raises Conflict.

        Raises WouldEmpty if an empty graph would replace a non-empty one without `allow_empty`. The draft takes its
        name and kind from the document.
        """
        now = time.time()
        with self._database.write() as session:
            draft = session.get(Draft, id)
            if draft is None:
                raise FileMissing(f"there is no pipeline '{id}'", "Open one from the list of pipelines.")
            if draft.revision != base:
                raise Conflict(base, draft.revision)
            if draft.document.get("nodes") and not document.get("nodes") and not allow_empty:
                raise WouldEmpty("the edit would remove every node of the pipeline", "Select all and delete to do so.")
            values = {
                "document": dict(document), "revision": base + 1, "edited": now,
                "name": document.get("name") or draft.name, "kind": document.get("kind") or draft.kind,
            }  # fmt: skip
            session.exec(update(Draft).where(col(Draft.id) == id, col(Draft.revision) == base).values(**values))
            _remember(session, id, base + 1, action, document, now)
        self._record.note("pipeline", id)
        return base + 1

    def history(self, id: str, limit: int = 100) -> list[DraftRevision]:
        """The saved revisions, the newest first; `document_of` unpacks one."""
        query = select(DraftRevision).where(DraftRevision.draft_id == id)
        with self._database.read() as session:
            return list(session.exec(query.order_by(col(DraftRevision.revision).desc()).limit(limit)))

    def document(self, id: str, revision: int) -> dict[str, Any]:
        """The document at a revision. Raises FileMissing if there is no such revision."""
        with self._database.read() as session:
            saved = session.get(DraftRevision, (id, revision))
        if saved is None:
            raise FileMissing(f"the pipeline has no revision {revision}", "Choose one of its history.")
        return document_of(saved)

    def duplicate(self, id: str, name: str | None = None) -> Draft:
        """Create a copy at revision 1 under another name."""
        original = self.get(id)
        return self.create(name or self._free_name(original.name), original.document, kind=original.kind,
                           parent=original.parent, parent_run=original.parent_run)  # fmt: skip

    def delete(self, id: str) -> None:
        """Move a draft to the trash."""
        self._set_trashed(id, time.time())

    def restore(self, id: str) -> None:
        """Restore a draft from the trash."""
        self._set_trashed(id, None)

    def forget(self, id: str) -> None:
        """Delete a draft from the trash for ever, with its history; its runs stay.

        Raises FileMissing if it is not in the trash.
        """
        if self.get(id).trashed is None:
            raise FileMissing(f"the pipeline '{id}' is not in the trash", "Delete it first.")
        self._record.forget("pipeline", id)
        with self._database.write() as session:
            session.exec(delete(DraftRevision).where(col(DraftRevision.draft_id) == id))
            session.exec(delete(Draft).where(col(Draft.id) == id))

    def _set_trashed(self, id: str, at: float | None) -> None:
        with self._database.write() as session:
            session.exec(update(Draft).where(col(Draft.id) == id).values(trashed=at))
        self._record.note("pipeline", id)

    def _free_name(self, name: str) -> str:
        with self._database.read() as session:
            taken = set(session.exec(select(Draft.name)))
        names = [f"{name} (copy)", *(f"{name} (copy {n})" for n in range(2, len(taken) + 3))]
        return next(candidate for candidate in names if candidate not in taken)

    def count(self) -> int:
        """The number of drafts outside the trash."""
        with self._database.read() as session:
            return int(session.exec(select(func.count()).where(col(Draft.trashed).is_(None))).one())


def document_of(revision: DraftRevision) -> dict[str, Any]:
    """The document of a saved revision."""
    return unpacked(revision.packed)


def _remember(session: Session, id: str, revision: int, action: str, document: Document, at: float) -> None:
    session.add(DraftRevision(draft_id=id, revision=revision, action=action, at=at, packed=packed(document)))
