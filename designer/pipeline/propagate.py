"""Columns known before a run: `infer` of every module, in topological order. Pure, and never raises."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from designer.contract.errors import DesignerError
from designer.contract.library import Library
from designer.contract.module import Module
from designer.contract.ports import PortType
from designer.contract.schema import Schema
from designer.contract.values import Known
from designer.pipeline.graph import Node, Pipeline
from designer.pipeline.wires import misfit

Outlet = tuple[str, str]
"""A node's id and the name of one of its output ports."""


@dataclass(frozen=True)
class Propagation:
    """What is known of every output, and the errors that `infer` found on the way."""

    outlets: Mapping[Outlet, Known] = field(default_factory=dict)
    errors: Mapping[str, DesignerError] = field(default_factory=dict)

    def into(self, pipeline: Pipeline, id: str, input: str) -> Known:
        """What is known of what reaches an input port; None where it is not wired or nothing is known."""
        edge = pipeline.into(id, input)
        return self.outlets.get((edge.source, edge.output)) if edge else None


def propagate(pipeline: Pipeline, library: Library, observed: Mapping[Outlet, Known] | None = None) -> Propagation:
    """What is known of every output before the run; `observed` are schemas of results that still hold."""
    outlets: dict[Outlet, Known] = {}
    errors: dict[str, DesignerError] = {}
    on_cycle = set(pipeline.cycle())
    for id in pipeline.order():
        node = pipeline.nodes[id]
        module = library.get(node.module)
        if module is None:
            continue
        nothing = {port.name: _nothing(port.type) for port in module.spec().outputs}
        known: Mapping[str, Known] = nothing
        if id not in on_cycle:
            try:
                known = (
                    _bypassed(pipeline, node, module, outlets)
                    if node.disabled
                    else _inferred(pipeline, node, module, outlets, library)
                )
            except DesignerError as error:
                errors[id] = _located(error, node, module)
            except Exception as error:  # a user's module may raise anything; the canvas must live
                found = f"the columns cannot be worked out ({type(error).__name__})"
                errors[id] = _located(DesignerError(found, "Run it to see its columns."), node, module)
        outlets |= {(id, port): value for port, value in {**nothing, **known}.items()}
        outlets |= {outlet: value for outlet, value in (observed or {}).items() if outlet[0] == id}
    return Propagation(outlets, errors)


def _inferred(
    pipeline: Pipeline, node: Node, module: type[Module], outlets: Mapping[Outlet, Known], library: Library
) -> dict[str, Known]:
    instance = library.read(node.module, node.version, node.parameters)
    inputs: dict[str, Known] = {}
    for port in module.spec().inputs:
        edge = pipeline.into(node.id, port.name)
        if edge is not None and misfit(pipeline, edge, library) is None:
            inputs[port.name] = outlets.get((edge.source, edge.output), _nothing(port.type))
        else:
            inputs[port.name] = None if port.optional else _nothing(port.type)
    answer = instance.infer(**inputs)
    ports = module.spec().outputs
    answers = (answer,) if len(ports) == 1 else tuple(answer or ())
    return {port.name: value for port, value in zip(ports, answers, strict=False)}


def _bypassed(
    pipeline: Pipeline, node: Node, module: type[Module], outlets: Mapping[Outlet, Known]
) -> dict[str, Known]:
    """A disabled node hands its first input of the same type through."""
    passed: dict[str, Known] = {}
    for port in module.spec().outputs:
        for candidate in module.spec().inputs:
            edge = pipeline.into(node.id, candidate.name)
            if candidate.type is port.type and edge is not None:
                passed[port.name] = outlets.get((edge.source, edge.output))
                break
    return passed


def _nothing(type: PortType) -> Any:
    return Schema.unknown() if type is PortType.TABLE else None


def _located(error: DesignerError, node: Node, module: type[Module]) -> DesignerError:
    return error.at(node=node.id, module=node.title or module.spec().title)
