"""Keep manifests in step with the database, find what the database has lost, and restore it."""

from __future__ import annotations

import math
import time
import uuid
from collections.abc import Iterable, Mapping
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlmodel import Session, SQLModel, select

from designer.contract.errors import DesignerError
from designer.store.artifacts.values import Stored
from designer.store.database import Database
from designer.store.manifests import KINDS, Head, Kind, Manifests
from designer.store.packing import packed
from designer.store.records import (
    ACTIVE,
    Artifact,
    Dataset,
    Draft,
    DraftRevision,
    Endpoint,
    EndpointKey,
    EndpointVersion,
    Experiment,
    Metric,
    NodeRun,
    Result,
    Run,
    Schedule,
)
from designer.store.upserts import upsert

TABLES: Mapping[str, type[SQLModel]] = {
    "draft": Draft, "run": Run, "node_run": NodeRun, "dataset": Dataset, "artifact": Artifact, "endpoint": Endpoint,
    "endpoint_version": EndpointVersion, "endpoint_key": EndpointKey, "experiment": Experiment, "metric": Metric,
    "schedule": Schedule,
}  # fmt: skip
"""The tables whose rows are written into manifests."""

LISTED = 10

_LAST: Mapping[Kind, float] = {"run": 1.0, "dataset": 1.0}
"""The final revision of a kind: an object that the database has in this state needs no check of its manifest."""


@dataclass(frozen=True)
class Missing:
    """An object that the database has lost: entirely, or everything after `revision`."""

    head: Head
    revision: float | None = None

    def __str__(self) -> str:
        head = self.head
        match head.kind:
            case "pipeline":
                if not self.revision:
                    return f"pipeline '{head.name}'"
                return f"pipeline '{head.name}' is back at revision {self.revision:.0f}, {head.revision:.0f} was saved"
            case "run":
                at = datetime.fromtimestamp(head.at).astimezone()
                what = "run" if self.revision is None else "the end of a run"
                return f"{what} of '{head.name}', {at:%d %b %H:%M}"
            case "dataset":
                return f"dataset '{head.name}', version {head.id.partition(' ')[0]}"
            case "endpoint":
                return f"{'the newest state of ' if self.revision else ''}endpoint '{head.name}'"
            case "schedule":
                return f"{'the newest state of ' if self.revision else ''}schedule '{head.name}'"


@dataclass(frozen=True)
class Record:
    """Keeps the manifests of a workspace in step with its database."""

    database: Database
    manifests: Manifests

    def note(self, kind: Kind, id: str) -> None:
        """Write the manifest of an object; call it after every change of it.

        Ignores database and disk errors, since the change is committed already; `catch_up` writes the manifest later.
        """
        with suppress(DesignerError):
            with self.database.read() as session:
                rows = _rows(session, kind, id)
            if rows:
                self._write(kind, id, rows)

    def forget(self, kind: Kind, id: str) -> None:
        """Remove the manifest of an object; call it before deleting the object for ever."""
        self.manifests.forget(kind, id)

    def missing(self) -> list[Missing]:
        """Objects that have a manifest and are not in the database, or only in an earlier state."""
        with self.database.read() as session:
            before = {kind: _states(session, kind) for kind in KINDS}
        last = {kind: [id for id, at in before[kind].items() if at >= _LAST.get(kind, math.inf)] for kind in KINDS}
        heads = {kind: list(self.manifests.heads(kind, without=last[kind])) for kind in KINDS}
        with self.database.read() as session:
            states = {kind: _states(session, kind) for kind in KINDS}
        candidates = [
            Missing(head, states[kind].get(head.id))
            for kind in KINDS
            for head in heads[kind]
            if states[kind].get(head.id, -1.0) < head.revision
        ]
        return [each for each in candidates if self.manifests.head(each.head.kind, each.head.id) is not None]

    def catch_up(self) -> None:
        """Write manifests that are missing or outdated: in a workspace without any, or after the disk was full."""
        with self.database.read() as session:
            states = {kind: _states(session, kind) for kind in KINDS}
        for kind in KINDS:
            revisions = {head.id: head.revision for head in self.manifests.heads(kind)}
            for id, revision in states[kind].items():
                if revisions.get(id, -1.0) < revision:
                    self.note(kind, id)

    def bring_back(self) -> list[Missing]:
        """Restore what is missing to the database; returns what was restored.

        If the database has an earlier state of a pipeline, that stays and the later state becomes a separate pipeline.
        """
        return [each for each in self.missing() if self._bring_back(each)]

    def _bring_back(self, lost: Missing) -> bool:
        kind, id = lost.head.kind, lost.head.id
        rows = list(_read(self.manifests.document(kind, id) or {}))
        if not rows:
            return False
        recovered = kind == "pipeline" and lost.revision is not None
        with self.database.write() as session:
            for row in rows:
                if isinstance(row, Experiment) and session.get(Experiment, row.name) is not None:
                    continue
                if recovered and isinstance(row, Draft):
                    row.id, row.name = uuid.uuid4().hex, f"{row.name} (recovered)"
                session.merge(_closed(row))
            for row in rows:
                _add_what_belongs(session, row)
        if recovered:
            self.manifests.forget(kind, id)
        for row in rows:
            if isinstance(row, Draft):
                self.note("pipeline", row.id)
        self.note(kind, id)
        return True

    def _write(self, kind: Kind, id: str, rows: list[SQLModel]) -> None:
        documents: dict[str, list[dict[str, Any]]] = {}
        for row in rows:
            documents.setdefault(str(row.__tablename__), []).append(row.model_dump())
        self.manifests.keep(kind, id, _revision(rows[0]), str(getattr(rows[0], "name", id)), documents)


def in_words(missing: Iterable[Missing]) -> list[str]:
    """Sentences that tell the owner of a workspace what is missing; empty if nothing is."""
    lost = list(missing)
    if not lost:
        return []
    counted = ", ".join(
        f"{number} {kind}{'s' if number != 1 else ''}"
        for kind in KINDS
        if (number := sum(each.head.kind == kind for each in lost))
    )
    more = f"; and {len(lost) - LISTED} more" if len(lost) > LISTED else ""
    return [
        f"The workspace database is older than what was saved beside it, or was damaged. Missing from it: {counted}.",
        f"Missing: {'; '.join(str(each) for each in lost[:LISTED])}{more}.",
        "Bring them back with: designer rebuild",
    ]


def dataset_id(name: str, version: int) -> str:
    """The id of a version of a dataset in the record."""
    return f"{version} {name}"


def _rows(session: Session, kind: Kind, id: str) -> list[SQLModel]:
    """The rows of an object, its main row first; empty if it does not exist."""
    first = _row_of(session, kind, id)
    return [first, *_belonging(session, first)] if first is not None else []


def _row_of(session: Session, kind: Kind, id: str) -> SQLModel | None:
    match kind:
        case "pipeline":
            return session.get(Draft, id)
        case "run":
            return session.get(Run, id)
        case "dataset":
            version, _, name = id.partition(" ")
            return session.get(Dataset, (name, int(version)))
        case "endpoint":
            return session.get(Endpoint, id)
        case "schedule":
            return session.get(Schedule, id)


def _belonging(session: Session, row: SQLModel) -> list[SQLModel]:
    match row:
        case Run():
            experiments = session.exec(select(Experiment).where(Experiment.name == row.experiment))
            nodes = session.exec(select(NodeRun).where(NodeRun.run_id == row.id))
            return [*experiments, *nodes, *session.exec(select(Metric).where(Metric.run_id == row.id))]
        case Dataset():
            return [*session.exec(select(Artifact).where(Artifact.digest == row.digest))]
        case Endpoint():
            versions = session.exec(select(EndpointVersion).where(EndpointVersion.endpoint == row.name))
            return [*versions, *session.exec(select(EndpointKey).where(EndpointKey.endpoint == row.name))]
        case _:
            return []


def _states(session: Session, kind: Kind) -> dict[str, float]:
    match kind:
        case "pipeline":
            return {id: float(revision) for id, revision in session.exec(select(Draft.id, Draft.revision))}
        case "run":
            return {id: _progress(state) for id, state in session.exec(select(Run.id, Run.state))}
        case "dataset":
            versions = session.exec(select(Dataset.name, Dataset.version))
            return {dataset_id(name, version): 1.0 for name, version in versions}
        case "endpoint":
            return {name: changed for name, changed in session.exec(select(Endpoint.name, Endpoint.changed))}  # noqa: C416
        case "schedule":
            return {name: changed for name, changed in session.exec(select(Schedule.name, Schedule.changed))}  # noqa: C416


def _revision(row: SQLModel) -> float:
    match row:
        case Draft():
            return float(row.revision)
        case Run():
            return _progress(row.state)
        case Endpoint() | Schedule():
            return row.changed
        case _:
            return 1.0


def _progress(state: str) -> float:
    return 0.0 if state in ACTIVE else 1.0


def _read(document: Mapping[str, Any]) -> Iterable[SQLModel]:
    for name, rows in document.items():
        for values in rows if name in TABLES and isinstance(rows, list) else ():
            if isinstance(values, dict):
                yield TABLES[name](**values)


def _closed(row: SQLModel) -> SQLModel:
    """Mark a run without a recorded end as crashed, since no process executes it; let schedules go on from now."""
    if isinstance(row, Run) and row.state in ACTIVE:
        row.state, row.ended = "crashed", row.started or row.created
        row.error = {"type": "Crashed", "message": "The record of how the run ended was lost. Run it again."}
    if isinstance(row, Schedule):  # what became of its times since then is not on record: begin anew
        row.checked = time.time()
        row.next_due = row.checked if row.enabled else None
    return row


def _add_what_belongs(session: Session, row: SQLModel) -> None:
    """Restore dependent rows of other tables: the revision of a pipeline, the artifacts and results of a node."""
    if isinstance(row, Draft):
        session.merge(
            DraftRevision(
                draft_id=row.id, revision=row.revision, action="rebuild", at=time.time(), packed=packed(row.document)
            )
        )
    if isinstance(row, NodeRun):
        keep_artifacts_in(session, map(Stored.from_json, row.outputs.values()))
        if row.key is not None and row.state == "finished":
            session.merge(_result_of(row, row.key))


def _result_of(row: NodeRun, key: str) -> Result:
    return Result(
        key=key, module=row.module, outputs=row.outputs, explain=row.explain, seconds=row.seconds or 0.0,
        made_at=row.ended or time.time(),
    )  # fmt: skip


def keep_artifacts_in(session: Session, values: Iterable[Stored]) -> None:
    """Write the metadata of stored values inside a transaction."""
    upsert(session, Artifact, [_artifact_row(stored) for stored in values])


def _artifact_row(stored: Stored) -> dict[str, Any]:
    return {
        "digest": stored.digest, "kind": str(stored.kind), "size": stored.size, "seal": stored.seal,
        "table_schema": stored.schema.to_json() if stored.schema else None, "summary": stored.summary,
        "created": time.time(),
    }  # fmt: skip
