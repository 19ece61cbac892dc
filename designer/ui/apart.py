"""Run work that may take long, run out of memory or crash in a child process, so that no page waits for it.

User files are parsed only there. The child answers in the protocol of `designer.engine.children.child`, over a pipe.
"""

from __future__ import annotations

import asyncio
import contextlib
import multiprocessing
import os
import signal
from collections.abc import Callable
from functools import partial
from multiprocessing.connection import Connection
from typing import Any

import psutil

from designer.contract.errors import DesignerError
from designer.engine.children.child import Messages, answer_of, answered, limit, packed
from designer.engine.children.lifeline import end_with

SECONDS = 300
_MEMORY = 12 << 30
_WATCH_SECONDS, _LAST_SECONDS = 0.25, 5.0
_PRELOAD = ["numpy", "pandas", "pyarrow.csv", "pyarrow.parquet", "designer.ui.file_child"]
"""Imports preloaded into children: enough to read a file at once. The first caller waits for them."""


class WorkFailed(DesignerError):
    """Work in a child process ended without an answer: it crashed, ran out of memory or took too long."""


async def apart(work: Callable[..., Any], *arguments: Any, seconds: float = SECONDS) -> Any:
    """Run a module-level function with plain arguments in a child process; returns its JSON answer.

    Raises the DesignerError that it raised, or WorkFailed where it ended without an answer. Cancelling the task kills
    the child.
    """
    context = multiprocessing.get_context("forkserver")
    context.set_forkserver_preload(_PRELOAD)
    receiver, sender = context.Pipe(duplex=False)
    child = context.Process(target=_child, args=(sender, work, arguments), daemon=True)
    await asyncio.to_thread(child.start)
    sender.close()
    memory = _Memory(child.pid or 0)
    try:
        async with asyncio.timeout(seconds):
            answer = await _answer(receiver, memory)
        if answer is None:
            await asyncio.to_thread(child.join, _LAST_SECONDS)
    except TimeoutError:
        raise WorkFailed(f"it took longer than {seconds:g} seconds and was stopped", "Try a smaller file.") from None
    finally:
        receiver.close()
        child.kill()
        await asyncio.to_thread(child.join)
    if answer is None:
        raise _ended(child.exitcode, memory)
    (message,) = Messages().feed(answer)
    return answer_of(message)


def _ended(code: int | None, memory: _Memory) -> WorkFailed:
    """Describe how a child ended that sent nothing. Memory is blamed only where it was nearly used up."""
    if code == -signal.SIGKILL and memory.is_nearly_all:
        return WorkFailed(f"it ran out of memory at {memory.highest / 2**30:.1f} GB", "Use fewer rows or columns.")
    how = f"signal {-code}" if code is not None and code < 0 else f"exit code {code}"
    return WorkFailed(f"it ended without an answer ({how})", "Try again; if it ends again, the server's log says more.")


class _Memory:
    """The peak memory observed in a child."""

    def __init__(self, pid: int) -> None:
        self._pid = pid
        self.highest = 0

    def look(self) -> None:
        """Measure once; a child that has ended is ignored."""
        with contextlib.suppress(psutil.Error):
            self.highest = max(self.highest, psutil.Process(self._pid).memory_info().rss)

    @property
    def is_nearly_all(self) -> bool:
        """Whether the peak is above half of the child's limit or of the machine's memory."""
        return self.highest > 0.5 * min(_MEMORY, psutil.virtual_memory().total)


async def _answer(receiver: Connection, memory: _Memory) -> bytes | None:
    """The bytes that the child sent; None where it closed its end without any. Never blocks the loop."""
    loop = asyncio.get_running_loop()
    ready = asyncio.Event()
    loop.add_reader(receiver.fileno(), ready.set)
    try:
        while not ready.is_set():
            memory.look()
            with contextlib.suppress(TimeoutError):
                await asyncio.wait_for(ready.wait(), _WATCH_SECONDS)
    finally:
        loop.remove_reader(receiver.fileno())
    try:
        return await asyncio.to_thread(receiver.recv_bytes)
    except EOFError:
        return None


def _child(sender: Connection, work: Callable[..., Any], arguments: tuple[Any, ...]) -> None:
    end_with(os.getppid())  # the forkserver ends with the web process
    limit(address_space=_MEMORY)
    message = packed(answered(partial(work, *arguments)))
    with contextlib.suppress(OSError):  # the caller may be gone
        sender.send_bytes(message)
        sender.close()
    os._exit(0)  # native libraries may abort at interpreter exit, after the answer was sent
