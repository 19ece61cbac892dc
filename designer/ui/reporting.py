"""Run work in a thread and report its progress to a page a few times a second."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from typing import TypeVar

Report = Callable[[float, str], None]
POLL_SECONDS = 0.2
T = TypeVar("T")


async def reporting(work: Callable[[Report], T], tell: Callable[[float, str], Awaitable[None]]) -> T:
    """Run the work, which is given a report function; `tell` receives the latest report, as a percentage and a text."""
    latest = (0.0, "")

    def report(fraction: float, text: str) -> None:
        nonlocal latest
        latest = (fraction, text)

    task = asyncio.create_task(asyncio.to_thread(work, report))
    while not task.done():
        await asyncio.wait({task}, timeout=POLL_SECONDS)
        if latest[1]:
            await tell(round(100 * latest[0], 1), latest[1])
    return task.result()
