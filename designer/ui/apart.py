"""Work that may take long, run out of memory or crash: done in a child process, so that no page waits for it.

Files that users bring are parsed only there. The child answers with a JSON document or with one of our errors.
"""

from __future__ import annotations

import asyncio
import contextlib
import json
import multiprocessing
import os
import resource
from collections.abc import Callable
from multiprocessing.connection import Connection
from typing import Any

from designer.contract.errors import DesignerError

SECONDS = 300
_MEMORY = 12 << 30
_PRELOAD = ["numpy", "pandas", "pyarrow.csv", "pyarrow.parquet", "designer.ui.file_child"]
"""What children find loaded: enough to read a file at once. Whoever asks first waits for these imports."""


class WorkFailed(DesignerError):
    """Work in a child process ended without an answer: it crashed, ran out of memory or took too long."""


class WorkRefused(DesignerError):
    """Work in a child process ended with one of our errors; `document` is that error."""

    def __init__(self, document: dict[str, Any]) -> None:
        super().__init__(str(document.get("found") or document.get("message", "")), str(document.get("remedy", "")))
        self.document = document

    def __str__(self) -> str:
        return str(self.document.get("message", self.found))


async def apart(work: Callable[..., Any], *arguments: Any, seconds: float = SECONDS) -> Any:
    """Run a module-level function with plain arguments in a child process; its JSON answer.

    Raises WorkRefused where it raised one of our errors, WorkFailed where it ended without an answer. Cancelling
    the task ends the child.
    """
    context = multiprocessing.get_context("forkserver")
    context.set_forkserver_preload(_PRELOAD)
    receiver, sender = context.Pipe(duplex=False)
    child = context.Process(target=_child, args=(sender, work, arguments), daemon=True)
    await asyncio.to_thread(child.start)
    sender.close()
    try:
        async with asyncio.timeout(seconds):
            answer = await _answer(receiver)
    except TimeoutError:
        raise WorkFailed(f"it took longer than {seconds:g} seconds and was stopped", "Try a smaller file.") from None
    finally:
        receiver.close()
        child.kill()
        await asyncio.to_thread(child.join)
    if answer is None:
        raise WorkFailed("it ended without an answer, probably out of memory", "Try a smaller file.")
    document = json.loads(answer)
    if "error" in document:
        raise WorkRefused(document["error"])
    return document["answer"]


async def _answer(receiver: Connection) -> bytes | None:
    """The bytes the child sent, None where it closed its end without any; never blocks the loop."""
    loop = asyncio.get_running_loop()
    ready = asyncio.Event()
    loop.add_reader(receiver.fileno(), ready.set)
    try:
        await ready.wait()
    finally:
        loop.remove_reader(receiver.fileno())
    try:
        return await asyncio.to_thread(receiver.recv_bytes)
    except EOFError:
        return None


def _child(sender: Connection, work: Callable[..., Any], arguments: tuple[Any, ...]) -> None:
    resource.setrlimit(resource.RLIMIT_AS, (_MEMORY, _MEMORY))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    try:
        document = {"answer": work(*arguments)}
    except DesignerError as error:
        document = {"error": error.to_json()}
    except MemoryError:
        document = {"error": {"message": "There is not enough memory for it. Try a smaller file."}}
    with contextlib.suppress(OSError):  # whoever asked may have gone
        sender.send_bytes(json.dumps(document, allow_nan=False).encode())
        sender.close()
    os._exit(0)  # native libraries may abort at the interpreter's end, after everything was said
