"""Sources backed by a folder: registered tables in memory, files and exports below a path."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from hashlib import sha256
from pathlib import Path
from typing import Any

import pandas as pd

from designer.contract.catalogue.library import Library
from designer.contract.errors import FileMissing
from designer.contract.files.read_options import ReadOptions
from designer.contract.module import Module
from designer.contract.schema import Schema


@dataclass(frozen=True)
class FolderSources:
    """What modules may read and write during a test."""

    folder: Path
    datasets: Mapping[str, pd.DataFrame] = field(default_factory=dict)
    artifacts: Mapping[str, Any] = field(default_factory=dict)

    def dataset(self, name: str, version: int | None = None) -> pd.DataFrame:
        if name not in self.datasets:
            raise FileMissing(f"there is no dataset '{name}'", "Register it.")
        return self.datasets[name]

    def dataset_schema(self, name: str, version: int | None = None) -> Schema:
        return Schema.of(self.dataset(name, version))

    def dataset_options(self, name: str, version: int | None = None) -> ReadOptions | None:
        return None

    def dataset_digest(self, name: str, version: int | None = None) -> str:
        return sha256(self.dataset(name, version).to_csv().encode()).hexdigest()

    def module(self, id: str, version: int, parameters: Mapping[str, Any]) -> Module:
        return Library.scan().read(id, version, parameters)

    def dataset_names(self) -> list[str]:
        return list(self.datasets)

    def artifact(self, digest: str) -> Any:
        if digest not in self.artifacts:
            raise FileMissing(f"there is no artifact {digest}", "Run again.")
        return self.artifacts[digest]

    def file(self, path: str) -> Path:
        return self.folder / path

    def files(self, path: str) -> list[Path]:
        place = self.folder / path  # an absolute path stays as it is
        below = place.parent.rglob("*") if place.name == "**" else place.parent.glob(place.name)
        found = sorted(each for each in below if each.is_file())
        if not found:
            raise FileMissing(f"there is no file '{path}'", "Check the path.")
        return found

    def datastore_files(self, name: str, path: str) -> list[Path]:
        return sorted(self._datastore(name).glob(path)) if "*" in path else [self._datastore(name) / path]

    def datastore_folder(self, name: str, path: str) -> Path:
        return self._datastore(name) / path

    def datastore_stamp(self, name: str, path: str = "") -> str | None:
        return sha256((self._datastore(name) / path).read_bytes()).hexdigest() if path else None

    def query(self, name: str, query: str, values: Mapping[str, Any]) -> pd.DataFrame:
        if name not in self.datasets:
            raise FileMissing(f"there is no datastore '{name}'", "Register it.", code="0157")
        return self.datasets[name]

    def _datastore(self, name: str) -> Path:
        if not (self.folder / name).is_dir():
            raise FileMissing(f"there is no datastore '{name}'", "Register it.", code="0157")
        return self.folder / name

    def output(self, path: str) -> Path:
        return self.folder / path
