"""A process and its descendants: their PIDs and their memory."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

MEMBERS = 1000
"""The most processes of a family that are looked at."""


def children_of(pid: int) -> list[int]:
    """PIDs of the children of a process, adopted ones included; empty if it is gone."""
    try:
        files = list(Path(f"/proc/{pid}/task").glob("*/children"))
    except OSError:
        return []  # gone, or out of file descriptors
    if not files:  # not Linux, or a kernel that does not list them
        return _listed_by_psutil(pid)
    pids: list[int] = []
    for file in files:  # one for each thread: a child belongs to the thread that started it
        try:
            pids += [int(number) for number in file.read_text().split()]
        except OSError:
            continue  # the thread has ended
    return pids


def family_of(pid: int) -> list[int]:
    """PIDs of a process and its descendants, the process first; at most `MEMBERS`."""
    members = [pid]
    for member in members:
        if len(members) >= MEMBERS:
            break
        members += children_of(member)
    return members[:MEMBERS]


def memory_of(family: Iterable[int], limit: int) -> int:
    """Bytes of memory not shared with files; exact only if the estimate exceeds the limit."""
    members = list(family)
    estimate = sum(private_memory(pid) for pid in members)
    if estimate <= limit or len(members) == 1:
        return estimate
    return sum(_proportional(pid) for pid in members)  # the estimate counts pages shared by fork once per process


def private_memory(pid: int) -> int:
    """Bytes of a process's memory not shared with files; 0 if it is gone."""
    import psutil

    try:
        memory = psutil.Process(pid).memory_info()
    except (psutil.Error, OSError):
        return 0
    return int(memory.rss - getattr(memory, "shared", 0))


def _proportional(pid: int) -> int:
    import psutil

    try:
        memory = psutil.Process(pid).memory_full_info()
    except (psutil.Error, OSError):
        return 0
    return int(getattr(memory, "pss", memory.uss))


def _listed_by_psutil(pid: int) -> list[int]:
    import psutil

    try:
        return [child.pid for child in psutil.Process(pid).children()]
    except (psutil.Error, OSError):
        return []
