"""Micro-batching without a timer: requests that wait at the same moment are scored together."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from typing import Protocol

from designer.contract.errors import DesignerError
from designer.inference.rows import Cells
from designer.serving.session import ModelFailed

PROBES, PROBE_EVERY = 16, 8
INLINE_ROWS = 64
"""More rows than this are scored in a thread, so that the event loop goes on."""


class ScoresCells(Protocol):
    """What scores cells by column."""

    def score_cells(self, columns: Sequence[Cells]) -> list[Cells]:
        """The cells of the answer by output column."""


Waiting = tuple[list[Cells], int, "asyncio.Future[list[Cells]]"]


class Batcher:
    """Collects what arrives within one turn of the event loop and scores it in one call.

    Where requests come one by one that turn is saved: they are scored at once, and only some wait, to see whether
    others come with them.
    """

    def __init__(self, scorer: ScoresCells) -> None:
        self._scorer = scorer
        self._waiting: list[Waiting] = []
        self._alone = 0
        """How many requests in a row had no company."""

    async def score(self, columns: list[Cells], count: int) -> list[Cells]:
        """The cells of the answer by output column; raises DesignerError."""
        if self._alone > PROBES and not self._waiting and count <= INLINE_ROWS:
            self._alone += 1
            if self._alone % PROBE_EVERY:
                return self._scored_alone(columns)
        return await self.submit(columns, count)

    def submit(self, columns: list[Cells], count: int) -> asyncio.Future[list[Cells]]:
        """The answer will be the cells by output column; it may fail with DesignerError."""
        loop = asyncio.get_running_loop()
        future: asyncio.Future[list[Cells]] = loop.create_future()
        if not self._waiting:
            loop.call_soon(self._flush)
        self._waiting.append((columns, count, future))
        return future

    def _scored_alone(self, columns: list[Cells]) -> list[Cells]:
        try:
            return self._scorer.score_cells(columns)
        except DesignerError:
            raise
        except Exception as error:  # a bug of ours; said as a failure of the model, without its insides
            raise ModelFailed(f"scoring failed ({type(error).__name__})") from error

    def _flush(self) -> None:
        waiting, self._waiting = self._waiting, []
        self._alone = self._alone + 1 if len(waiting) == 1 else 0
        rows = sum(count for _, count, _ in waiting)
        if rows > INLINE_ROWS:
            small = [each for each in waiting if each[1] <= INLINE_ROWS // 4]
            large = [each for each in waiting if each[1] > INLINE_ROWS // 4]
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
        merged: list[Cells] = [[] for _ in waiting[0][0]]
        for columns, _, _ in waiting:
            for all_cells, cells in zip(merged, columns, strict=True):
                all_cells += cells
        try:
            answer = self._scorer.score_cells(merged)
        except Exception:
            for each in waiting:  # one of them is to blame; the others must not suffer
                self._score_alone(each)
            return
        start = 0
        for _, count, future in waiting:
            if not future.done():
                future.set_result([cells[start : start + count] for cells in answer])
            start += count

    def _score_alone(self, each: Waiting) -> None:
        columns, _, future = each
        try:
            _finish(future, self._scored_alone(columns))
        except DesignerError as error:
            _fail(future, error)

    def _score_in_thread(self, each: Waiting) -> None:
        columns, _, future = each
        loop = future.get_loop()
        try:
            loop.call_soon_threadsafe(_finish, future, self._scored_alone(columns))
        except DesignerError as error:
            loop.call_soon_threadsafe(_fail, future, error)


def _fail(future: asyncio.Future[list[Cells]], error: DesignerError) -> None:
    if not future.done():
        future.set_exception(error)


def _finish(future: asyncio.Future[list[Cells]], answer: list[Cells]) -> None:
    if not future.done():
        future.set_result(answer)
