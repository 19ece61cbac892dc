"""The datastores of a workspace at an address."""

from __future__ import annotations

import tempfile
from collections.abc import Mapping, Sequence
from pathlib import Path, PurePosixPath
from typing import Any

import pandas as pd

from designer.contract.errors import FileMissing
from designer.sdk.connections.transport import ARROW, BYTES, WORK_SECONDS, Transport, part
from designer.store.artifacts.tables import read_table
from designer.store.datastores.filesystem import FileTaken, Listing
from designer.store.datastores.local_folder import Entry
from designer.store.records import Dataset, Datastore
from designer.workbench.datastores import PREVIEWED_ROWS, folder_of, pairs

_FIELDS = ("name", "version", "digest", "table_schema", "rows", "columns", "description", "origin", "created")


class HttpDatastores:
    """The verbs of `designer.workbench.datastores`, asked of a server; files are those of this computer."""

    def __init__(self, server: Transport) -> None:
        self._server = server

    def all(self) -> list[Datastore]:
        return [_row(document) for document in self._server.get("/datastores")]

    def get(self, name: str = "") -> Datastore:
        if name:
            return _row(self._server.get(f"/datastores/{part(name)}"))
        return next(row for row in self.all() if row.is_default)

    def register(
        self, name: str, address: str, secrets: Mapping[str, str] | None = None, *, replace: bool = False
    ) -> Datastore:
        order = {"address": address, "secrets": dict(secrets or {}), "replace": replace}
        return _row(self._server.send("PUT", f"/datastores/{part(name)}", order).document)

    def test(self, name: str) -> Datastore:
        return _row(self._server.send("POST", f"/datastores/{part(name)}/test").document)

    def set_default(self, name: str) -> Datastore:
        return _row(self._server.send("PATCH", f"/datastores/{part(name)}", {"default": True}).document)

    def remove(self, name: str) -> Datastore:
        row = self.get(name)
        self._server.send("DELETE", f"/datastores/{part(name)}")
        return row

    def files(self, name: str, pattern: str = "**") -> Listing:
        answer = self._server.get(f"/datastores/{part(name)}/files", pattern=pattern)
        return Listing([Entry(**entry) for entry in answer["entries"]], answer["is_complete"])

    def tables(self, name: str) -> list[str]:
        return [str(table) for table in self._server.get(f"/datastores/{part(name)}/tables")]

    def query(
        self, name: str, query: str, values: Mapping[str, Any] | None = None, limit: int | None = PREVIEWED_ROWS
    ) -> pd.DataFrame:
        with tempfile.TemporaryDirectory() as place:
            file = Path(place) / "rows.arrow"
            order = {"query": query, "values": dict(values or {}), "limit": limit}
            self._server.fetch(f"/datastores/{part(name)}/query", order, file, ARROW)
            return read_table(file)

    def upload(self, files: Sequence[Path], name: str, to: str = "", *, overwrite: bool = False) -> list[Entry]:
        wanted = pairs(files, to.strip("/"))
        if not overwrite:
            for _, target in wanted:
                self._require_free(name, target)
        return [self._put(file, name, target, overwrite=overwrite) for file, target in wanted]

    def download(self, name: str, path: str, to: Path) -> list[Path]:
        entries = self.files(name, path).entries
        above = folder_of(path.strip("/"), entries)
        targets = [(each.path, to / PurePosixPath(each.path).relative_to(above)) for each in entries]
        for source, target in targets:
            target.parent.mkdir(parents=True, exist_ok=True)
            self._server.download(f"/datastores/{part(name)}/files/{part(source)}", target, BYTES)
        return [target for _, target in targets]

    def register_file(
        self, name: str, path: str, dataset: str = "", settings: Mapping[str, Any] | None = None,
        notices: list[str] | None = None, description: str = "",
    ) -> Dataset:  # fmt: skip
        order = {"path": path, "dataset": dataset, "reading": dict(settings or {}), "description": description}
        document = self._register(name, order)
        if notices is not None:
            notices += document["notices"]
        return _dataset(document)

    def register_query(
        self, name: str, query: str, dataset: str, values: Mapping[str, Any] | None = None, description: str = ""
    ) -> Dataset:
        order = {"query": query, "dataset": dataset, "values": dict(values or {}), "description": description}
        return _dataset(self._register(name, order))

    def _register(self, name: str, order: Mapping[str, Any]) -> Any:
        return self._server.send("POST", f"/datastores/{part(name)}/datasets", order, seconds=WORK_SECONDS).document

    def _put(self, file: Path, name: str, target: str, *, overwrite: bool) -> Entry:
        path, query = f"/datastores/{part(name)}/files/{part(target)}", {"overwrite": str(overwrite).lower()}
        answer = self._server.send("PUT", path, file=file, media=BYTES, query=query, seconds=WORK_SECONDS)
        return Entry(**answer.document)

    def _require_free(self, name: str, target: str) -> None:
        try:
            self.files(name, target)
        except FileMissing:
            return
        raise FileTaken(f"'{target}' is in '{name}' already", "Upload with overwrite=True, or to another folder.")


def _row(document: Mapping[str, Any]) -> Datastore:
    return Datastore(**{name: value for name, value in document.items() if name in Datastore.model_fields})


def _dataset(document: Mapping[str, Any]) -> Dataset:
    return Dataset(**{name: document[name] for name in _FIELDS})
