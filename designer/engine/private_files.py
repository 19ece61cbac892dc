"""Private copies of the stored files that a program reads, so that writing to one reaches no stored value.

A copy that shares the blocks of its file costs nothing. Where the disk knows none, the mode of a stored file stops a
program, but not one that runs as root: only then the bytes are copied.
"""

from __future__ import annotations

import fcntl
import os
import shutil
from pathlib import Path

COPIED_BYTES = 1 << 30
"""A larger file is not copied byte by byte; it is read where it lies."""

_FICLONE = 0x40049409
"""The request of Linux that makes a file share the blocks of another."""


def private_file(file: Path, place: Path) -> Path:
    """A read-only copy of a file at `place`, whose folder is made; the file itself where it is not copied."""
    place.parent.mkdir(parents=True, exist_ok=True)
    try:
        if not _cloned(file, place):
            if os.geteuid() != 0 or file.stat().st_size > COPIED_BYTES:
                place.unlink(missing_ok=True)
                return file
            shutil.copyfile(file, place)
    except OSError:  # a full disk, or the limit of the step's files
        place.unlink(missing_ok=True)
        return file
    place.chmod(0o444)
    return place


def _cloned(file: Path, place: Path) -> bool:
    with file.open("rb") as source, place.open("wb") as target:
        try:
            fcntl.ioctl(target.fileno(), _FICLONE, source.fileno())
        except OSError:
            return False
    return True
