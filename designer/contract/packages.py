"""Installed packages that bring modules, known by the entry points that they declare.

A package declares the Python package of its modules in the group `designer.modules`. In the group `designer.onnx`,
under the name of its top-level Python package, it declares the function that writes its estimators into an ONNX graph.
"""

from __future__ import annotations

import hashlib
import importlib.metadata
import importlib.util
import os
import re
import sys
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from importlib.metadata import Distribution, EntryPoint, PackageNotFoundError
from pathlib import Path
from typing import Any, TypeAlias

MODULES, ONNX = "designer.modules", "designer.onnx"
"""The groups of entry points."""

_SHIPPED = ("designer", "modules")
_OURS = "designer-ml"

Emit: TypeAlias = Callable[[Any, Any, str], str]
"""Appends a fitted estimator to an ONNX graph, from (graph, estimator, matrix): the tensor [N, outputs] of the
predictions of a regressor, or of the decision function of a classifier, [N, 1] for two classes."""


@dataclass(frozen=True)
class Package:
    """An installed package: its Python package, its name and version, and what it requires besides Designer."""

    source: str
    name: str
    version: str
    requires: tuple[str, ...] = ()

    def __str__(self) -> str:
        return f"{self.name} {self.version}"

    @property
    def root(self) -> str:
        """The name of its top-level Python package."""
        return _root(self.source)

    def versions(self) -> dict[str, str]:
        """The versions of the package, with a digest of its sources, and of what it requires."""
        own = f"{self.version} {_sources_digest(self.root)}"
        return {self.name: own, **{name: version_of(name) for name in self.requires}}


def sources() -> list[str]:
    """The names of the Python packages to scan: Designer's own (`designer.modules` in the wheel, `modules` in a
    checkout) and those that installed packages declare."""
    shipped = "designer.modules" if importlib.util.find_spec("designer.modules") else "modules"
    return [shipped, *(package.source for package in installed())]


def installed() -> tuple[Package, ...]:
    """The installed packages that declare modules."""
    return _installed(tuple((place, _changed(place)) for place in sys.path))


def package_of(source: str) -> Package | None:
    """The installed package that a Python module belongs to; None for Designer's own and for all others."""
    root = _root(source)
    return next((package for package in installed() if package.root == root), None)


def is_shipped(source: str) -> bool:
    """Whether a Python module is part of Designer."""
    return _root(source) in _SHIPPED


def brings_modules(source: str) -> bool:
    """Whether a Python module is part of Designer or of an installed package that declares modules."""
    return is_shipped(source) or package_of(source) is not None


def emitter_of(estimator: Any) -> Emit | None:
    """The function of an installed package that writes its estimator into an ONNX graph; None if there is none."""
    root = _root(type(estimator).__module__)
    point = next((point for point in importlib.metadata.entry_points(group=ONNX) if point.name == root), None)
    return point.load() if point is not None else None


def version_of(distribution: str) -> str:
    """The installed version; `none` if it is not installed."""
    try:
        return importlib.metadata.version(distribution)
    except PackageNotFoundError:
        return "none"


@cache
def _installed(places: tuple[tuple[str, int], ...]) -> tuple[Package, ...]:
    """By the folders of the import path and the times they changed, which decide what is installed."""
    return tuple(_package(point) for point in importlib.metadata.entry_points(group=MODULES))


@cache
def _sources_digest(root: str) -> str:
    """Of an installed Python package, which a process has imported as it was at its start."""
    spec = importlib.util.find_spec(root)
    folders = (spec.submodule_search_locations if spec else None) or ()
    files = [file for folder in folders for file in sorted(Path(folder).rglob("*.py"))]
    return hashlib.sha256(b"".join(file.read_bytes() for file in files)).hexdigest()[:16]


def _changed(place: str) -> int:
    try:
        return os.stat(place).st_mtime_ns
    except OSError:
        return 0


def _package(point: EntryPoint) -> Package:
    described = point.dist
    if described is None:
        return Package(point.module, point.name, "none")
    return Package(point.module, described.metadata["Name"], described.version, _requirements(described))


def _requirements(described: Distribution) -> tuple[str, ...]:
    """The names of the distributions that it requires, without extras."""
    needed = [text for text in described.requires or () if "extra ==" not in text]
    names = [match.group() for text in needed if (match := re.match(r"[\w.-]+", text))]
    return tuple(sorted(name for name in names if name != _OURS))


def _root(source: str) -> str:
    return source.partition(".")[0]
