"""What an exported component file notes beyond the format, in the tag `designer`, see `designer.export.component`."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

from designer.contract.component import Command, ComponentParameter, ComponentPort, ComponentSpec
from designer.contract.ports import PortType
from designer.registry.scripts import Source
from designer.registry.snapshot import Snapshot

TAG = "designer"
LOCK = "{}.lock"
_OURS = ("designer/__init__.py", "designer/sdk.py", "designer/step/")


def restored(source: Source, note: str, folder: Path) -> Source:
    """The component as it was exported; what was edited in the file since stays as it is there.

    Raises ValueError for a note that is not of Designer's making.
    """
    try:
        return _restored(source, json.loads(note), folder)
    except (KeyError, TypeError, AttributeError, RecursionError) as error:
        raise ValueError(str(error)) from error


def _restored(source: Source, noted: Mapping[str, Any], folder: Path) -> Source:
    spec, files = source.spec, source.files
    if noted["line"] == spec.command.program:
        command = noted["command"]
        spec = replace(spec, command=Command(command["kind"], command["program"], tuple(command["arguments"])))
        files = _without_ours(files) if command["kind"] == "function" else files
    spec = replace(
        spec,
        inputs=tuple(_port(port, noted["inputs"]) for port in spec.inputs),
        outputs=tuple(_port(port, noted["outputs"]) for port in spec.outputs),
        parameters=tuple(_parameter(each, noted["parameters"]) for each in spec.parameters),
        files={**files.digests(), **noted["files"]},
        category=noted["category"],
        author=noted["author"],
    )
    return Source(_in_environment(spec, noted, folder), files)


def _port(port: ComponentPort, noted: Mapping[str, Any]) -> ComponentPort:
    fields = dict(noted.get(port.name, {}))
    if "type" in fields:
        fields["type"] = PortType(fields["type"])
    return replace(port, **fields)


def _parameter(parameter: ComponentParameter, noted: Mapping[str, Any]) -> ComponentParameter:
    """The parameter with the types of its values, which YAML loses; values that were edited stay."""
    fields = dict(noted.get(parameter.name, {}))
    same: dict[str, Any] = {name: value for name, value in fields.items() if value == getattr(parameter, name)}
    same["title"] = fields.get("title", "")
    if parameter.type == "choice" and [str(each) for each in fields.get("choices", ())] == list(parameter.choices):
        same["choices"] = tuple(fields["choices"])
        if str(fields.get("default")) == parameter.default:
            same["default"] = fields["default"]
    return replace(parameter, **same)


def _in_environment(spec: ComponentSpec, noted: Mapping[str, Any], folder: Path) -> ComponentSpec:
    environment = spec.environment
    if environment is None or list(environment.requirements) != noted["requirements"]:
        return spec
    if noted["environment"] is None:
        return replace(spec, environment=None)
    lock = folder / LOCK.format(spec.name)
    locked = lock.read_text("utf-8") if lock.is_file() else ""
    return replace(spec, environment=replace(environment, python=noted["environment"]["python"], lock=locked))


def _without_ours(files: Snapshot) -> Snapshot:
    """The files without what was added so that a function can be called."""
    return Snapshot(files.folder, {path: size for path, size in files.sizes.items() if not path.startswith(_OURS)})
