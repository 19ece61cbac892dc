"""Drop the states of closed tabs.

Pages reload everything from the workspace, so a state is kept only briefly, for a reload or a reconnect.
"""

from __future__ import annotations

import asyncio
import ctypes
import gc
import sys
import time
from collections.abc import Container
from contextlib import suppress

from reflex.istate.manager.memory import StateManagerMemory

KEPT_SECONDS = 120.0
KEPT_TABS = 20
LOOK_SECONDS = 15.0
OPEN_SECONDS = 7 * 24 * 3600
"""How long the state of an open but idle tab is kept; dropping it would lose what the page shows."""


def forget_left(manager: StateManagerMemory, connected: Container[str], kept_seconds: float = KEPT_SECONDS) -> int:
    """Drop the states of disconnected tabs that are older than `kept_seconds` or not among the KEPT_TABS newest.

    Returns how many were dropped. One in use by an event handler is dropped the next time.
    """
    used_before = time.time() - kept_seconds + manager.token_expiration
    deadlines, before = manager._token_expires_at, len(manager.states)
    left = {key: (expires, token) for key, (expires, token) in deadlines.items() if key not in connected}
    newest = sorted(left, key=lambda key: left[key][0], reverse=True)
    for number, key in enumerate(newest):
        if number >= KEPT_TABS or left[key][0] <= used_before:
            deadlines[key] = (0.0, left[key][1])
    manager._purge_expired_tokens()
    return before - len(manager.states)


async def forget_left_tabs(manager: object, connected: Container[str]) -> None:
    """Drop them periodically while the pages are served, and return freed memory to the system."""
    assert isinstance(manager, StateManagerMemory)
    manager.token_expiration = OPEN_SECONDS
    while True:
        await asyncio.sleep(LOOK_SECONDS)
        if forget_left(manager, connected):
            await asyncio.to_thread(_give_back)


def _give_back() -> None:
    gc.collect()
    if sys.platform == "linux":
        with suppress(OSError, AttributeError):  # the C library has no malloc_trim
            ctypes.CDLL(None).malloc_trim(0)
