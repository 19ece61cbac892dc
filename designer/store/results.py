"""Results by key, the metadata of their artifacts, and the statistics of tables."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import Any

from sqlmodel import Session, col, delete, select

from designer.contract.errors import FileMissing
from designer.contract.ports import PortType
from designer.contract.schema import Schema
from designer.store.artifacts.values import Artifacts, Stored
from designer.store.database import Database
from designer.store.record import keep_artifacts_in
from designer.store.records import Artifact, Profile, Result
from designer.store.upserts import upsert

_RESULT = "SELECT module, outputs, explain, seconds, made_at FROM result WHERE key = ?"
_SEAL = "SELECT seal FROM artifact WHERE digest = ?"
REMEMBERED, REMEMBERED_LENGTH = 1000, 20_000
"""The most parsed results cached in memory, and the longest document cached, in characters."""


@dataclass(frozen=True)
class CachedResult:
    """A result that was computed before."""

    key: str
    module: str
    outputs: Mapping[str, Stored]
    explain: str
    seconds: float
    made_at: float


class Results:
    """The results of a workspace by their keys, see `designer.engine.key`."""

    def __init__(self, database: Database, artifacts: Artifacts) -> None:
        self._database = database
        self._artifacts = artifacts
        self._parsed = lru_cache(maxsize=REMEMBERED)(_outputs)  # a run looks up the same results as the one before

    def find(self, key: str) -> CachedResult | None:
        """The result of a key; None if there is none, or if an artifact of it is missing or damaged."""
        with self.reading() as find:
            return find(key)

    @contextmanager
    def reading(self) -> Iterator[Callable[[str], CachedResult | None]]:
        """Provide `find` for many keys in one transaction."""
        moved: list[Stored] = []
        with self._database.read() as session:
            yield lambda key: self._lookup(session, key, moved)
        if moved:
            with self._database.record() as writing:
                keep_artifacts_in(writing, moved)

    def keep_in(self, session: Session, results: Iterable[CachedResult]) -> None:
        """Store results, and the metadata of their artifacts, inside a transaction."""
        kept = list(results)
        keep_artifacts_in(session, (stored for result in kept for stored in result.outputs.values()))
        upsert(session, Result, [_result_row(result) for result in kept])

    def keep_artifacts(self, values: Iterable[Stored]) -> None:
        """Store the metadata of artifacts that belong to no key."""
        with self._database.write() as session:
            keep_artifacts_in(session, values)

    def stored(self, digest: str) -> Stored:
        """The description of an artifact; raises FileMissing if it is unknown."""
        with self._database.read() as session:
            row = session.get(Artifact, digest)
        if row is None:
            raise FileMissing(f"there is no stored result {digest[:12]}", "Run the pipeline again.")
        schema = Schema.from_json(row.table_schema) if row.table_schema else None
        return Stored(row.digest, PortType(row.kind), row.size, row.seal, schema, row.summary)

    def profile(self, digest: str, version: str) -> Profile | None:
        """The statistics of a table, the request for them, or the reason they failed; None if never requested."""
        with self._database.read() as session:
            return session.get(Profile, (digest, version))

    def want_profile(self, digest: str, version: str) -> Profile:
        """The statistics of a table; on first use, requests them from the engine process."""
        profile = self.profile(digest, version)
        if profile is not None:
            return profile
        self.keep_profile(digest, version, "wanted", {})
        return Profile(digest=digest, version=version)

    def wanted_profiles(self, limit: int = 20) -> list[Profile]:
        """Up to `limit` requests that the engine process has not answered yet."""
        with self._database.read() as session:
            return list(session.exec(select(Profile).where(Profile.state == "wanted").limit(limit)))

    def keep_profile(self, digest: str, version: str, state: str, document: dict[str, Any]) -> None:
        """Store the statistics of a table, or the state of the request for them."""
        with self._database.record() as session:
            session.merge(Profile(digest=digest, version=version, state=state, document=document))

    def forget_failed_profiles(self) -> None:
        """Delete failed statistics, so that they can be requested again."""
        with self._database.record() as session:
            session.exec(delete(Profile).where(col(Profile.state) == "failed"))

    def _lookup(self, session: Session, key: str, moved: list[Stored]) -> CachedResult | None:
        driver: Any = session.connection().connection.driver_connection  # no ORM: a hundred keys at once
        row = driver.execute(_RESULT, (key,)).fetchone()
        if row is None:
            return None
        module, documents, explain, seconds, made_at = row
        read = self._parsed if len(documents) <= REMEMBERED_LENGTH else _outputs
        outputs: dict[str, Stored] = {}
        for port, stored in read(documents).items():
            if not self._is_as_sealed(stored):
                (seal,) = driver.execute(_SEAL, (stored.digest,)).fetchone() or ("",)
                if not self._artifacts.blobs.is_intact(stored.digest, seal):
                    return None
                stored = replace(stored, seal=self._artifacts.blobs.seal(stored.digest))
                if stored.seal != seal:  # the same bytes in a copied or restored file
                    moved.append(stored)
            outputs[port] = stored
        return CachedResult(key, module, outputs, explain, seconds, made_at)

    def _is_as_sealed(self, stored: Stored) -> bool:
        try:
            return self._artifacts.blobs.seal(stored.digest) == stored.seal
        except FileMissing:
            return False


def _result_row(result: CachedResult) -> dict[str, Any]:
    documents = {port: stored.to_json() for port, stored in result.outputs.items()}
    return {**vars(result), "outputs": documents}


def _outputs(documents: str) -> Mapping[str, Stored]:
    return {port: Stored.from_json(document) for port, document in json.loads(documents).items()}
