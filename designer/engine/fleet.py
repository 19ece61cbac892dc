"""A backend made of several: this computer, and computes that are connected when their first task comes."""

from __future__ import annotations

import threading
from collections import defaultdict
from collections.abc import Callable, Iterable
from typing import Any, Self

from designer.contract.errors import DesignerError
from designer.engine.backend import Answer, Backend, Ended, Job
from designer.store.child_store import ChildStore
from designer.store.records import Compute

Find = Callable[[str], Compute]
"""The compute of a name; raises DesignerError if there is none."""
Connect = Callable[[Compute], Backend]


class Fleet:
    """Sends each task to the compute that it names, and tasks that name none to this computer.

    A compute that cannot be reached fails its tasks, and theirs alone; nothing runs anywhere else instead.
    """

    def __init__(self, local: Backend, find: Find, connect: Connect) -> None:
        self._local, self._find, self._connect = local, find, connect
        self._links: dict[str, _Link] = {}
        self._lock = threading.Lock()

    def start(self) -> None:
        """Start the backend of this computer."""
        self._local.start()

    def load(self, store: ChildStore, modules: Iterable[str]) -> None:
        """Announce modules to this computer."""
        self._local.load(store, modules)

    def submit(self, *jobs: Job) -> None:
        """Run tasks, each where it belongs; those of one compute in this order."""
        by_compute: defaultdict[str, list[Job]] = defaultdict(list)
        for job in jobs:
            by_compute[job.task.compute].append(job)
        for name, some in by_compute.items():
            if name:
                self._link(name).submit(some)
            else:
                self._local.submit(*some)

    def kill(self, id: str, reason: str = "cancelled") -> None:
        """Kill a task, wherever it is."""
        self._local.kill(id, reason)
        for link in list(self._links.values()):
            link.kill(id, reason)

    @property
    def is_alive(self) -> bool:
        """Whether this computer can run tasks; a compute that was lost is connected again."""
        return self._local.is_alive

    @property
    def busy(self) -> int:
        """Number of tasks that run or wait."""
        return self._local.busy + sum(link.busy for link in list(self._links.values()))

    @property
    def owner(self) -> str:
        """The name of this process."""
        return self._local.owner

    def lives(self, owner: str) -> bool:
        """Whether the process with this owner name still exists."""
        return self._local.lives(owner)

    def close(self) -> None:
        """Kill all tasks, here and elsewhere."""
        for link in list(self._links.values()):
            link.close()
        self._local.close()

    def __enter__(self) -> Self:
        self._local.__enter__()
        return self

    def __exit__(self, *error: object) -> None:
        self.close()

    def _link(self, name: str) -> _Link:
        with self._lock:
            if name not in self._links:
                self._links[name] = _Link(name, self._find, self._connect)
            return self._links[name]


class _Link:
    """The connection to one compute. Tasks wait here while it is made, which may take seconds."""

    def __init__(self, name: str, find: Find, connect: Connect) -> None:
        self._name, self._find, self._connect = name, find, connect
        self._backend: Backend | None = None
        self._settings: dict[str, Any] = {}
        self._waiting: dict[str, Job] = {}
        self._thread: threading.Thread | None = None
        self._lock = threading.RLock()
        self._closing = False

    @property
    def busy(self) -> int:
        return len(self._waiting) + (self._backend.busy if self._backend else 0)

    def submit(self, jobs: Iterable[Job]) -> None:
        with self._lock:
            self._waiting |= {job.task.id: job for job in jobs}
            if self._thread is None:
                self._thread = threading.Thread(target=self._forward, name=f"compute {self._name}", daemon=True)
                self._thread.start()

    def kill(self, id: str, reason: str) -> None:
        with self._lock:
            job = self._waiting.pop(id, None)
            backend = self._backend
        if job is not None:
            job.emit(Ended(Answer(reason)))
        elif backend is not None:
            backend.kill(id, reason)

    def close(self) -> None:
        with self._lock:
            self._closing = True
            waiting, self._waiting = list(self._waiting.values()), {}
            backend = self._backend
        for job in waiting:
            job.emit(Ended(Answer("cancelled")))
        if backend is not None:
            backend.close()

    def _forward(self) -> None:
        """Connect if needed, and pass on what waits, until nothing does."""
        while True:
            try:
                backend = self._connected()
                with self._lock:  # a task that is killed meanwhile is either here or there
                    backend.submit(*self._waiting.values())
                    self._waiting = {}
            except DesignerError as error:
                self._refuse(error)
            except Exception as error:  # a task that is never answered would keep its run open for ever
                self._refuse(DesignerError(f"'{self._name}' cannot be used: {error}", "See its page."))
            with self._lock:
                if not self._waiting:
                    self._thread = None
                    return

    def _connected(self) -> Backend:
        """The backend, connected anew where the connection was lost or the compute has changed."""
        compute = self._find(self._name)
        settings = compute.model_dump(exclude={"is_default", "created"})
        before = self._backend
        if before is not None and before.is_alive and (settings == self._settings or before.busy):
            return before
        if before is not None:
            before.close()
        backend = self._connect(compute)
        backend.start()
        with self._lock:
            self._backend, self._settings = backend, settings
            is_late = self._closing
        if is_late:
            backend.close()
        return backend

    def _refuse(self, error: DesignerError) -> None:
        with self._lock:
            jobs, self._waiting = list(self._waiting.values()), {}
        for job in jobs:
            document = error.to_json()
            located = DesignerError.from_json(document).at(node=job.task.node, module=job.task.title)
            job.emit(Ended(Answer("failed", error=located.to_json())))
