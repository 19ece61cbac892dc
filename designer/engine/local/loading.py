"""Preload libraries and the sources of modules in the fork server, so that its children need not.

Importing scikit-learn takes a second, so it is done in portions: a child can be started between two of them.
"""

from __future__ import annotations

import contextlib
import importlib
import re
import sys
from collections import deque
from collections.abc import Callable, Iterable, Mapping
from functools import partial
from typing import Any

from designer.contract.catalogue.library import Library
from designer.engine.key import source_files
from designer.engine.local.lease import perform_many
from designer.engine.task import perform
from designer.store.child_store import ChildStore

Document = Mapping[str, Any]

_FOUNDATION = ("scipy.sparse.linalg", "scipy.optimize", "scipy.stats", "sklearn.utils")
"""What all of scikit-learn imports, in portions."""

_USUAL = (
    "pyarrow.ipc", "designer.store.workspace", "joblib", "threadpoolctl", *_FOUNDATION, "sklearn.preprocessing",
    "sklearn.compose", "sklearn.pipeline", "sklearn.linear_model", "sklearn.tree", "sklearn.ensemble",
    "sklearn.model_selection", "sklearn.metrics", "sklearn.impute", "sklearn.cluster", "sklearn.datasets",
)  # fmt: skip
"""What most pipelines import, in the order of need."""

_IMPORTED_IN_FUNCTIONS = re.compile(r"^ +(?:from ([a-z_][\w.]*) )?import ([\w.]+)", re.MULTILINE)


class Loader:
    """Tracks what is loaded and what remains to be loaded."""

    def __init__(self) -> None:
        self._requested: deque[str] = deque()
        self._usual = deque(_USUAL)
        self._library: Library | None = None
        self._needs: dict[str, list[str]] = {}
        self._loaded: set[str] = set()

    def has_more(self, *, idle: bool) -> bool:
        """Whether there is something to load: requested imports always, usual ones only while idle."""
        return bool(self._requested or (idle and self._usual))

    def load_next(self) -> None:
        """Load one portion."""
        self._load((self._requested or self._usual).popleft())

    def is_ready_for(self, work: Document) -> bool:
        """Whether everything that a task needs is loaded."""
        return self._loaded.issuperset(self._needed_by(work))

    def load_for(self, work: Document) -> None:
        """Load one portion of what a task needs."""
        self._load(next(name for name in self._needed_by(work) if name not in self._loaded))

    def request(self, store: Document, modules: Iterable[str]) -> None:
        """Request the imports of modules whose tasks come soon, in this order."""
        self._requested += dict.fromkeys(name for id in modules for name in self._needed(store, id))

    def ready(self, work: Document, answers: int, lease: int | None = None) -> Callable[[], int]:
        """The callable that does the work in the child, and what arrives over the lease."""
        shared = self._shared(work["store"])
        if lease is None:
            return partial(perform, work, answers, shared)
        return partial(perform_many, work, answers, lease, shared, self.is_ready_for)

    def _shared(self, store: Document) -> Library:
        if self._library is None:
            self._library = ChildStore.from_json(store).shared_library()
        return self._library

    def _needed_by(self, work: Document) -> list[str]:
        return self._needed(work["store"], work["task"]["module"])

    def _needed(self, store: Document, module: str) -> list[str]:
        if module not in self._needs:
            self._needs[module] = _imports(self._shared(store), module)
        return self._needs[module]

    def _load(self, name: str) -> None:
        if name not in sys.modules:
            with contextlib.suppress(Exception):  # the child that needs it reports the error
                importlib.import_module(name)
        self._loaded.add(name)


def _imports(library: Library, id: str) -> list[str]:
    """What a module imports inside functions. `library` is the shared one: a workspace's own modules are not loaded."""
    names: dict[str, None] = {}
    for file in source_files(library[id]) if id in library else ():
        for package, name in _IMPORTED_IN_FUNCTIONS.findall(file.read_text(encoding="utf-8")):
            names |= dict.fromkeys((package, f"{package}.{name}") if package else (name,))
    needed = [name for name in names if name.split(".")[0] not in sys.stdlib_module_names]
    return [*_FOUNDATION, *needed] if any(name.startswith("sklearn") for name in needed) else needed
