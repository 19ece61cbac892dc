"""Query processes of this computer: whether one still exists, and whether it is stopped."""

from __future__ import annotations

import os
import re

import psutil

STOPPED_SECONDS = 5.0
"""How long a process may be stopped before it is killed."""

_NAME = re.compile(r"process (\d+) since (\d+\.?\d*)")


def this_process() -> str:
    """A name for this process, unique on this computer; a PID alone can be reused."""
    return f"process {os.getpid()} since {psutil.Process().create_time():.2f}"


def is_there(name: str) -> bool:
    """Whether the process named by `this_process` still exists; False for any other text."""
    match = _NAME.fullmatch(name)
    if match is None:
        return False
    try:
        return bool(abs(psutil.Process(int(match[1])).create_time() - float(match[2])) < 1.0)
    except psutil.Error:
        return False


def is_stopped(pid: int) -> bool:
    """Whether a process is stopped until SIGCONT, as by SIGSTOP, and would seem to run for ever.

    False for a process held by a debugger, and for one that is gone.
    """
    try:
        return bool(psutil.Process(pid).status() == psutil.STATUS_STOPPED)
    except (psutil.Error, OSError):  # gone, or out of file descriptors
        return False
