"""The key of a result: its module's code, parameters, inputs and environment. Equal keys mean equal results."""

from __future__ import annotations

import inspect
import json
import platform
import sys
from collections.abc import Iterator, Mapping
from functools import cache
from pathlib import Path
from types import ModuleType
from typing import Any

from blake3 import blake3

from designer.contract.catalogue.library import Library
from designer.contract.component import ComponentModule
from designer.contract.module import Module
from designer.contract.packages import brings_modules, package_of, version_of

Parts = dict[str, Any]
"""What a key is computed from, as a document. Stored, so that a later plan can say what changed."""

COMPONENT = "(component)"
"""The module id in the keys of components; no module has this id."""

_CANONICAL = json.JSONEncoder(sort_keys=True, separators=(",", ":"))
"""Created once. Unlike orjson, keeps infinities."""

_PACKAGES = ("numpy", "pandas", "pyarrow", "scikit-learn", "scipy")


def key_parts(module: Module, library: Library, inputs: Mapping[str, str]) -> Parts:
    """The key parts of a module; `inputs` maps each port to the identity of its value (`Stored.identity`)."""
    values = module.parameters()
    others = {id: code_version(library[id], library) for id in module.builds_on()}
    return {
        **_program(module, library),
        **({"builds on": others} if others else {}),
        "environment": _environment_of(module),
        "parameters": {parameter.name: values[parameter.name] for parameter in module.shown()},
        "inputs": dict(inputs),
        "outside": module.fingerprint(),
    }


def _environment_of(module: Module) -> dict[str, str]:
    """What the results depend on besides the code: our libraries and those of the module's package, unless the program
    has an environment of its own."""
    own = isinstance(module, ComponentModule) and module.component.environment is not None
    if own:
        return {"system": f"{sys.platform} {platform.machine()}"}
    package = package_of(type(module).__module__)
    return {**dict(environment()), **(package.versions() if package else {})}


def _program(module: Module, library: Library) -> Parts:
    """What runs: the module and the version of its code; of a component, whatever its name, the program."""
    if isinstance(module, ComponentModule):
        component = module.component
        return {"module": COMPONENT, "code": component.digest, "files": dict(component.files)}
    return {"module": module.spec().id, "code": code_version(type(module), library)}


def key_of(parts: Parts) -> str:
    """The key of these parts: BLAKE3 of canonical JSON."""
    return blake3(_CANONICAL.encode(parts).encode()).hexdigest()


def code_version(module: type[Module], library: Library) -> str:
    """The declared version of a module and a digest of its sources; changes with its code."""
    declared = module.spec().version
    return f"{declared}:{library.code.get(module.spec().id) or _source_digest(module)}"


@cache
def environment() -> tuple[tuple[str, str], ...]:
    """The versions of Python and of the libraries that affect results."""
    return (("python", platform.python_version()), *((name, version_of(name)) for name in _PACKAGES))


def source_files(module: type[Module]) -> list[Path]:
    """Our source files that a module depends on: its own and, recursively, those that it imports names from."""
    files: set[Path] = set()
    for cls in module.__mro__:
        _gather(sys.modules.get(cls.__module__), files)
    return sorted(files)


@cache
def _source_digest(module: type[Module]) -> str:
    hasher = blake3()
    for file in source_files(module):
        hasher.update(file.read_bytes())
    return hasher.hexdigest()[:32]


def _gather(source: ModuleType | None, files: set[Path]) -> None:
    """Collect the file of a source and, recursively, those of our sources that it imports names from."""
    if source is None or not brings_modules(source.__name__) or not source.__file__:
        return
    file = Path(source.__file__)
    if file in files:
        return
    files.add(file)
    for name in _imported(source):
        _gather(sys.modules.get(name), files)


def _imported(source: ModuleType) -> Iterator[str]:
    for value in vars(source).values():
        if isinstance(value, ModuleType):
            yield value.__name__
        elif inspect.isfunction(value) or inspect.isclass(value):
            yield value.__module__
