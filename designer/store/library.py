"""The module library of a workspace.

The workspace caches which Python module defines which module, so that only those in use are imported: importing all
takes seconds.
"""

from __future__ import annotations

import contextlib
import importlib.util
import json
import platform
import sysconfig
from collections.abc import Iterator, Mapping
from pathlib import Path

from blake3 import blake3

import designer.contract
from designer.contract.catalogue.library import Library
from designer.contract.packages import sources
from designer.store.artifacts.blobs import write_whole
from designer.store.own_modules import refused

FILE = "modules.json"


def shared_modules(workspace: Path) -> Library:
    """The result of `Library.scan`: bundled modules and those of installed packages, each imported on first use.

    The cached list is rebuilt when a source, the installed packages or Python change.
    """
    file, stamp = workspace / FILE, _stamp()
    listed = _listed(file, stamp)
    if listed is not None:
        return Library.listed(*listed)
    library = Library.scan()
    if not library.broken:  # broken modules are tried again next time
        sources, hidden = (
            {id: module.__module__ for id, module in shelf.items()} for shelf in (library.modules, library.hidden)
        )
        with contextlib.suppress(OSError):  # without the cache it only takes longer
            content = {"stamp": stamp, "sources": sources, "hidden": hidden}
            write_whole(file, json.dumps(content, indent=1).encode())
    return library


def own_library(workspace: Path, shared: Library | None = None) -> Library:
    """The modules of all workspaces and this workspace's own, except files that would hang or end this process."""
    library = shared_modules(workspace) if shared is None else shared
    return library.extended(workspace / "modules", refused(workspace))


def _listed(file: Path, stamp: str) -> list[Mapping[str, str]] | None:
    """The names of the Python modules by id: of listed modules, then of hidden ones."""
    try:
        document = json.loads(file.read_bytes())
        if document["stamp"] != stamp:
            return None
        return [{str(id): str(source) for id, source in document[part].items()} for part in ("sources", "hidden")]
    except (OSError, ValueError, LookupError, TypeError, AttributeError, RecursionError):
        return None


def _stamp() -> str:
    """A digest that changes when a scan could differ: Python, installed packages, path, size and mtime of sources."""
    hasher = blake3(platform.python_version().encode())
    for path in sorted(_paths()):
        status = path.stat()
        hasher.update(f"{path} {status.st_size} {status.st_mtime_ns}\n".encode())
    return hasher.hexdigest()


def _paths() -> Iterator[Path]:
    yield Path(sysconfig.get_path("purelib"))  # its mtime changes when a package is installed or removed
    for name in (designer.contract.__name__, *sources()):
        yield from _files(name)


def _files(name: str) -> Iterator[Path]:
    """The source files of a Python package or module; none if it is not there."""
    try:
        spec = importlib.util.find_spec(name)
    except ImportError:  # an entry point may name a package that is gone
        return
    folders = spec.submodule_search_locations if spec else None
    for folder in folders or ():
        yield from Path(folder).rglob("*.py")
    if spec and spec.origin and folders is None:
        yield Path(spec.origin)
