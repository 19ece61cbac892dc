"""Datastores and paths in them under the names of the original."""

from __future__ import annotations

import os
import sys
from collections.abc import Sequence
from functools import cached_property
from pathlib import Path
from typing import Any

from designer.contract.errors import InvalidParameter
from designer.sdk.azure.faces import Face, note, note_handing, refuse_given
from designer.sdk.datastores import Datastore as Plain
from designer.sdk.datastores import StorePath
from designer.sdk.steps import Step
from designer.store.datastores.datastores import OWN
from designer.store.datastores.filesystem import FileTaken

CLOUD_NAMES = ("workspaceblobstore", "workspacefilestore", "workspaceartifactstore", "workspaceworkingdirectory")
"""The datastores that every workspace of the original has; here they are the workspace's own."""


class Datastore(Face):
    """A datastore of a workspace."""

    plain: Plain

    def __init__(self, workspace: Any, name: str | None = None) -> None:
        stores = workspace.plain.datastores
        if name in CLOUD_NAMES and name not in stores:
            note(f"the datastore '{name}' is the workspace's own here, '{OWN}'.")
            name = OWN
        super().__init__(stores[name] if name else stores.default)
        self.workspace = workspace

    @classmethod
    def get(cls, workspace: Any, datastore_name: str) -> Datastore:
        """A datastore by name."""
        return cls(workspace, datastore_name)

    @classmethod
    def get_default(cls, workspace: Any) -> Datastore:
        """The default datastore."""
        return cls(workspace)

    @classmethod
    def register_azure_blob_container(
        cls,
        workspace: Any,
        datastore_name: str,
        container_name: str,
        account_name: str,
        sas_token: str | None = None,
        account_key: str | None = None,
        overwrite: bool = False,
        **others: Any,
    ) -> Datastore:
        """Register a container of Azure Blob Storage; its keys are kept as those of every datastore."""
        refuse_given("register_azure_blob_container", others, "Leave it out.")
        secrets = {"sas_token": sas_token, "account_key": account_key}
        workspace.plain.datastores.register(
            datastore_name, f"abfs://{container_name}@{account_name}", replace=overwrite,
            **{name: value for name, value in secrets.items() if value},
        )  # fmt: skip
        return cls(workspace, datastore_name)

    @property
    def name(self) -> str:
        """Its name."""
        return self.plain.name

    def upload_files(
        self,
        files: Sequence[str],
        relative_root: str | None = None,
        target_path: str | None = None,
        overwrite: bool = False,
        show_progress: bool = True,
    ) -> DataReference:
        """Copy files into a folder of it, by their paths below `relative_root`, by default the folder of them all.

        A file that is there stays, and is named, unless `overwrite`.
        """
        places = [Path(os.path.abspath(Path(file).expanduser())) for file in files]
        root = Path(os.path.abspath(relative_root)) if relative_root else _common(places)
        for place in places:
            if not place.is_relative_to(root):
                problem = f"'{place.name}' does not lie below relative_root"
                raise InvalidParameter(problem, "Name a folder around all files.", parameter="relative_root")
            target = (Path(target_path or "") / place.relative_to(root).parent).as_posix().removeprefix("./")
            self._upload(place, "" if target == "." else target, overwrite=overwrite)
        return self.path(target_path)

    def upload(
        self, src_dir: str, target_path: str | None = None, overwrite: bool = False, show_progress: bool = True
    ) -> DataReference:
        """Copy what a folder holds into a folder of it, without hidden files; see `upload_files`."""
        folder = Path(src_dir).expanduser()
        every = (file for file in folder.rglob("*") if file.is_file())
        files = sorted(str(file) for file in every if not _is_hidden(file.relative_to(folder)))
        if not files:
            raise InvalidParameter(f"there is no file in '{src_dir}'", "Name a folder with files.", parameter="src_dir")
        return self.upload_files(files, str(folder), target_path, overwrite)

    def download(
        self, target_path: str, prefix: str | None = None, overwrite: bool = False, show_progress: bool = True
    ) -> int:
        """Copy its files, or those below a path, with their folders into one of this computer; returns how many.

        A file that is there stays, unless `overwrite`.
        """
        places = {path: Path(target_path) / path for path in self.plain.files(prefix or "**")}
        wanted = {path: place for path, place in places.items() if overwrite or not place.exists()}
        for path, place in wanted.items():
            self.plain.download(path, place.parent)
        return len(wanted)

    def path(self, path: str | None = None, data_reference_name: str | None = None) -> DataReference:
        """A file or folder in it, as an input of a step."""
        return DataReference(self, data_reference_name, path)

    def as_mount(self) -> DataReference:
        """All of it, as an input of a step."""
        return self.path()

    def as_download(self, path_on_compute: str | None = None, overwrite: bool = False) -> DataReference:
        """All of it, as an input of a step."""
        note_handing("as_download", path_on_compute)
        return self.path()

    def _upload(self, file: Path, target: str, *, overwrite: bool) -> None:
        try:
            self.plain.upload(file, target, overwrite=overwrite)
        except FileTaken:
            sys.stderr.write(f"'{file.name}' is in the datastore already and stays as it is (overwrite=False).\n")


class DataReference:
    """A file or folder in a datastore, as an input of a step. How it is handed over is no choice: as a path."""

    def __init__(
        self,
        datastore: Datastore,
        data_reference_name: str | None = None,
        path_on_datastore: str | None = None,
        mode: str = "mount",
        path_on_compute: str | None = None,
        overwrite: bool = False,
    ) -> None:
        note_handing("DataReference", path_on_compute)
        self.datastore = datastore
        self.path_on_datastore = (path_on_datastore or "").removeprefix("./")
        self.data_reference_name = data_reference_name or Path(self.path_on_datastore).stem or datastore.name

    @cached_property
    def place(self) -> StorePath:
        """The path of `designer.sdk`."""
        return self.datastore.plain.path(self.path_on_datastore)

    def as_step(self) -> Step:
        """The step that passes it on."""
        return self.place.as_step()

    def path(self, path: str | None = None, data_reference_name: str | None = None) -> DataReference:
        """A file or folder below it."""
        below = "/".join(filter(None, (self.path_on_datastore.strip("/"), path)))
        return DataReference(self.datastore, data_reference_name, below)

    def as_mount(self) -> DataReference:
        """The same."""
        return self

    def as_download(self, path_on_compute: str | None = None, overwrite: bool = False) -> DataReference:
        """The same."""
        note_handing("as_download", path_on_compute)
        return self

    def __repr__(self) -> str:
        return repr(self.place)


class DataPath:
    """A path in a datastore, as a default or value of a parameter."""

    def __init__(self, datastore: Datastore, path_on_datastore: str | None = None, name: str | None = None) -> None:
        self.datastore = datastore
        self.path_on_datastore = (path_on_datastore or "").removeprefix("./")
        self.name = name

    def create_data_reference(
        self, data_reference_name: str | None = None, datapath_compute_binding: DataPathComputeBinding | None = None
    ) -> DataReference:
        """The file or folder, as an input of a step."""
        return DataReference(self.datastore, data_reference_name or self.name, self.path_on_datastore)

    def __str__(self) -> str:
        return f"{self.datastore.name}/{self.path_on_datastore.strip('/')}"


class DataPathComputeBinding:
    """How a path is handed to a step, which is no choice here: as a path."""

    def __init__(self, mode: str = "mount", path_on_compute: str | None = None, overwrite: bool = False) -> None:
        note_handing("DataPathComputeBinding", path_on_compute)
        self.mode = mode


def _is_hidden(path: Path) -> bool:
    return any(part.startswith(".") for part in path.parts)


def _common(places: Sequence[Path]) -> Path:
    if not places:
        raise InvalidParameter("no file is given", "Give at least one.", parameter="files")
    return Path(os.path.commonpath([place.parent for place in places]))
