"""Pipeline documents on disk, and `--set` values."""

from __future__ import annotations

import json
import os
import tempfile
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any, cast, get_args

from designer.contract.catalogue.library import Library
from designer.contract.errors import DesignerError, FileMissing, InvalidParameter
from designer.contract.parameters import Parameter
from designer.pipeline.assignments import written_columns
from designer.pipeline.check import refusal_of
from designer.pipeline.document import dumps, loads
from designer.pipeline.edit import change
from designer.pipeline.graph import Pipeline
from designer.workbench.exports import Format, archived
from designer.workbench.pipelines import DOCUMENT_BYTES


def read_document(file: Path) -> bytes:
    """Read a document file; errors name the file."""
    try:
        if file.stat().st_size > DOCUMENT_BYTES:
            problem = "the file is larger than a pipeline document can be"
            raise FileMissing(problem, "Choose one that Designer wrote.", file=file.name)
        return file.read_bytes()
    except OSError as error:
        problem = f"the file cannot be read ({error.strerror})"
        raise FileMissing(problem, "Check the path.", file=str(file)) from None


def is_job(file: Path) -> bool:
    """Whether a file is a pipeline job in YAML, by its name."""
    return file.suffix.lower() in (".yml", ".yaml")


def read_pipeline(file: Path) -> Pipeline:
    """Read the pipeline of a document file; errors name the file."""
    if is_job(file):
        remedy = "Import it first: designer pipeline import FILE."
        raise InvalidParameter(f"'{file.name}' is a pipeline job, and no document", remedy)
    try:
        return loads(read_document(file))
    except FileMissing:
        raise
    except DesignerError as error:
        raise error.at(file=file.name) from None


def write_pipeline(pipeline: Pipeline, file: Path) -> None:
    """Write a document atomically."""
    write_bytes(file, dumps(pipeline).encode())


def write_bytes(file: Path, content: bytes) -> None:
    """Write a file atomically; errors name the file."""
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
    """Check the value of `--to`; raises InvalidParameter."""
    if to not in get_args(Format):
        raise InvalidParameter(f"'{to}' is not a format", f"Choose {', '.join(get_args(Format))}.", parameter="--to")
    return cast(Format, to)


def put(output: Path, write: Callable[[Path], list[Path]]) -> list[Path]:
    """Write the files that `write` creates: the first to `output`, the others next to it; or all of them to a .zip.

    Raises InvalidParameter if another file already exists with other content.
    """
    with tempfile.TemporaryDirectory() as folder:
        files = write(Path(folder))
        files = [archived(files)] if output.suffix == ".zip" else files
        places = [output, *(output.parent / file.name for file in files[1:])]
        contents = [file.read_bytes() for file in files]
    for place, content in list(zip(places, contents, strict=True))[1:]:
        if place.exists() and (not place.is_file() or place.read_bytes() != content):
            problem = f"'{place}' already exists with other content, and the script reads a file of that name"
            remedy = f"Choose another folder, or name a .zip: {output.with_suffix('.zip')}."
            raise InvalidParameter(problem, remedy, parameter="--output")
    for place, content in zip(places, contents, strict=True):
        write_bytes(place, content)
    return places


def with_settings(pipeline: Pipeline, settings: Iterable[str], library: Library) -> Pipeline:
    """Apply `NODE.PARAMETER=VALUE`; NODE is an id, a title or the module's title.

    Raises InvalidParameter for a value that the field does not take. Columns and datasets are not looked up.
    """
    places = set[tuple[str, str]]()
    for setting in settings:
        place, equals, text = setting.partition("=")
        if not equals or "." not in place:
            raise InvalidParameter(f"'{setting}' is not a setting", "Write NODE.PARAMETER=VALUE.", parameter="--set")
        with _at_option():
            id, declared = field_named(pipeline, place, library)
        parameters = {**pipeline.nodes[id].parameters, declared.name: value_of(text, declared)}
        pipeline = change(pipeline, id, parameters=parameters)
        places.add((id, declared.name))
    for id, field in sorted(places):
        refusal = refusal_of(pipeline.nodes[id], field, library)
        if refusal is not None:
            raise refusal
    return pipeline


def field_named(pipeline: Pipeline, place: str, library: Library) -> tuple[str, Parameter]:
    """The id of a node and its parameter, given as `NODE.PARAMETER`."""
    name, dot, parameter = place.rpartition(".")
    if not dot:
        raise InvalidParameter(f"'{place}' names no field", "Write NODE.PARAMETER.")
    id = find_node(pipeline, name, library)
    spec = library[pipeline.nodes[id].module].spec()
    return id, _parameter(parameter, spec.parameters, f"{spec.title} has no parameter '{parameter}'")


def find_node(pipeline: Pipeline, name: str, library: Library) -> str:
    """The id of a node, given its id, its title or the title of its module."""
    if name in pipeline.nodes:
        return name
    matches = [node.id for node in pipeline.nodes.values() if name.lower() in _names(node.title, node.module, library)]
    if len(matches) != 1:
        ids = ", ".join(pipeline.nodes)
        reason = f"{len(matches)} nodes are called '{name}'" if matches else f"there is no node '{name}'"
        raise InvalidParameter(reason, f"Nodes are: {ids}.")
    return matches[0]


def settings_of(texts: Iterable[str], declared: Sequence[Parameter]) -> dict[str, Any]:
    """Parse `PARAMETER=VALUE`; a parameter is given by its name or its label."""
    parameters: dict[str, Any] = {}
    for text in texts:
        name, equals, value = text.partition("=")
        if not equals:
            raise InvalidParameter(f"'{text}' is not a setting", "Write PARAMETER=VALUE.", parameter="--set")
        with _at_option():
            parameter = _parameter(name, declared, f"there is no setting '{name}'")
        parameters[parameter.name] = value_of(value, parameter)
    return parameters


def value_of(text: str, parameter: Parameter) -> Any:
    """Parse a value: a choice in any letter case, else JSON, else text.

    Columns are also given by name, as `a,b` or `all but a,b`.
    """
    chosen = [choice for choice in parameter.choices if str(choice).casefold() == text.strip().casefold()]
    if chosen:
        return chosen[0]
    try:
        return json.loads(text)
    except ValueError:
        return written_columns(text) if parameter.editor == "columns" else text


def assignments_of(texts: Iterable[str]) -> dict[str, str]:
    """Parse `--param NAME=VALUE`. Raises InvalidParameter for another form, and for a name that occurs twice."""
    assignments: dict[str, str] = {}
    for text in texts:
        name, equals, value = text.partition("=")
        if not equals:
            raise InvalidParameter(f"'{text}' is not an assignment", "Write NAME=VALUE.", parameter="--param")
        if name in assignments:
            raise InvalidParameter(f"'{name}' is given twice", "Give one value.", parameter="--param")
        assignments[name] = value
    return assignments


def to_json(document: Mapping[str, Any] | list[Any]) -> str:
    """Serialize to indented JSON."""
    return json.dumps(document, indent=2, ensure_ascii=False, default=str)


def _parameter(name: str, declared: Sequence[Parameter], problem: str) -> Parameter:
    folded = _folded(name)
    for parameter in declared:
        if folded in (_folded(parameter.name), _folded(parameter.label)):
            return parameter
    names = ", ".join(parameter.name for parameter in declared)
    raise InvalidParameter(problem, f"Use one of {names}.")


@contextmanager
def _at_option() -> Iterator[None]:
    """Have errors of the block name the option --set."""
    try:
        yield
    except InvalidParameter as error:
        raise error.at(parameter="--set") from None


def _folded(name: str) -> str:
    return name.strip().casefold().replace(" ", "_").replace("-", "_")


def _names(title: str, module: str, library: Library) -> set[str]:
    module_class = library.get(module)
    return {title.lower(), module, module_class.spec().title.lower() if module_class else module}
