"""Make a module from a plain function: typed arguments are ports and parameters, the docstring is the help."""

from __future__ import annotations

import inspect
import typing
from collections.abc import Callable, Mapping
from typing import Any

from pydantic import create_model
from pydantic.fields import FieldInfo

from designer.contract.module import AtInference, Module
from designer.contract.parameters import param
from designer.contract.ports import port_type


def module(
    name: str,
    *,
    version: int = 1,
    category: str = "My modules",
    id: str = "",
    at_inference: AtInference = "keep",
    synonyms: tuple[str, ...] = (),
    infer: Callable[..., Any] | None = None,
) -> Callable[[Callable[..., Any]], type[Module]]:
    """Make a module class from a function.

    Arguments annotated with port types (Table, TrainedModel, ...) become input ports (`= None`: optional), the others
    become parameters with their default; `param(...)` as the default sets bounds and label. The return annotation
    gives the outputs. `infer` takes the same arguments, with schemas for tables.

        @module("Add a constant")
        def add_constant(dataset: Table, column: ColumnName, amount: float = 1.0) -> Table:
            \"\"\"Add a number to a column.\"\"\"
            return dataset.assign(**{column: dataset[column] + amount})
    """

    def decorate(function: Callable[..., Any]) -> type[Module]:
        hints = typing.get_type_hints(function, include_extras=True)
        arguments = inspect.signature(function).parameters
        ports = [argument for argument in arguments if _is_port(hints.get(argument))]
        fields = {n: (hints.get(n, str), _default(a)) for n, a in arguments.items() if n not in ports}
        declared = {
            "category": category,
            "title": name,
            "id": id,
            "version": version,
            "at_inference": at_inference,
            "synonyms": synonyms,
        }
        made: type[Module] = create_model(
            function.__name__,
            __base__=Module,
            __doc__=inspect.getdoc(function) or name,
            __module__=function.__module__,
            __cls_kwargs__=declared,
            **fields,  # type: ignore[call-overload]
        )
        made.run = _method(function, ports, hints, arguments)  # type: ignore[method-assign]
        if infer is not None:
            made.infer = _method(infer, ports, {}, arguments)  # type: ignore[method-assign]
        return made

    return decorate


def _is_port(hint: Any) -> bool:
    try:
        port_type(hint)
    except TypeError:
        return False
    return hint is not Any


def _default(argument: inspect.Parameter) -> FieldInfo:
    if argument.default is inspect.Parameter.empty:
        return param("") if argument.annotation in ("ColumnName", "str", str) else param()  # type: ignore[no-any-return]
    if isinstance(argument.default, FieldInfo):
        return argument.default
    return param(argument.default)  # type: ignore[no-any-return]


def _method(
    function: Callable[..., Any],
    ports: list[str],
    hints: Mapping[str, Any],
    arguments: Mapping[str, inspect.Parameter],
) -> Callable[..., Any]:
    """A method that calls the function with its inputs and the instance's parameters."""

    def method(self: Module, *inputs: Any, **named: Any) -> Any:
        values = dict(zip(ports, inputs, strict=False)) | named
        parameters = {name: getattr(self, name) for name in type(self).model_fields}
        return function(**values, **parameters)

    input_parameters = [arguments[name] for name in ports]
    first = inspect.Parameter("self", inspect.Parameter.POSITIONAL_OR_KEYWORD)
    signature = inspect.Signature([first, *(p.replace(kind=first.kind) for p in input_parameters)])
    method.__signature__ = signature  # type: ignore[attr-defined]
    method.__annotations__ = {name: hints[name] for name in (*ports, "return") if name in hints}
    return method
