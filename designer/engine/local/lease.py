"""The child's side of a lease: run one node after the other in a process that each leaves as it found it.

Forking a child, faulting in its memory and importing what the fork server lacks cost more than most nodes. A child
therefore takes up to `NODES` nodes of one run, see `designer.engine.sharing`. It ends instead if a node fails, takes
long, leaves a process or a thread behind, or keeps memory.

With the answer the child says whether it stays; it then closes the answers and the log. Over the lease, a socket, the
engine sends the next work with the descriptors for its answers and its log. The child answers `{"taken": bytes}`, the
memory that earlier nodes left, or ends without it if the fork server has loaded more for this work than it has. The
engine ends the lease by closing the socket.
"""

from __future__ import annotations

import gc
import os
import socket
import sys
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass
from functools import partial
from typing import Any

from designer.contract.catalogue.library import Library
from designer.engine.backend import Answer
from designer.engine.children.child import Messages, packed
from designer.engine.children.lifeline import adopt_orphans
from designer.engine.children.process_state import ProcessState, contained, leaves_nothing_running
from designer.engine.task import perform

NODES = 16
FIT_SECONDS = 1.0
"""A node that takes longer ends its child: a new one costs little beside it."""
GROWN_BYTES = 512 * 1024**2
COLLECT_BYTES = 64 * 1024**2
"""Growth from which objects in reference cycles are freed before memory is judged."""

Document = Mapping[str, Any]


@dataclass(frozen=True)
class _Next:
    work: Document
    answers: int
    log: int


def perform_many(
    work: Document, answers: int, lease: int, shared: Library | None, is_ready: Callable[[Document], bool]
) -> int:
    """Do the work, then the work of further nodes as it arrives; returns the exit code.

    `is_ready` tells whether what a node needs was loaded before this process was forked.
    """
    adopt_orphans()
    state = ProcessState.now()
    with socket.socket(fileno=lease) as connection:
        for count in range(1, NODES + 1):
            stays = _Stays(state, is_last=count == NODES)
            code = contained(partial(perform, work, answers, shared, stays))
            if not stays.decided:
                return code
            _close_log()
            following = _receive(connection)
            if following is None or not is_ready(following.work):
                return 0
            state.restore()
            work, answers = following.work, following.answers
            os.write(answers, packed({"taken": state.grown}))
            for descriptor in (1, 2):
                os.dup2(following.log, descriptor)
            os.close(following.log)
    return 0


class _Stays:
    """Decides after a node whether this process takes another."""

    def __init__(self, state: ProcessState, *, is_last: bool) -> None:
        self._state, self._is_last = state, is_last
        self.decided = False

    def __call__(self, answer: Answer) -> bool:
        is_quick = answer.outcome == "finished" and answer.seconds <= FIT_SECONDS
        self.decided = not self._is_last and is_quick and leaves_nothing_running() and self._has_room()
        return self.decided

    def _has_room(self) -> bool:
        if self._state.grown > COLLECT_BYTES:
            gc.collect()
        return self._state.grown <= GROWN_BYTES


def _close_log() -> None:
    for stream in (sys.stdout, sys.stderr):
        with suppress(OSError, ValueError):
            stream.flush()
    nothing = os.open(os.devnull, os.O_WRONLY)
    for descriptor in (1, 2):
        os.dup2(nothing, descriptor)
    os.close(nothing)


def _receive(connection: socket.socket) -> _Next | None:
    """The next work; None when the engine ends the lease."""
    messages, descriptors = Messages(), list[int]()
    while True:
        content, received, _, _ = socket.recv_fds(connection, 1 << 20, 2)
        descriptors += received
        for message in messages.feed(content):
            return _Next(message["work"], *descriptors)
        if not content:
            return None
