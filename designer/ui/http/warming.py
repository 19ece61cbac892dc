"""What is done before anyone asks: the server of child processes, the modules, and sweeping up old uploads."""

import asyncio

from designer.store.abandoned import sweep
from designer.ui.apart import apart
from designer.ui.library import library
from designer.ui.workbench import workbench

_FIRST_PAINT_SECONDS = 2.0


async def warm() -> None:
    """Start the one at once, for it is a process of its own; load the others when the first page is shown."""
    starting = asyncio.create_task(apart(_ready))
    await asyncio.sleep(_FIRST_PAINT_SECONDS)
    await asyncio.to_thread(library)
    await starting
    await asyncio.to_thread(sweep, workbench().workspace)


def _ready() -> bool:
    return True
