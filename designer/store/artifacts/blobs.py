"""Content-addressed files, named by the digest of their bytes: written atomically, synced before they are visible."""

from __future__ import annotations

import errno
import os
import re
import secrets
from collections.abc import Callable
from pathlib import Path

from blake3 import blake3

from designer.contract.errors import DesignerError, FileMissing

FULL = frozenset({errno.ENOSPC, errno.EDQUOT})
"""The `errno` values of a full disk."""

_DIGEST = re.compile(r"[0-9a-f]{64}")


class DamagedArtifact(DesignerError):
    """The bytes of an artifact are not those that were stored."""


class DiskFull(DesignerError):
    """The disk is full."""


class Blobs:
    """The files `artifacts/ab/<digest>`. Safe for several processes: files are written atomically, by a rename."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._incoming = folder / "incoming"
        self._incoming.mkdir(parents=True, exist_ok=True)

    def write(self, fill: Callable[[Path], None]) -> str:
        """Store the file that `fill` writes; returns its digest.

        Replaces an existing file of that digest, which repairs a damaged one. Raises DiskFull or another DesignerError
        if it cannot be written.
        """
        temporary = self._incoming / secrets.token_hex(8)
        try:
            self._make_folder()
            return self._keep(fill, temporary)
        except OSError as error:
            raise disk_error(error) from error
        finally:
            temporary.unlink(missing_ok=True)

    def path(self, digest: str) -> Path:
        """The file of a digest. Raises FileMissing if there is none."""
        place = self._place(digest)
        if not place.is_file():
            raise _missing(digest)
        return place

    def verified(self, digest: str, seal: str = "") -> Path:
        """The file, verified: by its seal if that is given and matches, else by hashing all of it.

        Raises FileMissing if it is gone, DamagedArtifact if its bytes have changed.
        """
        place = self.path(digest)
        if (not seal or seal != seal_of(place)) and digest_of(place) != digest:
            raise DamagedArtifact(
                f"the stored result {digest[:12]} was changed on the disk",
                "Run the pipeline again to compute it anew; register it again where it is a dataset.",
            )
        return place

    def is_intact(self, digest: str, seal: str = "") -> bool:
        """Whether the file exists with the bytes that were stored."""
        try:
            self.verified(digest, seal)
        except DesignerError:
            return False
        return True

    def seal(self, digest: str) -> str:
        """Size, times and inode of the file: any write changes them, so an equal seal means unchanged bytes.

        Raises FileMissing.
        """
        try:
            return seal_of(self._address(digest))  # no `Path`: called for every output of a run
        except OSError:
            raise _missing(digest) from None

    def delete(self, digest: str) -> None:
        """Remove a file."""
        self._place(digest).unlink(missing_ok=True)

    def _keep(self, fill: Callable[[Path], None], temporary: Path) -> str:
        fill(temporary)
        _sync(temporary)
        digest = digest_of(temporary)
        target = self._place(digest)
        if not target.parent.is_dir():
            target.parent.mkdir(exist_ok=True)
            _sync(self.folder)
        temporary.chmod(0o444)
        temporary.replace(target)
        _sync(target.parent)
        return digest

    def _make_folder(self) -> None:
        """Recreate the folder if it was removed; the workspace itself is never recreated."""
        if not self._incoming.is_dir():
            self.folder.mkdir(exist_ok=True)
            self._incoming.mkdir(exist_ok=True)

    def _place(self, digest: str) -> Path:
        return Path(self._address(digest))

    def _address(self, digest: str) -> str:
        if not _DIGEST.fullmatch(digest):
            raise FileMissing(f"'{digest[:80]}' is not the digest of a stored result", "Run the pipeline again.")
        return f"{self.folder}{os.sep}{digest[:2]}{os.sep}{digest}"


def _missing(digest: str) -> FileMissing:
    return FileMissing(f"the stored result {digest[:12]} is gone", "Run the pipeline again.")


def digest_of(file: Path) -> str:
    """The BLAKE3 digest of a file."""
    hasher = blake3()
    hasher.update_mmap(file)
    return hasher.hexdigest()


def seal_of(file: Path | str) -> str:
    """The seal of a file, see `Blobs.seal`."""
    status = os.stat(file)
    return f"{status.st_size}:{status.st_mtime_ns}:{status.st_ctime_ns}:{status.st_ino}"


def disk_error(error: OSError) -> DesignerError:
    """Convert an OSError of the disk to a DesignerError."""
    if error.errno in FULL:
        return DiskFull("the disk is full", "Free some space; what is stored is safe.")
    if error.errno == errno.ENOENT:
        return FileMissing("a folder of the workspace is gone", "Was it moved or removed? Start Designer again.")
    if error.errno in (errno.EROFS, errno.EACCES, errno.EPERM):
        return DesignerError("the folder can only be read", "Make it writable, or choose another with --workspace.")
    if error.errno in (errno.EMFILE, errno.ENFILE):
        return DesignerError("too many files are open", "Close some programs, or raise the limit: ulimit -n 4096.")
    return DesignerError(
        f"the disk cannot be written ({error.strerror or error})", "Check the disk and its permissions."
    )


def write_whole(file: Path, content: bytes) -> None:
    """Replace a file atomically and sync it to disk."""
    temporary = file.with_name(f".{file.name}.{secrets.token_hex(4)}")
    try:
        temporary.write_bytes(content)
        _sync(temporary)
        temporary.replace(file)
        _sync(file.parent)
    finally:
        temporary.unlink(missing_ok=True)


def _sync(path: Path) -> None:
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
