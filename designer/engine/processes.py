"""What can be known of a process of this computer: whether it is there still, and whether somebody stopped it."""

from __future__ import annotations

import os
import re

import psutil

STOPPED_SECONDS = 5.0
"""So long a process may stand still before it is ended."""

_NAME = re.compile(r"process (\d+) since (\d+\.?\d*)")


def this_process() -> str:
    """A name for this process that no other one ever has on this computer: numbers are used again."""
    return f"process {os.getpid()} since {psutil.Process().create_time():.2f}"


def is_there(name: str) -> bool:
    """Whether the process that `this_process` named is there still; no other name is that of one."""
    match = _NAME.fullmatch(name)
    if match is None:
        return False
    try:
        return bool(abs(psutil.Process(int(match[1])).create_time() - float(match[2])) < 1.0)
    except psutil.Error:
        return False


def is_stopped(pid: int) -> bool:
    """Whether a process stands still until it is told to go on (SIGSTOP), and would look for ever as if it worked.

    Not one that a debugger holds, nor one that is gone.
    """
    try:
        return bool(psutil.Process(pid).status() == psutil.STATUS_STOPPED)
    except (psutil.Error, OSError):  # gone, or nothing can be opened just now
        return False
