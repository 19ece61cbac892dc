"""Import Folder: a folder of files as an input of a program."""

from __future__ import annotations

import shutil
import tempfile
from pathlib import Path
from typing import Annotated

from designer.contract.errors import FileMissing
from designer.contract.files.sources import sources
from designer.contract.values import Folder

from .external_files import ExternalFiles


class ImportFolder(
    ExternalFiles,
    category="Data Input and Output",
    icon="file-input",
    purpose="passes a folder on",
    no_onnx="the request replaces the folder",
    no_python="the script has no program that reads it",
    synonyms=("datastore", "images", "directory", "blob", "folder"),
):
    """A folder with all files below it, for a script or a component that reads it.

    The folder lies on this computer or in a datastore; `.` is all of a datastore. Hidden files are left out. *Read
    Table* makes a table of the files. A changed, added or removed file is noticed: on this computer by its content, in
    a datastore by its size and time.

    Errors: 0003 for an empty path, 0065 for a folder that is missing, empty or has more than 1,000 files, 0157 for an
    unknown datastore.

    Example: `Datastore = "workspace", Path = "posters"`.
    """

    def run(self) -> Annotated[Folder, "Folder"]:
        if self.datastore:
            return Folder(sources().datastore_folder(*self._place()))
        source, copy = Path(self.path).expanduser(), Path(tempfile.mkdtemp(prefix="folder-"))
        for file in self._read_files():  # without what is hidden, and without the files of the workspace
            target = copy / file.relative_to(source)
            target.parent.mkdir(parents=True, exist_ok=True)
            shutil.copy(file, target)
        return Folder(copy)

    def _read_files(self) -> list[Path]:
        path = Path(self._chosen()).expanduser()
        if not path.is_absolute():
            remedy = "Write an absolute path, or choose a datastore."
            raise FileMissing(f"'{self.path}' is not an absolute path", remedy, parameter="Path")
        return sources().files(str(path / "**"))
