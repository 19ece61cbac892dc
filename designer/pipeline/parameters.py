"""Pipeline parameters: replace references by values, find where they are used.

`bound` and `previewed` are called wherever a pipeline is read (check, propagate, lint, plan, run, export, rewrite), so
that modules and cache keys see values alone.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass, replace
from typing import Any

from designer.contract.errors import DesignerError
from designer.contract.reference import referenced
from designer.pipeline.assignments import (
    NoDefault,
    UnknownParameter,
    default_of,
    read_assignments,
    read_value,
    values_of,
)
from designer.pipeline.graph import Node, ParameterType, Pipeline, PipelineParameter

__all__ = [
    "NoDefault", "ParameterType", "PipelineParameter", "Unbound", "UnknownParameter", "Use", "bound", "previewed",
    "read_assignments", "read_value", "unbound", "uses", "values_of",
]  # fmt: skip


@dataclass(frozen=True)
class Use:
    """A field of a node that refers to a pipeline parameter."""

    node: str
    field: str
    parameter: str


@dataclass(frozen=True)
class Unbound:
    """A field whose reference has no value by the defaults, with the reason."""

    use: Use
    error: DesignerError


def uses(pipeline: Pipeline, name: str | None = None) -> list[Use]:
    """The fields that refer to a pipeline parameter, or to any of them, in the order of the nodes."""
    return [use for use in _uses(pipeline) if name in (None, use.parameter)]


def bound(pipeline: Pipeline, assignments: Mapping[str, Any] | None = None) -> Pipeline:
    """The pipeline with values in the place of references: the assigned ones, else the defaults. Pure.

    A pipeline without references is returned itself. The result has no parameters. Raises UnknownParameter for an
    assignment or a reference that names no parameter, InvalidParameter for a value that does not fit or is missing.
    """
    values = values_of(pipeline.parameters, assignments or {})
    for use in _uses(pipeline):
        if use.parameter not in values:
            raise _undeclared(pipeline, use).at(node=use.node)
    return _filled(pipeline, values)


def previewed(pipeline: Pipeline, assignments: Mapping[str, Any] | None = None) -> Pipeline:
    """The pipeline as `bound`, as far as values fit. Never raises: `unbound` lists what has no value by the defaults.

    An assignment that does not fit is ignored. A field without a value is left out, so that it has the default of its
    module.
    """
    given, values = assignments or {}, dict[str, Any]()
    for name in {use.parameter for use in _uses(pipeline)} & pipeline.parameters.keys():
        parameter = pipeline.parameters[name]
        with suppress(DesignerError):
            values[name] = default_of(parameter)
        with suppress(DesignerError):
            values |= {name: read_value(parameter, given[name])} if name in given else {}
    return _filled(pipeline, values)


def unbound(pipeline: Pipeline) -> list[Unbound]:
    """The fields that `previewed` leaves out, in the order of the nodes."""
    left_out: list[Unbound] = []
    for use in _uses(pipeline):
        parameter = pipeline.parameters.get(use.parameter)
        try:
            if parameter is None:
                raise _undeclared(pipeline, use)
            default_of(parameter)
        except DesignerError as error:
            left_out.append(Unbound(use, error))
    return left_out


def _uses(pipeline: Pipeline) -> Iterator[Use]:
    for node in pipeline.nodes.values():
        for field, value in node.parameters.items():
            name = referenced(value)
            if name is not None:
                yield Use(node.id, field, name)


def _filled(pipeline: Pipeline, values: Mapping[str, Any]) -> Pipeline:
    nodes = {id: _filled_node(node, values) for id, node in pipeline.nodes.items()}
    if all(nodes[id] is node for id, node in pipeline.nodes.items()):
        return pipeline
    return replace(pipeline, nodes=nodes, parameters={})


def _filled_node(node: Node, values: Mapping[str, Any]) -> Node:
    names = {field: referenced(value) for field, value in node.parameters.items()}
    if not any(name is not None for name in names.values()):
        return node
    kept = {
        field: value if names[field] is None else values[names[field]]  # type: ignore[index]
        for field, value in node.parameters.items()
        if names[field] is None or names[field] in values
    }
    return replace(node, parameters=kept)


def _undeclared(pipeline: Pipeline, use: Use) -> DesignerError:
    return UnknownParameter.named(use.parameter, pipeline.parameters)
