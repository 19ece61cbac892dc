"""End a process with the one that started it, even if that one is killed.

The starter passes `environment()`; the child calls `end_with_starter()` first. A process started by hand lacks the
variable and keeps running.
"""

from __future__ import annotations

import ctypes
import os
import signal
import sys
import threading
import time

PR_SET_PDEATHSIG = 1
PR_SET_CHILD_SUBREAPER = 36
POLL_SECONDS = 0.25
STARTER = "DESIGNER_STARTED_BY"


def environment(**more: str) -> dict[str, str]:
    """The environment for a child that ends with this process."""
    return {**os.environ, STARTER: str(os.getpid()), **more}


def end_with_starter() -> None:
    """Kill this process when the process that started it exits. Its children must call this too."""
    starter = os.environ.pop(STARTER, "")
    if starter.isdecimal():
        end_with(int(starter))


def end_with(parent: int) -> None:
    """Kill this process when its parent exits: by the kernel on Linux, by polling the parent elsewhere."""
    if sys.platform == "linux":
        signal_at_end_of_parent(signal.SIGKILL)
    else:
        threading.Thread(target=_watch, args=(parent,), name="lifeline", daemon=True).start()
    if os.getppid() != parent:  # it exited before the request
        _end()


def signal_at_end_of_parent(number: int) -> None:
    """Have Linux send this process a signal when the thread that started it ends; no-op elsewhere."""
    prctl(PR_SET_PDEATHSIG, number)


def adopt_orphans() -> None:
    """Have Linux make this process the parent of descendants whose own parent ends; no-op elsewhere."""
    prctl(PR_SET_CHILD_SUBREAPER, 1)


def prctl(option: int, value: int) -> None:
    """Call Linux's `prctl`; no-op elsewhere."""
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(option, value, 0, 0, 0)


def _watch(parent: int) -> None:
    while os.getppid() == parent:
        time.sleep(POLL_SECONDS)
    _end()


def _end() -> None:
    os.kill(os.getpid(), signal.SIGKILL)
