"""Work in a child process: answers, errors, and exits without an answer."""

import os
import signal
import time

import pytest

from designer.contract.errors import UnreadableFile
from designer.ui.apart import WorkFailed, apart


def doubled(number: int) -> int:
    return 2 * number


def refused() -> None:
    raise UnreadableFile("row 3 has 4 cells where 3 are expected", "Repair the row.")


def ended() -> None:
    os._exit(3)


def killed() -> None:
    os.kill(os.getpid(), signal.SIGKILL)


def forever() -> None:
    time.sleep(60)


async def test_the_answer_comes_back() -> None:
    assert await apart(doubled, 21) == 42


async def test_our_own_error_keeps_its_words() -> None:
    with pytest.raises(UnreadableFile, match=r"row 3 has 4 cells where 3 are expected\. Repair the row\."):
        await apart(refused)


async def test_a_child_that_dies_is_reported() -> None:
    with pytest.raises(WorkFailed, match=r"without an answer \(exit code 3\)"):
        await apart(ended)


async def test_memory_is_blamed_only_where_it_was_used_up() -> None:
    with pytest.raises(WorkFailed, match=r"without an answer \(signal 9\)\. Try again"):
        await apart(killed)


async def test_work_that_takes_too_long_is_stopped() -> None:
    began = time.monotonic()
    with pytest.raises(WorkFailed, match=r"longer than 0\.5 seconds"):
        await apart(forever, seconds=0.5)
    assert time.monotonic() - began < 10
