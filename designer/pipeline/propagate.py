"""Propagate schemas before a run: call `infer` of every module in topological order. Pure, never raises."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from designer.contract.catalogue.library import Library
from designer.contract.errors import DesignerError
from designer.contract.ports import PortType
from designer.contract.schema import Schema
from designer.contract.values import Known
from designer.pipeline.graph import Pipeline
from designer.pipeline.parameters import previewed
from designer.pipeline.walk import Outlet, Visit, visits, walk


@dataclass(frozen=True)
class Propagation:
    """What is known about every output, and the errors raised by `infer`, by node."""

    outlets: Mapping[Outlet, Known] = field(default_factory=dict)
    errors: Mapping[str, DesignerError] = field(default_factory=dict)

    def into(self, pipeline: Pipeline, id: str, input: str) -> Known:
        """What is known about the value at an input port; None if it is unconnected or nothing is known."""
        edge = pipeline.into(id, input)
        return self.outlets.get((edge.source, edge.output)) if edge else None


def propagate(pipeline: Pipeline, library: Library, observed: Mapping[Outlet, Known] | None = None) -> Propagation:
    """What is known about every output before the run; `observed` are the schemas of current results."""
    pipeline = previewed(pipeline)
    errors: dict[str, DesignerError] = {}

    def read(visit: Visit, inputs: Mapping[str, Known]) -> dict[str, Known]:
        if visit.module is None or visit.is_on_cycle:
            return {}
        try:
            return _inferred(visit, inputs)
        except DesignerError as error:
            errors[visit.id] = visit.located(error)
        except Exception as error:  # a user's module may raise anything; the canvas must keep working
            problem = f"the columns cannot be worked out ({type(error).__name__})"
            errors[visit.id] = visit.located(DesignerError(problem, "Run it to see its columns."))
        return {}

    outlets = walk(visits(pipeline, library), read, observed)
    for id, node in pipeline.nodes.items():
        module = library.get(node.module)
        for port in module.spec().outputs if module else ():
            outlets.setdefault((id, port.name), _nothing(port.type))
    return Propagation(outlets, errors)


def _inferred(visit: Visit, inputs: Mapping[str, Known]) -> dict[str, Known]:
    ports = visit.spec.inputs
    absent = {port.name: None if _is_left_open(visit, port.name) else _nothing(port.type) for port in ports}
    answer = visit.instance().infer(**{**absent, **inputs})
    outputs = visit.spec.outputs
    answers = (answer,) if len(outputs) == 1 else tuple(answer or ())
    return {port.name: value for port, value in zip(outputs, answers, strict=False)}


def _is_left_open(visit: Visit, port: str) -> bool:
    """Whether an optional input has no fitting edge; for a connected one, at least the type is known."""
    input = visit.spec.input(port)
    return input is not None and input.optional and port not in visit.wires


def _nothing(type: PortType) -> Any:
    return Schema.unknown() if type is PortType.TABLE else None
