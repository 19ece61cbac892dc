"""Component files in the format of Azure Machine Learning's command components, read as they are."""

from __future__ import annotations

import re
import shlex
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any, get_args

from designer.contract.component import (
    Command,
    ComponentParameter,
    ComponentPort,
    ComponentSpec,
    ParameterType,
    TableFormat,
)
from designer.contract.ports import PortType
from designer.contract.wording.closeness import closest
from designer.registry.conda import described_environment
from designer.registry.exported import TAG, restored
from designer.registry.scripts import Source, component_name
from designer.registry.snapshot import Snapshot, snapshot
from designer.registry.yaml_file import Entry, InvalidYaml, read_yaml

PORT_TYPES = {
    "uri_folder": PortType.FOLDER, "uri_file": PortType.FILE, "mltable": PortType.FOLDER,
    "mlflow_model": PortType.FOLDER,
    "custom_model": PortType.FOLDER, "triton_model": PortType.FOLDER, "folder": PortType.FOLDER, "file": PortType.FILE,
    "table": PortType.TABLE, "path": PortType.FOLDER,
}  # fmt: skip
PARAMETER_TYPES: Mapping[str, ParameterType] = {
    "string": "string", "integer": "integer", "number": "number", "boolean": "boolean", "enum": "choice",
    "choice": "choice",
}  # fmt: skip
KINDS = ("command", "commandComponent", "CommandComponent")
FIELDS: Mapping[str, str] = {
    "$schema": "The schema of the file; not read.",
    "type": "The kind of component.",
    "name": "The name of the component, by default that of the file.",
    "version": "Its version; without one, the next number.",
    "display_name": "Its title.",
    "description": "What it does.",
    "tags": "Any texts by name.",
    "is_deterministic": "Whether its results are reused while nothing changes.",
    "inputs": "Ports and settings by name.",
    "outputs": "What the program writes, by name.",
    "code": "The folder of the program, relative to the file.",
    "command": "The line for bash, with ${{inputs.NAME}} and ${{outputs.NAME}}.",
    "environment": "The packages of the program: a known name, or a conda_file or requirements.",
    "environment_variables": "Variables that the program gets.",
    "resources": "Not used, but for instance_count, which is 1.",
    "limits": "Not read.",
    "distribution": "Refused: a program runs on one computer.",
    "properties": "Not read.",
    "services": "Not read.",
    "identity": "Not read.",
    "intellectual_property": "Not read.",
    "additional_includes": "Not read.",
    "creation_context": "Not read.",
    "successful_return_code": "Not read.",
}
"""The fields of a component file, with their help."""

MEMBER_FIELDS: Mapping[str, str] = {
    "type": "The type: a file or folder, or that of a setting.",
    "description": "What it is.",
    "optional": "Whether it may be left out.",
    "default": "The value of a setting where none is given.",
    "enum": "The values that a setting may have.",
    "min": "The least value of a setting.",
    "max": "The largest value of a setting.",
    "minimum": "The least value of a setting.",
    "maximum": "The largest value of a setting.",
    "format": "How the program gets a table.",
    "mode": "Not read: files are always there.",
    "properties": "Not read.",
    "path": "Not read: a run keeps it.",
    "datatype": "Not read.",
    "early_available": "Not read.",
    "is_control": "Not read.",
    "intellectual_property": "Not read.",
}
"""The fields of an input or output, with their help."""


def read_component(file: Path) -> Source:
    """Read a component file. Raises InvalidYaml with the field and the line, and the errors of `snapshot`."""
    return component_of(read_yaml(file), file.parent, file.stem)


def component_of(document: Entry, folder: Path, name: str) -> Source:
    """The component that a document describes, see `read_component`; paths are relative to a folder.

    `name` is its name where the document gives none.
    """
    kind = document.text_of("type", "command")
    if kind not in KINDS:
        raise document.get("type").wrong(f"is '{kind}'", "Only command components can be read.")
    document.only(FIELDS)
    require_one_computer(document)
    inputs, parameters = _inputs(document)
    files = code_of(document, folder)
    environment = document.get("environment") if "environment" in document else None
    name = document.text_of("name") or name
    if "name" in document and re.search(r"[/\\]", name):
        raise document.get("name").wrong(f"is '{name}'", "Use letters, digits and underscores, such as train_model.")
    spec = ComponentSpec(
        name=component_name(name),
        version=document.text_of("version"),
        command=Command("shell", line_of(document)),
        files=files.digests(),
        inputs=tuple(inputs),
        outputs=tuple(_port(name, entry) for name, entry in _section(document, "outputs")),
        parameters=tuple(parameters),
        title=document.text_of("display_name"),
        description=document.text_of("description"),
        environment=described_environment(environment, folder) if environment is not None else None,
        reuse=document.get("is_deterministic").flag if "is_deterministic" in document else True,
    )
    return _noted(Source(spec, files), document, folder)


def line_of(document: Entry) -> str:
    """The line for bash of a command, after its environment variables."""
    line = document.get("command").text
    variables = _section(document, "environment_variables")
    return "".join(f"export {_variable(name, entry)}={shlex.quote(entry.text)}\n" for name, entry in variables) + line


def _variable(name: str, entry: Entry) -> str:
    if not re.fullmatch(r"[A-Za-z_]\w*", name, re.ASCII):
        raise entry.wrong("cannot name a variable", "Use letters, digits and _.")
    return name


def _noted(source: Source, document: Entry, folder: Path) -> Source:
    """The component with what an export noted in a tag."""
    tags = document.get("tags") if "tags" in document else None
    if tags is None or TAG not in tags:
        return source
    try:
        return restored(source, tags.get(TAG).text, folder)
    except ValueError:
        raise tags.get(TAG).wrong("is not what an export wrote", "Remove it, or export the component again.") from None


def _inputs(document: Entry) -> tuple[list[ComponentPort], list[ComponentParameter]]:
    ports: list[ComponentPort] = []
    parameters: list[ComponentParameter] = []
    for name, entry in _section(document, "inputs"):
        kind = _kind(entry)
        if kind in PORT_TYPES:
            ports.append(_port(name, entry))
        else:
            parameters.append(_parameter(name, entry, kind))
    return ports, parameters


def _section(document: Entry, name: str) -> list[tuple[str, Entry]]:
    return list(document.get(name).fields()) if name in document else []


def _kind(entry: Entry) -> str:
    if not isinstance(entry.value, str):
        entry.only(MEMBER_FIELDS)
    kind = entry.text_of("type", "string") if not isinstance(entry.value, str) else entry.text
    if kind not in PORT_TYPES and kind not in PARAMETER_TYPES:
        remedy = closest(kind, [*PORT_TYPES, *PARAMETER_TYPES], "Types are")
        raise (entry.get("type") if "type" in entry else entry).wrong(f"is '{kind}', an unknown type", remedy)
    return kind


def _port(name: str, entry: Entry) -> ComponentPort:
    kind = _kind(entry)
    if kind not in PORT_TYPES:
        raise entry.wrong(f"is an output of type {kind}", "Outputs are uri_folder or uri_file.")
    format: Any = entry.text_of("format", "arrow")
    if format not in get_args(TableFormat):
        raise entry.get("format").wrong(f"is '{format}'", "Use arrow, parquet, csv or columns.")
    optional = entry.get("optional").flag if "optional" in entry else False
    description = entry.text_of("description")
    return ComponentPort(name, PORT_TYPES[kind], description=description, optional=optional, format=format)


def _parameter(name: str, entry: Entry, kind: str) -> ComponentParameter:
    if isinstance(entry.value, str):
        return ComponentParameter(name, PARAMETER_TYPES[kind])
    choices = tuple(each.text for each in entry.get("enum").items()) if "enum" in entry else ()
    type: ParameterType = "choice" if choices else PARAMETER_TYPES[kind]
    if type == "choice" and not choices:
        raise entry.wrong("has no 'enum'", "List its choices.")
    made = ComponentParameter(name, type, choices=choices, description=entry.text_of("description"))
    optional = entry.get("optional").flag if "optional" in entry else False
    made = replace(
        made,
        optional=optional,
        default=value_of(entry.get("default"), type) if "default" in entry else None,
        minimum=_bound(entry, "min", "minimum"),
        maximum=_bound(entry, "max", "maximum"),
    )
    if made.flaw is not None:
        raise entry.wrong(*made.flaw)
    return made


def _bound(entry: Entry, *names: str) -> float | None:
    name = next((each for each in names if each in entry), None)
    return None if name is None else float(value_of(entry.get(name), "number"))


def value_of(entry: Entry, type: ParameterType) -> Any:
    """The value of a setting, read from its text. Raises InvalidYaml."""
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


def code_of(document: Entry, folder: Path) -> Snapshot:
    """The files of the program that a document names as its code; none without."""
    code = document.text_of("code")
    if not code:
        return Snapshot(Path())
    if ":" in code:
        raise document.get("code").wrong(f"is '{code}'", "Name a folder beside the file.")
    place = folder / code
    if place.is_file():
        return Snapshot(place.parent, {place.name: place.stat().st_size})
    return snapshot(place)


def require_one_computer(document: Entry) -> None:
    """Raise InvalidYaml where a document asks for several computers."""
    entry = document.get("distribution") if "distribution" in document else None
    resources = document.get("resources") if "resources" in document else None
    if resources is not None and resources.text_of("instance_count", "1") != "1":
        entry = resources.get("instance_count")
    if entry is not None and entry.value not in ("", "null"):
        raise _several(entry)


def _several(entry: Entry) -> InvalidYaml:
    return entry.wrong("asks for several computers", "Designer runs a program on one; leave it out.")
