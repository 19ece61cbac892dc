"""What carries out tasks: the protocol between those who have nodes to run and whatever starts the processes.

A job is a task, the store that its process is handed, and who hears what becomes of it. Everything that happens comes
as an event, in order and from a thread of the backend's own; the last event of every job is `Ended`, and there is one.
Where a task runs, in how many processes and what a backend must know of them is its own business.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any, Protocol, Self

import psutil

from designer.store.artifacts import Stored
from designer.store.child_store import ChildStore


@dataclass(frozen=True)
class Task:
    """One node to run: what to do, as plain JSON. `id` is the handle by which it is killed."""

    id: str
    node: str
    title: str
    module: str
    version: int
    parameters: Mapping[str, Any]
    inputs: Mapping[str, Mapping[str, Any]]

    def to_json(self) -> dict[str, Any]:
        """The task as a document."""
        return dict(vars(self))


@dataclass(frozen=True)
class Answer:
    """What came of a task: outputs, or an error and the word for it."""

    outcome: str
    outputs: Mapping[str, Stored] = field(default_factory=dict)
    explain: str = ""
    seconds: float = 0.0
    error: Mapping[str, Any] | None = None
    document: Mapping[str, Any] | None = None

    def to_json(self) -> dict[str, Any]:
        """The answer as a document."""
        return {**vars(self), "outputs": {port: stored.to_json() for port, stored in self.outputs.items()}}

    @classmethod
    def from_json(cls, document: Mapping[str, Any]) -> Answer:
        """Read back what `to_json` wrote."""
        outputs = {port: Stored.from_json(stored) for port, stored in document["outputs"].items()}
        return cls(**{**document, "outputs": outputs})


@dataclass(frozen=True)
class Started:
    """A process has begun with the task; told once more where another had to begin anew. Where is said as progress."""


@dataclass(frozen=True)
class Progressed:
    """The task says how far it is; `fraction` is None where that cannot be counted."""

    fraction: float | None
    text: str


@dataclass(frozen=True)
class Printed:
    """The next bytes of the task's log."""

    content: bytes


@dataclass(frozen=True)
class Ended:
    """Nothing more will come of the task."""

    answer: Answer


TaskEvent = Started | Progressed | Printed | Ended


@dataclass(frozen=True)
class Job:
    """A task, the store that its process is handed, and who hears of it."""

    task: Task
    store: ChildStore
    tell: Callable[[TaskEvent], None]


@dataclass(frozen=True)
class Limits:
    """What a node may use. `seconds` None: as long as it takes, until it is cancelled."""

    memory_bytes: int = 0
    seconds: float | None = None
    log_bytes: int = 1024 * 1024
    file_bytes: int = 64 * 1024**3

    @property
    def memory(self) -> int:
        """The private memory that a node may have; unless set, four fifths of the computer's."""
        return self.memory_bytes or int(psutil.virtual_memory().total * 0.8)


class Backend(Protocol):
    """Carries out tasks. Safe for several threads."""

    @property
    def is_alive(self) -> bool:
        """Whether tasks can be submitted: not after the end, nor once what starts processes has died."""

    @property
    def busy(self) -> int:
        """How many tasks run or wait."""

    @property
    def owner(self) -> str:
        """A name for who has tasks carried out here, to be kept with a run; no other process ever has the same."""

    def lives(self, owner: str) -> bool:
        """Whether whoever had a name is there still, this process or another; its runs are lost where not."""

    def start(self) -> None:
        """Make ready, without waiting for it; what is submitted starts it too. Raises why it cannot be had."""

    def load(self, store: ChildStore, modules: Iterable[str]) -> None:
        """Hear which modules will run soon, so that what they need may be there when they do."""

    def submit(self, *jobs: Job) -> None:
        """Run tasks as soon as there is room, in this order. What goes wrong with one is told as its end."""

    def kill(self, id: str, reason: str = "cancelled") -> None:
        """End a task at once, whatever it does; its `Ended` still comes, with the reason as the outcome."""

    def close(self) -> None:
        """End everything."""

    def __enter__(self) -> Self:
        """Close it at the end of the block."""

    def __exit__(self, *error: object) -> None:
        """Close it."""
