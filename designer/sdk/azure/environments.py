"""Environments under the names of the original: the packages that a step runs with."""

from __future__ import annotations

import re
from collections.abc import Sequence
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Any

from designer.contract.component import Environment as Plain
from designer.contract.errors import InvalidParameter
from designer.contract.wording.closeness import closest
from designer.registry.conda import conda_environment, described_environment, environment_of
from designer.registry.yaml_file import entry_of
from designer.sdk.azure.faces import note, noted

_SERVICE = re.compile(r"(azureml|azure-ml|fusepy|inference-schema)", re.IGNORECASE)
"""Packages of the service: scripts find `azureml.core.Run` without them."""


class _Settings:
    """Attributes that may be set, and no others."""

    def __setattr__(self, name: str, value: Any) -> None:
        if not hasattr(type(self), name):
            known = [each for each in dir(type(self)) if not each.startswith("_")]
            problem = f"{type(self).__name__} has no setting '{name}'"
            raise InvalidParameter(problem, closest(name, known, "Settings are"), parameter=name)
        super().__setattr__(name, value)


class CondaDependencies:
    """The packages of an environment: those of conda under their names on PyPI, and those of pip."""

    def __init__(self, conda_dependencies_file_path: str | None = None) -> None:
        file = conda_dependencies_file_path
        self._read = environment_of(file, Path.cwd()) if file else Plain()
        self._conda: list[str] = []
        self._pip: list[str] = []
        self._python = ""

    @classmethod
    def create(
        cls,
        pip_indexurl: str | None = None,
        pip_packages: Sequence[str] | None = None,
        conda_packages: Sequence[str] | None = None,
        python_version: str | None = None,
        pin_sdk_version: bool = True,
    ) -> CondaDependencies:
        """The packages; indexes are those of pip on this computer."""
        noted("CondaDependencies", {"pip_indexurl": pip_indexurl}, "packages come from the indexes that pip has.")
        made = cls()
        made._conda, made._pip = list(conda_packages or ()), list(pip_packages or ())
        made._python = python_version or ""
        return made

    def add_conda_package(self, conda_package: str) -> None:
        """Add a package of conda."""
        self._conda.append(conda_package)

    def add_pip_package(self, pip_package: str) -> None:
        """Add a package of pip."""
        self._pip.append(pip_package)

    def add_channel(self, channel: str) -> None:
        """Note that channels are not used."""
        note("channels of conda are not used: packages come from the indexes that pip has.")

    def set_python_version(self, version: str) -> None:
        """Choose the version of Python."""
        self._python = version

    @property
    def plain(self) -> Plain | None:
        """The environment; None where Designer's own has all packages, which then serves and starts at once."""
        python = [f"python={self._python}"] if self._python else []
        document = {"dependencies": [*self._conda, *python, {"pip": self._pip}]}
        made = conda_environment(entry_of(document, "CondaDependencies"))
        read = self._read or Plain()
        every = (*read.requirements, *made.requirements)
        packages = tuple(each for each in dict.fromkeys(every) if not _SERVICE.match(each))
        chosen = Plain(packages, python=made.python or read.python, variables=read.variables)
        return chosen if chosen.python or chosen.variables or not all(map(_is_here, packages)) else None


class _Docker(_Settings):
    enabled: Any = None
    use_docker: Any = None
    base_image: Any = None
    base_dockerfile: Any = None
    base_image_registry: Any = None
    gpu_support: Any = None
    shm_size: Any = None
    arguments: Any = None


class _Python(_Settings):
    user_managed_dependencies: bool = False
    interpreter_path: Any = None
    conda_dependencies: Any = None


class Environment(_Settings):
    """The packages that a step runs with; images are not used."""

    name: Any = ""
    docker: Any = None
    python: Any = None
    environment_variables: Any = None

    def __init__(self, name: str = "") -> None:
        self.name, self.docker, self.python, self.environment_variables = name, _Docker(), _Python(), {}

    @classmethod
    def from_conda_specification(cls, name: str, file_path: str) -> Environment:
        """The packages of a conda file."""
        return cls._of(name, CondaDependencies(file_path))

    @classmethod
    def from_pip_requirements(cls, name: str, file_path: str) -> Environment:
        """The packages of a requirements file."""
        return cls._of(name, CondaDependencies(file_path))

    @classmethod
    def get(cls, workspace: Any, name: str, version: str | None = None) -> Environment:
        """The packages of one of the service's own environments, by name. Raises InvalidYaml for an unknown one."""
        packages = CondaDependencies()
        packages._read = described_environment(entry_of(name, "name"), Path.cwd())
        return cls._of(name, packages)

    def register(self, workspace: Any) -> Environment:
        """Note that an environment goes with its steps."""
        note(f"Environment.register does nothing here: {_GIVEN}")
        return self

    @property
    def plain(self) -> Plain | None:
        """The environment of `designer.sdk`; None for Designer's own."""
        noted("Environment.docker", dict(vars(self.docker)), "steps are processes.")
        if self.python.user_managed_dependencies or self.python.conda_dependencies is None:
            packages = None
        else:
            packages = self.python.conda_dependencies.plain
        if not self.environment_variables:
            return packages
        raise InvalidParameter(
            "environment_variables cannot be kept here", "Set them in the script, or in a conda file (variables:).",
            parameter="environment_variables",
        )  # fmt: skip

    @classmethod
    def _of(cls, name: str, packages: CondaDependencies) -> Environment:
        made = cls(name)
        made.python.conda_dependencies = packages
        return made


_GIVEN = "give it to the steps, with which it is locked."


class RunConfiguration(_Settings):
    """How a step runs: its packages. The target does nothing."""

    target: Any = None
    environment: Any = None
    framework: Any = None
    communicator: Any = None
    node_count: Any = None
    script: Any = None
    arguments: Any = None
    docker: Any = None

    def __init__(
        self, script: Any = None, arguments: Any = None, framework: Any = None, communicator: Any = None,
        conda_dependencies: CondaDependencies | None = None,
    ) -> None:  # fmt: skip
        self.environment = Environment()
        self.environment.python.conda_dependencies = conda_dependencies
        self.script, self.arguments, self.framework, self.communicator = script, arguments, framework, communicator

    @property
    def plain(self) -> Plain | None:
        """The environment of `designer.sdk`; None for Designer's own."""
        cloud = {"target": self.target, "communicator": self.communicator, "framework": self.framework,
                 "node_count": self.node_count, "docker": self.docker}  # fmt: skip
        noted("RunConfiguration", cloud, "a step is a process on the computer of the workspace.")
        return self.environment.plain if self.environment is not None else None


def _is_here(requirement: str) -> bool:
    """Whether Designer's own environment has a package, of which any version will do."""
    if not re.fullmatch(r"[A-Za-z0-9][\w.-]*", requirement):
        return False
    try:
        version(requirement)
    except PackageNotFoundError:
        return False
    return True
