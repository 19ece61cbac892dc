"""Documents on disk, and `--set` values."""

from __future__ import annotations

import json
import os
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

from designer.contract.errors import FileMissing, InvalidParameter
from designer.contract.library import Library
from designer.pipeline.document import dumps, loads
from designer.pipeline.edit import change
from designer.pipeline.graph import Pipeline

FILE_LIMIT = 50 * 2**20


def read_pipeline(file: Path) -> Pipeline:
    """The pipeline in a document file; errors name the file."""
    try:
        if file.stat().st_size > FILE_LIMIT:
            raise FileMissing("the file is larger than a pipeline document can be", file=file.name)
        text = file.read_bytes()
    except OSError as error:
        found = f"the file cannot be read ({error.strerror})"
        raise FileMissing(found, "Write the samples with: designer samples --write DIR.", file=str(file)) from None
    try:
        return loads(text)
    except FileMissing:
        raise
    except Exception as error:
        raise error.at(file=file.name) if hasattr(error, "at") else error from None


def write_pipeline(pipeline: Pipeline, file: Path) -> None:
    """Write a document whole or not at all."""
    write_bytes(file, dumps(pipeline).encode())


def write_bytes(file: Path, content: bytes) -> None:
    """Write a file whole or not at all; errors name the file."""
    partial = file.with_name(f".{file.name}.partial")
    try:
        partial.write_bytes(content)
        os.replace(partial, file)
    except OSError as error:
        raise FileMissing(f"the file cannot be written ({error.strerror})", file=str(file)) from None


def with_settings(pipeline: Pipeline, settings: Iterable[str], library: Library) -> Pipeline:
    """Apply `NODE.PARAMETER=VALUE`; NODE is an id, a title or the module's title."""
    for setting in settings:
        place, equals, text = setting.partition("=")
        name, dot, parameter = place.rpartition(".")
        if not equals or not dot:
            raise InvalidParameter(f"'{setting}' is not a setting", "Write NODE.PARAMETER=VALUE.", parameter="--set")
        id = find_node(pipeline, name, library)
        parameters = {**pipeline.nodes[id].parameters, parameter: value_of(text)}
        module = library[pipeline.nodes[id].module]
        if module.spec().parameter(parameter) is None:
            known = ", ".join(p.name for p in module.spec().parameters)
            found = f"{module.spec().title} has no parameter '{parameter}'"
            raise InvalidParameter(found, f"Parameters are: {known}.", parameter="--set")
        pipeline = change(pipeline, id, parameters=parameters)
    return pipeline


def find_node(pipeline: Pipeline, name: str, library: Library) -> str:
    """The id of a node by id, own title or module title."""
    if name in pipeline.nodes:
        return name
    found = [node.id for node in pipeline.nodes.values() if name.lower() in _names(node.title, node.module, library)]
    if len(found) != 1:
        known = ", ".join(pipeline.nodes)
        reason = f"{len(found)} nodes are called '{name}'" if found else f"there is no node '{name}'"
        raise InvalidParameter(reason, f"Nodes are: {known}.")
    return found[0]


def settings_of(texts: Iterable[str]) -> dict[str, Any]:
    """`PARAMETER=VALUE` as a mapping."""
    parameters: dict[str, Any] = {}
    for text in texts:
        name, equals, value = text.partition("=")
        if not equals:
            raise InvalidParameter(f"'{text}' is not a setting", "Write PARAMETER=VALUE.", parameter="--set")
        parameters[name] = value_of(value)
    return parameters


def value_of(text: str) -> Any:
    """A value as typed: JSON where it is JSON, text otherwise."""
    try:
        return json.loads(text)
    except ValueError:
        return text


def to_json(document: Mapping[str, Any] | list[Any]) -> str:
    """A JSON document for machines."""
    return json.dumps(document, indent=2, ensure_ascii=False, default=str)


def _names(title: str, module: str, library: Library) -> set[str]:
    known = library.get(module)
    return {title.lower(), module, known.spec().title.lower() if known else module}
