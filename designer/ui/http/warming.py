"""Warm up before the first request: the forkserver, the modules, and a sweep of old uploads."""

import asyncio

from designer.ui.apart import apart
from designer.ui.library import library
from designer.ui.workbench import workbench

_FIRST_PAINT_SECONDS = 2.0


async def warm() -> None:
    """Start the forkserver at once, since it is a separate process; do the rest once the first page is shown."""
    starting = asyncio.create_task(apart(_ready))
    await asyncio.sleep(_FIRST_PAINT_SECONDS)
    await asyncio.to_thread(library)
    await starting
    await asyncio.to_thread(workbench().datasets.sweep)


def _ready() -> bool:
    return True
