"""Functions as components: ports and settings from annotations, read where the function is registered."""

from __future__ import annotations

import inspect
import types
import typing
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from enum import Enum
from typing import Any, Literal, TypeGuard, get_args, get_origin

import pandas as pd

from designer.contract import values
from designer.contract.component import (
    Command,
    ComponentParameter,
    ComponentPort,
    ComponentSpec,
    ParameterType,
    TableFormat,
)
from designer.contract.errors import DesignerError
from designer.contract.ports import PortType
from designer.contract.wording.closeness import closest
from designer.registry.component_file import PARAMETER_TYPES, PORT_TYPES
from designer.registry.conda import environment_of
from designer.registry.function_code import code_of
from designer.registry.scripts import Interface, Source, component_name
from designer.step import declare
from designer.step.call import RETURNED

_PORTS: Mapping[Any, PortType] = {
    values.Folder: PortType.FOLDER, declare.Folder: PortType.FOLDER, declare.Model: PortType.FOLDER,
    values.File: PortType.FILE, declare.File: PortType.FILE, pd.DataFrame: PortType.TABLE,
    declare.Table: PortType.TABLE,
}  # fmt: skip
_VALUES: Mapping[Any, ParameterType] = {bool: "boolean", int: "integer", float: "number", str: "string"}
_EMPTY = inspect.Parameter.empty


class NotDeclared(DesignerError):
    """A function that cannot be a component as it is declared."""


def is_declared(value: object) -> TypeGuard[Callable[..., Any]]:
    """Whether a value is a function that was declared as a component."""
    return inspect.isfunction(value) and hasattr(value, declare.DECLARED)


def function_source(
    function: Callable[..., Any], *, version: str = "", title: str = "", description: str = ""
) -> Source:
    """The component of a function that `component` or `command_component` declared; texts given here win.

    Its code is the folder of its file; of a function in a notebook or in another function, its text alone. Raises
    NotDeclared for arguments that are no ports or settings, and the errors of `snapshot`.
    """
    options = getattr(function, declare.DECLARED, None)
    if options is None:
        problem = f"'{getattr(function, '__name__', function)}' is not declared as a component"
        raise NotDeclared(problem, "Write @component before it.")
    code = code_of(function, options["source"])
    interface = interface_of(function)
    text = inspect.getdoc(function) or ""
    spec = ComponentSpec(
        name=component_name(options["name"] or function.__name__),
        version=version or str(options["version"]),
        command=Command("function", code.file, (function.__name__,)),
        files=code.files.digests(),
        inputs=interface.inputs,
        outputs=interface.outputs,
        parameters=interface.parameters,
        title=title or options["title"] or function.__name__.replace("_", " ").capitalize(),
        description=description or options["description"] or text,
        environment=environment_of(options["environment"], code.place),
        reuse=options["reuse"],
    )
    return Source(replace(spec, category=options["category"] or spec.category), code.files)


def interface_of(function: Callable[..., Any]) -> Interface:
    """The ports and settings of a function, in the order of its arguments. Raises NotDeclared."""
    try:
        hints = inspect.get_annotations(inspect.unwrap(function), eval_str=True)
    except Exception as error:
        problem = f"the annotations of '{function.__name__}' cannot be read: {error}"
        raise NotDeclared(problem, "Import their names at the top of the file.") from None
    reading = _Reading(function.__name__)
    for argument in inspect.signature(function).parameters.values():
        reading.add(argument, hints.get(argument.name, _EMPTY))
    reading.add_returned(hints.get("return"))
    return Interface(tuple(reading.inputs), tuple(reading.outputs), tuple(reading.parameters))


@dataclass
class _Reading:
    """The interface of a function as its arguments are read."""

    function: str
    inputs: list[ComponentPort] = field(default_factory=list)
    outputs: list[ComponentPort] = field(default_factory=list)
    parameters: list[ComponentParameter] = field(default_factory=list)

    def add(self, argument: inspect.Parameter, hint: Any) -> None:
        """Read an argument."""
        name = argument.name
        if argument.kind not in (argument.POSITIONAL_OR_KEYWORD, argument.KEYWORD_ONLY):
            raise self.wrong(name, "stands for any number of arguments", "Declare each by name.")
        declared, plain, is_optional = _parts(hint)
        default = argument.default if argument.default is not _EMPTY else declared.default
        is_optional = is_optional or declared.optional or argument.default is None
        default = default.value if isinstance(default, Enum) else default
        if declared.is_output:
            self.outputs.append(self._port(name, plain, declared, is_optional=False))
        elif self._port_type(plain) is not None:
            if default is not None:
                raise self.wrong(name, "is an input with a default", "Write '= None' if it may be left open.")
            self.inputs.append(self._port(name, plain, declared, is_optional))
        else:
            self.parameters.append(self._parameter(name, plain, declared, default, is_optional))

    def add_returned(self, hint: Any) -> None:
        """Read what the function returns: nothing, a table, or a NamedTuple of tables."""
        if hint in (None, _EMPTY, type(None)):
            return
        fields = hasattr(hint, "_fields") and typing.get_type_hints(hint, include_extras=True)
        for name, each in (fields or {RETURNED: hint}).items():
            declared, plain, _ = _parts(each)
            if self._port_type(plain) is not PortType.TABLE:
                problem = f"what '{self.function}' returns ('{name}') is no table"
                raise NotDeclared(problem, "Return a Table, or take an Output[Folder] or Output[File] and write there.")
            self.outputs.append(self._port(name, plain, declared, is_optional=False))

    def wrong(self, argument: str, problem: str, remedy: str) -> NotDeclared:
        """The error that an argument has a problem."""
        return NotDeclared(f"the argument '{argument}' of '{self.function}' {problem}", remedy)

    def _port_type(self, hint: Any) -> PortType | None:
        if isinstance(hint, str):
            return PORT_TYPES.get(hint)
        return next((type for kind, type in _PORTS.items() if kind is hint), None)

    def _port(self, name: str, hint: Any, declared: declare.Declared, is_optional: bool) -> ComponentPort:
        type = self._port_type(hint if hint is not _EMPTY and hint is not None else declare.Folder)
        if type is None:
            problem = f"is of the type {_shown(hint)}, which is no folder, file or table"
            raise self.wrong(name, problem, "Use Folder, File, Table or Model.")
        format: Any = declared.format or "arrow"
        if format not in get_args(TableFormat):
            raise self.wrong(name, f"has the format '{format}'", "Use arrow, parquet, csv or columns.")
        return ComponentPort(name, type, declared.title, declared.description, is_optional, format)

    def _parameter(
        self, name: str, hint: Any, declared: declare.Declared, default: Any, is_optional: bool
    ) -> ComponentParameter:
        type, choices = self._value_type(name, hint, declared, default)
        if default is not None and not choices and not _fits(default, type):
            raise self.wrong(name, f"has the default {default!r}", f"Give a value of the type {type}.")
        made = ComponentParameter(
            name, type, default, declared.title, declared.description, declared.minimum, declared.maximum,
            choices, is_optional and default is None,
        )  # fmt: skip
        if made.flaw is not None:
            raise self.wrong(name, *made.flaw)
        return made

    def _value_type(
        self, name: str, hint: Any, declared: declare.Declared, default: Any
    ) -> tuple[ParameterType, tuple[Any, ...]]:
        """The type of a setting, and its choices."""
        if get_origin(hint) is Literal:
            return "choice", get_args(hint)
        if inspect.isclass(hint) and issubclass(hint, Enum):
            return "choice", tuple(member.value for member in hint)
        if declared.choices:
            return "choice", declared.choices
        if isinstance(hint, str) and hint in PARAMETER_TYPES:
            return PARAMETER_TYPES[hint], ()
        if hint in (_EMPTY, None) and type(default) in _VALUES:
            return _VALUES[type(default)], ()
        if not isinstance(hint, str) and hint in _VALUES:
            return _VALUES[hint], ()
        if hint in (_EMPTY, None):
            raise self.wrong(name, "has no annotation", "Write its type, such as 'rate: float' or 'rows: Table'.")
        names = ["Folder", "File", "Table", "Model", "Output[...]", "int", "float", "bool", "str", "Literal[...]"]
        raise self.wrong(name, f"is of the type {_shown(hint)}", closest(_shown(hint), names, "Types are"))


def _parts(hint: Any) -> tuple[declare.Declared, Any, bool]:
    """What an annotation declares, its type without that, and whether None is allowed."""
    declared, is_optional = declare.Declared(), False
    while True:
        if isinstance(hint, declare.Declared):
            declared, hint = hint, hint.type
        elif inspect.isclass(hint) and issubclass(hint, declare.Declared):
            declared, hint = hint(), None
        elif get_origin(hint) is typing.Annotated:
            hint, *extras = get_args(hint)
            declared = next((each for each in extras if isinstance(each, declare.Declared)), declared)
        elif get_origin(hint) in (typing.Union, types.UnionType) and len(get_args(hint)) == 2:
            hint = next(part for part in get_args(hint) if part is not type(None))
            is_optional = True
        else:
            return declared, hint, is_optional


def _fits(value: Any, type: ParameterType) -> bool:
    if isinstance(value, bool):
        return type == "boolean"
    return isinstance(value, {"integer": int, "number": int | float, "boolean": bool}.get(type, str))


def _shown(hint: Any) -> str:
    return repr(hint) if isinstance(hint, str) else str(getattr(hint, "__name__", hint))
