"""The files of a source folder that a step takes with it: all but what ignore files and fixed rules leave out."""

from __future__ import annotations

import os
import zipfile
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from tempfile import TemporaryDirectory

from blake3 import blake3
from pathspec import GitIgnoreSpec

from designer.contract.component import NAMED_FILES
from designer.contract.errors import DesignerError, FileMissing
from designer.contract.wording.counting import counted
from designer.store.artifacts.blobs import Blobs, digest_of
from designer.store.artifacts.trees import UnsafeFolder, members_of, pack, require_safe

MOST_BYTES = 300 * 1024**2
MOST_FILES = 2000
ALWAYS_LEFT_OUT = frozenset(
    {".git", "__pycache__", ".venv", ".designer", ".ipynb_checkpoints", "node_modules", ".mypy_cache", ".pytest_cache"}
)
OWN_RULES, GIT_RULES = ".amlignore", ".gitignore"
_LISTED = 5


class SnapshotTooLarge(DesignerError):
    """A source folder holds more than a snapshot may: the largest files are named."""


@dataclass(frozen=True)
class Snapshot:
    """The files of a folder that are taken: their paths relative to it, and their sizes in bytes."""

    folder: Path
    sizes: Mapping[str, int] = field(default_factory=dict)

    def keep(self, blobs: Blobs) -> str:
        """Store the files as one packed folder; returns its digest."""
        return blobs.write(lambda file: pack(self.folder, file, iter(self.sizes)))

    def digests(self) -> dict[str, str]:
        """The beginning of each file's digest; empty for more files than a plan names."""
        if len(self.sizes) > NAMED_FILES:
            return {}
        return {path: digest_of(self.folder / path)[:16] for path in self.sizes}


@dataclass(frozen=True)
class SingleText(Snapshot):
    """One file that exists only as text, such as a function of a notebook."""

    text: str = ""

    @classmethod
    def of(cls, name: str, text: str) -> SingleText:
        """A file of this name."""
        return cls(Path(), {name: len(text.encode())}, text)

    def keep(self, blobs: Blobs) -> str:
        """Store the file as a packed folder; returns its digest."""
        with TemporaryDirectory() as folder:
            (name,) = self.sizes
            Path(folder, name).write_text(self.text, encoding="utf-8")
            return blobs.write(lambda file: pack(Path(folder), file, iter(self.sizes)))

    def digests(self) -> dict[str, str]:
        """The beginning of its digest."""
        return {name: blake3(self.text.encode()).hexdigest()[:16] for name in self.sizes}


def snapshot(folder: Path) -> Snapshot:
    """The files of a source folder that a step takes with it.

    Left out is what its `.amlignore` names, or without one what `.gitignore` files name, and always `ALWAYS_LEFT_OUT`.
    Raises FileMissing for no folder, UnsafeFolder for a link out of it or a file that cannot be read, SnapshotTooLarge
    for more than 300 MB or 2,000 files.
    """
    if not folder.is_dir():
        raise FileMissing(f"there is no folder '{folder}'", "Name the folder that holds the program.")
    sizes: dict[str, int] = {}
    for path in _taken(folder.resolve()):
        file = folder / path
        if not os.access(file, os.R_OK):
            raise UnsafeFolder(f"'{path}' cannot be read", f"Make it readable, or name it in {OWN_RULES}.")
        sizes[path] = file.stat().st_size
    if len(sizes) > MOST_FILES or sum(sizes.values()) > MOST_BYTES:
        raise _too_large(folder, sizes)
    return Snapshot(folder, dict(sorted(sizes.items())))


def require_packed(archive: Path) -> None:
    """Raise UnsafeFolder unless a file is a packed folder with safe names, SnapshotTooLarge if it holds too much."""
    try:
        members = members_of(archive)
        with zipfile.ZipFile(archive) as opened:
            is_plain = all(entry.compress_type == zipfile.ZIP_STORED for entry in opened.infolist())
            damaged = opened.testzip() if is_plain else "it is compressed"
    except (zipfile.BadZipFile, NotImplementedError, OSError, ValueError, RuntimeError):
        raise UnsafeFolder("the content is no zip archive", "Send a zip of the folder, without compression.") from None
    if damaged is not None:
        raise UnsafeFolder(f"the archive cannot be used ({damaged})", "Send a zip of the folder, without compression.")
    for member in members:
        require_safe(member.path)
    sizes = {member.path: member.size for member in members}
    if len(sizes) < len(members):
        raise UnsafeFolder("the archive holds a file twice", "Send each file once.")
    if len(sizes) > MOST_FILES or sum(sizes.values()) > MOST_BYTES:
        raise _too_large(archive, sizes)


def digests_of(paths: list[Path], folder: Path) -> dict[str, str]:
    """The digests of further files, and of the files of folders, that a step depends on; relative to `folder`."""
    digests: dict[str, str] = {}
    for path in paths:
        place = path if path.is_absolute() else folder / path
        if not place.exists():
            raise FileMissing(f"there is no file '{path}'", "Correct its path, or leave it out.")
        files = sorted(file for file in place.rglob("*") if file.is_file()) if place.is_dir() else [place]
        hasher = blake3()
        for file in files:
            hasher.update(f"{file.relative_to(place).as_posix()} {digest_of(file)}\n".encode())
        digests[str(path)] = hasher.hexdigest()[:16]
    return digests


def _taken(folder: Path) -> Iterator[str]:
    own = (folder / OWN_RULES).is_file()
    rules: list[tuple[Path, GitIgnoreSpec]] = []
    for here, folders, names in os.walk(folder):
        place = Path(here)
        rules = [(root, spec) for root, spec in rules if place.is_relative_to(root)]
        file = place / (OWN_RULES if own else GIT_RULES)
        if file.is_file() and (place == folder or not own):
            rules.append((place, GitIgnoreSpec.from_lines(file.read_text("utf-8", errors="replace").splitlines())))
        folders[:] = sorted(
            name for name in folders if name not in ALWAYS_LEFT_OUT and not _is_ignored(place / name, rules, "/")
        )
        linked = [name for name in folders if (place / name).is_symlink()]
        for name in sorted([*names, *linked]):
            if not _is_ignored(place / name, rules):
                yield _inside(place / name, folder)


def _inside(path: Path, folder: Path) -> str:
    relative = path.relative_to(folder).as_posix()
    if path.is_symlink() and not path.resolve().is_relative_to(folder):
        raise UnsafeFolder(f"'{relative}' is a link out of the folder", f"Copy the file, or name it in {OWN_RULES}.")
    if not path.is_file():
        raise UnsafeFolder(f"'{relative}' is not a file", f"Remove it, or name it in {OWN_RULES}.")
    return relative


def _is_ignored(path: Path, rules: list[tuple[Path, GitIgnoreSpec]], ending: str = "") -> bool:
    """Whether the rules leave a path out; those of deeper folders decide over those above."""
    for root, spec in reversed(rules):
        decision = spec.check_file(path.relative_to(root).as_posix() + ending).include
        if decision is not None:
            return decision
    return False


def _too_large(folder: Path, sizes: Mapping[str, int]) -> SnapshotTooLarge:
    largest = sorted(sizes, key=lambda path: -sizes[path])[:_LISTED]
    listed = ", ".join(f"{path} ({sizes[path] / 1024**2:.1f} MB)" for path in largest)
    megabytes = sum(sizes.values()) / 1024**2
    return SnapshotTooLarge(
        f"'{folder.name}' holds {counted(len(sizes), 'file')} with {megabytes:,.0f} MB, too much for a step",
        f"A step takes {MOST_FILES:,} files with 300 MB. Name what it does not need in {OWN_RULES}; largest: {listed}.",
    )
