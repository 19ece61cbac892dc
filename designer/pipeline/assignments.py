"""Values of pipeline parameters: read by the declared type, checked against bounds and choices."""

from __future__ import annotations

import json
import math
import re
from collections.abc import Iterable, Mapping
from contextlib import suppress
from enum import Enum
from typing import Any

from pydantic import ValidationError

from designer.contract.errors import DesignerError, InvalidParameter
from designer.contract.files.store_path import split_path
from designer.contract.selection import Columns
from designer.contract.wording.closeness import closest
from designer.contract.wording.counting import counted
from designer.pipeline.graph import ParameterType, PipelineParameter

ALL_BUT = "all but "
LARGEST_INTEGER = 2**63 - 1
_INTEGER = re.compile(r"[+-]?[0-9]+")
_NUMBER = re.compile(r"[+-]?([0-9]+\.?[0-9]*|\.[0-9]+)([eE][+-]?[0-9]+)?")
_SHOWN = 60


class UnknownParameter(InvalidParameter):
    """An assignment or a reference names a parameter that the pipeline does not have."""

    @classmethod
    def named(cls, name: str, available: Iterable[str]) -> UnknownParameter:
        """The error for a name, with the closest one, else the names there are."""
        names = list(available)
        if not names:
            return cls(f"the pipeline has no parameter {_shortened(name)}: it has none", "Promote a setting of a step.")
        remedy = closest(name, names, "Parameters are")
        return cls(f"the pipeline has no parameter {_shortened(name)} ({counted(len(names), 'parameter')})", remedy)


class NoDefault(InvalidParameter):
    """A parameter has neither a value nor a default."""


def read_assignments(parameters: Mapping[str, PipelineParameter], given: Mapping[str, Any]) -> dict[str, Any]:
    """The given values, each read by its type. Raises UnknownParameter or InvalidParameter naming the parameter."""
    for name in given:
        if name not in parameters:
            raise UnknownParameter.named(name, parameters)
    plain = {name: value.value if isinstance(value, Enum) else value for name, value in given.items()}
    return {name: read_value(parameters[name], value) for name, value in plain.items()}


def values_of(parameters: Mapping[str, PipelineParameter], given: Mapping[str, Any]) -> dict[str, Any]:
    """The value of every parameter: the given one, else the default. Raises InvalidParameter naming the parameter."""
    assigned = read_assignments(parameters, given)
    return {name: assigned[name] if name in assigned else default_of(each) for name, each in parameters.items()}


def default_of(parameter: PipelineParameter) -> Any:
    """The default, read by the type. Raises InvalidParameter where there is none, or where it does not fit."""
    if parameter.default is None:
        raise NoDefault("no value is given, and it has no default", _would_do(parameter), parameter=parameter.name)
    try:
        return read_value(parameter, parameter.default)
    except InvalidParameter as error:
        error.found = f"its default does not fit: {error.found}"
        raise


def read_value(parameter: PipelineParameter, given: Any) -> Any:
    """A value of the parameter's type. Text is read by the type alone: `"20"` is 20, `"20.5"` is no integer.

    Raises InvalidParameter naming the parameter, what was given, and what would do.
    """
    if given is None:
        raise InvalidParameter("no value is given", _would_do(parameter), parameter=parameter.name)
    shown = _shortened(given)
    try:
        value = _typed(parameter, given)
        shown = _plain(value) if isinstance(value, float) else _shortened(value)
        _require_bounds(parameter, value)
    except ValueError as error:
        raise InvalidParameter(f"{shown} {error}", _would_do(parameter), parameter=parameter.name) from None
    return value


def text_of(value: Any) -> str:
    """A value as the text that `read_value` reads it from; empty for None."""
    match value:
        case None:
            return ""
        case bool():
            return "true" if value else "false"
        case list() if value and all(isinstance(name, str) and _is_plain(name) for name in value):
            return ", ".join(value)
        case dict() | list():
            return json.dumps(value, ensure_ascii=False)
        case _:
            return str(value)


def _is_plain(name: str) -> bool:
    """Whether a column name is read back from a list with commas."""
    return bool(name) and name == name.strip() and "," not in name and not name.startswith(("[", "{", ALL_BUT))


def written_columns(text: str) -> Any:
    """The column selection written as `a,b`, `all but a,b` or JSON, as a document holds it."""
    if text.lstrip().startswith(("[", "{")):
        with suppress(ValueError):
            return json.loads(text)
    names = [name.strip() for name in text.removeprefix(ALL_BUT).split(",") if name.strip()]
    if not text.startswith(ALL_BUT):
        return names
    return {"start": "all", "rules": [{"action": "exclude", "names": names}]}


def _typed(parameter: PipelineParameter, given: Any) -> Any:
    match parameter.type:
        case "integer":
            return _integer(given)
        case "number":
            return _number(given)
        case "boolean":
            return _boolean(given)
        case "choice":
            return next((choice for choice in parameter.choices if _is_choice(choice, given)), given)
        case "columns":
            return _columns(given)
        case "string" | "text" | "column" | "dataset" | "path" | "datapath":
            if not isinstance(given, str):
                raise ValueError("is not text")
            if parameter.type == "datapath":
                split_path(given)
            return given


def _integer(given: Any) -> int:
    if isinstance(given, str) and _INTEGER.fullmatch(given.strip()):
        given = int(given) if len(given) < 30 else LARGEST_INTEGER + 1
    if not isinstance(given, int) or isinstance(given, bool):
        raise ValueError("is not a whole number")
    if abs(given) > LARGEST_INTEGER:
        raise ValueError("is beyond 64 bits")
    return given


def _number(given: Any) -> int | float:
    if isinstance(given, str) and _NUMBER.fullmatch(given.strip()):
        given = float(given)
    if not isinstance(given, int | float) or isinstance(given, bool):
        raise ValueError("is not a number")
    if (isinstance(given, int) and abs(given) > LARGEST_INTEGER) or not math.isfinite(given):
        raise ValueError("is not a finite number")
    return given


def _boolean(given: Any) -> bool:
    text = given.strip().lower() if isinstance(given, str) else given
    if text in ("true", "false"):
        return bool(text == "true")
    if not isinstance(given, bool):
        raise ValueError("is not true or false")
    return given


def _is_choice(choice: Any, given: Any) -> bool:
    return _is_equal(choice, given) or (isinstance(given, str) and str(choice) == given)


def _columns(given: Any) -> Any:
    value = written_columns(given) if isinstance(given, str) else given
    try:
        Columns.model_validate(value)
    except (ValidationError, DesignerError, TypeError):
        raise ValueError("is not a choice of columns") from None
    return value


def _require_bounds(parameter: PipelineParameter, value: Any) -> None:
    if parameter.type in ("integer", "number"):
        if parameter.minimum is not None and value < parameter.minimum:
            raise ValueError(f"is below {_plain(parameter.minimum)}")
        if parameter.maximum is not None and value > parameter.maximum:
            raise ValueError(f"is above {_plain(parameter.maximum)}")
    if (parameter.choices or parameter.type == "choice") and not any(_is_equal(c, value) for c in parameter.choices):
        raise ValueError("is not one of the choices")


def _is_equal(one: Any, other: Any) -> bool:
    """Equality that tells true from 1."""
    return bool(one == other) and isinstance(one, bool) == isinstance(other, bool)


_KINDS: Mapping[ParameterType, str] = {
    "string": "text",
    "text": "text",
    "integer": "a whole number",
    "number": "a number",
    "boolean": "true or false",
    "choice": "one of the choices",
    "columns": "column names with commas between them, or 'all but' and the names",
    "column": "the name of a column",
    "dataset": "the name of a dataset, or NAME:VERSION",
    "path": "a path",
    "datapath": "the name of a datastore and a path in it, such as workspace/incoming/a.csv",
}


def bounds_text(parameter: PipelineParameter) -> str:
    """The allowed values in words: `at least 1 and at most 9`, `one of: a, b`; empty where any will do."""
    if parameter.choices:
        return f"one of: {', '.join(map(str, parameter.choices[:20]))}"
    low = f"at least {_plain(parameter.minimum)}" if parameter.minimum is not None else ""
    high = f"at most {_plain(parameter.maximum)}" if parameter.maximum is not None else ""
    return " and ".join(filter(None, (low, high))) if parameter.type in ("integer", "number") else ""


def _would_do(parameter: PipelineParameter) -> str:
    bounds = bounds_text(parameter)
    if parameter.choices:
        return f"Choose {bounds}."
    return f"Use {_KINDS[parameter.type]}{' ' + bounds if bounds else ''}."


def _plain(number: float) -> str:
    return str(int(number)) if float(number).is_integer() and abs(number) < 1e15 else f"{number:.12g}"


def _shortened(value: Any) -> str:
    if isinstance(value, int) and abs(value) > LARGEST_INTEGER:
        return f"a number of {value.bit_length()} bits"  # printing a huge one takes quadratic time, or is refused
    text = repr(value)
    return text if len(text) <= _SHOWN else f"{text[: _SHOWN - 3]}..."
