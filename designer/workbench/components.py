"""Components: register programs of a user's own, list, show and archive them."""

from __future__ import annotations

from dataclasses import dataclass

from designer.contract.component import ComponentSpec
from designer.registry.scripts import Source, with_code
from designer.store.components import Origin
from designer.store.records import Component
from designer.store.workspace import Workspace


@dataclass(frozen=True)
class Components:
    """The components of a workspace."""

    workspace: Workspace

    def register(self, source: Source, origin: Origin = "script") -> ComponentSpec:
        """Register a component for the palette, see `designer.store.components.Components.register`."""
        return self.workspace.components.register(self._stored(source), origin)

    def keep(self, source: Source, origin: Origin = "script") -> ComponentSpec:
        """Keep a component that only the pipelines that use it know; its version is its digest."""
        return self.workspace.components.keep(self._stored(source), origin)

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

    def set_default(self, name: str, version: str) -> None:
        """Make a version the one that the palette offers. Raises FileMissing."""
        self.workspace.components.set_default(name, version)

    def archive(self, name: str, *, archived: bool = True) -> None:
        """Hide a component from the palette, or show it again. Raises FileMissing."""
        self.workspace.components.archive(name, archived=archived)

    def _stored(self, source: Source) -> ComponentSpec:
        return with_code(source, source.files.keep(self.workspace.artifacts.blobs))
