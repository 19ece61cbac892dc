"""Micro-batching: what waits together is scored together, and nobody pays for a neighbour."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from typing import Any

import pytest

from designer.contract.errors import DesignerError
from designer.inference.rows import Cells
from designer.serving.batching import INLINE_ROWS, PROBES, Batcher
from designer.serving.session import ModelFailed


class Doubles:
    """Doubles every cell; fails for 13, breaks for 14."""

    def __init__(self) -> None:
        self.calls: list[int] = []

    def score_cells(self, columns: Sequence[Cells]) -> list[Cells]:
        self.calls.append(len(columns[0]))
        if 13 in columns[0]:
            raise DesignerError("thirteen")
        if 14 in columns[0]:
            raise ZeroDivisionError
        return [[cell * 2 for cell in cells] for cells in columns]


async def scored(batcher: Batcher, *requests: list[int]) -> list[Any]:
    return await asyncio.gather(
        *(batcher.score([request], len(request)) for request in requests), return_exceptions=True
    )


async def test_requests_of_one_moment_are_one_call_and_each_gets_its_part() -> None:
    scorer = Doubles()
    answers = await scored(Batcher(scorer), [1, 2], [3], [4, 5, 6])
    assert answers == [[[2, 4]], [[6]], [[8, 10, 12]]]
    assert scorer.calls == [6]


async def test_a_request_that_fails_fails_alone() -> None:
    answers = await scored(Batcher(Doubles()), [1], [13], [2], [14])
    assert answers[0] == [[2]]
    assert answers[2] == [[4]]
    assert isinstance(answers[1], DesignerError)
    assert isinstance(answers[3], ModelFailed)


async def test_many_rows_are_scored_beside_the_event_loop() -> None:
    answers = await scored(Batcher(Doubles()), list(range(100, 100 + 2 * INLINE_ROWS)), [1])
    assert answers[0][0][0] == 200
    assert answers[1] == [[2]]
    failed = await scored(Batcher(Doubles()), [13] * 2 * INLINE_ROWS)
    assert isinstance(failed[0], DesignerError)


async def test_requests_that_come_alone_are_scored_at_once_and_company_is_noticed_again() -> None:
    scorer = Doubles()
    batcher = Batcher(scorer)
    for number in range(3 * PROBES):
        assert await batcher.score([[number + 20]], 1) == [[2 * number + 40]]
    scorer.calls.clear()
    for _ in range(10):
        assert len(await scored(batcher, *([n] for n in range(10)))) == 10
    assert 10 in scorer.calls


async def test_an_error_of_a_request_alone_is_its_own() -> None:
    batcher = Batcher(Doubles())
    for _ in range(2 * PROBES):
        await batcher.score([[1]], 1)
    for bad, kind in ((13, DesignerError), (14, ModelFailed)):
        with pytest.raises(kind):
            await batcher.score([[bad]], 1)
    assert await batcher.score([[2]], 1) == [[4]]
