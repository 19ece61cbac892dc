"""Call the function of a component in its program: `call.py FILE FUNCTION`, in the folder of its code.

Tables that a function takes are read, tables that it returns are written; of all else it gets the path or the value.
"""

from __future__ import annotations

import importlib.util
import inspect
import os
import sys
import traceback
from collections.abc import Callable, Iterator
from enum import Enum
from typing import Any

from designer import step
from designer.step.declare import Declared, File, Folder

TABLE, FILE = "data", "file"
RETURNED = "output"
"""The output that a function returns, unless it returns several with names of their own."""


def main(path: str, name: str) -> int:
    """Call a function of a file; returns the exit code."""
    try:
        function = loaded(path, name)
        keep(function(**arguments_of(function)))
    except Exception as error:
        trace = error.__traceback__.tb_next if error.__traceback__ else None  # without this frame
        traceback.print_exception(type(error), error, trace)
        return 1
    return 0


def loaded(path: str, name: str) -> Callable[..., Any]:
    """The function, from its file as a module of that name."""
    stem = os.path.splitext(os.path.basename(path))[0]
    sys.path[0] = os.path.dirname(os.path.abspath(path))  # instead of the folder of this file
    spec = importlib.util.spec_from_file_location(stem, path)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules[stem] = module
    spec.loader.exec_module(module)
    function: Callable[..., Any] = getattr(module, name)
    return function


def arguments_of(function: Callable[..., Any]) -> dict[str, Any]:
    """A value for each argument; an input that is not wired and a setting that is not set are None."""
    names = getattr(inspect.unwrap(function), "__globals__", {})
    return {name: _value(each, names) for name, each in inspect.signature(function).parameters.items()}


def keep(returned: Any) -> None:
    """Write what the function returned to the outputs that it did not get as arguments."""
    if returned is None:
        return
    for name, value in returned._asdict().items() if hasattr(returned, "_asdict") else [(RETURNED, returned)]:
        if name not in step.outputs or not hasattr(value, "to_csv"):
            raise TypeError(
                f"it returned a value of type {type(value).__name__} for '{name}', which is no table that it declares"
            )
        write(value, step.outputs[name])


def write(frame: Any, path: str) -> None:
    """Write a table as Arrow, which keeps all types; as CSV where the environment lacks pyarrow."""
    try:
        import pyarrow  # noqa: F401
    except ImportError:
        sys.stderr.write("The table is written as CSV: the environment has no pyarrow, which keeps types.\n")
        frame.to_csv(path, index=False)
    else:
        frame.reset_index(drop=True).to_feather(path)


def _value(argument: inspect.Parameter, names: dict[str, Any]) -> Any:
    name = argument.name
    if name in step.outputs:
        return _place(step.outputs[name], step.types[name])
    if name in step.inputs:
        kind = step.types[name]
        return step.read(name) if kind == TABLE else _place(step.inputs[name], kind)
    value = step.parameters.get(name)
    members = None if value is None else _members(argument, names)
    return value if members is None else members(value)


def _members(argument: inspect.Parameter, names: dict[str, Any]) -> type[Enum] | None:
    """The enumeration that an argument takes a member of, by its default or its annotation; None if it takes none."""
    if isinstance(argument.default, Enum):
        return type(argument.default)
    try:
        hint = _evaluated(argument.annotation, names)
    except Exception:  # this Python may be older than the syntax of an annotation
        return None
    return next((part for part in _parts(hint) if inspect.isclass(part) and issubclass(part, Enum)), None)


def _parts(hint: Any) -> Iterator[Any]:
    """An annotation and the types in it: those of `Optional[Mode]`, `Annotated[Mode, ...]` and `Input(Mode)`."""
    yield hint
    for part in (hint.type,) if isinstance(hint, Declared) else getattr(hint, "__args__", ()):
        yield from _parts(part)


def _evaluated(hint: Any, names: dict[str, Any]) -> Any:
    return eval(hint, names) if isinstance(hint, str) else hint  # noqa: S307 - text of the program that is called here


def _place(path: str, kind: str) -> File:
    return File(path) if kind in (FILE, TABLE) else Folder(path)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1], sys.argv[2]))
