"""Work that may take long, run out of memory or crash: done in a child process, so that no page waits for it.

Files that users bring are parsed only there. The child answers as `designer.engine.child` says, by a pipe.
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
from designer.engine.child import Messages, answer_of, answered, limit, packed
from designer.engine.lifeline import end_with

SECONDS = 300
_MEMORY = 12 << 30
_WATCH_SECONDS, _LAST_SECONDS = 0.25, 5.0
_PRELOAD = ["numpy", "pandas", "pyarrow.csv", "pyarrow.parquet", "designer.ui.file_child"]
"""What children find loaded: enough to read a file at once. Whoever asks first waits for these imports."""


class WorkFailed(DesignerError):
    """Work in a child process ended without an answer: it crashed, ran out of memory or took too long."""


async def apart(work: Callable[..., Any], *arguments: Any, seconds: float = SECONDS) -> Any:
    """Run a module-level function with plain arguments in a child process; its JSON answer.

    Raises the error of ours that it raised, WorkFailed where it ended without an answer. Cancelling the task ends the
    child.
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
    """How a child ended that sent nothing. Memory is named only where it was nearly used up."""
    if code == -signal.SIGKILL and memory.is_nearly_all:
        return WorkFailed(f"it ran out of memory at {memory.highest / 2**30:.1f} GB", "Use fewer rows or columns.")
    how = f"signal {-code}" if code is not None and code < 0 else f"exit code {code}"
    return WorkFailed(f"it ended without an answer ({how})", "Try again; if it ends again, the server's log says more.")


class _Memory:
    """The most memory that a child was seen to use."""

    def __init__(self, pid: int) -> None:
        self._pid = pid
        self.highest = 0

    def look(self) -> None:
        """Measure once more; a child that is gone uses none."""
        with contextlib.suppress(psutil.Error):
            self.highest = max(self.highest, psutil.Process(self._pid).memory_info().rss)

    @property
    def is_nearly_all(self) -> bool:
        """Whether it came near to what a child may have, or to what the computer has."""
        return self.highest > 0.5 * min(_MEMORY, psutil.virtual_memory().total)


async def _answer(receiver: Connection, memory: _Memory) -> bytes | None:
    """The bytes the child sent, None where it closed its end without any; never blocks the loop."""
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
    end_with(os.getppid())  # the server of children ends with the web process
    limit(address_space=_MEMORY)
    message = packed(answered(partial(work, *arguments)))
    with contextlib.suppress(OSError):  # whoever asked may have gone
        sender.send_bytes(message)
        sender.close()
    os._exit(0)  # native libraries may abort at the interpreter's end, after everything was said
