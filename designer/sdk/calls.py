"""A function for each module of a library: input ports by position or name, parameters by name."""

from __future__ import annotations

import inspect
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from designer.contract.catalogue.library import Library
from designer.contract.errors import DesignerError, InvalidParameter, UnfittingWire
from designer.contract.module import Module, Spec
from designer.contract.ports import Port
from designer.contract.wording.closeness import closest
from designer.pipeline.assembly import function_name, invalid_value, with_defaults
from designer.pipeline.graph import ParameterType
from designer.pipeline.promotion import type_of
from designer.sdk.parameters import Use
from designer.sdk.steps import Output, Step, Wireable, output_of, plain

Function = Callable[..., Step]


class NoSuchFunction(DesignerError, AttributeError):
    """No module of the library has this name."""


class Functions:
    """The functions of a library as attributes: `functions.split_data(table, fraction=0.7)`."""

    def __init__(self, library: Callable[[], Library]) -> None:
        self._library = library

    def __getattr__(self, name: str) -> Function:
        if name.startswith("__"):
            raise AttributeError(name)
        library = self._library()
        ids = {function_name(id): id for id in library.modules}
        if name not in ids:
            remedy = closest(name, ids, "There are")
            raise NoSuchFunction(f"no module is called '{name}'", remedy)
        return function_of(library[ids[name]])

    def __dir__(self) -> list[str]:
        return sorted(function_name(id) for id in self._library().modules)


def function_of(module: type[Module]) -> Function:
    """The function that makes a step of a module."""
    spec = module.spec()

    def make(*inputs: Any, **named: Any) -> Step:
        return step_of(module, inputs, named)

    make.__name__ = make.__qualname__ = function_name(spec.id)
    make.__module__ = "designer.sdk.modules"
    make.__doc__ = documentation(spec)
    make.__signature__ = _signature(spec)  # type: ignore[attr-defined]
    return make


def step_of(
    module: type[Module], inputs: Sequence[Any], named: Mapping[str, Any], make: Callable[..., Step] = Step
) -> Step:
    """A step of a module, made by `make`. Raises InvalidParameter or UnfittingWire for a wrong name, value or wire."""
    spec = module.spec()
    try:
        wires, parameters = _sorted(spec, inputs, named)
        step = make(
            spec.id,
            version=spec.version,
            parameters=parameters,
            inputs={port.name: _fitting(wires[port.name], port) for port in spec.inputs if port.name in wires},
            outputs=spec.outputs,
        )
        step.uses = {name: Use(use.parameter, _type(spec, name)) for name, use in step.uses.items()}
        defaults = {name: plain(use.parameter.default, name) for name, use in step.uses.items()}
        invalid = invalid_value(module, with_defaults(step.parameters, defaults))
    except DesignerError as error:
        raise error.at(module=spec.title) from None
    if invalid is not None:
        raise invalid
    return step


def documentation(spec: Spec) -> str:
    """The docstring of a module's function."""
    ports = [f"    {port.name}: {port.type}{', optional' if port.optional else ''}" for port in spec.inputs]
    parameters = [f"    {parameter.name}: {parameter.help or parameter.label}" for parameter in spec.parameters]
    outputs = [f"    {port.name}: {port.type}" for port in spec.outputs]
    parts = [spec.description, *_listed("Inputs", ports), *_listed("Settings", parameters)]
    return "\n".join([*parts, *_listed("Outputs", outputs)])


def _listed(heading: str, lines: list[str]) -> list[str]:
    return ["", f"{heading}:", *lines] if lines else []


def _sorted(spec: Spec, inputs: Sequence[Any], named: Mapping[str, Any]) -> tuple[dict[str, Any], dict[str, Any]]:
    """The wires and the parameters among the arguments. An argument of None leaves an input open."""
    if len(inputs) > len(spec.inputs):
        ports = ", ".join(port.name for port in spec.inputs)
        problem = f"{len(inputs)} inputs are given, and there are {len(spec.inputs)}"
        raise UnfittingWire(problem, f"Inputs are: {ports}." if ports else "Give settings by name.")
    wires = {port.name: wire for port, wire in zip(spec.inputs, inputs, strict=False) if wire is not None}
    parameters: dict[str, Any] = {}
    for name, value in named.items():
        is_wire = isinstance(value, Step | Output | Wireable)
        if spec.input(name) is not None and (is_wire or spec.parameter(name) is None):
            if name in wires:
                raise UnfittingWire(f"the input '{name}' is given twice", "Give it once.")
            wires |= {name: value} if value is not None else {}
        elif spec.parameter(name) is not None:
            parameters[name] = value
        else:
            raise _unknown(spec, name)
    return wires, parameters


def _fitting(wire: Any, port: Port) -> Output:
    output = output_of(wire, port.name, port.type)
    if not port.type.accepts(output.type):
        problem = f"'{output.name}' of {output.step.label} is {output.type}"
        raise UnfittingWire(problem, f"Connect {port.type}.", port=port.name)
    return output


def _type(spec: Spec, name: str) -> ParameterType | None:
    parameter = spec.parameter(name)
    return type_of(parameter) if parameter is not None else None


def _unknown(spec: Spec, name: str) -> InvalidParameter:
    names = [*(port.name for port in spec.inputs), *(parameter.name for parameter in spec.parameters)]
    remedy = closest(name, names, "There are") or "It has no inputs and no settings."
    return InvalidParameter(f"there is no input or setting '{name}'", remedy)


def _signature(spec: Spec) -> inspect.Signature:
    taken = {port.name for port in spec.inputs}
    ports = [
        inspect.Parameter(port.name, inspect.Parameter.POSITIONAL_OR_KEYWORD, default=None) for port in spec.inputs
    ]
    settings = [
        inspect.Parameter(each.name, inspect.Parameter.KEYWORD_ONLY, default=plain(each.default, each.name))
        for each in spec.parameters
        if each.name not in taken
    ]
    return inspect.Signature([*ports, *settings])
