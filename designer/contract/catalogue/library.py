"""The available modules, found by scanning packages, entry points and the workspace's folder."""

from __future__ import annotations

import contextlib
import hashlib
import importlib
import importlib.util
import pkgutil
import sys
import threading
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from types import ModuleType
from typing import Any

from designer.contract.abilities import Purpose
from designer.contract.catalogue.shelf import Shelf, classes_in
from designer.contract.errors import BrokenModule, DesignerError, InvalidParameter, UnknownModule
from designer.contract.module import Module, Spec
from designer.contract.packages import is_shipped, sources
from designer.contract.values import Transformation

_LOADING = threading.RLock()
"""Serializes the execution of workspace files, so that no thread sees a partially initialized module."""


@dataclass(frozen=True)
class Library:
    """Module classes by id, and the files that failed to load, with the reason."""

    modules: Mapping[str, type[Module]] = field(default_factory=dict)
    broken: Mapping[str, str] = field(default_factory=dict)
    code: Mapping[str, str] = field(default_factory=dict)
    """The source digest of each workspace module; part of its version."""

    components: Mapping[str, type[Module]] = field(default_factory=dict)
    """The components by `name@version`, apart from the modules that a scan finds."""

    hidden: Mapping[str, type[Module]] = field(default_factory=dict)
    """The modules that no palette or list shows, by id."""

    palette: tuple[str, ...] = ()
    """The ids of the components that palettes list after the modules."""

    @classmethod
    def scan(cls, folder: Path | None = None) -> Library:
        """The modules that ship with Designer, of installed packages and of the workspace's `modules` folder."""
        classes: dict[str, type[Module]] = {}
        broken: dict[str, str] = {}
        for name in sources():
            extra, failures = _collect(name)
            taken = {f"{name}: {id}": _taken(extra[id].spec().title, "") for id in extra if id in classes}
            classes, broken = extra | classes, broken | failures | taken
        hidden = {id: module for id, module in classes.items() if module.spec().abilities.hidden}
        shown = {id: module for id, module in classes.items() if id not in hidden}
        return cls(Shelf(shown), broken, hidden=Shelf(hidden)).extended(folder)

    @classmethod
    def listed(cls, sources: Mapping[str, str], hidden: Mapping[str, str] | None = None) -> Library:
        """The modules of an earlier scan by the names of their Python modules, which are imported lazily."""
        return cls(Shelf(sources), hidden=Shelf(hidden or {}))

    def extended(self, folder: Path | None, refused: Mapping[str, str] | None = None) -> Library:
        """A copy with the modules of the workspace's `modules` folder.

        A module whose id is taken, by one of this library or of an earlier file, is left out and named in `broken`:
        it would change pipelines that use the other. Files in `refused` (name to reason) are not imported: they would
        hang or terminate this process.
        """
        classes: dict[str, type[Module]] = {}
        files: dict[str, str] = {}
        broken, code = dict(self.broken), dict(self.code)
        for path in sorted(folder.glob("*.py")) if folder and folder.is_dir() else ():
            if refused and path.name in refused:
                broken[path.name] = refused[path.name]
                continue
            try:
                extra, digest = import_own(path)
            except (Exception, SystemExit) as error:  # a user's file may raise anything; the others must still load
                broken[path.name] = f"{type(error).__name__}: {error}"
                continue
            taken = {id: files.get(id, "") for id in extra if id in files or id in self.modules or id in self.hidden}
            if taken:
                broken[path.name] = "; ".join(_taken(extra[id].spec().title, file) for id, file in taken.items())
            added = {id: module for id, module in extra.items() if id not in taken}
            classes, code = classes | added, code | dict.fromkeys(added, digest)
            files |= dict.fromkeys(added, path.name)
        listed = {id: module for id, module in classes.items() if not module.spec().abilities.hidden}
        hidden = {id: module for id, module in classes.items() if id not in listed}
        return replace(
            self,
            modules=_shelf(self.modules).with_classes(listed),
            hidden=_shelf(self.hidden).with_classes(hidden),
            broken=broken,
            code=code,
        )

    def with_components(
        self, components: Mapping[str, Callable[[], type[Module]]], palette: Iterable[str] = ()
    ) -> Library:
        """A copy with these components in place of the present ones; their classes are made on first use."""
        return replace(self, components=Shelf(components), palette=tuple(palette))

    def including(self, components: Mapping[str, Callable[[], type[Module]]]) -> Library:
        """A copy with these components as well, which palettes do not list."""
        return replace(self, components=_shelf(self.components).including(components))

    def offered(self) -> list[type[Module]]:
        """What palettes list: the modules, and the components that are offered."""
        return [*self, *(self.components[id] for id in self.palette)]

    def __iter__(self) -> Iterator[type[Module]]:
        return iter(self.modules.values())

    def __contains__(self, id: object) -> bool:
        return id in self.modules or id in self.components or id in self.hidden

    def __len__(self) -> int:
        return len(self.modules)

    def get(self, id: str) -> type[Module] | None:
        """The class by id or former id; None if there is none."""
        if "@" in id:
            return self.components.get(id)
        for shelf in (self.modules, self.hidden):
            if id in shelf:
                return shelf[id]
        return next((m for m in self if id in m.spec().replaces), None)

    def __getitem__(self, id: str) -> type[Module]:
        module = self.get(id)
        if module is None:
            remedy = "Register that version of the component." if "@" in id else "Install the package that provides it."
            raise UnknownModule(f"there is no module '{id}' in this library", remedy)
        return module

    def with_purpose(self, purpose: Purpose) -> Spec | None:
        """The module that Designer adds for a purpose; None if the library has none."""
        return next((spec for module in self if (spec := module.spec()).abilities.purpose == purpose), None)

    def required(self, purpose: Purpose) -> Spec:
        """The module for a purpose. Raises UnknownModule if the library has none."""
        spec = self.with_purpose(purpose)
        if spec is None:
            raise UnknownModule(f"no module of this library {purpose}", "Install the package that provides it.")
        return spec

    def ships(self, id: str) -> bool:
        """Whether a module is one of Designer's own, not of another package, the workspace or a component."""
        module = self.get(id)
        return module is not None and is_shipped(module.__module__)

    def purpose_of(self, id: str) -> Purpose:
        """The purpose for which Designer adds a module; empty for most modules and for unknown ids."""
        module = self.get(id)
        return module.spec().abilities.purpose if module else ""

    def read(self, id: str, version: int, parameters: Mapping[str, Any]) -> Module:
        """Build an instance from saved parameters, migrated from older versions.

        Raises UnknownModule or InvalidParameter.
        """
        return self[id].read(self.migrated(id, version, parameters))

    def migrated(self, id: str, version: int, parameters: Mapping[str, Any]) -> dict[str, Any]:
        """Migrate saved parameters to the library's version of the module.

        Raises UnknownModule if the version is newer than the library's, InvalidParameter if the migration fails.
        """
        module = self[id]
        current = module.spec().version
        if version > current:
            raise UnknownModule(
                f"version {version} of '{module.spec().title}' is newer than this library's {current}",
                "Update Designer.",
            )
        if version == current:
            return dict(parameters)
        try:
            return module.migrate(version, parameters)
        except Exception as error:  # third-party migrations may raise anything; report it at the node
            problem = f"settings of version {version} cannot be migrated to version {current}: {error!r}"
            remedy = "Replace the node with a new one."
            raise InvalidParameter(problem, remedy).at(module=module.spec().title) from error

    def bind(self, value: Any) -> Any:
        """Bind a loaded transformation to its module instance; other values are returned unchanged."""
        if isinstance(value, Transformation):
            module: Any = self.read(value.module, value.version, value.parameters)
            return value.bound_to(module)
        return value


def import_own(path: Path) -> tuple[dict[str, type[Module]], str]:
    """Import a file of the workspace's `modules` folder; returns its modules by id and the digest of the source.

    Its standard output is redirected to standard error. Raises BrokenModule, without executing the file, if its name
    is no Python identifier.
    """
    if not path.stem.isidentifier():
        remedy = "Name it like a module: letters, digits and _, with no digit first."
        raise BrokenModule("the file is not a Python module", remedy, file=path.name)
    content = path.read_bytes()
    digest = hashlib.sha256(content).hexdigest()
    with contextlib.redirect_stdout(sys.stderr):
        return {module.spec().id: module for module in classes_in(_loaded(path, content, digest))}, digest


def _shelf(modules: Mapping[str, type[Module]]) -> Shelf:
    return modules if isinstance(modules, Shelf) else Shelf(modules)


def _taken(title: str, file: str) -> str:
    owner = f"the file '{file}' declares one, too" if file else "one of that name is installed"
    return f"its module '{title}' is left out, since {owner}: give it another title or an id of its own"


def _collect(package: str) -> tuple[dict[str, type[Module]], dict[str, str]]:
    """The modules of a Python package by id, and what cannot be imported, with the reason."""
    classes: dict[str, type[Module]] = {}
    broken: dict[str, str] = {}
    remaining = [package]
    while remaining:
        name = remaining.pop(0)
        try:
            source = importlib.import_module(name)
            classes |= {module.spec().id: module for module in classes_in(source)}
        except Exception as error:  # code of others may raise anything; the other modules must still load
            if is_shipped(package) and not isinstance(error, ImportError | DesignerError | TypeError):
                raise
            broken[name] = f"{type(error).__name__}: {error}"
            continue
        folders = getattr(source, "__path__", ())
        remaining += sorted(info.name for info in pkgutil.iter_modules(folders, f"{name}."))
    return classes, broken


def _loaded(path: Path, content: bytes, digest: str) -> ModuleType:
    name = f"workspace_modules_{path.stem}_{digest[:16]}"
    with _LOADING:
        return sys.modules.get(name) or _execute(name, path, content)


def _execute(name: str, path: Path, content: bytes) -> ModuleType:
    spec = importlib.util.spec_from_file_location(name, path)
    assert spec is not None
    source = importlib.util.module_from_spec(spec)
    sys.modules[name] = source  # before execution, since inspect looks modules up here
    try:
        # Bypass the loader: its bytecode cache is stale after a second save of the same size within a second.
        exec(compile(content, path, "exec"), source.__dict__)  # noqa: S102
    except BaseException:
        del sys.modules[name]
        raise
    return source
