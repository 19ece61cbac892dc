"""`@component`: functions whose calls are steps of a pipeline."""

from __future__ import annotations

import os
import typing
from collections.abc import Callable
from functools import partial, update_wrapper
from typing import Any

from designer.contract.component import component_module
from designer.registry.functions import function_source, is_declared
from designer.registry.scripts import Source
from designer.sdk.calls import step_of
from designer.sdk.programs import Program
from designer.sdk.steps import Step
from designer.step import declare


class ComponentFunction:
    """A function that is a program; calling it makes a step. `function` is the plain one, for a call here and now."""

    def __init__(self, function: Callable[..., Any]) -> None:
        self.function = function
        update_wrapper(self, function)

    def __call__(self, *inputs: Any, **named: Any) -> Step:
        """A step that runs it: inputs by position or name, settings by name."""
        module = component_module(self.source().spec.anonymous().checked())
        return step_of(module, inputs, named, partial(Program, self.source, "function"))

    def source(self, version: str = "", title: str = "", description: str = "") -> Source:
        """The component as it is now, with its files."""
        return function_source(self.function, version=version, title=title, description=description)

    def __repr__(self) -> str:
        return f"<component {self.function.__name__}>"


@typing.overload
def component(function: Callable[..., Any], /) -> ComponentFunction: ...


@typing.overload
def component(
    *,
    name: str = "",
    version: str = "",
    title: str = "",
    description: str = "",
    category: str = "",
    environment: Any = None,
    source: str | os.PathLike[str] | None = None,
    reuse: bool = True,
) -> Callable[[Callable[..., Any]], ComponentFunction]: ...


def component(function: Callable[..., Any] | None = None, /, **options: Any) -> Any:
    """Make a component of a function: its arguments are ports and settings, see `designer.step.declare.component`.

    Calling it makes a step. A function that was declared before, there or with `mldesigner`, keeps its declaration.
    """
    if function is None:
        declared = declare.component(**options)
        return lambda decorated: ComponentFunction(declared(decorated))
    return ComponentFunction(function if is_declared(function) else declare.component(function))
