"""A component as a component file of Azure Machine Learning, with its code in a folder beside it.

What the format has no word for, such as tables and the function that is called, stands in the tag `designer`, so that
`designer component add` reads back the same component. `registry/exported.py` is the other side.
"""

from __future__ import annotations

import importlib.metadata
import json
import platform
import re
import shlex
import shutil
from collections.abc import Iterator, Mapping
from dataclasses import asdict
from pathlib import Path
from typing import Any, TypeAlias

import designer.step
from designer.contract.component import Argument, ComponentParameter, ComponentPort, ComponentSpec
from designer.contract.ports import PortType
from designer.store.artifacts.trees import unpack

Member: TypeAlias = ComponentPort | ComponentParameter

SCHEMA = "https://azuremlschemas.azureedge.net/latest/commandComponent.schema.json"
IMAGE = "mcr.microsoft.com/azureml/openmpi4.1.0-ubuntu20.04"
LOCK = "{}.lock"
_OWN_PACKAGES = ("pandas", "scikit-learn", "pyarrow")
_TYPES = {PortType.FOLDER: "uri_folder", PortType.FILE: "uri_file", PortType.TABLE: "uri_file"}


def export_component(spec: ComponentSpec, code: Path | None, folder: Path) -> Path:
    """Write `NAME.yml`, the code to `NAME/`, and the lock of its environment; returns the file.

    `code` is the packed folder of its code.
    """
    folder.mkdir(parents=True, exist_ok=True)
    written = folder / f"{spec.name}.yml"
    if code is not None:
        unpack(code, folder / spec.name)
    if spec.command.kind == "function":
        _add_step(folder / spec.name)
    if spec.environment is not None and spec.environment.lock:
        (folder / LOCK.format(spec.name)).write_text(spec.environment.lock, encoding="utf-8")
    kept = set(_files_below(folder / spec.name))
    written.write_text("\n".join(_lines(_document(spec, kept))) + "\n", encoding="utf-8")
    return written


def command_line(spec: ComponentSpec) -> str:
    """The line for bash that starts the program, in the folder of its code."""
    command = spec.command
    if command.kind == "shell":
        return command.program
    if command.kind == "python":
        members: list[Member] = [*spec.inputs, *spec.parameters]
        optional = {each.name for each in members if each.optional}
        words = [_word(argument, optional) for argument in command.arguments]
        return " ".join(["python", shlex.quote(command.program), *words])
    types: dict[str, str] = {port.name: str(port.type) for port in (*spec.inputs, *spec.outputs)}
    types |= {each.name: each.type for each in spec.parameters}
    words = [f"inputs {port.name} ${{{{inputs.{port.name}}}}}" for port in spec.inputs if not port.optional]
    words += [f"outputs {port.name} ${{{{outputs.{port.name}}}}}" for port in spec.outputs]
    words += [f"parameters {each.name} ${{{{inputs.{each.name}}}}}" for each in spec.parameters if not each.optional]
    words += [f"$[[inputs {port.name} ${{{{inputs.{port.name}}}}}]]" for port in spec.inputs if port.optional]
    words += [f"$[[parameters {each.name} ${{{{inputs.{each.name}}}}}]]" for each in spec.parameters if each.optional]
    start = ["python -m designer.step.start", shlex.quote(command.program), str(command.arguments[0])]
    return " ".join([*start, shlex.quote(json.dumps(types)), *words])


def _word(argument: Argument, optional: set[str]) -> str:
    if isinstance(argument, str):
        return shlex.quote(argument)
    ((kind, name),) = argument.items()
    placeholder = f"${{{{{'outputs' if kind == 'output' else 'inputs'}.{name}}}}}"
    return f"$[[{placeholder}]]" if kind != "output" and name in optional else placeholder


def _add_step(folder: Path) -> None:
    """What a function needs to be called, and to read its step."""
    package = Path(designer.step.__file__).parent
    target = folder / "designer" / "step"
    target.mkdir(parents=True, exist_ok=True)
    (folder / "designer" / "__init__.py").touch()
    shutil.copy(package / "without_sdk.py", folder / "designer" / "sdk.py")
    for file in (*package.glob("*.py"), *package.glob("*.R")):
        shutil.copy(file, target / file.name)


def _files_below(folder: Path) -> Iterator[str]:
    return (file.relative_to(folder).as_posix() for file in folder.rglob("*") if file.is_file())


def _document(spec: ComponentSpec, files: set[str]) -> dict[str, Any]:
    line, requirements = command_line(spec), _requirements(spec)
    document: dict[str, Any] = {"$schema": SCHEMA, "type": "command", "name": spec.name, "version": spec.version}
    document |= {"display_name": spec.title, "description": spec.description, "is_deterministic": spec.reuse}
    document["tags"] = {"designer": json.dumps(_noted(spec, line, requirements, files), sort_keys=True)}
    document["inputs"] = {
        **{port.name: _port(port) for port in spec.inputs},
        **{each.name: _parameter(each) for each in spec.parameters},
    }
    document["outputs"] = {port.name: _port(port) for port in spec.outputs}
    document |= {"code": f"./{spec.name}"} if files else {}
    document["environment"] = _environment(spec, requirements)
    document["command"] = line
    return document


def _port(port: ComponentPort) -> dict[str, Any]:
    described = {"type": _TYPES[port.type], "description": port.description, "optional": port.optional or None}
    return {name: value for name, value in described.items() if value not in (None, "")}


def _parameter(each: ComponentParameter) -> dict[str, Any]:
    is_choice = each.type == "choice"
    described: dict[str, Any] = {"type": "string" if is_choice else each.type}
    described |= {"default": each.default} if each.default is not None else {}
    described |= {"enum": [str(choice) for choice in each.choices]} if is_choice else {}
    described |= {"min": each.minimum} if each.minimum is not None else {}
    described |= {"max": each.maximum} if each.maximum is not None else {}
    described |= {"optional": True} if each.optional else {}
    return described | ({"description": each.description} if each.description else {})


def _requirements(spec: ComponentSpec) -> list[str]:
    if spec.environment is not None:
        return list(spec.environment.requirements)
    return [f"{name}=={importlib.metadata.version(name)}" for name in _OWN_PACKAGES]


def _environment(spec: ComponentSpec, requirements: list[str]) -> dict[str, Any]:
    own = spec.environment
    python = (own.python if own else "") or ".".join(platform.python_version_tuple()[:2])
    dependencies: list[Any] = [f"python={python}", "pip", {"pip": requirements}]
    conda: dict[str, Any] = {"name": spec.name, "channels": ["conda-forge"], "dependencies": dependencies}
    if own is not None and own.variables:
        conda["variables"] = dict(own.variables)
    return {"image": IMAGE, "conda_file": conda}


def _noted(spec: ComponentSpec, line: str, requirements: list[str], files: set[str]) -> dict[str, Any]:
    """What the format has no word for; `line` and `requirements` tell whether what they stand for was edited since."""
    own = spec.environment
    plain = {
        "inputs": [_differences(port, ComponentPort(port.name)) for port in spec.inputs],
        "outputs": [_differences(port, ComponentPort(port.name)) for port in spec.outputs],
        "parameters": [_differences(each, ComponentParameter(each.name)) for each in spec.parameters],
    }
    return {
        **{kind: {each.pop("name"): each for each in members} for kind, members in plain.items()},
        "line": line,
        "command": asdict(spec.command),
        "requirements": requirements,
        "environment": None if own is None else {"python": own.python},
        "files": {path: digest for path, digest in spec.files.items() if path not in files},
        "category": spec.category,
        "author": spec.author,
    }


def _differences(
    member: ComponentPort | ComponentParameter, plain: ComponentPort | ComponentParameter
) -> dict[str, Any]:
    before = asdict(plain)
    is_port = isinstance(member, ComponentPort)
    names = ("title", "format", "type") if is_port else ("title", "choices", "default", "minimum", "maximum")
    changed = {name: value for name, value in asdict(member).items() if name in names and value != before[name]}
    return {"name": member.name, **changed}


def _lines(value: Mapping[str, Any], indent: str = "") -> Iterator[str]:
    """A document as lines of YAML; texts are quoted, so that none is read as something else."""
    for name, each in value.items():
        yield from _entry(f"{indent}{_key(name)}:", each, indent)


def _entry(head: str, value: Any, indent: str) -> Iterator[str]:
    if isinstance(value, Mapping) and value:
        yield head
        yield from _lines(value, f"{indent}  ")
    elif isinstance(value, list) and value:
        yield head
        for item in value:
            if isinstance(item, Mapping):
                yield f"{indent}  -"
                yield from _lines(item, f"{indent}    ")
            else:
                yield f"{indent}  - {_scalar(item)}"
    else:
        yield f"{head} {_scalar(value)}"


def _key(name: str) -> str:
    return name if re.fullmatch(r"[$A-Za-z_][\w.-]*", name, re.ASCII) else _scalar(name)


def _scalar(value: Any) -> str:
    if isinstance(value, Mapping | list):
        return "{}" if isinstance(value, Mapping) else "[]"
    text = json.dumps(value, ensure_ascii=False)
    return "".join(each if each.isprintable() else f"\\U{ord(each):08x}" for each in text)
