"""Data that a pipeline job names: files, folders and datasets, as nodes that import them."""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from designer.contract.abilities import Purpose
from designer.contract.ports import PortType
from designer.registry.component_file import PORT_TYPES
from designer.registry.yaml_file import Entry

_DATASTORE = re.compile(r"azureml://(?:subscriptions/.+/)?datastores/([^/]+)/paths/(.*)")
_ASSET = re.compile(r"azureml:([^:@/]+)(?::([^:@/]+)|@(?:latest|default))?")


def is_data(entry: Entry) -> bool:
    """Whether an input of a pipeline is a file or folder, and no value."""
    return not isinstance(entry.value, str) and ("path" in entry or entry.text_of("type") in PORT_TYPES)


@dataclass(frozen=True)
class Data:
    """What a node imports: by a module for a purpose, with its values; `field` is the one that a parameter may fill."""

    purpose: Purpose
    values: tuple[tuple[str, Any], ...]
    field: str

    @property
    def parameters(self) -> dict[str, Any]:
        """The values by name."""
        return dict(self.values)


def data_of(entry: Entry, folder: Path) -> Data:
    """The data of an entry; without a `path`, a run has to name it.

    Raises InvalidYaml for a file that is not there, or one that is elsewhere.
    """
    kind = entry.text_of("type", "uri_folder")
    if kind not in PORT_TYPES:
        raise entry.get("type").wrong(f"is '{kind}', which has no path", "Write uri_file or uri_folder.")
    purpose: Purpose = "passes a file on" if PORT_TYPES[kind] is PortType.FILE else "passes a folder on"
    if "path" not in entry:
        return Data(purpose, (("path", None),), "path")
    place, path = entry.get("path"), entry.get("path").text
    if match := _DATASTORE.fullmatch(path):
        if "${{" in path:
            raise place.wrong("has a placeholder in its path", "Write the path itself.")
        return Data(purpose, (("datastore", match[1]), ("path", match[2].rstrip("/") or ".")), "path")
    if match := _ASSET.fullmatch(path):
        return _dataset(place, match)
    return Data(purpose, (("path", str(_local(place, folder, purpose))),), "path")


def _dataset(place: Entry, match: re.Match[str]) -> Data:
    if match[2] is None:
        return Data("reads datasets", (("name", match[1]),), "name")
    if not match[2].isdecimal():
        raise place.wrong(f"names version '{match[2]}'", "Versions of datasets are numbers: azureml:NAME:2.")
    return Data("reads datasets", (("name", match[1]), ("version", int(match[2]))), "name")


def _local(place: Entry, folder: Path, purpose: Purpose) -> Path:
    text = place.text.removeprefix("file://").removeprefix("file:")
    if re.match(r"[A-Za-z][A-Za-z0-9+.-]+:", text):
        remedy = "Download it, or register a datastore and write azureml://datastores/NAME/paths/PATH."
        raise place.wrong(f"is '{_short(text)}', which is not on this computer", remedy)
    path = (folder / text).resolve()
    if purpose == "passes a file on" and not path.is_file():
        raise place.wrong(f"is '{_short(text)}', and there is no such file", "Correct the path, relative to the file.")
    if purpose == "passes a folder on" and not path.is_dir():
        raise place.wrong(f"is '{_short(text)}', and there is no such folder", "Correct the path, or write uri_file.")
    return path


def _short(text: str) -> str:
    return text if len(text) <= 80 else f"{text[:77]}..."
