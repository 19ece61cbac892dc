"""What lies in a folder of this computer, as a datastore shows it.

Left out are hidden names, names that are not UTF-8, which no document can hold, links out of the folder, and what is
neither file nor folder: opening a named pipe would block.
"""

from __future__ import annotations

import os
import stat
from collections.abc import Iterator
from dataclasses import dataclass


@dataclass(frozen=True)
class Entry:
    """A file or folder of a datastore; `path` is relative to it, `size` in bytes, `changed` in seconds or None."""

    path: str
    is_folder: bool = False
    size: int = 0
    changed: float | None = None


class LocalFolder:
    """A folder of this computer. Paths are relative to it, with `/`."""

    def __init__(self, root: str) -> None:
        self._root = root
        self._real_root = os.path.realpath(root)

    def holds(self, path: str) -> bool:
        """Whether a path, which need not exist, lies in the folder once links are followed."""
        real = os.path.realpath(os.path.join(self._root, path))
        return real == self._real_root or real.startswith(os.path.join(self._real_root, ""))

    def is_file(self, path: str) -> bool:
        """Whether a path is that of a file."""
        return os.path.isfile(os.path.join(self._root, path))

    def entries(self, folder: str, *, recursive: bool) -> Iterator[Entry]:
        """What lies in a folder of it, in no order. Raises OSError, FileNotFoundError where it is no folder."""
        try:
            yield from self._below(folder, recursive, ())
        except NotADirectoryError as error:
            raise FileNotFoundError(folder) from error

    def _below(self, folder: str, recursive: bool, above: tuple[str, ...]) -> Iterator[Entry]:
        place = os.path.join(self._root, folder)
        chain = (*above, os.path.realpath(place))  # a link to a folder above would have no end
        with os.scandir(place) as items:
            for item in items:
                entry = self._entry(folder, item)
                if entry is not None:
                    yield entry
                if entry is not None and entry.is_folder and recursive and os.path.realpath(item.path) not in chain:
                    yield from self._below(entry.path, recursive, chain)

    def _entry(self, folder: str, item: os.DirEntry[str]) -> Entry | None:
        path = f"{folder}/{item.name}" if folder else item.name
        if item.name.startswith(".") or not is_text(item.name) or (item.is_symlink() and not self.holds(path)):
            return None
        try:
            status = item.stat()
        except OSError:  # a link to nothing, or a file that was removed meanwhile
            return None
        is_folder = stat.S_ISDIR(status.st_mode)
        if not is_folder and not stat.S_ISREG(status.st_mode):
            return None
        changed = status.st_mtime_ns / 1e9 if status.st_mtime_ns > 0 else None
        return Entry(path, is_folder, 0 if is_folder else status.st_size, changed)


def is_text(name: str) -> bool:
    """Whether a name of a file is UTF-8."""
    try:
        name.encode()
    except UnicodeEncodeError:
        return False
    return True
