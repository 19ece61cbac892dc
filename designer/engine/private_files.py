"""Private copies of the stored files that a program reads, so that writing to one reaches no stored value.

File modes stop no program that runs as root, and one of the owner can change them.
"""

from __future__ import annotations

import fcntl
import shutil
from pathlib import Path

COPIED_BYTES = 1 << 30
"""A larger file is copied only where the copy shares its blocks (Btrfs, XFS); elsewhere it is read where it lies."""

_FICLONE = 0x40049409
"""The request of Linux that makes a file share the blocks of another."""


def private_file(file: Path, place: Path) -> Path:
    """A read-only copy of a file at `place`, whose folder is made; the file itself where it cannot be copied."""
    place.parent.mkdir(parents=True, exist_ok=True)
    try:
        if not _cloned(file, place):
            if file.stat().st_size > COPIED_BYTES:
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
