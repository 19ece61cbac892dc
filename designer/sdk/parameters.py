"""Parameters of a pipeline in code: values that each run may set."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from designer.contract.errors import InvalidParameter
from designer.pipeline.assembly import inferred_type
from designer.pipeline.graph import ParameterType, PipelineParameter


@dataclass(frozen=True)
class Parameter:
    """A value that each run may set, to be given in the place of a value of a setting.

    Its type is that of the setting that it fills, or of its default. Without a default every run has to give one.
    """

    name: str
    default: Any = None
    type: ParameterType | None = None
    minimum: float | None = None
    maximum: float | None = None
    choices: tuple[Any, ...] = ()
    title: str = ""
    description: str = ""


@dataclass(frozen=True)
class Use:
    """A parameter in the place of a value; `type` is that of the setting, None where it is not known."""

    parameter: Parameter
    type: ParameterType | None = None


def declared(uses: Iterable[Use]) -> Mapping[str, PipelineParameter]:
    """The parameters of a pipeline by name.

    Raises InvalidParameter for different ones of the same name, and for one whose type is open.
    """
    by_name: dict[str, list[Use]] = {}
    for use in uses:
        by_name.setdefault(use.parameter.name, []).append(use)
    return {name: _declared(name, same) for name, same in by_name.items()}


def _declared(name: str, uses: list[Use]) -> PipelineParameter:
    parameter = uses[0].parameter
    if any(use.parameter != parameter for use in uses):
        problem = f"two different parameters are named '{name}'"
        raise InvalidParameter(problem, "Use one in both places, or give them names of their own.")
    type = parameter.type or inferred_type(parameter.default, [use.type for use in uses])
    if type is None:
        problem = f"the type of the parameter '{name}' is open"
        raise InvalidParameter(problem, "Give it a default, or type='string' and the like.")
    return PipelineParameter(
        name, type, parameter.default, parameter.title, parameter.description, parameter.minimum, parameter.maximum,
        tuple(parameter.choices),
    )  # fmt: skip
