"""One folder that holds everything a user has: `open_workspace` is the door to the store."""

from __future__ import annotations

import fcntl
import re
import secrets
import shutil
import unicodedata
from pathlib import Path
from types import TracebackType
from typing import Any, Self

import pandas as pd

from designer.contract.errors import FileMissing
from designer.contract.library import Library
from designer.store.artifacts import Artifacts, Stored
from designer.store.blobs import disk_error
from designer.store.database import Database
from designer.store.datasets import Datasets
from designer.store.drafts import Drafts
from designer.store.endpoints import Endpoints
from designer.store.folder import make_folders
from designer.store.library import own_library
from designer.store.manifests import Manifests
from designer.store.record import Record
from designer.store.results import Results
from designer.store.runs import Runs
from designer.store.sources import WorkspaceSources

ENGINE_LOCK = "engine.lock"
_UNSAFE = '<>:"|?*'
_JOINERS = "\u200c\u200d"
"""Letters of some scripts are joined or kept apart by them."""

_NAME_BYTES = 120


class Workspace:
    """The parts of the store over one folder. Safe for several threads and processes."""

    def __init__(self, path: Path, *, checkpoints: bool = False) -> None:
        self.path = path.resolve()
        make_folders(self.path)
        self.database = Database(self.path / "designer.db", checkpoints=checkpoints)
        self.artifacts = Artifacts(self.path / "artifacts")
        self.results = Results(self.database, self.artifacts)
        self.record = Record(self.database, Manifests(self.path / "manifests"))
        self.drafts = Drafts(self.database, self.record)
        self.runs = Runs(self.database, self.record)
        self.datasets = Datasets(self.database, self.artifacts, self.results, self.record)
        self.endpoints = Endpoints(self.database, self.record)

    def sources(self, library: Library | None = None) -> WorkspaceSources:
        """What modules see of this workspace; offer it with `designer.contract.sources.using`."""
        return WorkspaceSources(self.path, lambda: self, library)

    def library(self) -> Library:
        """The modules that ship, those of installed packages, and those of this workspace; imported when used."""
        return own_library(self.path)

    def put(self, value: Any) -> Stored:
        """Store a value; durable when this returns."""
        stored = self.artifacts.put(value)
        self.results.keep_artifacts([stored])
        return stored

    def value(self, stored: Stored | str, library: Library | None = None) -> Any:
        """Read a value back, by what is known of it or by its digest alone."""
        return self.artifacts.get(self._known(stored), library)

    def page(self, stored: Stored | str, offset: int, limit: int) -> pd.DataFrame:
        """Some rows of a stored table, without reading the others."""
        return self.artifacts.page(self._known(stored), offset, limit)

    def keep_upload(self, name: str, content: bytes) -> Path:
        """Keep an uploaded file under a name of ours that ends like its own; see `upload_place` for streams."""
        place = self.upload_place(name)
        try:
            place.write_bytes(content)
        except OSError as error:
            forget_upload(place)
            raise disk_error(error) from error
        return place

    def upload_place(self, name: str) -> Path:
        """A new file in the uploads folder for a file that was called `name`; its path relative to the folder is
        what Import Data takes."""
        return self.new_folder(self.uploads) / kept_name(name)

    def new_folder(self, place: Path, name: str = "") -> Path:
        """An empty folder in one of the workspace's own, which is made again where somebody removed it."""
        folder = place / (name or secrets.token_hex(6))
        try:
            place.mkdir(exist_ok=True)
            folder.mkdir()
        except FileNotFoundError as error:
            raise FileMissing(
                "the workspace folder is gone", "Was it moved or removed? Start Designer again with --workspace."
            ) from error
        except OSError as error:
            raise disk_error(error) from error
        return folder

    def log(self, run_id: str, node: str, limit: int = 200_000) -> str:
        """The end of what a node printed; empty where it printed nothing."""
        row = self.runs.node(run_id, node)
        if row is None or not row.log:
            return ""
        file = self.path / row.log
        if not file.is_file():
            return ""
        text = file.read_bytes()[-limit:]
        return text.decode("utf-8", errors="replace")

    def engine_is_running(self) -> bool:
        """Whether an engine process holds this workspace."""
        return engine_holds(self.path)

    @property
    def engine_lock(self) -> Path:
        """The file that the engine process locks."""
        return self.path / ENGINE_LOCK

    @property
    def uploads(self) -> Path:
        """Files that came from a browser."""
        return self.path / "uploads"

    @property
    def modules(self) -> Path:
        """The user's own modules."""
        return self.path / "modules"

    @property
    def logs(self) -> Path:
        """What nodes printed, by run."""
        return self.path / "logs"

    @property
    def scratch(self) -> Path:
        """Working folders of running nodes."""
        return self.path / "scratch"

    def close(self) -> None:
        """Give the database back."""
        self.database.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def _known(self, stored: Stored | str) -> Stored:
        return self.results.stored(stored) if isinstance(stored, str) else stored


def open_workspace(path: Path | str, *, checkpoints: bool = False) -> Workspace:
    """Open a workspace, making the folder or bringing its database up to date where needed.

    `checkpoints` is for the engine process only: one process moves the write-ahead log into the database.
    """
    return Workspace(Path(path), checkpoints=checkpoints)


def kept_name(name: str) -> str:
    """What a file is called in the uploads folder: its name with `_` for signs that cannot be seen or name no file.

    A file system takes 255 bytes; a name that is too long loses letters before its ending.
    """
    whole = unicodedata.normalize("NFC", re.split(r"[/\\]", name)[-1])
    plain = "".join("_" if _is_unsafe(sign) else sign for sign in whole).strip(". ")
    stem, dot, ending = plain.rpartition(".") if "." in plain else (plain, "", "")
    room = _NAME_BYTES - len((dot + ending).encode())
    return (stem.encode()[: max(room, 0)].decode(errors="ignore").rstrip() + dot + ending)[-_NAME_BYTES:] or "file"


def _is_unsafe(sign: str) -> bool:
    category = unicodedata.category(sign)
    is_seen = category[0] != "C" and (category[0] != "Z" or sign == " ")
    return sign in _UNSAFE or not (is_seen or sign in _JOINERS)


def forget_upload(place: Path) -> None:
    """Remove what came of a file that did not arrive whole."""
    shutil.rmtree(place.parent, ignore_errors=True)


def engine_holds(folder: Path) -> bool:
    """Whether an engine process holds the workspace in a folder."""
    try:
        with open(folder / ENGINE_LOCK, "rb") as lock:
            fcntl.flock(lock, fcntl.LOCK_SH | fcntl.LOCK_NB)
    except FileNotFoundError:
        return False
    except BlockingIOError:
        return True
    return False
