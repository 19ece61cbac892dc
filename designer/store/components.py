"""Components of a workspace: every version is immutable, one of each name is the default."""

from __future__ import annotations

import re
import time
from collections.abc import Callable, Mapping
from dataclasses import replace
from functools import partial
from typing import Literal, get_args

import orjson
from sqlalchemy import update
from sqlmodel import Session, col, select

from designer.contract.component import ComponentModule, ComponentSpec, component_module
from designer.contract.errors import DesignerError, FileMissing
from designer.store.database import Database
from designer.store.records import Component

Origin = Literal["script", "shell", "function", "yaml"]
ORIGINS: Mapping[str, Origin] = {each: each for each in get_args(Origin)}
_NUMBER = re.compile(r"[0-9]+")


class VersionTaken(DesignerError):
    """A version of a component exists with other content."""


class Components:
    """The components of a workspace."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def register(self, spec: ComponentSpec, origin: Origin) -> ComponentSpec:
        """Register a component for the palette; the newest version becomes the default.

        Without a version it gets that of the newest equal one, or the next number. Returns the registered spec. Raises
        InvalidComponent, or VersionTaken if the version exists with other content.
        """
        with self._database.write() as session:
            rows = _versions(session, spec.name)
            named = spec if spec.version else replace(spec, version=_next_version(rows, spec))
            named.checked()
            present = next((row for row in rows if row.version == named.version), None)
            if present is not None:
                _require_same(present, named)
                return ComponentSpec.from_json(present.spec)
            _set_default(session, spec.name, None)
            session.add(_row(named, origin, is_anonymous=False))
        return named

    def keep(self, spec: ComponentSpec, origin: Origin) -> ComponentSpec:
        """Keep a component that only the pipelines that use it know; its version is its digest.

        One that equals a registered version is that version.
        """
        named = spec.anonymous().checked()
        with self._database.write() as session:
            alike = (row for row in _versions(session, spec.name) if row.digest == spec.digest)
            same = next(
                (each for row in alike if (each := ComponentSpec.from_json(row.spec)).reuse == spec.reuse), None
            )
            if same is not None:
                return same
            if session.get(Component, (named.name, named.version)) is None:
                session.add(_row(named, origin, is_anonymous=True))
        return named

    def is_anonymous(self, id: str) -> bool:
        """Whether the module of this id is a component that only the pipelines that use it know."""
        with self._database.read() as session:
            row = session.get(Component, tuple(id.rpartition("@")[::2])) if "@" in id else None
        return row is not None and row.is_anonymous

    def name_anonymous(self, id: str, name: str, version: str = "") -> ComponentSpec:
        """Register an anonymous component, given the id of its module, under a name. Raises FileMissing."""
        with self._database.read() as session:
            row = session.get(Component, tuple(id.rpartition("@")[::2]))
        if row is None or not row.is_anonymous:
            problem = f"'{id}' is no program without a name"
            raise FileMissing(problem, "Name a step that was made by a script or line in Python.")
        spec = ComponentSpec.from_json(row.spec)
        spec = replace(spec, name=name or spec.name, version=version)
        return self.register(spec, ORIGINS[row.origin])

    def lock_for(self, spec: ComponentSpec) -> str:
        """The lock that the component has with the same requirements; empty if there is none.

        It is that of the version, or without one that of the newest; a new version gets the newest packages.
        """
        query = select(Component).where(Component.name == spec.name).order_by(col(Component.created).desc())
        query = query.where(Component.version == spec.version) if spec.version else query
        with self._database.read() as session:
            known = [ComponentSpec.from_json(row.spec).environment for row in session.exec(query)]
        wanted = spec.environment
        same = (each for each in known if each and wanted and replace(each, lock="") == replace(wanted, lock=""))
        return next((each.lock for each in same), "")

    def get(self, name: str, version: str | None = None) -> Component:
        """A version of a component; the default one without a version. Raises FileMissing."""
        rows = [row for row in self.versions(name) if row.version == version or (version is None and row.is_default)]
        if not rows:
            known = ", ".join(row.version for row in self.versions(name))
            problem = f"there is no component '{name}'" + (f" with version {version}" if version else "")
            raise FileMissing(problem, f"Its versions: {known}." if known else "See: designer component list.")
        return rows[0]

    def versions(self, name: str) -> list[Component]:
        """The versions of a component, the newest first."""
        with self._database.read() as session:
            return _versions(session, name)

    def version(self, name: str, version: str) -> Component:
        """A version of a component, registered or kept. Raises FileMissing."""
        with self._database.read() as session:
            row = session.get(Component, (name, version))
        return row or self.get(name, version)

    def every(self, name: str) -> list[Component]:
        """The versions of a component, registered or kept."""
        with self._database.read() as session:
            return list(session.exec(select(Component).where(Component.name == name)))

    def all(self, *, archived: bool = False) -> list[Component]:
        """The default version of each registered component by name; the archived ones instead with `archived`."""
        query = select(Component).where(col(Component.is_default), ~col(Component.is_anonymous))
        query = query.where(col(Component.archived).is_not(None) if archived else col(Component.archived).is_(None))
        with self._database.read() as session:
            return list(session.exec(query.order_by(Component.name)))

    def set_default(self, name: str, version: str) -> None:
        """Make a version the default, which the palette offers. Raises FileMissing."""
        self.get(name, version)
        with self._database.write() as session:
            _set_default(session, name, version)

    def archive(self, name: str, *, archived: bool = True) -> None:
        """Hide a component from the palette, or show it again; pipelines that use it keep it. Raises FileMissing."""
        self.get(name)
        with self._database.write() as session:
            values = {"archived": time.time() if archived else None, "changed": time.time()}
            session.exec(update(Component).where(col(Component.name) == name).values(**values))

    def modules(self) -> Mapping[str, Callable[[], type[ComponentModule]]]:
        """A function for each version of each component that makes its module, by the id in documents."""
        with self._database.read() as session:
            driver = session.connection().connection.driver_connection  # no ORM: hundreds are listed at every start
            rows = driver.execute("SELECT name, version, spec FROM component").fetchall() if driver else []
        return {f"{name}@{version}": partial(_made, text) for name, version, text in rows}

    def offered(self) -> list[str]:
        """The ids of the components that the palette offers, by name."""
        query = select(Component.name, Component.version).where(
            col(Component.is_default), ~col(Component.is_anonymous), col(Component.archived).is_(None)
        )
        with self._database.read() as session:
            return [f"{name}@{version}" for name, version in session.exec(query.order_by(Component.name))]

    def stamp(self) -> float:
        """Changes with every change of the components that are offered."""
        query = "SELECT count(*) + coalesce(max(changed), 0) FROM component"
        with self._database.read() as session:
            driver = session.connection().connection.driver_connection
            return float(driver.execute(query).fetchone()[0]) if driver else 0.0


def _made(text: str) -> type[ComponentModule]:
    return component_module(ComponentSpec.from_json(orjson.loads(text)))


def _versions(session: Session, name: str) -> list[Component]:
    named = select(Component).where(Component.name == name, ~col(Component.is_anonymous))
    return list(session.exec(named.order_by(col(Component.created).desc())))


def _next_version(rows: list[Component], spec: ComponentSpec) -> str:
    digest = spec.digest
    same = next((row.version for row in rows if row.digest == digest), None)
    numbers = [int(row.version) for row in rows if _NUMBER.fullmatch(row.version)]
    return same or str(max(numbers, default=0) + 1)


def _require_same(row: Component, spec: ComponentSpec) -> None:
    if row.digest != spec.digest:
        raise VersionTaken(
            f"version {row.version} of '{row.name}' exists with other content",
            "Give the changed component another version, or none.",
        )


def _set_default(session: Session, name: str, version: str | None) -> None:
    named = update(Component).where(col(Component.name) == name)
    session.exec(named.values(is_default=col(Component.version) == version, changed=time.time()))


def _row(spec: ComponentSpec, origin: Origin, *, is_anonymous: bool) -> Component:
    now = time.time()
    return Component(
        name=spec.name, version=spec.version, digest=spec.digest, spec=spec.to_json(), origin=origin,
        is_anonymous=is_anonymous, is_default=not is_anonymous, created=now, changed=now, author=spec.author,
    )  # fmt: skip
