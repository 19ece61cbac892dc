"""Documents on disk, and `--set` values."""

from __future__ import annotations

import json
import os
import tempfile
from collections.abc import Callable, Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any, cast, get_args

from designer.contract.errors import DesignerError, FileMissing, InvalidParameter
from designer.contract.library import Library
from designer.contract.parameters import Parameter
from designer.pipeline.document import dumps, loads
from designer.pipeline.edit import change
from designer.pipeline.graph import Pipeline
from designer.workbench.exports import Format, archived
from designer.workbench.pipelines import DOCUMENT_BYTES


def read_document(file: Path) -> bytes:
    """The content of a document file; errors name the file."""
    try:
        if file.stat().st_size > DOCUMENT_BYTES:
            found = "the file is larger than a pipeline document can be"
            raise FileMissing(found, "Choose one that Designer wrote.", file=file.name)
        return file.read_bytes()
    except OSError as error:
        found = f"the file cannot be read ({error.strerror})"
        raise FileMissing(found, "Check the path.", file=str(file)) from None


def read_pipeline(file: Path) -> Pipeline:
    """The pipeline in a document file; errors name the file."""
    try:
        return loads(read_document(file))
    except FileMissing:
        raise
    except DesignerError as error:
        raise error.at(file=file.name) from None


def write_pipeline(pipeline: Pipeline, file: Path) -> None:
    """Write a document whole or not at all."""
    write_bytes(file, dumps(pipeline).encode())


def write_bytes(file: Path, content: bytes) -> None:
    """Write a file whole or not at all; errors name the file."""
    partial = file.with_name(f".{file.name}.partial")
    try:
        file.parent.mkdir(parents=True, exist_ok=True)
        partial.write_bytes(content)
        os.replace(partial, file)
    except OSError as error:
        raise FileMissing(
            f"the file cannot be written ({error.strerror})", "Choose another path.", file=str(file)
        ) from None


def format_named(to: str) -> Format:
    """The format that `--to` names; raises InvalidParameter."""
    if to not in get_args(Format):
        raise InvalidParameter(f"'{to}' is not a format", f"Choose {', '.join(get_args(Format))}.", parameter="--to")
    return cast(Format, to)


def put(output: Path, write: Callable[[Path], list[Path]]) -> list[Path]:
    """Put the files that `write` makes in a folder where the first was asked for, the others beside it.

    A .zip holds them all. Raises InvalidParameter where one that is there already would be replaced by other data.
    """
    with tempfile.TemporaryDirectory() as folder:
        made = write(Path(folder))
        made = [archived(made)] if output.suffix == ".zip" else made
        places = [output, *(output.parent / file.name for file in made[1:])]
        contents = [file.read_bytes() for file in made]
    for place, content in list(zip(places, contents, strict=True))[1:]:
        if place.exists() and (not place.is_file() or place.read_bytes() != content):
            found = f"'{place}' is there already with other content, and the script reads a file of that name"
            remedy = f"Choose another folder, or name a .zip: {output.with_suffix('.zip')}."
            raise InvalidParameter(found, remedy, parameter="--output")
    for place, content in zip(places, contents, strict=True):
        write_bytes(place, content)
    return places


def with_settings(pipeline: Pipeline, settings: Iterable[str], library: Library) -> Pipeline:
    """Apply `NODE.PARAMETER=VALUE`; NODE is an id, a title or the module's title."""
    for setting in settings:
        place, equals, text = setting.partition("=")
        name, dot, parameter = place.rpartition(".")
        if not equals or not dot:
            raise InvalidParameter(f"'{setting}' is not a setting", "Write NODE.PARAMETER=VALUE.", parameter="--set")
        id = find_node(pipeline, name, library)
        spec = library[pipeline.nodes[id].module].spec()
        known = _parameter(parameter, spec.parameters, f"{spec.title} has no parameter '{parameter}'")
        parameters = {**pipeline.nodes[id].parameters, known.name: value_of(text, known)}
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


def settings_of(texts: Iterable[str], known: Sequence[Parameter]) -> dict[str, Any]:
    """`PARAMETER=VALUE` as a mapping; a parameter is named as in documents or as on the page."""
    parameters: dict[str, Any] = {}
    for text in texts:
        name, equals, value = text.partition("=")
        if not equals:
            raise InvalidParameter(f"'{text}' is not a setting", "Write PARAMETER=VALUE.", parameter="--set")
        parameter = _parameter(name, known, f"there is no setting '{name}'")
        parameters[parameter.name] = value_of(value, parameter)
    return parameters


def value_of(text: str, parameter: Parameter) -> Any:
    """A value as typed: a choice in any letter case, JSON where it is JSON, text otherwise."""
    chosen = [choice for choice in parameter.choices if str(choice).casefold() == text.strip().casefold()]
    if chosen:
        return chosen[0]
    try:
        return json.loads(text)
    except ValueError:
        return text


def to_json(document: Mapping[str, Any] | list[Any]) -> str:
    """A JSON document for machines."""
    return json.dumps(document, indent=2, ensure_ascii=False, default=str)


def _parameter(name: str, known: Sequence[Parameter], found: str) -> Parameter:
    wanted = _folded(name)
    for parameter in known:
        if wanted in (_folded(parameter.name), _folded(parameter.label)):
            return parameter
    names = ", ".join(parameter.name for parameter in known)
    raise InvalidParameter(found, f"Use one of {names}.", parameter="--set")


def _folded(name: str) -> str:
    return name.strip().casefold().replace(" ", "_").replace("-", "_")


def _names(title: str, module: str, library: Library) -> set[str]:
    known = library.get(module)
    return {title.lower(), module, known.spec().title.lower() if known else module}
