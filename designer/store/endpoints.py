"""Endpoints, their deployed versions, keys and request counts."""

from __future__ import annotations

import hashlib
import hmac
import re
import secrets
import time
from collections.abc import Mapping
from typing import Any, Literal

from sqlalchemy import delete, func, update
from sqlalchemy.dialects.sqlite import insert
from sqlmodel import Session, col, select

from designer.contract.errors import FileMissing, InvalidParameter
from designer.store.database import Database
from designer.store.record import Record
from designer.store.records import Endpoint, EndpointKey, EndpointVersion, RequestCount

Kind = Literal["realtime", "pipeline"]
Slot = Literal["primary", "secondary"]
SLOTS: tuple[Slot, ...] = ("primary", "secondary")
_NAME = re.compile(r"[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?")
_KINDS: Mapping[str, str] = {"realtime": "endpoint", "pipeline": "published pipeline"}
_REMEDIES: Mapping[str, str] = {
    "realtime": "Deploy an inference pipeline first.",
    "pipeline": "They are listed by: designer published list.",
}


class Endpoints:
    """The endpoints of a workspace."""

    def __init__(self, database: Database, record: Record) -> None:
        self._database = database
        self._record = record

    def create(
        self, name: str, *, kind: Kind = "realtime", title: str = "", description: str = "", requires_key: bool = True
    ) -> Endpoint:
        """Create an endpoint without versions; an existing one of that name is returned unchanged.

        Raises InvalidParameter if the name cannot be part of a URL, or is that of an endpoint of another kind or title.
        """
        if not _NAME.fullmatch(name):
            raise InvalidParameter(
                f"'{name}' cannot be an address",
                "Use up to 63 lower-case letters, digits and hyphens.",
                parameter="Name",
            )
        now = time.time()
        with self._database.write() as session:
            existing = session.get(Endpoint, name)
            if existing is not None:
                _require_alike(existing, kind, title)
                return existing
            endpoint = Endpoint(name=name, title=title, kind=kind, description=description, created=now, changed=now,
                                requires_key=requires_key)  # fmt: skip
            session.add(endpoint)
        self._record.note("endpoint", name)
        return endpoint

    def get(self, name: str, kind: Kind = "realtime") -> Endpoint:
        """An endpoint of a kind. Raises FileMissing if there is none of this name."""
        with self._database.read() as session:
            endpoint = session.get(Endpoint, name)
        if endpoint is None or endpoint.kind != kind:
            raise FileMissing(f"there is no {_KINDS[kind]} '{name}'", _REMEDIES[kind])
        return endpoint

    def all(self, kind: Kind = "realtime") -> list[Endpoint]:
        """The endpoints of a kind, sorted by name."""
        with self._database.read() as session:
            query = select(Endpoint).where(Endpoint.kind == kind)
            return list(session.exec(query.order_by(col(Endpoint.name))))

    def delete(self, name: str) -> None:
        """Remove an endpoint with its versions, keys and counts."""
        self._record.forget("endpoint", name)
        with self._database.write() as session:
            session.exec(delete(Endpoint).where(col(Endpoint.name) == name))
            session.exec(delete(EndpointVersion).where(col(EndpointVersion.endpoint) == name))
            session.exec(delete(EndpointKey).where(col(EndpointKey.endpoint) == name))
            session.exec(delete(RequestCount).where(col(RequestCount.endpoint) == name))

    def change(self, name: str, **values: Any) -> None:
        """Set the state, description, requires_key or default_version of an endpoint."""
        with self._database.write() as session:
            _change(session, name, values)
        self._record.note("endpoint", name)

    def add_version(
        self, name: str, document: Mapping[str, Any], *, make_default: bool = True, **values: Any
    ) -> EndpointVersion:
        """Add a version; `values` are the other fields of EndpointVersion (run_id, engine, artifacts, ...)."""
        with self._database.write() as session:
            _require(session, name)
            newest = select(func.max(EndpointVersion.version)).where(EndpointVersion.endpoint == name)
            number = int(session.exec(newest).one() or 0) + 1
            version = EndpointVersion(
                endpoint=name, version=number, document=dict(document), created=time.time(), **values
            )
            session.add(version)
            _change(session, name, {"default_version": number} if make_default else {})
        self._record.note("endpoint", name)
        return version

    def versions(self, name: str) -> list[EndpointVersion]:
        """The versions of an endpoint, the newest first."""
        query = select(EndpointVersion).where(EndpointVersion.endpoint == name)
        with self._database.read() as session:
            return list(session.exec(query.order_by(col(EndpointVersion.version).desc())))

    def answering(self) -> dict[str, EndpointVersion]:
        """The default version of every endpoint that has one, by endpoint name."""
        default = (col(EndpointVersion.endpoint) == col(Endpoint.name)) & (
            col(EndpointVersion.version) == col(Endpoint.default_version)
        )
        with self._database.read() as session:
            return {row.endpoint: row for row in session.exec(select(EndpointVersion).join(Endpoint, default))}

    def version(self, name: str, version: int | None = None) -> EndpointVersion:
        """A version, by default the default one. Raises FileMissing if there is none."""
        with self._database.read() as session:
            number = version if version is not None else _require(session, name).default_version
            row = session.get(EndpointVersion, (name, number)) if number is not None else None
        if row is None:
            which = number if number is not None else "that answers"
            raise FileMissing(f"endpoint '{name}' has no version {which}", "Choose one of its versions.")
        return row

    def version_called(self, endpoint: Endpoint, version: int | str | None = None) -> EndpointVersion:
        """A version of a published pipeline by its number or its label, which wins. Raises FileMissing."""
        if version is None or isinstance(version, int):
            return self.version(endpoint.name, version)
        versions = self.versions(endpoint.name)
        labelled = [each for each in versions if each.label and each.label == version]
        numbered = [each for each in versions if str(each.version) == version]
        if not labelled and not numbered:
            names = ", ".join(each.label or str(each.version) for each in versions[:8])
            raise FileMissing(f"'{endpoint.title}' has no version '{version[:80]}'", f"There are: {names}.")
        return (labelled or numbered)[0]

    def change_version(self, name: str, version: int, **values: Any) -> None:
        """Set fields of a version: its certificate, state, engine, reason, example."""
        with self._database.write() as session:
            session.exec(
                update(EndpointVersion)
                .where(col(EndpointVersion.endpoint) == name, col(EndpointVersion.version) == version)
                .values(**values)
            )
            _change(session, name, {})
        self._record.note("endpoint", name)

    def stamp(self) -> tuple[int, float]:
        """A pair that changes whenever endpoints, versions or keys do; scoring processes poll it."""
        with self._database.read() as session:
            count, newest = session.exec(select(func.count(), func.coalesce(func.max(Endpoint.changed), 0.0))).one()
        return int(count), float(newest)

    def new_key(self, name: str, slot: Slot = "primary", key: str | None = None) -> str:
        """Set the key of a slot, by default to a fresh one, and return it; the previous key becomes invalid."""
        key = key or fresh_key()
        row = EndpointKey(endpoint=name, slot=slot, digest=digest_of_key(key), shown=key[:8], created=time.time())
        with self._database.write() as session:
            _require(session, name)
            session.merge(row)
            _change(session, name, {})
        self._record.note("endpoint", name)
        return key

    def revoke_key(self, name: str, slot: Slot) -> None:
        """Remove the key of a slot."""
        with self._database.write() as session:
            session.exec(delete(EndpointKey).where(col(EndpointKey.endpoint) == name, col(EndpointKey.slot) == slot))
            _change(session, name, {})
        self._record.note("endpoint", name)

    def keys(self, name: str) -> list[EndpointKey]:
        """The keys of an endpoint: creation time, last use and first characters."""
        with self._database.read() as session:
            return list(session.exec(select(EndpointKey).where(EndpointKey.endpoint == name)))

    def key_slot(self, name: str, key: str) -> str | None:
        """The slot of a key; None if the key is not valid for this endpoint."""
        digest = digest_of_key(key)
        return next((row.slot for row in self.keys(name) if hmac.compare_digest(row.digest, digest)), None)

    def owners_of_key(self, key: str) -> dict[str, str]:
        """The endpoints that a key opens, with its slot."""
        query = select(EndpointKey).where(EndpointKey.digest == digest_of_key(key))
        with self._database.read() as session:
            return {row.endpoint: row.slot for row in session.exec(query)}

    def note_key_used(self, name: str, slot: str, at: float) -> None:
        """Record when a key was last used; call it periodically, not for each request."""
        with self._database.record() as session:
            session.exec(
                update(EndpointKey)
                .where(col(EndpointKey.endpoint) == name, col(EndpointKey.slot) == slot)
                .values(last_used=at)
            )

    def count_requests(
        self, name: str, version: int, minute: int, *, requests: int, rows: int, errors: int, seconds: float,
        slowest: float,
    ) -> None:  # fmt: skip
        """Add to the counts of a minute (`int(time.time() // 60)`); call it with totals, not for each request."""
        row = insert(RequestCount).values(endpoint=name, version=version, minute=minute, requests=requests, rows=rows,
                                          errors=errors, seconds=seconds, slowest=slowest)  # fmt: skip
        added = {
            field: getattr(RequestCount, field) + getattr(row.excluded, field)
            for field in ("requests", "rows", "errors", "seconds")
        }
        added["slowest"] = func.max(RequestCount.slowest, row.excluded.slowest)
        with self._database.record() as session:
            session.exec(row.on_conflict_do_update(index_elements=["endpoint", "version", "minute"], set_=added))

    def requests_since(self, minute: int) -> dict[str, int]:
        """The number of requests that each endpoint answered since a minute."""
        total = func.coalesce(func.sum(RequestCount.requests), 0)
        query = select(RequestCount.endpoint, total).where(RequestCount.minute >= minute)
        with self._database.read() as session:
            return {name: int(count) for name, count in session.exec(query.group_by(RequestCount.endpoint))}

    def request_counts(self, name: str, since_minute: int = 0) -> list[RequestCount]:
        """The request counts of an endpoint by minute, the oldest first."""
        query = select(RequestCount).where(RequestCount.endpoint == name, RequestCount.minute >= since_minute)
        with self._database.read() as session:
            return list(session.exec(query.order_by(col(RequestCount.minute))))


def slot_named(slot: str) -> Slot:
    """The slot of a name; raises InvalidParameter."""
    for name in SLOTS:
        if slot == name:
            return name
    raise InvalidParameter(f"there is no key '{slot}'", f"Keys are: {', '.join(SLOTS)}.", parameter="key")


def fresh_key() -> str:
    """Generate a random key."""
    return f"dsg_{secrets.token_urlsafe(32)}"


def digest_of_key(key: str) -> str:
    """The SHA-256 of a key, which is stored instead of it; scoring processes compare it with those in memory."""
    return hashlib.sha256(key.encode()).hexdigest()


def _require(session: Session, name: str) -> Endpoint:
    endpoint = session.get(Endpoint, name)
    if endpoint is None:
        raise FileMissing(f"there is no endpoint '{name}'", _REMEDIES["realtime"])
    return endpoint


def _require_alike(existing: Endpoint, kind: Kind, title: str) -> None:
    if existing.kind != kind:
        problem = f"'{existing.name}' is the address of a {_KINDS[existing.kind]}"
    elif existing.title != title:
        problem = f"'{existing.name}' is the address of '{existing.title}' already"
    else:
        return
    raise InvalidParameter(problem, "Choose another name.", parameter="Name")


def _change(session: Session, name: str, values: Mapping[str, Any]) -> None:
    later = func.max(time.time(), col(Endpoint.changed) + 1e-6)  # increases even if the clock was set back
    session.exec(update(Endpoint).where(col(Endpoint.name) == name).values(**values, changed=later))
