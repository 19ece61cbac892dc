"""The backend protocol: the interface between callers with nodes to run and the code that starts processes.

A job is a task, the store passed to its process, and a callback for its events. Events arrive in order, from a thread
of the backend; the last event of every job is `Ended`, exactly once. Where a task runs, and in how many processes, is
up to the backend.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any, Protocol, Self

import psutil

from designer.store.artifacts.values import Stored
from designer.store.child_store import ChildStore


@dataclass(frozen=True)
class Task:
    """One node to run, as plain JSON. `id` is the handle for `Backend.kill`; `component` is the spec of a program,
    `places` where its environment is, `experiment` the name that it is told, on which its key does not depend, and
    `compute` the name of the compute that runs it, empty for this computer.
    `search` is what a searching module gets to conclude its search (`contract.search.Found`), or empty to plan it.

    Tasks with the same `shares`, those of one run that execute only Designer's own code, may have a process in turn;
    a task without it gets a process of its own. See `designer.engine.sharing`.
    """

    id: str
    node: str
    title: str
    module: str
    version: int
    parameters: Mapping[str, Any]
    inputs: Mapping[str, Mapping[str, Any]]
    component: Mapping[str, Any] | None = None
    places: Mapping[str, Any] | None = None
    experiment: str = ""
    search: Mapping[str, Any] | None = None
    shares: str = ""
    compute: str = ""

    @property
    def reads(self) -> list[str]:
        """The digests of the stored values that its process reads: its inputs, and the code of a program."""
        code = self.component["code"] if self.component else ""
        return [*(str(stored["digest"]) for stored in self.inputs.values()), *([code] if code else [])]

    def to_json(self) -> dict[str, Any]:
        """Serialize to a JSON document."""
        return dict(vars(self))


@dataclass(frozen=True)
class Answer:
    """The result of a task: its outputs, or an error and its outcome; `seconds` is the time that it took."""

    outcome: str
    outputs: Mapping[str, Stored] = field(default_factory=dict)
    explain: str = ""
    seconds: float = 0.0
    error: Mapping[str, Any] | None = None
    document: Mapping[str, Any] | None = None

    def to_json(self) -> dict[str, Any]:
        """Serialize to a JSON document."""
        return {**vars(self), "outputs": {port: stored.to_json() for port, stored in self.outputs.items()}}

    @classmethod
    def from_json(cls, document: Mapping[str, Any]) -> Answer:
        """Read back what `to_json` wrote."""
        outputs = {port: Stored.from_json(stored) for port, stored in document["outputs"].items()}
        return cls(**{**document, "outputs": outputs})


@dataclass(frozen=True)
class Started:
    """A process started the task; sent again if another process restarts it. `place` is where, empty for this
    computer."""

    place: str = ""


@dataclass(frozen=True)
class Progressed:
    """Progress of the task; `fraction` is None if unknown."""

    fraction: float | None
    text: str


@dataclass(frozen=True)
class Logged:
    """A metric that the task logged: a finite number or a text, at a step (an epoch or iteration) if it gave one."""

    name: str
    value: float | str
    step: int | None = None


@dataclass(frozen=True)
class Measured:
    """The metric of a trial at a step, from 1; None where it is not defined."""

    step: int
    value: float | None


@dataclass(frozen=True)
class Tagged:
    """A tag of the run that the task set."""

    name: str
    value: str


@dataclass(frozen=True)
class Unusable:
    """A metric or tag that cannot be recorded, and why."""

    problem: str


@dataclass(frozen=True)
class Printed:
    """The next bytes of the task's log."""

    content: bytes


@dataclass(frozen=True)
class Ended:
    """The task ended; no event follows."""

    answer: Answer


TaskEvent = Started | Progressed | Logged | Measured | Tagged | Unusable | Printed | Ended


@dataclass(frozen=True)
class Job:
    """A task, the store passed to its process, and the callback for its events."""

    task: Task
    store: ChildStore
    emit: Callable[[TaskEvent], None]


@dataclass(frozen=True)
class Limits:
    """Resource limits of a node. `seconds` None is no time limit."""

    memory_bytes: int = 0
    seconds: float | None = None
    log_bytes: int = 1024 * 1024
    file_bytes: int = 64 * 1024**3

    @property
    def memory(self) -> int:
        """Limit on private memory in bytes; by default four fifths of the computer's memory."""
        return self.memory_bytes or int(psutil.virtual_memory().total * 0.8)


class Backend(Protocol):
    """Runs tasks. Thread-safe."""

    @property
    def is_alive(self) -> bool:
        """Whether tasks can be submitted: not after `close`, nor after the process that starts others has died."""

    @property
    def busy(self) -> int:
        """Number of tasks that run or wait."""

    @property
    def owner(self) -> str:
        """A globally unique name of the process that submits tasks, recorded with a run."""

    def lives(self, owner: str) -> bool:
        """Whether the process with this owner name still exists; if not, its runs are lost."""

    def start(self) -> None:
        """Start the backend without blocking; `submit` starts it too. Raises DesignerError if it cannot start."""

    def load(self, store: ChildStore, modules: Iterable[str]) -> None:
        """Announce modules that will run soon, so that the backend can load their imports."""

    def submit(self, *jobs: Job) -> None:
        """Run tasks in this order as slots become free. A failure is reported in the task's `Ended`."""

    def kill(self, id: str, reason: str = "cancelled") -> None:
        """Kill a task immediately; its `Ended` still follows, with the reason as the outcome."""

    def close(self) -> None:
        """Kill all tasks and release resources."""

    def __enter__(self) -> Self:
        """Return the backend; the end of the block closes it."""

    def __exit__(self, *error: object) -> None:
        """Close the backend."""
