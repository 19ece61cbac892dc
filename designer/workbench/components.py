"""Components: register programs of a user's own, list, show and archive them."""

from __future__ import annotations

import re
import shutil
from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path
from typing import Any

from designer.contract.component import ComponentSpec, Environment
from designer.contract.errors import FileMissing, InvalidValues
from designer.contract.ports import PortType
from designer.engine.programs.environments import UNUSED_DAYS, Made, Places, locked, made, python_of, remove
from designer.registry.component_file import read_component
from designer.registry.python_file import components_in
from designer.registry.scripts import Source
from designer.registry.snapshot import require_packed
from designer.store.artifacts.blobs import digest_of
from designer.store.components import Origin
from designer.store.records import Component, Draft
from designer.store.workspace import Workspace


@dataclass(frozen=True)
class Components:
    """The components of a workspace."""

    workspace: Workspace

    def register(self, source: Source, origin: Origin = "script") -> ComponentSpec:
        """Register a component for the palette, see `designer.store.components.Components.register`."""
        return self.workspace.components.register(self._stored(source), origin)

    def add(self, file: Path, version: str = "") -> list[ComponentSpec]:
        """Register the component of a component file, or those that the functions of a Python file declare.

        A Python file is executed, in a process of its own. A version given here wins over that of the file. See
        `designer.registry.component_file` and `designer.registry.python_file`.
        """
        is_python = file.suffix.lower() == ".py"
        sources = components_in(file) if is_python else [read_component(file)]
        origin: Origin = "function" if is_python else "yaml"
        return [
            self.register(replace(each, spec=replace(each.spec, version=version or each.spec.version)), origin)
            for each in sources
        ]

    def keep(self, source: Source, origin: Origin = "script") -> ComponentSpec:
        """Keep a component that only the pipelines that use it know; its version is its digest."""
        unversioned = replace(source, spec=replace(source.spec, version=""))
        return self.workspace.components.keep(self._stored(unversioned), origin)

    def register_stored(self, spec: ComponentSpec, origin: Origin, *, anonymous: bool) -> tuple[Component, bool]:
        """Register a component whose code is stored, or keep it as `keep` does; returns its row, and whether it is new.

        Its environment is locked. Raises FileMissing if its code was not stored, and as `register` does.
        """
        if spec.code and not self.has_code(spec.code):
            problem = f"the code of '{spec.name}' is not there"
            raise FileMissing(problem, "Send the snapshot of its folder first, under its digest.")
        before = {(row.name, row.version) for row in self.workspace.components.every(spec.name)}
        locked_spec = self._locked(replace(spec, version="") if anonymous else spec)
        kept = self.workspace.components
        named = kept.keep(locked_spec, origin) if anonymous else kept.register(locked_spec, origin)
        return kept.version(named.name, named.version), (named.name, named.version) not in before

    def has_code(self, digest: str) -> bool:
        """Whether the packed folder of a digest is stored, as it was."""
        return self.workspace.artifacts.blobs.is_intact(digest)

    def keep_code(self, digest: str, archive: Path) -> bool:
        """Store a packed folder under its digest; returns whether it is new.

        Raises InvalidValues if it has another digest, UnsafeFolder if it is no such archive, SnapshotTooLarge.
        """
        is_new = not self.has_code(digest)
        require_packed(archive)
        if digest_of(archive) != digest:
            raise InvalidValues("the content has another digest than its address says", "Send it under its BLAKE3.")
        if is_new:
            self.workspace.artifacts.blobs.write(partial(_copied, archive))
        return is_new

    def version(self, name: str, version: str) -> Component:
        """A version of a component, also one that only the pipelines that use it know. Raises FileMissing."""
        return self.workspace.components.version(name, version)

    def all(self, *, archived: bool = False) -> list[Component]:
        """The default version of each registered component by name; the archived ones instead with `archived`."""
        return self.workspace.components.all(archived=archived)

    def get(self, name: str, version: str | None = None) -> Component:
        """A version of a component; the default one without a version. Raises FileMissing."""
        return self.workspace.components.get(name, version)

    def versions(self, name: str) -> list[Component]:
        """The versions of a component, the newest first. Raises FileMissing for an unknown name."""
        self.get(name)
        return self.workspace.components.versions(name)

    def used_in(self, name: str) -> list[Draft]:
        """The saved pipelines with a step of any version of a component, the last edited first."""
        drafts = self.workspace.drafts.all()
        return [draft for draft in drafts if any(_is_of(node, name) for node in draft.document["nodes"].values())]

    def set_default(self, name: str, version: str) -> None:
        """Make a version the one that the palette offers. Raises FileMissing."""
        self.workspace.components.set_default(name, version)

    def archive(self, name: str, *, archived: bool = True) -> None:
        """Hide a component from the palette, or show it again. Raises FileMissing."""
        self.workspace.components.archive(name, archived=archived)

    def environments(self) -> list[Made]:
        """The environments made on this computer, the last used first."""
        return made(Places.here().folder)

    def clean_environments(self, older_than_days: float = UNUSED_DAYS) -> list[Made]:
        """Remove environments that were not used for so long; returns them. They are made again when needed."""
        return remove(Places.here().folder, older_than_days)

    def build_environment(self, name: str, version: str | None = None) -> Path | None:
        """Make the environment of a component now; returns its interpreter, None where it has none of its own."""
        environment = ComponentSpec.from_json(self.get(name, version).spec).environment
        return python_of(environment, Places.here(), lambda fraction, text: None) if environment else None

    def _stored(self, source: Source) -> ComponentSpec:
        """The component with its environment locked and its code stored."""
        spec = self._locked(source.spec)
        code = source.files.keep(self.workspace.artifacts.blobs) if source.files.sizes else ""
        return replace(spec, code=code)

    def _locked(self, spec: ComponentSpec) -> ComponentSpec:
        environment = spec.environment
        if environment is None or environment.lock:
            return spec
        lock = self.workspace.components.lock_for(spec)
        known = replace(environment, lock=lock) if lock else locked(environment, Places.here())
        _require_readers(spec, known)
        return replace(spec, environment=known)


def _require_readers(spec: ComponentSpec, environment: Environment) -> None:
    """Raise InvalidValues for a function that takes a table in an environment without the packages that read it."""
    tables = [port for port in spec.inputs if port.type is PortType.TABLE]
    if spec.command.kind != "function" or not tables:
        return
    packages = {re.split(r"[=\[]", each)[0].lower() for each in environment.packages}
    wanted = ["pandas", *(["pyarrow"] if any(port.format in ("arrow", "parquet") for port in tables) else [])]
    missing = [each for each in wanted if each not in packages]
    if missing:
        problem = (
            f"the function takes the table '{tables[0].name}', and its environment has no {' and no '.join(missing)}"
        )
        remedy = f"Add {' and '.join(missing)} to its packages, or take a File."
        raise InvalidValues(problem, remedy).at(module=spec.title or spec.name)


def _copied(source: Path, file: Path) -> None:
    shutil.copyfile(source, file)


def _is_of(node: Mapping[str, Any], name: str) -> bool:
    return str(node.get("module", "")).startswith(f"{name}@")
