"""The parameters of a module, read from its annotated fields."""

from __future__ import annotations

import types
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Annotated, Any, Literal, TypeAlias, Union, get_args, get_origin

from pydantic import Field
from pydantic.fields import FieldInfo
from pydantic_core import PydanticUndefined

from designer.contract.selection import ColumnName, Columns

Editor = Literal[
    "number", "text", "lines", "code", "switch", "choice", "columns", "column", "dataset", "datastore", "file", "table"
]
When = Mapping[str, Any]
Rule: TypeAlias = tuple[tuple[str, tuple[Any, ...]], ...]
HANDLED = ("when", "or_when", "choices", "default", "accepts", "within")


def param(
    default: Any = ...,
    *,
    label: str | None = None,
    ge: float | None = None,
    gt: float | None = None,
    le: float | None = None,
    lt: float | None = None,
    when: When | None = None,
    or_when: Sequence[When] = (),
    sweep: tuple[Any, ...] = (),
    editor: Editor | None = None,
    language: str | None = None,
    required: bool = True,
    input: str | None = None,
    hidden: bool = False,
    accepts: tuple[str, ...] = (),
    within: str | None = None,
    help: str | None = None,
) -> Any:
    """Declare a parameter.

    `label` is the label on screen (default: the field's name); `ge`, `gt`, `le`, `lt` are bounds; `when` are the
    values of other fields under which it is shown (`{"mode": "Split Rows"}`, or a tuple of values); `or_when` are
    alternative rules that also show it; `sweep` are the values that a sweep tries by default; `editor` overrides the
    form control; `input` names the port whose columns a column picker offers (default: the first table port);
    `hidden` keeps it out of the panel; `required=False` allows an empty value; `accepts` are the file name extensions
    that a file picker offers (default: tables), or `files` or `tables` for a datastore; `within` is the field with
    the datastore that a path lies in; `help` replaces the string under the field, for fields that are not written in a
    class.
    """
    extra: dict[str, Any] = {
        "label": label,
        "when": dict(when) if when else None,
        "or_when": [dict(rule) for rule in or_when],
        "sweep": sweep,
        "editor": editor,
        "language": language,
        "required": required,
        "input": input,
        "hidden": hidden,
        "accepts": accepts,
        "within": within,
    }
    return Field(default, ge=ge, gt=gt, le=le, lt=lt, json_schema_extra=extra, validate_default=False, description=help)


@dataclass(frozen=True)
class Parameter:
    """One parameter as panels, documents and pages see it."""

    name: str
    label: str
    help: str
    editor: Editor
    default: Any
    choices: tuple[Any, ...] = ()
    minimum: float | None = None
    maximum: float | None = None
    exclusive_minimum: bool = False
    exclusive_maximum: bool = False
    integer: bool = False
    optional: bool = False
    required: bool = True
    sweep: bool = False
    when: Rule = ()
    or_when: tuple[Rule, ...] = ()
    language: str | None = None
    input: str | None = None
    hidden: bool = False
    accepts: tuple[str, ...] = ()
    within: str | None = None

    def is_shown(self, values: Mapping[str, Any]) -> bool:
        """Whether the parameter is shown for these values of its module; unlike `shown`, does not chain rules."""
        return any(_holds(rule, values) for rule in self.rules)

    @property
    def rules(self) -> tuple[Rule, ...]:
        """The rules that show the parameter; one must hold."""
        return (self.when, *self.or_when)

    def to_json(self) -> dict[str, Any]:
        """The parameter as a JSON document."""
        document = {name: value for name, value in self.__dict__.items() if name not in HANDLED}
        default = self.default.model_dump(mode="json") if isinstance(self.default, Columns) else self.default
        return {
            **document,
            "default": default,
            "choices": list(self.choices),
            "when": {name: list(allowed) for name, allowed in self.when},
            "or_when": [{name: list(allowed) for name, allowed in rule} for rule in self.or_when],
        }


def shown(parameters: tuple[Parameter, ...], values: Mapping[str, Any]) -> list[Parameter]:
    """The parameters shown for these values; a rule on a hidden parameter does not hold, so rules chain."""
    by_name = {parameter.name: parameter for parameter in parameters}

    def visible(parameter: Parameter) -> bool:
        return any(_holds(rule, values) and all(visible(by_name[n]) for n, _ in rule) for rule in parameter.rules)

    return [parameter for parameter in parameters if visible(parameter)]


def read_parameter(name: str, field: FieldInfo, docstring: str = "") -> Parameter:
    """Derive the parameter from a pydantic field and its attribute docstring."""
    extra: dict[str, Any] = dict(field.json_schema_extra) if isinstance(field.json_schema_extra, dict) else {}
    hint, optional = _unwrap(field.annotation)
    bounds = _bounds(field)
    return Parameter(
        name=name,
        label=extra.get("label") or name.replace("_", " ").capitalize(),
        help=" ".join((field.description or docstring).split()),
        editor=extra.get("editor") or _editor(hint),
        default=None if field.default is PydanticUndefined else field.default,
        choices=get_args(hint) if get_origin(hint) is Literal else (),
        integer=hint is int,
        optional=optional,
        required=bool(extra.get("required", True)) and not optional,
        sweep=bool(extra.get("sweep", False)),
        when=_rule(extra.get("when") or {}),
        or_when=tuple(_rule(rule) for rule in extra.get("or_when") or ()),
        language=extra.get("language"),
        input=extra.get("input"),
        hidden=bool(extra.get("hidden", False)),
        accepts=tuple(extra.get("accepts") or ()),
        within=extra.get("within"),
        **bounds,
    )


def _bounds(field: FieldInfo) -> dict[str, Any]:
    bounds: dict[str, Any] = {}
    for constraint in field.metadata:
        for name, key, exclusive in (
            ("ge", "minimum", False), ("gt", "minimum", True), ("le", "maximum", False), ("lt", "maximum", True),
        ):  # fmt: skip
            if getattr(constraint, name, None) is not None:
                bounds[key] = getattr(constraint, name)
                bounds[f"exclusive_{key}"] = exclusive
    return bounds


def _unwrap(hint: Any) -> tuple[Any, bool]:
    if get_origin(hint) is Annotated:
        hint = get_args(hint)[0]
    if get_origin(hint) in (Union, types.UnionType):
        arguments = [arg for arg in get_args(hint) if arg is not type(None)]
        return arguments[0], len(arguments) < len(get_args(hint))
    return hint, False


def _editor(hint: Any) -> Editor:
    if get_origin(hint) is Literal:
        return "choice"
    if hint is bool:
        return "switch"
    if hint in (int, float):
        return "number"
    if isinstance(hint, type) and issubclass(hint, Columns):
        return "columns"
    if isinstance(hint, type) and issubclass(hint, ColumnName):
        return "column"
    return "text"


def _rule(when: When) -> Rule:
    return tuple((name, _allowed(value)) for name, value in when.items())


def _holds(rule: Rule, values: Mapping[str, Any]) -> bool:
    return all(values.get(name) in allowed for name, allowed in rule)


def _allowed(value: Any) -> tuple[Any, ...]:
    return tuple(value) if isinstance(value, tuple | list) else (value,)
