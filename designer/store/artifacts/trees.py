"""Folders as one file: a sorted, uncompressed zip archive without times, so that equal folders have equal bytes.

One file needs one fsync: two thousand small files, each synced on its own, take half a minute. A folder is unpacked
once for all its readers, and the seals of its files are kept, so that a change by one of them is noticed.
"""

from __future__ import annotations

import errno
import json
import os
import secrets
import shutil
import zipfile
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

from designer.contract.errors import DesignerError, FileMissing
from designer.store.artifacts.blobs import disk_error, seal_of

_TIME = (1980, 1, 1, 0, 0, 0)
_READ_ONLY = 0o100444
_EXECUTABLE = 0o100555
_CHUNK = 1 << 20
_FILES, _SEALS = "files", "seals.json"


class UnsafeFolder(DesignerError):
    """A folder holds something that cannot be stored: a link out of it, a device, a name that is not text."""


@dataclass(frozen=True)
class Member:
    """A file of a stored folder: its path with `/`, and its size in bytes."""

    path: str
    size: int


def pack(folder: Path, target: Path, members: Iterator[str] | None = None) -> None:
    """Write the files of a folder to a zip archive; `members` restricts them to these paths relative to it.

    Links to files inside the folder are stored as files; empty folders are left out. Raises UnsafeFolder for a link
    out of the folder, for anything that is neither file nor folder, and for a name that is not UTF-8.
    """
    paths = sorted(members if members is not None else files_below(folder))
    with zipfile.ZipFile(target, "w", zipfile.ZIP_STORED) as archive:
        for path in paths:
            file = folder / path
            entry = zipfile.ZipInfo(path, _TIME)
            entry.create_system = 3  # Unix, whatever the platform: the bytes must not differ
            entry.external_attr = (_EXECUTABLE if os.access(file, os.X_OK) else _READ_ONLY) << 16
            entry.file_size = file.stat().st_size
            with file.open("rb") as source, archive.open(entry, "w") as sink:
                shutil.copyfileobj(source, sink, _CHUNK)


def files_below(folder: Path) -> Iterator[str]:
    """The paths of the files below a folder, relative to it, with `/`. Raises UnsafeFolder, see `pack`."""
    inside = folder.resolve()
    for place, folders, names in os.walk(folder):
        for name in (*names, *(each for each in folders if Path(place, each).is_symlink())):
            file = Path(place, name)
            path = file.relative_to(folder).as_posix()
            if file.is_symlink() and not file.resolve().is_relative_to(inside):
                raise UnsafeFolder(f"'{path}' is a link out of the folder", "Copy the file into the folder.")
            if not file.is_file():
                raise UnsafeFolder(f"'{path}' is not a file", "Keep files and folders only.")
            try:
                path.encode()
            except UnicodeEncodeError:
                raise UnsafeFolder(f"the name {path!r} is not text", "Rename the file.") from None
            yield path


def members_of(archive: Path) -> list[Member]:
    """The files of a packed folder, in order."""
    with zipfile.ZipFile(archive) as opened:
        return [Member(entry.filename, entry.file_size) for entry in opened.infolist()]


def read_member(archive: Path, path: str, limit: int) -> bytes:
    """The first `limit` bytes of a file of a packed folder. Raises FileMissing."""
    with zipfile.ZipFile(archive) as opened:
        try:
            with opened.open(path) as file:
                return file.read(limit)
        except KeyError:
            raise FileMissing(f"the folder has no file '{path}'", "Choose one that it lists.") from None


def unpack(archive: Path, folder: Path) -> None:
    """Write the files of a packed folder below `folder`, which is created. Raises UnsafeFolder for unsafe names."""
    folder.mkdir(parents=True, exist_ok=True)
    with zipfile.ZipFile(archive) as opened:
        for entry in opened.infolist():
            require_safe(entry.filename)
            file = folder / entry.filename
            file.parent.mkdir(parents=True, exist_ok=True)
            with opened.open(entry) as source, file.open("wb") as sink:
                shutil.copyfileobj(source, sink, _CHUNK)
            file.chmod((entry.external_attr >> 16 | 0o600) & 0o777)


def require_safe(path: str) -> None:
    """Raise UnsafeFolder for a path that is absolute, leaves its folder or is not plain."""
    parts = PurePosixPath(path)
    if parts.is_absolute() or ".." in parts.parts or "\\" in path or "\0" in path or not parts.parts:
        raise UnsafeFolder(f"{path[:80]!r} is not a plain relative name", "Use names below the folder.")


class LaidFolders:
    """Unpacked folders, by the digest of their archive; shared by all steps that read them, and read-only.

    `<digest>/files` holds the files, `<digest>/seals.json` their seals.
    """

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def lay(self, digest: str, archive: Path) -> Path:
        """The unpacked folder; unpacked again if it is absent or has been changed."""
        place = self._folder / digest
        if self.changes(digest):
            self.discard(digest)
        if not place.is_dir():
            try:
                self._unpack(archive, place)
            except OSError as error:
                raise disk_error(error) from error
        return place / _FILES

    def changes(self, digest: str) -> list[str]:
        """The paths of files that were changed, added or removed since the folder was unpacked; sorted."""
        place = self._folder / digest
        if not place.is_dir():
            return []
        try:
            before: dict[str, str] = json.loads((place / _SEALS).read_bytes())
        except (OSError, ValueError):
            return [_SEALS]
        now = _seals_below(place / _FILES)
        return sorted(path for path in before.keys() | now.keys() if before.get(path) != now.get(path))

    def discard(self, digest: str) -> None:
        """Remove an unpacked folder."""
        gone = self._temporary(digest)
        with suppress(OSError):
            (self._folder / digest).rename(gone)
        shutil.rmtree(gone, ignore_errors=True)

    def discard_all(self) -> None:
        """Remove all unpacked folders; they are unpacked again when needed."""
        shutil.rmtree(self._folder, ignore_errors=True)

    def _unpack(self, archive: Path, place: Path) -> None:
        temporary = self._temporary(place.name)
        try:
            files = temporary / _FILES
            unpack(archive, files)
            for file in files.rglob("*"):
                if file.is_file():
                    file.chmod(file.stat().st_mode & 0o555)
            (temporary / _SEALS).write_text(json.dumps(_seals_below(files)))
            with suppress(FileExistsError, NotADirectoryError):
                _rename(temporary, place)
        finally:
            shutil.rmtree(temporary, ignore_errors=True)

    def _temporary(self, digest: str) -> Path:
        return self._folder / f".{digest[:16]}.{secrets.token_hex(4)}"


def _rename(source: Path, target: Path) -> None:
    """Rename a folder; raises FileExistsError if the target exists, which another process has unpacked then."""
    try:
        source.rename(target)
    except OSError as error:
        if error.errno == errno.ENOTEMPTY:
            raise FileExistsError from error
        raise


def _seals_below(folder: Path) -> dict[str, str]:
    """The seal of each file below a folder by its path."""
    return {
        Path(place, name).relative_to(folder).as_posix(): _seal(Path(place, name))
        for place, _, names in os.walk(folder)
        for name in names
    }


def _seal(file: Path) -> str:
    try:
        return seal_of(file)
    except OSError:  # a dangling link
        return "gone"
