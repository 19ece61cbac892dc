"""The packages that a program asks for: in a list, a requirements file or a conda file."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from designer.contract.component import Environment
from designer.contract.errors import DesignerError, FileMissing
from designer.registry.yaml_file import Entry, read_yaml

_ON_PYPI = {
    "pytorch": "torch", "pytorch-cpu": "torch", "opencv": "opencv-python-headless",
    "py-opencv": "opencv-python-headless",
    "pillow": "pillow", "tensorflow-gpu": "tensorflow", "matplotlib-base": "matplotlib", "msgpack-python": "msgpack",
    "pyyaml": "pyyaml", "scikit-learn": "scikit-learn", "py-xgboost": "xgboost", "pytables": "tables",
}  # fmt: skip
"""Conda packages whose name on PyPI differs, or is worth stating."""

_NOT_PYTHON = frozenset(
    {"pip", "setuptools", "wheel", "cudatoolkit", "mkl", "openblas", "libgcc", "nodejs", "ca-certificates"}
)
_CONDA = re.compile(r"(?:[\w.-]+::)?(?P<name>[\w.-]+)\s*(?P<version>[=<>!~].*)?")


class UnreadableEnvironment(DesignerError):
    """A description of an environment that cannot be read."""


def environment_of(value: Any, folder: Path) -> Environment | None:
    """The environment that a value describes, not locked yet; None for None.

    A value is an `Environment`, a sequence of requirements, or a path relative to `folder` of a requirements file or a
    conda file. Raises FileMissing or UnreadableEnvironment.
    """
    match value:
        case None | Environment():
            return value
        case str() | Path():
            return _from_file(folder / value)
        case Sequence():
            return Environment(tuple(str(each) for each in value))
    problem = f"a {type(value).__name__} is no environment"
    raise UnreadableEnvironment(problem, "Give a list of requirements, or a requirements or conda file.")


def conda_environment(entry: Entry) -> Environment:
    """The environment of a conda document: its pip list, and the conda packages under their names on PyPI.

    Packages that are no Python are left out; channels are not used.
    """
    requirements: list[str] = []
    python = ""
    for item in entry.get("dependencies").items() if "dependencies" in entry else ():
        if isinstance(item.value, Mapping):
            requirements += [each.text for each in item.get("pip").items()] if "pip" in item else []
            continue
        match = _CONDA.fullmatch(item.text.strip())
        if match is None:
            raise item.wrong("is no conda package", "Write name=version.")
        name, version = match["name"], _pip_version(match["version"] or "")
        if name == "python":
            python = ".".join(re.findall(r"\d+", version)[:2])
        elif name not in _NOT_PYTHON:
            requirements.append(f"{_ON_PYPI.get(name, name)}{version}")
    variables = entry.get("variables") if "variables" in entry else None
    held = {name: variables.get(name).text for name in variables.value} if variables is not None else {}
    return Environment(tuple(requirements), python=python, variables=held)


def _from_file(file: Path) -> Environment:
    if not file.is_file():
        raise FileMissing(f"there is no file '{file.name}'", "Name a requirements or conda file.", file=str(file))
    if file.suffix in (".yml", ".yaml"):
        return conda_environment(read_yaml(file))
    lines = (line.split(" #")[0].strip() for line in file.read_text("utf-8").splitlines())
    wanted = [line for line in lines if line and not line.startswith("#")]
    option = next((line for line in wanted if line.startswith("-")), None)
    if option is not None:
        problem = f"the option '{option}' is not read"
        raise UnreadableEnvironment(problem, "List packages only; indexes are those of pip.", file=file.name)
    return Environment(tuple(wanted))


def _pip_version(conda: str) -> str:
    """`=1.2` of conda is any 1.2, `==1.2` and ranges are as pip has them."""
    version = conda.replace(" ", "")
    if version.startswith("=") and not version.startswith("=="):
        exact = version[1:].split("=")[0].rstrip(".*")
        return f"=={exact}.*" if exact else ""
    return version
