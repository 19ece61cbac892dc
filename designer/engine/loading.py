"""What the fork server loads, so that the children it forks need not: libraries, and the sources of modules.

Importing scikit-learn takes a second, so it is done in portions: between two of them a child can be started.
"""

from __future__ import annotations

import contextlib
import importlib
import re
import sys
from collections import deque
from collections.abc import Callable, Iterable, Mapping
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

from designer.contract.library import Library
from designer.engine.key import source_files
from designer.engine.task import perform
from designer.store.library import shared_modules

if TYPE_CHECKING:
    from threadpoolctl import ThreadpoolController

_FOUNDATION = ("scipy.sparse.linalg", "scipy.optimize", "scipy.stats", "sklearn.utils")
"""What all of scikit-learn imports, in portions."""

_USUAL = (
    "pyarrow.ipc", "designer.store.workspace", "joblib", "threadpoolctl", *_FOUNDATION, "sklearn.preprocessing",
    "sklearn.compose", "sklearn.pipeline", "sklearn.linear_model", "sklearn.tree", "sklearn.ensemble",
    "sklearn.model_selection", "sklearn.metrics", "sklearn.impute", "sklearn.cluster", "sklearn.datasets",
)  # fmt: skip
"""What most pipelines need, the first needed first."""

_IMPORTED_IN_FUNCTIONS = re.compile(r"^ +(?:from ([a-z_][\w.]*) )?import ([\w.]+)", re.MULTILINE)


class Loader:
    """What is loaded and what is still to come."""

    def __init__(self) -> None:
        self._asked: deque[str] = deque()
        self._usual = deque(_USUAL)
        self._library: Library | None = None
        self._needs: dict[str, list[str]] = {}
        self._loaded: set[str] = set()
        self._controller: ThreadpoolController | None = None

    def has_more(self, *, idle: bool) -> bool:
        """Whether there is something to load: what was asked for at once, what is usual while nothing runs."""
        return bool(self._asked or (idle and self._usual))

    def load_next(self) -> None:
        """Load one portion."""
        self._load((self._asked or self._usual).popleft())

    def is_ready_for(self, task: Mapping[str, Any]) -> bool:
        """Whether all that a task needs is loaded."""
        return self._loaded.issuperset(self._needed(task))

    def load_for(self, task: Mapping[str, Any]) -> None:
        """Load one portion of what a task needs."""
        self._load(next(name for name in self._needed(task) if name not in self._loaded))

    def ask(self, tasks: Iterable[Mapping[str, Any]]) -> None:
        """Tasks of these modules will come soon, in this order."""
        self._asked += dict.fromkeys(name for task in tasks for name in self._needed(task))

    def work(self, task: dict[str, Any], answers: int) -> Callable[[], int]:
        """What the child that does a task calls."""
        limit = self._limit_of_threads() if task["threads"] > 1 else None
        return partial(perform, task, answers, self._shared(task), limit)

    def _limit_of_threads(self) -> Callable[[int], Any]:
        if self._controller is None:
            from threadpoolctl import ThreadpoolController

            self._controller = ThreadpoolController()
        limit = self._controller.limit
        return lambda count: limit(limits=count)

    def _shared(self, task: Mapping[str, Any]) -> Library:
        if self._library is None:
            self._library = shared_modules(Path(task["workspace"]))
        return self._library

    def _needed(self, task: Mapping[str, Any]) -> list[str]:
        id = task["module"]
        if id not in self._needs:
            self._needs[id] = _imports(self._shared(task), id)
        return self._needs[id]

    def _load(self, name: str) -> None:
        if name not in sys.modules:
            with contextlib.suppress(Exception):  # the child that needs it says what is wrong with it
                importlib.import_module(name)
            self._controller = None  # it knows the libraries that were there when it was made
        self._loaded.add(name)


def _imports(library: Library, id: str) -> list[str]:
    """What a module imports while it runs. Its own source is imported here; one of a workspace's own never is."""
    found: dict[str, None] = {}
    for file in source_files(library[id]) if id in library else ():
        for package, name in _IMPORTED_IN_FUNCTIONS.findall(file.read_text(encoding="utf-8")):
            found |= dict.fromkeys((package, f"{package}.{name}") if package else (name,))
    needed = [name for name in found if name.split(".")[0] not in sys.stdlib_module_names]
    return [*_FOUNDATION, *needed] if any(name.startswith("sklearn") for name in needed) else needed
