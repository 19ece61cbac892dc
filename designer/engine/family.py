"""A process and everything that it started: which processes these are, and what memory they have."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

MEMBERS = 1000
"""So many processes of a family are looked at."""


def children_of(pid: int) -> list[int]:
    """The processes that a process started, or was given as their next of kin; none where it is gone."""
    try:
        listed = list(Path(f"/proc/{pid}/task").glob("*/children"))
    except OSError:
        return []  # it is gone, or nothing can be opened just now
    if not listed:  # not Linux, or a kernel that does not list them
        return _listed_by_psutil(pid)
    found: list[int] = []
    for file in listed:  # one for each thread: a child belongs to the thread that started it
        try:
            found += [int(number) for number in file.read_text().split()]
        except OSError:
            continue  # the thread has ended
    return found


def family_of(pid: int) -> list[int]:
    """A process and all below it, the process first; at most a thousand."""
    members = [pid]
    for member in members:
        if len(members) >= MEMBERS:
            break
        members += children_of(member)
    return members[:MEMBERS]


def memory_of(family: Iterable[int], limit: int) -> int:
    """Memory that the processes do not share with files; exact only where it seems to be above the limit."""
    members = list(family)
    estimate = sum(_private(pid) for pid in members)
    if estimate <= limit or len(members) == 1:
        return estimate
    return sum(_proportional(pid) for pid in members)  # pages that a fork shares were counted for each


def _private(pid: int) -> int:
    import psutil

    try:
        found = psutil.Process(pid).memory_info()
    except (psutil.Error, OSError):
        return 0
    return int(found.rss - getattr(found, "shared", 0))


def _proportional(pid: int) -> int:
    import psutil

    try:
        found = psutil.Process(pid).memory_full_info()
    except (psutil.Error, OSError):
        return 0
    return int(getattr(found, "pss", found.uss))


def _listed_by_psutil(pid: int) -> list[int]:
    import psutil

    try:
        return [child.pid for child in psutil.Process(pid).children()]
    except (psutil.Error, OSError):
        return []
