"""Where Import File and Import Folder find their files: on this computer or in a datastore."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from pathlib import Path

from designer.contract.errors import DesignerError, FileMissing
from designer.contract.files.sources import sources
from designer.contract.files.store_path import NAMED_IN_PATH, place_of
from designer.contract.module import Module
from designer.contract.parameters import param


class ExternalFiles(Module):
    """A path, on this computer or in a datastore."""

    path: str = param("", label="Path", within="datastore")
    """A path on this computer, or in the datastore."""

    datastore: str = param("", label="Datastore", editor="datastore", accepts=("files",), required=False)
    """A datastore, *This computer* (empty), or *Named in the path* (`*`), which begins with the datastore then."""

    def fingerprint(self) -> str | None:
        try:
            if self.datastore:
                return sources().datastore_stamp(*self._place())
            return _digest(self._read_files())
        except (DesignerError, OSError):
            return None

    def summary(self) -> str:
        if not self.datastore:
            return Path(self.path).name
        return self.path if self.datastore == NAMED_IN_PATH else f"{self.datastore}/{self.path}"

    def _read_files(self) -> list[Path]:
        """The files that the module reads where they lie on this computer."""
        raise NotImplementedError

    def _place(self) -> tuple[str, str]:
        """The datastore, and the path in it."""
        return place_of(self.datastore, self._chosen())

    def _chosen(self) -> str:
        if not self.path.strip():
            raise FileMissing("no path is given", "Write one.", parameter="Path", code="0003")
        return self.path


def _digest(files: Iterable[Path]) -> str:
    hasher = hashlib.sha256()
    for path in files:
        with path.open("rb") as file:
            hasher.update(f"{path.name}\0{hashlib.file_digest(file, 'sha256').hexdigest()}\n".encode())
    return hasher.hexdigest()
