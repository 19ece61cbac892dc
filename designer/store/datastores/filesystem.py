"""The files of a datastore: a folder of this computer, or an object store through `pyarrow.fs`.

`pyarrow.fs` is what Designer has anyway for Parquet; it speaks to S3, Google Cloud Storage and Azure Blob Storage. Its
clients start threads, so never make one in a process that forks afterwards.
"""

from __future__ import annotations

import fnmatch
import os
import re
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import timedelta
from functools import cached_property
from hashlib import blake2b
from itertools import islice
from pathlib import Path, PurePosixPath
from typing import TYPE_CHECKING, Any

from designer.contract.errors import DesignerError, FileMissing, InvalidParameter
from designer.store.artifacts.blobs import disk_error
from designer.store.datastores.address import KIND_TITLES, Address
from designer.store.datastores.local_folder import Entry, LocalFolder
from designer.store.workspace_files import WorkspaceFiles

if TYPE_CHECKING:
    import pyarrow.fs as arrow

MOST_LISTED = 1000
MOST_SEEN = 100_000
CONNECT_SECONDS, ANSWER_SECONDS = 3, 5
_CHUNK = 1 << 20


class DatastoreUnreachable(DesignerError):
    """A datastore does not answer, or refuses the credentials."""


class FileTaken(DesignerError):
    """A file of that path is in the datastore."""


@dataclass(frozen=True)
class Listing:
    """Entries by path; `is_complete` False where there are more than were listed."""

    entries: list[Entry]
    is_complete: bool = True


class FileStore:
    """The files below the address of a datastore, without those that are `withheld` where it is a folder."""

    def __init__(
        self, name: str, address: Address, secrets: Mapping[str, str], withheld: WorkspaceFiles | None = None
    ) -> None:
        self.name = name
        self._local = LocalFolder(address.place) if address.kind == "folder" else None
        self._withheld = withheld if address.kind == "folder" else None
        self._address = address
        self._secrets = secrets

    def test(self) -> None:
        """Reach the datastore once; raises DatastoreUnreachable, or FileMissing where its folder is gone."""
        self.entries("")

    def entries(self, folder: str, limit: int = MOST_LISTED) -> Listing:
        """What lies directly in a folder, by path. Raises FileMissing if there is none."""
        return self._listed(checked_path(folder), recursive=False, limit=limit)

    def matching(self, pattern: str, limit: int = MOST_LISTED) -> Listing:
        """The files that a path or a pattern names, by path.

        `*` stands for any part of a name, `**` for any folders. The path of a folder names all files below it.
        Raises FileMissing if there are none.
        """
        wanted = checked_path(pattern)
        if "*" not in wanted:
            return self._one_or_below(wanted, limit)
        fixed = "/".join(_before_star(wanted))
        expression = re.compile(_expression(wanted))
        found = (each for each in self._walk(fixed) if not each.is_folder and expression.fullmatch(each.path))
        return _limited(found, limit, f"no file of '{self.name}' matches '{pattern}'")

    def stamp(self, pattern: str) -> str:
        """A digest of the paths, sizes and times of the files of a pattern, which changes where they do."""
        digest = blake2b(digest_size=16)
        for each in self.matching(pattern, MOST_SEEN).entries:
            digest.update(f"{each.path}\0{each.size}\0{each.changed}\n".encode())
        return digest.hexdigest()

    def local(self, path: str) -> Path | None:
        """The place of a file on this computer; None in an object store."""
        return Path(self._full(checked_path(path))) if self._address.kind == "folder" else None

    def download(self, path: str, to: Path) -> None:
        """Copy one file of the datastore to a place, whose folder is made. Raises FileMissing."""
        wanted = checked_path(path)
        self._require_file(wanted)
        with self._reaching(wanted):
            try:
                to.parent.mkdir(parents=True, exist_ok=True)
                source = self._system.open_input_stream(self._full(wanted))
                with source, to.open("wb") as target:
                    while piece := source.read(_CHUNK):
                        target.write(piece)
            except FileNotFoundError as error:
                raise self._missing(path) from error

    def read(self, path: str) -> Iterator[bytes]:
        """The content of a file, in pieces."""
        self._require_file(checked_path(path))
        with self._reaching(checked_path(path)), self._system.open_input_stream(self._full(path)) as source:
            while piece := source.read(_CHUNK):
                yield piece

    def upload(self, file: Path, to: str, *, overwrite: bool = False) -> Entry:
        """Copy a file of this computer into the datastore under a path. Raises FileTaken without `overwrite`."""
        wanted = checked_path(to)
        if not wanted:
            raise InvalidParameter("no path in the datastore is given", "Give one.", parameter="Path")
        with self._reaching(wanted):
            if not overwrite:
                self.require_free(wanted)
            if self._kind_of(wanted) == "folder":
                raise FileTaken(f"'{to}' is a folder of '{self.name}'", "Name a file.", file=to)
            self._write(file, wanted)
        return Entry(wanted, size=file.stat().st_size)

    def require_free(self, path: str) -> None:
        """Raise FileTaken where a file or folder has this path."""
        with self._reaching(path):
            if self._kind_of(checked_path(path)) != "missing":
                raise FileTaken(
                    f"'{path}' is in '{self.name}' already", "Overwrite it, or use another path.", file=path
                )

    def delete(self, path: str) -> None:
        """Remove one file of the datastore. Raises FileMissing."""
        wanted = checked_path(path)
        with self._reaching(wanted):
            if self._kind_of(wanted) != "file":
                raise self._missing(path)
            self._system.delete_file(self._full(wanted))

    def _write(self, file: Path, wanted: str) -> None:
        if self._address.kind == "folder":
            try:
                (self._root / wanted).parent.mkdir(parents=True, exist_ok=True)
            except OSError as error:
                raise disk_error(error) from error
        # A file appears whole or not at all: object stores do so by themselves, a folder by a rename.
        part = f"{wanted}.part" if self._address.kind == "folder" else wanted
        with file.open("rb") as source, self._system.open_output_stream(self._full(part)) as target:
            while piece := source.read(_CHUNK):
                target.write(piece)
        if part != wanted:
            self._system.move(self._full(part), self._full(wanted))

    def _one_or_below(self, wanted: str, limit: int) -> Listing:
        with self._reaching(wanted):
            info = self._system.get_file_info(self._full(wanted))
            if info.is_file:
                return Listing([self._entry(info)])
        below = (each for each in self._walk(wanted) if not each.is_folder)
        return _limited(below, limit, f"'{self.name}' has no file or folder '{wanted}'")

    def _walk(self, folder: str) -> Iterator[Entry]:
        return iter(self._listed(folder, recursive=True, limit=MOST_SEEN).entries)

    def _listed(self, folder: str, *, recursive: bool, limit: int) -> Listing:
        with self._reaching(folder):
            try:
                entries = sorted(self._found(folder, recursive), key=lambda each: each.path)
            except FileNotFoundError as error:
                raise self._missing(folder or str(self._address)) from error
        seen = [each for each in entries if not any(part.startswith(".") for part in each.path.split("/"))]
        shown = self._without_withheld(seen)
        return Listing(shown[:limit], len(shown) <= limit)

    def _found(self, folder: str, recursive: bool) -> Iterator[Entry]:
        from pyarrow.fs import FileSelector

        place = self._full(folder)
        if self._local is not None:
            return self._local.entries(folder, recursive=recursive)
        return map(self._entry, self._system.get_file_info(FileSelector(place, recursive=recursive)))

    def _without_withheld(self, entries: list[Entry]) -> list[Entry]:
        if self._withheld is None:
            return entries
        folders = {str(PurePosixPath(each.path).parent) for each in entries}
        closed = {folder for folder in folders if self._withheld.include(self._root / folder)}
        return [each for each in entries if not self._is_withheld(each, closed)]

    def _is_withheld(self, entry: Entry, closed: set[str]) -> bool:
        """Whether an entry is withheld; a file that is no link lies where its folder does, which is cheaper to see."""
        place = self._root / entry.path
        if entry.is_folder or place.is_symlink():
            return self._withheld is not None and self._withheld.include(place)
        return str(PurePosixPath(entry.path).parent) in closed

    def _entry(self, info: Any) -> Entry:
        path = str(PurePosixPath(info.path).relative_to(self._base))
        changed = info.mtime_ns / 1e9 if info.mtime_ns is not None and info.mtime_ns > 0 else None
        return Entry(path, not info.is_file, info.size or 0, changed)

    def _kind_of(self, path: str) -> str:
        info = self._system.get_file_info(self._full(path))
        return "file" if info.is_file else "missing" if info.type.name == "NotFound" else "folder"

    def _full(self, path: str) -> str:
        if self._withheld is not None and self._withheld.include(self._root / path):
            problem = f"'{path or self._base}' in '{self.name}' belongs to the workspace itself"
            raise InvalidParameter(problem, "Choose a path outside the workspace.", parameter="Path")
        if self._local is not None and not self._local.holds(path):
            problem = f"'{path}' leads out of the datastore '{self.name}' by a link"
            raise InvalidParameter(problem, "Copy the file into its folder, or add the folder as a datastore.")
        return f"{self._base}/{path}" if path else self._base

    def _require_file(self, path: str) -> None:
        """Raise FileMissing where a path of a folder is no file; object stores say so when they are read."""
        self._full(path)
        if self._local is not None and not self._local.is_file(path):
            raise self._missing(path)

    @property
    def _base(self) -> str:
        return self._address.place.rstrip("/") or "/"

    @property
    def _root(self) -> Path:
        return Path(self._address.place)

    def _missing(self, path: str) -> FileMissing:
        if self._address.kind == "folder" and not self._root.is_dir():
            remedy = "Make the folder, or register another address with --replace."
            return FileMissing(f"the folder of '{self.name}' is not there", remedy, file=self._base)
        return FileMissing(f"'{self.name}' has no '{path}'", "List what it holds: designer datastore files.", file=path)

    @contextmanager
    def _reaching(self, path: str) -> Iterator[None]:
        """Turn the errors of the store into ours: a dead host, wrong keys, a full disk."""
        try:
            yield
        except (DesignerError, FileNotFoundError):
            raise
        except OSError as error:
            if self._address.kind == "folder":
                raise disk_error(error) from error
            raise self._unreachable(error) from error

    def _unreachable(self, error: OSError) -> DatastoreUnreachable:
        words = str(error)
        title = KIND_TITLES[self._address.kind]
        if re.search(r"ACCESS_DENIED|SignatureDoesNotMatch|INVALID_ACCESS_KEY|403|401|Forbidden|Unauthor", words):
            return DatastoreUnreachable(f"{title} refuses the keys of '{self.name}'", "Give the right ones.")
        if re.search(r"NO_SUCH_BUCKET|NoSuchBucket|ContainerNotFound|404", words):
            return DatastoreUnreachable(f"there is no '{self._base}' at {title}", "Check the address.")
        return DatastoreUnreachable(f"'{self.name}' does not answer ({title})", "Check the address and the network.")

    @cached_property
    def _system(self) -> arrow.FileSystem:
        with self._reaching(""):
            return file_system(self._address, self._secrets)


def file_system(address: Address, secrets: Mapping[str, str]) -> arrow.FileSystem:
    """The file system of an address. Without secrets, the credentials of the computer's own configuration apply."""
    from pyarrow import fs

    match address.kind:
        case "folder":
            return fs.LocalFileSystem()
        case "s3":
            os.environ.setdefault("AWS_EC2_METADATA_DISABLED", "true")  # else it asks an address nobody answers
            return fs.S3FileSystem(
                access_key=secrets.get("access_key"), secret_key=secrets.get("secret_key"),
                session_token=secrets.get("session_token"), region=address.settings.get("region"),
                connect_timeout=CONNECT_SECONDS, request_timeout=ANSWER_SECONDS,
                retry_strategy=fs.AwsStandardS3RetryStrategy(max_attempts=1), **_endpoint(address),
            )  # fmt: skip
        case "gs":
            return fs.GcsFileSystem(
                access_token=secrets.get("access_token"), retry_time_limit=timedelta(seconds=ANSWER_SECONDS),
                **_endpoint(address),
            )  # fmt: skip
        case "abfs":
            return fs.AzureFileSystem(
                address.host, account_key=secrets.get("account_key"), sas_token=secrets.get("sas_token")
            )
        case _:
            raise InvalidParameter(f"a datastore of kind {address.kind} holds no files", "Read it by a query.")


def checked_path(path: str) -> str:
    """A path inside a datastore without slashes at its ends; raises InvalidParameter for one that leads out."""
    parts = [part for part in path.strip().replace("\\", "/").split("/") if part not in ("", ".")]
    if ".." in parts or "\0" in path:
        raise InvalidParameter(f"'{path}' leads out of the datastore", "Write a path below it.", parameter="Path")
    return "/".join(parts)


def _endpoint(address: Address) -> dict[str, Any]:
    scheme, _, host = address.settings.get("endpoint", "").rpartition("://")
    return {"endpoint_override": host.rstrip("/"), "scheme": scheme or "https"} if host else {}


def _before_star(pattern: str) -> list[str]:
    parts = pattern.split("/")
    return parts[: next(index for index, part in enumerate(parts) if "*" in part)]


def _expression(pattern: str) -> str:
    """A regular expression of a pattern: `*` within a name, `**` across folders, as in `Path.glob`."""
    parts = pattern.split("/")
    *folders, last = parts
    words = ["(?:[^/]+/)*" if part == "**" else f"{_within(part)}/" for part in folders]
    return "".join(words) + (".*" if last == "**" else _within(last))


def _within(part: str) -> str:
    return fnmatch.translate(part).removeprefix("(?s:").removesuffix(r")\z").removesuffix(r")\Z").replace(".*", "[^/]*")


def _limited(entries: Iterator[Entry], limit: int, none: str) -> Listing:
    listed = list(islice(entries, limit + 1))
    if not listed:
        raise FileMissing(none, "List what it holds: designer datastore files.")
    return Listing(listed[:limit], len(listed) <= limit)
