"""Scoring with scikit-learn in a process of its own, from the event loop: it may hang or crash and is started anew."""

from __future__ import annotations

import asyncio
import os
import sys
from collections import deque
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import orjson

from designer.contract.errors import DesignerError
from designer.inference.rows import Cells, RefusedRequest
from designer.serving.session import ModelFailed
from designer.serving.wire import Refused
from designer.serving.worker import LENGTH

START_SECONDS = 60.0
MERGED_ROWS = 1_000
Rows = list[dict[str, Any]]


@dataclass
class Ticket:
    """Rows that wait for their answer: the names of the columns and their cells."""

    rows: Rows
    future: asyncio.Future[tuple[list[str], list[Cells]]]


@dataclass
class ModelProcess:
    """The child process of one version. Requests that wait while it works are scored together."""

    workspace: Path
    document: Mapping[str, Any]
    seconds: float = 5.0
    merges: bool = True
    """Whether rows of several requests may be scored together: not where a user's code sees them as one table."""
    _process: asyncio.subprocess.Process | None = None
    _waiting: deque[Ticket] = field(default_factory=deque)
    _task: asyncio.Task[None] | None = None

    async def start(self) -> None:
        """Start the process and wait until the pipeline is loaded; raises ModelFailed with the reason."""
        environment = {**os.environ, "OMP_NUM_THREADS": "1", "OPENBLAS_NUM_THREADS": "1"}
        process = await asyncio.create_subprocess_exec(
            sys.executable, "-m", "designer.serving.worker", str(self.workspace), stdin=-1, stdout=-1,
            env=environment, limit=2**26,
        )  # fmt: skip
        self._process = process
        try:
            async with asyncio.timeout(START_SECONDS):
                await _send(process, orjson.dumps(dict(self.document)))
                answer = await _receive(process)
        except (TimeoutError, OSError, asyncio.IncompleteReadError):
            await self._kill()
            raise ModelFailed("the process of the model did not start") from None
        if "failed" in answer:
            await self._kill()
            raise ModelFailed(answer["failed"])

    async def score(self, rows: Rows) -> tuple[list[str], list[Cells]]:
        """The columns of the answer and their cells; raises Refused, RefusedRequest or ModelFailed."""
        future: asyncio.Future[tuple[list[str], list[Cells]]] = asyncio.get_running_loop().create_future()
        self._waiting.append(Ticket(rows, future))
        if self._task is None or self._task.done():
            self._task = asyncio.create_task(self._work())
        return await future

    async def close(self) -> None:
        """End the process once everything that waits is answered."""
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
            answer = await self._ask([row for ticket in batch for row in ticket.rows])
        except DesignerError as error:
            for ticket in batch:
                _fail(ticket, error)
            return
        if "names" not in answer and len(batch) > 1:
            for ticket in batch:  # one of them is to blame; the others must not suffer
                await self._answer([ticket])
            return
        if "names" not in answer:
            _fail(batch[0], _error(answer))
            return
        start = 0
        for ticket in batch:
            end = start + len(ticket.rows)
            if not ticket.future.done():
                ticket.future.set_result((answer["names"], [cells[start:end] for cells in answer["cells"]]))
            start = end

    async def _ask(self, rows: Rows) -> dict[str, Any]:
        if self._process is None or self._process.returncode is not None:
            await self.start()
        process = self._process
        assert process is not None
        try:
            async with asyncio.timeout(self.seconds):
                await _send(process, orjson.dumps(rows))
                return await _receive(process)
        except TimeoutError:
            await self._kill()
            raise Refused(504, "model.timeout", f"the model took more than {self.seconds:g} seconds",
                          "Send fewer rows.") from None  # fmt: skip
        except (OSError, asyncio.IncompleteReadError):
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


def _error(answer: Mapping[str, Any]) -> DesignerError:
    if "refused" in answer:
        return RefusedRequest(answer["refused"], answer["found"], answer["remedy"], row=answer["row"])
    return ModelFailed(answer["error"], answer["remedy"]).at(module=answer["module"])


async def _send(process: asyncio.subprocess.Process, body: bytes) -> None:
    assert process.stdin is not None
    process.stdin.write(len(body).to_bytes(LENGTH, "big") + body)
    await process.stdin.drain()


async def _receive(process: asyncio.subprocess.Process) -> dict[str, Any]:
    assert process.stdout is not None
    length = int.from_bytes(await process.stdout.readexactly(LENGTH), "big")
    answer: dict[str, Any] = orjson.loads(await process.stdout.readexactly(length))
    return answer
