"""What is slow the first time, done before anyone asks: the modules, and the server of child processes."""

import asyncio

from designer.ui.apart import apart
from designer.ui.library import library

_FIRST_PAINT_SECONDS = 2.0


async def warm() -> None:
    """Load both, after the browser had time to show its first page."""
    await asyncio.sleep(_FIRST_PAINT_SECONDS)
    await asyncio.to_thread(library)
    await apart(_ready)


def _ready() -> bool:
    return True
