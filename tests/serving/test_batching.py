"""Micro-batching: waiting requests are scored in one call, and none fails because of another."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest

from designer.contract.errors import DesignerError
from designer.serving.workers.batching import INLINE_ROWS, PROBES, TURNS, Batcher, Rows
from designer.serving.workers.wire import ModelFailed


class Doubles:
    """A scorer that doubles the number of every row; raises DesignerError for 13, another exception for 14."""

    def __init__(self) -> None:
        self.calls: list[int] = []

    def __call__(self, rows: Rows) -> Rows:
        self.calls.append(len(rows))
        numbers = [row["n"] for row in rows]
        if 13 in numbers:
            raise DesignerError("thirteen")
        if 14 in numbers:
            raise ZeroDivisionError
        return [{"n": number * 2} for number in numbers]


async def doubled(batcher: Batcher, numbers: list[int]) -> list[int]:
    return [row["n"] for row in await batcher.score([{"n": number} for number in numbers])]


async def scored(batcher: Batcher, *requests: list[int]) -> list[Any]:
    return await asyncio.gather(*(doubled(batcher, request) for request in requests), return_exceptions=True)


async def test_simultaneous_requests_are_scored_in_one_call() -> None:
    scorer = Doubles()
    answers = await scored(Batcher(scorer), [1, 2], [3], [4, 5, 6])
    assert answers == [[2, 4], [6], [8, 10, 12]]
    assert scorer.calls == [6]


async def test_a_batch_waits_a_turn_while_others_arrive_and_no_longer() -> None:
    scorer = Doubles()
    batcher = Batcher(scorer)

    async def late(turns: int) -> list[int]:
        for _ in range(turns):
            await asyncio.sleep(0)
        return await doubled(batcher, [turns + 100])

    answers = await asyncio.gather(late(0), late(0), late(1), late(2), late(9))
    assert list(answers) == [[200], [200], [202], [204], [218]]
    assert scorer.calls == [4, 1]
    scorer.calls.clear()
    await asyncio.gather(late(0), *(late(turn) for turn in range(4 * TURNS)))
    assert sum(scorer.calls) == 4 * TURNS + 1
    assert max(scorer.calls) <= TURNS + 2  # the first requests are not delayed indefinitely


async def test_a_failing_request_does_not_fail_its_batch() -> None:
    answers = await scored(Batcher(Doubles()), [1], [13], [2], [14])
    assert answers[0] == [2]
    assert answers[2] == [4]
    assert isinstance(answers[1], DesignerError)
    assert isinstance(answers[3], ModelFailed)


async def test_many_rows_are_scored_beside_the_event_loop() -> None:
    answers = await scored(Batcher(Doubles()), list(range(100, 100 + 2 * INLINE_ROWS)), [1])
    assert answers[0][0] == 200
    assert answers[1] == [2]
    failed = await scored(Batcher(Doubles()), [13] * 2 * INLINE_ROWS)
    assert isinstance(failed[0], DesignerError)


async def test_single_requests_are_scored_at_once_and_batching_resumes_with_more() -> None:
    scorer = Doubles()
    batcher = Batcher(scorer)
    for number in range(3 * PROBES):
        assert await doubled(batcher, [number + 20]) == [2 * number + 40]
    scorer.calls.clear()
    for _ in range(10):
        assert len(await scored(batcher, *([n] for n in range(10)))) == 10
    assert 10 in scorer.calls


async def test_an_error_of_an_unbatched_request_affects_no_other() -> None:
    batcher = Batcher(Doubles())
    for _ in range(2 * PROBES):
        await doubled(batcher, [1])
    for bad, kind in ((13, DesignerError), (14, ModelFailed)):
        with pytest.raises(kind):
            await doubled(batcher, [bad])
    assert await doubled(batcher, [2]) == [4]
