"""What is slow the first time, done before anyone asks: the server of child processes, and the modules."""

import asyncio

from designer.ui.apart import apart
from designer.ui.library import library

_FIRST_PAINT_SECONDS = 2.0


async def warm() -> None:
    """Start the one at once, for it is a process of its own; load the others when the first page is shown."""
    starting = asyncio.create_task(apart(_ready))
    await asyncio.sleep(_FIRST_PAINT_SECONDS)
    await asyncio.to_thread(library)
    await starting


def _ready() -> bool:
    return True
