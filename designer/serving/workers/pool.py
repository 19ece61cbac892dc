"""Score with scikit-learn in a child process, from the event loop; a child that hangs or crashes is replaced."""

from __future__ import annotations

import asyncio
import sys
from collections import deque
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from designer.contract.errors import DesignerError
from designer.engine.children.child import Message, Messages, answer_of, packed
from designer.engine.children.lifeline import environment
from designer.inference.rows import Cells, RefusedRequest
from designer.serving.workers.wire import ModelFailed, Refused

START_SECONDS = 60.0
MERGED_ROWS = 1_000
Rows = list[dict[str, Any]]


@dataclass
class Ticket:
    """Rows to score, and the future of their answer: column names and cells."""

    rows: Rows
    future: asyncio.Future[tuple[list[str], list[Cells]]]


@dataclass
class ModelProcess:
    """The child process of one version. Scores requests together that arrive while it is busy."""

    workspace: Path
    document: Mapping[str, Any]
    seconds: float = 5.0
    merges: bool = True
    """Whether rows of several requests may be scored as one table; false where user code would see them."""
    _process: asyncio.subprocess.Process | None = None
    _waiting: deque[Ticket] = field(default_factory=deque)
    _task: asyncio.Task[None] | None = None

    async def start(self) -> None:
        """Start the process and wait until the pipeline is loaded; raises ModelFailed with the reason."""
        threads = dict.fromkeys(("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS"), "1")
        process = await asyncio.create_subprocess_exec(
            sys.executable, "-m", "designer.serving.workers.worker", str(self.workspace), stdin=-1, stdout=-1,
            env=environment(**threads), limit=2**26,
        )  # fmt: skip
        self._process = process
        try:
            async with asyncio.timeout(START_SECONDS):
                answer_of(await _exchange(process, dict(self.document)))
        except DesignerError as error:
            await self._kill()
            raise ModelFailed(str(error)) from None
        except (TimeoutError, OSError, EOFError):
            await self._kill()
            raise ModelFailed("the process of the model did not start") from None

    async def score(self, rows: Rows) -> tuple[list[str], list[Cells]]:
        """The answer's column names and cells; raises Refused, RefusedRequest or ModelFailed."""
        future: asyncio.Future[tuple[list[str], list[Cells]]] = asyncio.get_running_loop().create_future()
        self._waiting.append(Ticket(rows, future))
        if self._task is None or self._task.done():
            self._task = asyncio.create_task(self._work())
        return await future

    async def close(self) -> None:
        """Stop the process once all waiting requests are answered."""
        if self._task is not None:
            await asyncio.wait([self._task], timeout=self.seconds * 2)
        await self._kill()

    async def _work(self) -> None:
        while self._waiting:
            batch = [self._waiting.popleft()]
            size = len(batch[0].rows)
            while self.merges and self._waiting and size + len(self._waiting[0].rows) <= MERGED_ROWS:
                batch.append(self._waiting.popleft())
                size += len(batch[-1].rows)
            await self._answer([ticket for ticket in batch if not ticket.future.done()])

    async def _answer(self, batch: list[Ticket]) -> None:
        if not batch:
            return
        try:
            message = await self._request([row for ticket in batch for row in ticket.rows])
        except DesignerError as error:
            for ticket in batch:
                _fail(ticket, error)
            return
        if "error" in message and len(batch) > 1:
            for ticket in batch:  # find the request that fails; score the others
                await self._answer([ticket])
            return
        if "error" in message:
            _fail(batch[0], _error(DesignerError.from_json(message["error"])))
            return
        answer, start = message["answer"], 0
        for ticket in batch:
            end = start + len(ticket.rows)
            if not ticket.future.done():
                ticket.future.set_result((answer["names"], [cells[start:end] for cells in answer["cells"]]))
            start = end

    async def _request(self, rows: Rows) -> Message:
        if self._process is None or self._process.returncode is not None:
            await self.start()
        process = self._process
        assert process is not None
        try:
            async with asyncio.timeout(self.seconds):
                return await _exchange(process, rows)
        except TimeoutError:
            await self._kill()
            raise Refused(504, "model.timeout", f"the model took more than {self.seconds:g} seconds",
                          "Send fewer rows.") from None  # fmt: skip
        except (OSError, EOFError):
            await self._kill()
            raise ModelFailed("the process of the model ended while it scored") from None

    async def _kill(self) -> None:
        process, self._process = self._process, None
        if process is not None and process.returncode is None:
            process.kill()
            await process.wait()


def _fail(ticket: Ticket, error: DesignerError) -> None:
    if not ticket.future.done():
        ticket.future.set_exception(error)


def _error(error: DesignerError) -> DesignerError:
    """Keep errors of the request and of the model; wrap any other in ModelFailed."""
    if isinstance(error, RefusedRequest | ModelFailed):
        return error
    return ModelFailed(error.found, error.remedy).at(module=error.place.module)


async def _exchange(process: asyncio.subprocess.Process, request: Any) -> Message:
    """Send a request to a process and return its message; raises EOFError where it ends."""
    assert process.stdin is not None
    assert process.stdout is not None
    process.stdin.write(packed({"request": request}))
    await process.stdin.drain()
    messages = Messages()
    while content := await process.stdout.read(1 << 16):
        for message in messages.feed(content):
            return message
    raise EOFError
