"""The child processes of this computer's backend as the engine sees them: their nodes, and the leases of idle ones."""

from __future__ import annotations

import socket
import time
from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path

from designer.engine.backend import Job, Limits, Started, Task
from designer.engine.children.child import packed
from designer.engine.children.family import memory_of
from designer.engine.local.outcomes import Watched
from designer.engine.local.streams import Stream
from designer.engine.task import Work

IDLE_SECONDS = 2.0
"""How long a child waits for its next node while tasks run."""
UNNEEDED_SECONDS = 0.5
"""How long it waits once no task runs: the next nodes of a run follow within milliseconds, and a run that has ended
keeps no memory."""
MESSAGE_BYTES = 64 * 1024
"""Larger work goes to a new child: a socket holds this much, so that sending never blocks."""


@dataclass
class Node(Watched):
    """A task in a child, from when the child is asked to take it.

    `kept` are bytes of memory that earlier nodes left in the child; they do not count as this node's.
    """

    job: Job = field(kw_only=True)
    streams: list[Stream] = field(default_factory=list)
    is_taken: bool = False
    stays: bool = False
    kept: int = 0
    started_at: float = 0.0
    seen_stopped: int = 0

    @property
    def has_ended(self) -> bool:
        """Whether it ended though its child goes on: the answer and all of the log are here."""
        return self.answer is not None and self.stays and all(stream.has_ended for stream in self.streams)

    @property
    def is_declined(self) -> bool:
        """Whether its child ended without taking it, and not because it was killed."""
        return not self.is_taken and not self.killed_for

    def take(self, kept: int = 0) -> None:
        """Note that its child works on it."""
        self.is_taken, self.kept, self.started_at = True, kept, time.monotonic()
        self.job.emit(Started())

    @property
    def scratch(self) -> Path:
        """Its working folder."""
        return self.job.store.scratch / self.job.task.id

    def measure(self, family: list[int], limits: Limits) -> None:
        """Note the memory of its processes."""
        self.memory = max(self.memory, memory_of(family, limits.memory + self.kept) - self.kept)


@dataclass
class Child:
    """A child process. Without a `node` it is idle; `lease` is None if it takes no other node.

    `made` are the digests of the outputs of its last node.
    """

    name: str
    shares: str = ""
    lease: socket.socket | None = None
    node: Node | None = None
    pid: int | None = None
    made: frozenset[str] = frozenset()
    idle_since: float = 0.0

    @property
    def is_free(self) -> bool:
        """Whether it waits for a node."""
        return self.node is None and self.lease is not None

    def rest(self, ended: Node) -> None:
        """Note that it waits for another node, and what the last one made."""
        outputs = ended.answer.outputs if ended.answer else {}
        self.made = frozenset(stored.digest for stored in outputs.values())
        self.idle_since = time.monotonic()

    def hand(self, work: Work, descriptors: tuple[int, int]) -> bool:
        """Send it the work of its next node; returns False if it cannot be reached."""
        assert self.lease is not None
        packet = packed({"work": work.to_json()})
        try:
            return socket.send_fds(self.lease, [packet], list(descriptors)) == len(packet)
        except OSError:
            return False

    def retire(self) -> None:
        """End its lease: it exits instead of taking another node."""
        if self.lease is not None:
            self.lease.close()
            self.lease = None


def free_child(children: Iterable[Child], task: Task) -> Child | None:
    """The idle child for a task: of those it may share, the one that made its largest input, else the last used."""
    if not task.shares or len(packed(task.to_json())) > MESSAGE_BYTES:
        return None
    largest = max(task.inputs.values(), key=lambda stored: int(stored["size"]), default={"digest": ""})["digest"]
    free = [child for child in children if child.is_free and child.shares == task.shares]
    return max(free, key=lambda child: (largest in child.made, child.idle_since), default=None)


def overdue(children: Iterable[Child], *, is_busy: bool) -> list[Child]:
    """The idle children that have waited long enough."""
    until = time.monotonic() - (IDLE_SECONDS if is_busy else UNNEEDED_SECONDS)
    return [child for child in children if child.is_free and child.idle_since < until]


def lease_pair() -> tuple[socket.socket, int]:
    """The engine's end of a new lease, which never blocks, and the descriptor of the child's end."""
    ours, theirs = socket.socketpair()
    ours.setblocking(False)
    return ours, theirs.detach()
