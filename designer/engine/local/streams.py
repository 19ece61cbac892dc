"""Pipes from a child process: its messages and its output."""

from __future__ import annotations

import contextlib
import os
from collections import deque
from collections.abc import Callable, Mapping
from typing import Any

from designer.contract.wording.counting import counted
from designer.engine.children.child import Messages


class Stream:
    """One end of a pipe from a child."""

    def __init__(self, descriptor: int) -> None:
        self.descriptor = descriptor
        self.has_ended = False

    def read(self) -> None:
        """Read what is available, at most 4 MiB, so that other streams get their turn."""
        for _ in range(64):
            try:
                content = os.read(self.descriptor, 1 << 16)
            except BlockingIOError:
                return
            if not content:
                self.has_ended = True
                return
            self.take(content)

    def take(self, content: bytes) -> None:
        """Consume bytes that were read."""
        raise NotImplementedError

    def close(self) -> None:
        """Close the descriptor."""
        os.close(self.descriptor)


class Answers(Stream):
    """Progress messages and the answer."""

    def __init__(self, descriptor: int, on_message: Callable[[Mapping[str, Any]], None]) -> None:
        super().__init__(descriptor)
        self._on_message = on_message
        self._messages = Messages()

    def take(self, content: bytes) -> None:
        for message in self._messages.feed(content):
            with contextlib.suppress(ValueError, LookupError, TypeError, AttributeError):  # a script may write here too
                self._on_message(message)


class Log(Stream):
    """The child's output. Keeps the first and the last half of the limit and counts the bytes dropped in between."""

    def __init__(self, descriptor: int, limit: int, keep: Callable[[bytes], None]) -> None:
        super().__init__(descriptor)
        self._keep = keep
        self._half = limit // 2
        self._written = 0
        self._skipped = 0
        self._tail: deque[bytes] = deque()
        self._tail_size = 0

    def take(self, content: bytes) -> None:
        head = content[: max(self._half - self._written, 0)]
        if head:
            self._written += len(head)
            self._keep(head)
        rest = content[len(head) :]
        if rest:
            self._tail.append(rest)
            self._tail_size += len(rest)
            while self._tail_size - len(self._tail[0]) >= self._half:
                self._skip(self._tail.popleft())

    def close(self) -> None:
        if self._tail_size > self._half:
            first = self._tail.popleft()
            surplus = self._tail_size - self._half
            self._tail.appendleft(first[surplus:])
            self._skipped += surplus
        if self._skipped:
            self._keep(f"\n... {counted(self._skipped, 'byte')} of output are not kept ...\n".encode())
        if self._tail:
            self._keep(b"".join(self._tail))
        super().close()

    def _skip(self, piece: bytes) -> None:
        self._skipped += len(piece)
        self._tail_size -= len(piece)
