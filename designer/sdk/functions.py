"""`@pipeline`: a function whose arguments are settings and whose steps are a pipeline."""

from __future__ import annotations

import inspect
import typing
from collections.abc import Callable, Mapping
from dataclasses import replace
from functools import update_wrapper
from typing import Any

from designer.contract.errors import InvalidParameter
from designer.contract.wording.closeness import closest
from designer.sdk.datasets import Dataset
from designer.sdk.parameters import Parameter
from designer.sdk.pipelines import Pipeline
from designer.sdk.steps import recorded


class PipelineFunction:
    """A function that makes a pipeline: every step that it makes becomes a part of it."""

    def __init__(self, function: Callable[..., Any], name: str, description: str) -> None:
        self.name = name or function.__name__.replace("_", " ").capitalize()
        self.description = description
        self._function = function
        update_wrapper(self, function)

    def __call__(self, *values: Any, **named: Any) -> Pipeline:
        """The pipeline for these arguments. Raises InvalidParameter for a wrong name or value."""
        arguments = self._bound(values, named)
        with recorded() as steps:
            ends = self._function(**arguments)
        return Pipeline(*steps, *(() if ends is None else (ends,)), name=self.name, description=self.description)

    def _bound(self, values: tuple[Any, ...], named: Mapping[str, Any]) -> dict[str, Any]:
        signature = inspect.signature(self._function)
        unknown = next((name for name in named if name not in signature.parameters), None)
        if unknown is not None:
            remedy = closest(unknown, signature.parameters, "Arguments are") or "It takes none."
            raise InvalidParameter(f"there is no argument '{unknown}'", remedy).at(module=self.name)
        try:
            bound = signature.bind(*values, **named)
        except TypeError as error:
            listed = ", ".join(signature.parameters)
            raise InvalidParameter(str(error), f"Arguments are: {listed}.").at(module=self.name) from None
        bound.apply_defaults()
        hints = typing.get_type_hints(self._function)
        return {
            name: self._read(name, value, hints.get(name), signature.parameters[name].default)
            for name, value in bound.arguments.items()
        }

    def _read(self, name: str, value: Any, hint: Any, default: Any) -> Any:
        if isinstance(value, Parameter):
            return value
        if isinstance(default, Parameter):
            return replace(default, default=value)
        if hint is Dataset and isinstance(value, str):
            return Dataset(value)
        is_number = isinstance(value, int | float) and not isinstance(value, bool)
        fits = {int: isinstance(value, int) and is_number, float: is_number, bool: isinstance(value, bool)}
        fits |= {str: isinstance(value, str)}
        if hint in fits and not fits[hint]:
            words = {int: "a whole number", float: "a number", bool: "true or false", str: "text"}[hint]
            raise InvalidParameter(f"{value!r} is not {words}", f"Give {words}.", parameter=name).at(module=self.name)
        return value


@typing.overload
def pipeline(function: Callable[..., Any], /) -> PipelineFunction: ...


@typing.overload
def pipeline(*, name: str = "", description: str = "") -> Callable[[Callable[..., Any]], PipelineFunction]: ...


def pipeline(function: Callable[..., Any] | None = None, /, *, name: str = "", description: str = "") -> Any:
    """Make pipelines by calling a function: its arguments become values in the steps that it makes.

    An argument annotated with `Dataset` takes a dataset or its name. One whose default is a `Parameter` becomes a
    parameter of the pipeline; a value given for it is its default. `name` is the name of the pipeline (default: the
    function's).
    """
    if function is not None:
        return PipelineFunction(function, name, description)
    return lambda decorated: PipelineFunction(decorated, name, description)
