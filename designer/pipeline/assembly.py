"""Assemble a pipeline from steps that name their inputs: ids for unnamed steps, the order of wires, the layout.

The SDK builds pipelines by these rules, and the export to SDK code leaves out what they supply.
"""

from __future__ import annotations

import keyword
import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import replace
from typing import Any

from designer.contract.errors import InvalidParameter
from designer.contract.module import Module, Spec
from designer.pipeline.graph import Edge, ParameterType, Pipeline
from designer.pipeline.placing import laid_out


def function_name(module: str) -> str:
    """A module id as a Python name: `two-words` is `two_words`."""
    name = re.sub(r"\W", "_", module)
    return f"_{name}" if name[:1].isdigit() else f"{name}_" if keyword.iskeyword(name) else name


def automatic_ids(steps: Sequence[tuple[str, str]]) -> list[str]:
    """The id of each (module, id); an empty one becomes the module's, numbered from 2 where that is taken.

    The id of a component does not carry its version.
    """
    taken = {id for _, id in steps if id}
    ids: list[str] = []
    for module, id in steps:
        if not id:
            stem = module.partition("@")[0]
            candidates = (stem if number == 1 else f"{stem}-{number}" for number in range(1, len(steps) + 2))
            id = next(candidate for candidate in candidates if candidate not in taken)
            taken.add(id)
        ids.append(id)
    return ids


def wires_in_order(pipeline: Pipeline, order: Sequence[str], spec: Callable[[str], Spec | None]) -> tuple[Edge, ...]:
    """The wires by target, in the given order of nodes, and by input, in the order of the module's ports."""
    nodes = {id: number for number, id in enumerate(order)}
    ports: Mapping[str, list[str]] = {id: [port.name for port in s.inputs] if (s := spec(id)) else [] for id in nodes}

    def place(edge: Edge) -> tuple[int, int, str]:
        names = ports[edge.target]
        return nodes[edge.target], names.index(edge.input) if edge.input in names else len(names), edge.input

    return tuple(sorted(pipeline.edges, key=place))


def arranged(pipeline: Pipeline) -> Pipeline:
    """The pipeline with the automatic layout."""
    return laid_out(replace(pipeline, layout={}))


def invalid_value(module: type[Module], parameters: Mapping[str, Any]) -> InvalidParameter | None:
    """The error of a value that a module refuses; None if all are valid. Missing ones are left to the check."""
    try:
        module.read(parameters)
    except InvalidParameter as error:
        labels = {parameter.label for parameter in module.spec().parameters if parameter.name in parameters}
        return error if error.place.parameter is None or error.place.parameter in labels else None
    return None


def with_defaults(parameters: Mapping[str, Any], defaults: Mapping[str, Any]) -> dict[str, Any]:
    """The values of a step with the default of a pipeline parameter in each field of `defaults`.

    Fields whose parameter has no default are left out.
    """
    values = {**parameters, **{field: value for field, value in defaults.items() if field in parameters}}
    return {field: value for field, value in values.items() if value is not None or field not in defaults}


def inferred_type(default: Any, fields: Iterable[ParameterType | None]) -> ParameterType | None:
    """The type of a parameter: that of the first field that it fills and whose type is known, else of its default."""
    known = next((type for type in fields if type is not None), None)
    match default:
        case _ if known is not None:
            return known
        case bool():
            return "boolean"
        case int():
            return "integer"
        case float():
            return "number"
        case str():
            return "string"
        case list() | dict():
            return "columns"
        case _:
            return None
