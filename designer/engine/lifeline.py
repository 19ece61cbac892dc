"""Ends a process with the one that started it, also where that one is killed.

The starter passes `environment()`; the child calls `end_with_starter()` first of all. A process that somebody starts by
hand has no such variable and stays.
"""

from __future__ import annotations

import ctypes
import os
import signal
import sys
import threading
import time

PR_SET_PDEATHSIG = 1
POLL_SECONDS = 0.25
_STARTER = "DESIGNER_STARTED_BY"


def environment(**more: str) -> dict[str, str]:
    """The environment of a child that is to end with this process."""
    return {**os.environ, _STARTER: str(os.getpid()), **more}


def end_with_starter() -> None:
    """Kill this process when the process that started it has gone. Its own children see to themselves likewise."""
    starter = os.environ.pop(_STARTER, "")
    if starter.isdecimal():
        end_with(int(starter))


def end_with(parent: int) -> None:
    """Kill this process when its parent has gone: by the kernel on Linux, by looking at the parent elsewhere."""
    if sys.platform == "linux":
        signal_at_end_of_parent(signal.SIGKILL)
    else:
        threading.Thread(target=_watch, args=(parent,), name="lifeline", daemon=True).start()
    if os.getppid() != parent:  # it went before the kernel was asked
        _end()


def signal_at_end_of_parent(number: int) -> None:
    """Have Linux send this process a signal when the thread that started it ends; nothing elsewhere."""
    prctl(PR_SET_PDEATHSIG, number)


def prctl(option: int, value: int) -> None:
    """Linux's process control; nothing where there is none."""
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(option, value, 0, 0, 0)


def _watch(parent: int) -> None:
    while os.getppid() == parent:
        time.sleep(POLL_SECONDS)
    _end()


def _end() -> None:
    os.kill(os.getpid(), signal.SIGKILL)
