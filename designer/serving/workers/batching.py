"""Micro-batching without a timer: score concurrent requests in one call."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import Any

from designer.contract.errors import DesignerError
from designer.serving.workers.wire import ModelFailed

PROBES, PROBE_EVERY = 16, 8
TURNS = 4
"""How many more event loop turns a batch waits, as long as each adds requests."""
INLINE_ROWS = 64
"""Larger requests are scored in a thread, so as not to block the event loop."""

Rows = list[dict[str, Any]]
ScoresRows = Callable[[Rows], Rows]
"""Reads and scores rows, one answer each; raises DesignerError where a row cannot be scored."""
Waiting = tuple[Rows, "asyncio.Future[Rows]"]


class Batcher:
    """Collect the requests of a few event loop turns and score them in one call.

    While requests arrive one at a time, skip the wait and score at once; only every PROBE_EVERY-th request waits, to
    detect concurrent ones.
    """

    def __init__(self, score: ScoresRows) -> None:
        self._score_rows = score
        self._waiting: list[Waiting] = []
        self._seen = self._turns = 0
        """Requests waiting one turn ago, and turns that the batch has waited."""
        self._alone = 0
        """Consecutive requests that were scored alone."""

    async def score(self, rows: Rows) -> Rows:
        """Score rows, one answer each; raises DesignerError."""
        if self._alone > PROBES and not self._waiting and len(rows) <= INLINE_ROWS:
            self._alone += 1
            if self._alone % PROBE_EVERY:
                return self._scored_alone(rows)
        return await self._submit(rows)

    def _submit(self, rows: Rows) -> asyncio.Future[Rows]:
        loop = asyncio.get_running_loop()
        future: asyncio.Future[Rows] = loop.create_future()
        if not self._waiting:
            self._seen, self._turns = 1, 0
            loop.call_soon(self._flush)
        self._waiting.append((rows, future))
        return future

    def _scored_alone(self, rows: Rows) -> Rows:
        try:
            return self._score_rows(rows)
        except DesignerError:
            raise
        except Exception as error:  # a defect of Designer: report a model failure, without internals
            raise ModelFailed(f"scoring failed ({type(error).__name__})") from error

    def _flush(self) -> None:
        """Score the waiting requests, unless the last turn added some: the next may add more."""
        count = len(self._waiting)
        if count > self._seen and self._turns < TURNS:
            self._seen = count
            self._turns += 1
            asyncio.get_running_loop().call_soon(self._flush)
            return
        waiting, self._waiting = self._waiting, []
        self._alone = self._alone + 1 if count == 1 else 0
        if sum(len(rows) for rows, _ in waiting) > INLINE_ROWS:
            small = [each for each in waiting if len(each[0]) <= INLINE_ROWS // 4]
            large = [each for each in waiting if len(each[0]) > INLINE_ROWS // 4]
            for start in range(0, len(small), INLINE_ROWS // 4):
                self._score(small[start : start + INLINE_ROWS // 4])
            for each in large:
                asyncio.get_running_loop().run_in_executor(None, self._score_in_thread, each)
        elif waiting:
            self._score(waiting)

    def _score(self, waiting: list[Waiting]) -> None:
        if len(waiting) == 1:
            self._score_alone(waiting[0])
            return
        try:
            answers = self._score_rows([row for rows, _ in waiting for row in rows])
        except Exception:
            for each in waiting:  # find the request that fails; score the others
                self._score_alone(each)
            return
        start = 0
        for rows, future in waiting:
            end = start + len(rows)
            _finish(future, answers[start:end])
            start = end

    def _score_alone(self, each: Waiting) -> None:
        rows, future = each
        try:
            _finish(future, self._scored_alone(rows))
        except DesignerError as error:
            _fail(future, error)

    def _score_in_thread(self, each: Waiting) -> None:
        rows, future = each
        loop = future.get_loop()
        try:
            loop.call_soon_threadsafe(_finish, future, self._scored_alone(rows))
        except DesignerError as error:
            loop.call_soon_threadsafe(_fail, future, error)


def _fail(future: asyncio.Future[Rows], error: DesignerError) -> None:
    if not future.done():
        future.set_exception(error)


def _finish(future: asyncio.Future[Rows], answers: Rows) -> None:
    if not future.done():
        future.set_result(answers)
