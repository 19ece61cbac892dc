"""The workspace: one folder with all data of a user. `open_workspace` is the entry point of the store."""

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

from designer.contract.catalogue.library import Library
from designer.contract.errors import FileMissing
from designer.store.artifacts.blobs import disk_error
from designer.store.artifacts.values import Artifacts, Stored
from designer.store.components import Components
from designer.store.computes import Computes
from designer.store.database import Database
from designer.store.datasets import Datasets
from designer.store.datastores.datastores import Datastores
from designer.store.drafts import Drafts
from designer.store.endpoints import Endpoints
from designer.store.folder import DATABASE, LAID, make_folders
from designer.store.history.experiments import Experiments
from designer.store.history.metrics import Metrics
from designer.store.history.run_filters import RunFilters
from designer.store.history.runs import MostRuns, Runs
from designer.store.library import own_library
from designer.store.manifests import Manifests
from designer.store.record import Record
from designer.store.results import Results
from designer.store.schedules import Schedules
from designer.store.searches import Searches
from designer.store.sources import WorkspaceSources
from designer.store.tokens import Tokens

ENGINE_LOCK = "engine.lock"
LOG_PART, LOG_END = 1 << 20, 60_000
"""How many bytes of a log are read at once, and how many its end has."""

_UNSAFE = '<>:"|?*'
_JOINERS = "\u200c\u200d"
"""Zero-width joiners, which some scripts need to join letters or keep them apart."""

_NAME_BYTES = 120


class Workspace:
    """The parts of the store in one folder. Thread-safe and safe for several processes."""

    def __init__(self, path: Path, *, checkpoints: bool = False, most_runs: MostRuns | None = None) -> None:
        self.path = path.resolve()
        make_folders(self.path)
        self.database = Database(self.path / DATABASE, checkpoints=checkpoints)
        self.artifacts = Artifacts(self.path / "artifacts", self.path / LAID)
        self.results = Results(self.database, self.artifacts)
        self.record = Record(self.database, Manifests(self.path / "manifests"))
        self.drafts = Drafts(self.database, self.record)
        self.runs = Runs(self.database, self.record, most_runs)
        self.experiments = Experiments(self.database)
        self.metrics = Metrics(self.database)
        self.run_filters = RunFilters(self.database)
        self.datasets = Datasets(self.database, self.artifacts, self.results, self.record)
        self.endpoints = Endpoints(self.database, self.record)
        self.components = Components(self.database)
        self.schedules = Schedules(self.database, self.record)
        self.tokens = Tokens(self.database)
        self.datastores = Datastores(self.database, self.path)
        self.searches = Searches(self.database)
        self.computes = Computes(self.database)

    def sources(self, library: Library | None = None) -> WorkspaceSources:
        """The sources that modules can read; offer them with `designer.contract.files.sources.using`."""
        return WorkspaceSources(self.path, lambda: self, library)

    def library(self) -> Library:
        """The bundled modules, those of installed packages and this workspace's own; imported on first use.

        The components of the workspace come with it.
        """
        return self.with_components(own_library(self.path))

    def with_components(self, library: Library) -> Library:
        """A copy of a library with the components of this workspace."""
        return library.with_components(self.components.modules(), self.components.offered())

    def put(self, value: Any) -> Stored:
        """Store a value; durable when this returns."""
        stored = self.artifacts.put(value)
        self.results.keep_artifacts([stored])
        return stored

    def value(self, stored: Stored | str, library: Library | None = None) -> Any:
        """Read a value back, by its description or by its digest alone. Raises FileMissing or DamagedArtifact."""
        return self.artifacts.get(self._stored(stored), library)

    def page(self, stored: Stored | str, offset: int, limit: int) -> pd.DataFrame:
        """Rows `offset` to `offset + limit` of a stored table, without reading the others."""
        return self.artifacts.page(self._stored(stored), offset, limit)

    def keep_upload(self, name: str, content: bytes) -> Path:
        """Write an uploaded file to a new folder under its sanitized name; see `upload_place` for streams.

        Raises DesignerError if it cannot be written.
        """
        place = self.upload_place(name)
        try:
            place.write_bytes(content)
        except OSError as error:
            forget_upload(place)
            raise disk_error(error) from error
        return place

    def upload_place(self, name: str) -> Path:
        """The path for a file called `name`, in a new folder below `uploads`. Import Data takes it relative to that."""
        return self.new_folder(self.uploads) / safe_name(name)

    def new_folder(self, place: Path, name: str = "") -> Path:
        """Create an empty folder in `place`, a folder of the workspace, which is recreated if it was removed.

        Raises FileMissing if the workspace is gone, DesignerError if the folder cannot be created.
        """
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
        """The last `limit` bytes of a node's log as text; empty if it printed nothing.

        A node that reuses a result has the log of the one that computed it.
        """
        file = self._log_file(run_id, node)
        return file.read_bytes()[-limit:].decode("utf-8", errors="replace") if file is not None else ""

    def log_part(self, run_id: str, node: str, start: int | None) -> tuple[str, int]:
        """A node's log from the byte `start`, at most `LOG_PART` bytes, and the byte after it; without it the end."""
        file = self._log_file(run_id, node)
        if file is None:
            return "", start or 0
        with file.open("rb") as opened:
            size = opened.seek(0, 2)
            begin = max(size - LOG_END, 0) if start is None else min(start, size)
            opened.seek(begin)
            content = opened.read(LOG_PART)
        return content.decode("utf-8", errors="replace"), begin + len(content)

    def _log_file(self, run_id: str, node: str) -> Path | None:
        row = self.runs.node(run_id, node)
        if row is not None and row.state == "reused":
            row = self.runs.computed(row)
        file = self.path / row.log if row is not None and row.log else None
        return file if file is not None and file.is_file() else None

    def engine_is_running(self) -> bool:
        """Whether an engine process has locked this workspace."""
        return engine_holds(self.path)

    @property
    def engine_lock(self) -> Path:
        """The file that the engine process locks."""
        return self.path / ENGINE_LOCK

    @property
    def uploads(self) -> Path:
        """The folder of uploaded files."""
        return self.path / "uploads"

    @property
    def modules(self) -> Path:
        """The folder of the user's own modules."""
        return self.path / "modules"

    @property
    def logs(self) -> Path:
        """The folder of node logs, by run."""
        return self.path / "logs"

    @property
    def scratch(self) -> Path:
        """The folder of the scratch folders of running nodes."""
        return self.path / "scratch"

    def close(self) -> None:
        """Close the database."""
        self.database.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def _stored(self, stored: Stored | str) -> Stored:
        return self.results.stored(stored) if isinstance(stored, str) else stored


def open_workspace(path: Path | str, *, checkpoints: bool = False, most_runs: MostRuns | None = None) -> Workspace:
    """Open a workspace; creates the folder and migrates the database if needed.

    `checkpoints` is for the engine process only: a single process checkpoints the write-ahead log. `most_runs` are the
    limits of its queue.
    """
    return Workspace(Path(path), checkpoints=checkpoints, most_runs=most_runs)


def safe_name(name: str) -> str:
    """The sanitized name of an uploaded file: `_` replaces invisible characters and those not allowed in file names.

    Limited to `_NAME_BYTES` (file systems allow 255 bytes); a longer name is cut before its extension.
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
    """Remove the folder of an incomplete upload."""
    shutil.rmtree(place.parent, ignore_errors=True)


def engine_holds(folder: Path) -> bool:
    """Whether an engine process has locked the workspace in this folder."""
    try:
        with open(folder / ENGINE_LOCK, "rb") as lock:
            fcntl.flock(lock, fcntl.LOCK_SH | fcntl.LOCK_NB)
    except FileNotFoundError:
        return False
    except BlockingIOError:
        return True
    return False
