"""The packages that a program asks for: in a list, a requirements file or a conda file."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from designer.contract.component import Environment
from designer.contract.errors import DesignerError, FileMissing
from designer.contract.wording.articles import with_article
from designer.registry.yaml_file import Entry, entry_of, read_yaml

_ON_PYPI = {
    "pytorch": "torch", "pytorch-cpu": "torch", "opencv": "opencv-python-headless",
    "py-opencv": "opencv-python-headless",
    "pillow": "pillow", "tensorflow-gpu": "tensorflow", "matplotlib-base": "matplotlib", "msgpack-python": "msgpack",
    "pyyaml": "pyyaml", "scikit-learn": "scikit-learn", "py-xgboost": "xgboost", "pytables": "tables",
}  # fmt: skip
"""Conda packages whose name on PyPI differs, or is worth stating."""

_CURATED = {
    "sklearn-1.5": ("scikit-learn==1.5.*", "pandas", "numpy", "scipy", "joblib", "matplotlib"),
    "sklearn-1.1": ("scikit-learn==1.1.*", "pandas", "numpy", "scipy", "joblib", "matplotlib"),
    "sklearn-1.0": ("scikit-learn==1.0.*", "pandas", "numpy", "scipy", "joblib", "matplotlib"),
    "AzureML-sklearn-1.5": ("scikit-learn==1.5.*", "pandas", "numpy", "scipy", "joblib", "matplotlib"),
    "AzureML-sklearn-1.1": ("scikit-learn==1.1.*", "pandas", "numpy", "scipy", "joblib", "matplotlib"),
    "AzureML-sklearn-1.0": ("scikit-learn==1.0.*", "pandas", "numpy", "scipy", "joblib", "matplotlib"),
    "AzureML-sklearn-0.24": ("scikit-learn==0.24.*", "pandas", "numpy", "scipy", "joblib"),
    "lightgbm-3.3": ("lightgbm==3.3.*", "scikit-learn", "pandas", "numpy"),
    "AzureML-lightgbm-3.3": ("lightgbm==3.3.*", "scikit-learn", "pandas", "numpy"),
}
"""What the service's own environments hold, for those that need no GPU."""

_NOT_PYTHON = frozenset(
    {"pip", "setuptools", "wheel", "cudatoolkit", "mkl", "openblas", "libgcc", "nodejs", "ca-certificates"}
)
_CONDA = re.compile(r"(?:[\w.-]+::)?(?P<name>[\w.-]+)\s*(?P<version>[=<>!~].*)?")


class UnreadableEnvironment(DesignerError):
    """A description of an environment that cannot be read."""


def environment_of(value: Any, folder: Path) -> Environment | None:
    """The environment that a value describes, not locked yet; None for None.

    A value is an `Environment`, a sequence of requirements, a path relative to `folder` of a requirements file or a
    conda file, or a mapping with `conda_file`, as files of components have. Raises FileMissing or
    UnreadableEnvironment.
    """
    match value:
        case None | Environment():
            return value
        case str() | Path():
            return _from_file(folder / value)
        case Mapping():
            return described_environment(entry_of(value, "environment"), folder)
        case Sequence():
            return Environment(tuple(str(each) for each in value))
    problem = f"{with_article(type(value).__name__)} is no environment"
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


def described_environment(entry: Entry, folder: Path) -> Environment:
    """The environment of a component file: a curated one by name, or with its conda file or requirements.

    Paths are relative to `folder`. Raises InvalidYaml for one that has an image only.
    """
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


def _from_file(file: Path) -> Environment:
    if not file.is_file():
        raise FileMissing(f"there is no file '{file.name}'", "Name a requirements or conda file.", file=str(file))
    if file.suffix in (".yml", ".yaml"):
        document = read_yaml(file)
        is_conda = "dependencies" in document or not {"conda_file", "image"} & set(document.value)
        return conda_environment(document) if is_conda else described_environment(document, file.parent)
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
