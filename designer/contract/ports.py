"""Input and output ports, read from the signature of `run`."""

from __future__ import annotations

import inspect
import types
import typing
from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum
from typing import Annotated, Any, Union, get_args, get_origin

import pandas as pd

from designer.contract import values


class PortType(StrEnum):
    """The type of the values that flow through a port."""

    TABLE = "data"
    UNTRAINED = "untrained model"
    TRAINED = "trained model"
    TRANSFORMATION = "transformation"
    EVALUATION = "evaluation"
    ARCHIVE = "archive"
    FOLDER = "folder"
    FILE = "file"
    ANY = "any"

    def accepts(self, other: PortType) -> bool:
        """Whether an edge from an output of type `other` may end at this port.

        A table may end at a port for a folder or a file, which then gets it as a Parquet file, and a file at a port
        for a folder, which then gets a folder with that file.
        """
        if self in _CONVERTED and other in _CONVERTED[self]:
            return True
        return self is PortType.ANY or other is PortType.ANY or self is other


_CONVERTED = {PortType.FOLDER: (PortType.TABLE, PortType.FILE), PortType.FILE: (PortType.TABLE,)}
"""The types of values that are converted for a port of another type."""


@dataclass(frozen=True)
class Port:
    """One port: its name in code and documents, its title on screen, its type, whether it is optional."""

    name: str
    title: str
    type: PortType
    optional: bool = False

    def to_json(self) -> dict[str, Any]:
        """The port as a JSON document."""
        return {"name": self.name, "title": self.title, "type": str(self.type), "optional": self.optional}


_TYPES: dict[Any, PortType] = {
    pd.DataFrame: PortType.TABLE,
    values.UntrainedModel: PortType.UNTRAINED,
    values.TrainedModel: PortType.TRAINED,
    values.Transformation: PortType.TRANSFORMATION,
    values.Evaluation: PortType.EVALUATION,
    values.Archive: PortType.ARCHIVE,
    values.Folder: PortType.FOLDER,
    values.File: PortType.FILE,
    Any: PortType.ANY,
}

_DEFAULT_NAMES = {
    PortType.TABLE: "dataset",
    PortType.UNTRAINED: "untrained_model",
    PortType.TRAINED: "trained_model",
    PortType.TRANSFORMATION: "transformation",
    PortType.EVALUATION: "evaluation_results",
    PortType.ARCHIVE: "archive",
    PortType.FOLDER: "folder",
    PortType.FILE: "file",
    PortType.ANY: "output",
}


def input_ports(run: Callable[..., Any]) -> tuple[Port, ...]:
    """One port for each argument of `run`; `= None` makes it optional, `Annotated[Table, "Title"]` names it."""
    hints = typing.get_type_hints(run, include_extras=True)
    arguments = [p for p in inspect.signature(run).parameters.values() if p.name != "self"]
    return tuple(_port(p.name, hints[p.name], optional=p.default is None) for p in arguments)


def output_ports(run: Callable[..., Any]) -> tuple[Port, ...]:
    """The ports of the return annotation: one, none, or the fields of a NamedTuple."""
    hint = typing.get_type_hints(run, include_extras=True).get("return")
    if hint is None or hint is type(None):
        return ()
    if isinstance(hint, type) and issubclass(hint, tuple) and hasattr(hint, "_fields"):
        fields = typing.get_type_hints(hint, include_extras=True)
        return tuple(_port(name, fields[name], optional=False) for name in fields)
    kind = port_type(hint)
    title = _title_in(hint)
    name = title.lower().replace(" ", "_") if title else _DEFAULT_NAMES[kind]
    return (Port(name, title or _titled(name), kind),)


def port_type(hint: Any) -> PortType:
    """The port type of an annotation. Raises TypeError for other annotations."""
    if get_origin(hint) is Annotated:
        hint = get_args(hint)[0]
    if get_origin(hint) in (Union, types.UnionType):
        hint = next(arg for arg in get_args(hint) if arg is not type(None))
    if get_origin(hint) is Annotated:
        hint = get_args(hint)[0]
    if hint not in _TYPES:
        raise TypeError(f"{hint!r} cannot be the output of a module; use a class of designer.contract.values")
    return _TYPES[hint]


def _port(name: str, hint: Any, *, optional: bool) -> Port:
    return Port(name, _title_in(hint) or _titled(name), port_type(hint), optional)


def _title_in(hint: Any) -> str | None:
    for part in (hint, *get_args(hint)):
        if get_origin(part) is Annotated:
            return next((extra for extra in get_args(part)[1:] if isinstance(extra, str)), None)
    return None


def _titled(name: str) -> str:
    return name.replace("_", " ").capitalize()
