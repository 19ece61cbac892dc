"""Watch the workspace's `modules` folder, so that every open palette stays current."""

from __future__ import annotations

import asyncio
import traceback

from designer.ui.http.open_tabs import open_tabs
from designer.ui.library import shown_modules
from designer.ui.state.editor.tabs import give_news

LOOK_SECONDS = 0.5
AFTER_A_FAILURE_SECONDS = 5.0


async def watch_modules() -> None:
    """Rescan the folder when it changes and notify the open tabs, while the pages are served."""
    while True:
        await asyncio.sleep(LOOK_SECONDS)
        try:
            if await asyncio.to_thread(shown_modules().look):
                await give_news(open_tabs().all())
        except Exception:  # e.g. no process can be started; a later look may succeed
            traceback.print_exc()
            await asyncio.sleep(AFTER_A_FAILURE_SECONDS)
