"""Work in a thread that says how far it is, told to a page a few times a second."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from typing import TypeVar

Report = Callable[[float, str], None]
POLL_SECONDS = 0.2
T = TypeVar("T")


async def reporting(work: Callable[[Report], T], tell: Callable[[float, str], Awaitable[None]]) -> T:
    """Do the work, which is given a function to report with; `tell` gets the last report, as a percentage."""
    told = (0.0, "")

    def report(fraction: float, text: str) -> None:
        nonlocal told
        told = (fraction, text)

    task = asyncio.create_task(asyncio.to_thread(work, report))
    while not task.done():
        await asyncio.wait({task}, timeout=POLL_SECONDS)
        if told[1]:
            await tell(round(100 * told[0], 1), told[1])
    return task.result()
