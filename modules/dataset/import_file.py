"""Import File: a file of any kind as an input of a program."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

from designer.contract.errors import InvalidParameter
from designer.contract.files.sources import sources
from designer.contract.values import File

from .external_files import ExternalFiles


class ImportFile(
    ExternalFiles,
    category="Data Input and Output",
    icon="file-input",
    purpose="passes a file on",
    no_onnx="the request replaces the file",
    no_python="the script has no program that reads it",
    synonyms=("datastore", "pickle", "image", "blob", "file"),
):
    """A file of any kind, for a script or a component that reads it.

    The file lies on this computer or in a datastore. It is passed on as it is; *Read Table* makes a
    table of it. A changed file is read again: on this computer by its content, in a datastore by its size and time.

    Errors: 0003 for an empty path, and for a pattern that names several files, 0065 for a missing file, 0157 for an
    unknown datastore.

    Example: `Datastore = "workspace", Path = "20newsgroups/20news.pkl"`.
    """

    def run(self) -> Annotated[File, "File"]:
        return File(self._read_files()[0])

    def _read_files(self) -> list[Path]:
        path = self._chosen()
        files = sources().datastore_files(*self._place()) if self.datastore else sources().files(path)
        if len(files) != 1:
            remedy = "Name one file, or use Import Folder."
            raise InvalidParameter(f"'{path}' names {len(files)} files", remedy, parameter="Path", code="0003")
        return files
