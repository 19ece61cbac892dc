"""Component files in the format of Azure Machine Learning's command components, read as they are."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

from designer.contract.component import (
    Command,
    ComponentParameter,
    ComponentPort,
    ComponentSpec,
    Environment,
    ParameterType,
)
from designer.contract.ports import PortType
from designer.contract.wording.closeness import closest
from designer.registry.conda import conda_environment
from designer.registry.scripts import Source, component_name
from designer.registry.snapshot import Snapshot, snapshot
from designer.registry.yaml_file import Entry, InvalidYaml, read_yaml

_PORTS = {
    "uri_folder": PortType.FOLDER, "uri_file": PortType.FILE, "mltable": PortType.FOLDER,
    "mlflow_model": PortType.FOLDER,
    "custom_model": PortType.FOLDER, "triton_model": PortType.FOLDER, "folder": PortType.FOLDER, "file": PortType.FILE,
    "table": PortType.TABLE, "path": PortType.FOLDER,
}  # fmt: skip
_PARAMETERS: Mapping[str, ParameterType] = {
    "string": "string", "integer": "integer", "number": "number", "boolean": "boolean", "enum": "choice",
    "choice": "choice",
}  # fmt: skip
_CURATED = {
    "sklearn-1.5": ("scikit-learn==1.5.*", "pandas", "numpy", "scipy", "joblib", "matplotlib"),
    "sklearn-1.1": ("scikit-learn==1.1.*", "pandas", "numpy", "scipy", "joblib", "matplotlib"),
    "AzureML-sklearn-0.24": ("scikit-learn==0.24.*", "pandas", "numpy", "scipy", "joblib"),
    "lightgbm-3.3": ("lightgbm==3.3.*", "scikit-learn", "pandas", "numpy"),
    "AzureML-lightgbm-3.3": ("lightgbm==3.3.*", "scikit-learn", "pandas", "numpy"),
}
"""What the service's own environments hold, for those that need no GPU."""


def read_component(file: Path) -> Source:
    """Read a component file. Raises InvalidYaml with the field and the line, and the errors of `snapshot`."""
    document = read_yaml(file)
    kind = document.text_of("type", "command")
    if kind not in ("command", "commandComponent", "CommandComponent"):
        raise document.get("type").wrong(f"is '{kind}'", "Only command components can be read.")
    _require_one_computer(document)
    inputs, parameters = _inputs(document)
    files = _code(document, file.parent)
    spec = ComponentSpec(
        name=component_name(document.text_of("name") or file.stem),
        version=document.text_of("version"),
        command=Command("shell", document.get("command").text),
        files=files.digests(),
        inputs=tuple(inputs),
        outputs=tuple(_port(name, entry) for name, entry in _section(document, "outputs")),
        parameters=tuple(parameters),
        title=document.text_of("display_name"),
        description=document.text_of("description"),
        environment=_environment(document, file.parent),
        reuse=document.get("is_deterministic").flag if "is_deterministic" in document else True,
    )
    return Source(spec, files)


def _inputs(document: Entry) -> tuple[list[ComponentPort], list[ComponentParameter]]:
    ports: list[ComponentPort] = []
    parameters: list[ComponentParameter] = []
    for name, entry in _section(document, "inputs"):
        kind = _kind(entry)
        if kind in _PORTS:
            ports.append(_port(name, entry))
        else:
            parameters.append(_parameter(name, entry, kind))
    return ports, parameters


def _section(document: Entry, name: str) -> list[tuple[str, Entry]]:
    return list(document.get(name).fields()) if name in document else []


def _kind(entry: Entry) -> str:
    kind = entry.text_of("type", "string") if not isinstance(entry.value, str) else entry.text
    if kind not in _PORTS and kind not in _PARAMETERS:
        remedy = closest(kind, [*_PORTS, *_PARAMETERS], "Types are")
        raise (entry.get("type") if "type" in entry else entry).wrong(f"is '{kind}', an unknown type", remedy)
    return kind


def _port(name: str, entry: Entry) -> ComponentPort:
    kind = _kind(entry)
    if kind not in _PORTS:
        raise entry.wrong(f"is an output of type {kind}", "Outputs are uri_folder or uri_file.")
    format: Any = entry.text_of("format", "arrow")
    if format not in ("arrow", "parquet", "csv"):
        raise entry.get("format").wrong(f"is '{format}'", "Use arrow, parquet or csv.")
    optional = entry.get("optional").flag if "optional" in entry else False
    return ComponentPort(name, _PORTS[kind], description=entry.text_of("description"), optional=optional, format=format)


def _parameter(name: str, entry: Entry, kind: str) -> ComponentParameter:
    if isinstance(entry.value, str):
        return ComponentParameter(name, _PARAMETERS[kind])
    choices = tuple(each.text for each in entry.get("enum").items()) if "enum" in entry else ()
    type: ParameterType = "choice" if choices else _PARAMETERS[kind]
    if type == "choice" and not choices:
        raise entry.wrong("has no 'enum'", "List its choices.")
    made = ComponentParameter(name, type, choices=choices, description=entry.text_of("description"))
    optional = entry.get("optional").flag if "optional" in entry else False
    return replace(
        made,
        optional=optional,
        default=_value(entry.get("default"), type) if "default" in entry else None,
        minimum=_bound(entry, "min", "minimum"),
        maximum=_bound(entry, "max", "maximum"),
    )


def _bound(entry: Entry, *names: str) -> float | None:
    name = next((each for each in names if each in entry), None)
    return None if name is None else float(_value(entry.get(name), "number"))


def _value(entry: Entry, type: ParameterType) -> Any:
    text = entry.text
    try:
        match type:
            case "integer":
                return int(text)
            case "number":
                return float(text)
            case "boolean":
                return entry.flag
            case _:
                return text
    except ValueError:
        raise entry.wrong(f"is '{text}'", f"Write {'an integer' if type == 'integer' else 'a number'}.") from None


def _code(document: Entry, folder: Path) -> Snapshot:
    code = document.text_of("code")
    if not code:
        return Snapshot(Path())
    if ":" in code:
        raise document.get("code").wrong(f"is '{code}'", "Name a folder beside the file.")
    place = folder / code
    if place.is_file():
        return Snapshot(place.parent, {place.name: place.stat().st_size})
    return snapshot(place)


def _environment(document: Entry, folder: Path) -> Environment | None:
    if "environment" not in document:
        return None
    entry = document.get("environment")
    if isinstance(entry.value, str):
        return _named(entry)
    if "conda_file" in entry:
        conda = entry.get("conda_file")
        return conda_environment(conda if not isinstance(conda.value, str) else read_yaml(folder / conda.text))
    if "requirements" in entry:
        return Environment(
            tuple(each.text for each in entry.get("requirements").items()), python=entry.text_of("python")
        )
    raise entry.wrong("has no packages, only an image", "Add a conda_file, or a list of requirements.")


def _named(entry: Entry) -> Environment:
    """A curated environment, as in `azureml://registries/azureml/environments/sklearn-1.5/labels/latest`."""
    named = re.search(r"environments/([^/]+)", entry.text)
    match = named or re.fullmatch(r"(?:azureml:)?([^:@/]+)(?:[:@].*)?", entry.text)
    name = match[1] if match else entry.text
    known = next((packages for curated, packages in _CURATED.items() if name.startswith(curated)), None)
    if known is None:
        remedy = "Put a conda_file or a list of requirements in its place."
        raise entry.wrong(f"is '{name}', whose packages are not known here", remedy)
    return Environment(known)


def _require_one_computer(document: Entry) -> None:
    entry = document.get("distribution") if "distribution" in document else None
    resources = document.get("resources") if "resources" in document else None
    if resources is not None and resources.text_of("instance_count", "1") != "1":
        entry = resources.get("instance_count")
    if entry is not None and entry.value not in ("", "null"):
        raise _several(entry)


def _several(entry: Entry) -> InvalidYaml:
    return entry.wrong("asks for several computers", "Designer runs a program on one; leave it out.")
