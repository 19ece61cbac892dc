"""Declare a function as a component: its arguments are ports and settings, read from their annotations.

    @component(version="1.3", environment="conda.yaml")
    def fit(rows: Table, model: Output[Folder], rate: float = 0.1):
        ...

Where the function is registered, the annotations become its interface. In the program that runs it, the decorator
changes nothing. Needs the standard library only, and Python 3.8 or newer.
"""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

F = TypeVar("F", bound="Callable[..., Any]")
T = TypeVar("T")
DECLARED = "designer_component"
"""The attribute of a function that holds how it was declared."""


class File(str):
    """The path of a file: text, for libraries that take no other, with the members of `pathlib.Path` besides."""

    @property
    def path(self) -> Path:
        """The path as a `pathlib.Path`."""
        return Path(self)

    def __getattr__(self, name: str) -> Any:
        if name.startswith("_"):  # protocols that other libraries probe for
            raise AttributeError(name)
        return getattr(Path(self), name)


class Folder(File):
    """The path of a folder, as `File`; `folder / "name"` is the path of a file in it."""

    def __truediv__(self, name: str | os.PathLike[str]) -> Path:
        return Path(self) / name

    def files(self) -> list[Path]:
        """The files, sub-folders included, sorted by their path."""
        return sorted(path for path in Path(self).rglob("*") if path.is_file())


class Model(Folder):
    """The folder of a model, in whatever format the program has."""


class Table:
    """A table: an input is read as a pandas DataFrame, an output is a file to write as CSV, Parquet or Arrow."""


class Declared:
    """What an annotation says of an argument beyond its type. Fields that are not given are None or empty."""

    is_output = False

    def __init__(
        self,
        type: Any = None,
        *,
        title: str = "",
        description: str = "",
        optional: bool = False,
        format: str = "",
        default: Any = None,
        minimum: float | None = None,
        maximum: float | None = None,
        choices: Any = (),
    ) -> None:
        self.type, self.title, self.description = type, title, description
        self.optional, self.format, self.default = optional, format, default
        self.minimum, self.maximum, self.choices = minimum, maximum, tuple(choices)

    def __class_getitem__(cls, type: Any) -> Any:
        return cls(type)


class Parameter(Declared):
    """What an annotation says of an input or setting: `Annotated[float, Input(minimum=0, maximum=1)]`."""


class Result(Declared):
    """What an annotation says of an output: `Output[Folder]`, or `Output(Table, title="Scored rows")`."""

    is_output = True


if TYPE_CHECKING:
    from typing import Annotated, TypeAlias

    Input = Parameter
    Output: TypeAlias = Annotated[T, "output"]
else:
    Input, Output = Parameter, Result


def component(
    function: Any = None,
    *,
    name: str = "",
    version: str = "",
    title: str = "",
    description: str = "",
    category: str = "",
    environment: Any = None,
    source: str | os.PathLike[str] | None = None,
    reuse: bool = True,
) -> Any:
    """Declare a function as a component; returns the function itself.

    Arguments annotated with `Folder`, `File`, `Table` or `Model` are inputs, with `Output[...]` outputs, the others
    settings; `-> Table` is an output that the function returns. `name` is by default that of the function, `version`
    the next number, `title` and `description` come from its name and docstring. `environment` are packages to run with:
    requirements, or a requirements or conda file beside the file of the function. `source` is the folder that goes with
    it, by default that of its file. With `reuse=False` it runs in every run.
    """
    options = {
        "name": name, "version": version, "title": title, "description": description, "category": category,
        "environment": environment, "source": source, "reuse": reuse,
    }  # fmt: skip

    def declare(function: F) -> F:
        setattr(function, DECLARED, options)
        return function

    return declare if function is None else declare(function)
