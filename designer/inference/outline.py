"""What is known of every port of a pipeline, strictly: the first step that cannot work says why."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from designer.contract.errors import DesignerError, UnknownModule
from designer.contract.library import Library
from designer.contract.module import Module
from designer.contract.ports import PortType
from designer.contract.values import Known
from designer.pipeline.graph import Node, Pipeline

Outlet = tuple[str, str]
"""A node and one of its outputs."""


def module_of(node: Node, library: Library) -> type[Module]:
    """The class of a node's module; raises UnknownModule naming the node."""
    module = library.get(node.module)
    if module is None:
        raise UnknownModule(f"there is no module '{node.module}' in this library").at(node=node.id, module=node.module)
    return module


def title_of(node: Node, library: Library) -> str:
    """The node's own name, or its module's title."""
    module = library.get(node.module)
    return node.title or (module.spec().title if module else node.module)


def output_type(pipeline: Pipeline, source: str, output: str, library: Library) -> PortType | None:
    """What flows out of an output; None where module or port does not exist."""
    module = library.get(pipeline.nodes[source].module)
    port = module.spec().output(output) if module else None
    return port.type if port else None


def by_port(module: type[Module], answer: Any) -> dict[str, Any]:
    """What `run`, `infer`, `to_onnx` or `to_python` answered, by output."""
    ports = module.spec().outputs
    if not ports:
        return {}
    values = (answer,) if len(ports) == 1 and not _is_record(answer) else tuple(answer)
    return {port.name: value for port, value in zip(ports, values, strict=True)}


def outline(pipeline: Pipeline, library: Library, fixed: Mapping[Outlet, Known]) -> dict[Outlet, Known]:
    """What is known of every output, given what is known of some. Raises the error of the first step that fails."""
    known: dict[Outlet, Known] = dict(fixed)
    for id in pipeline.order():
        node = pipeline.nodes[id]
        module = module_of(node, library)
        outlets = [(id, port.name) for port in module.spec().outputs]
        if outlets and all(outlet in known for outlet in outlets):
            continue
        inputs = {edge.input: known.get((edge.source, edge.output)) for edge in pipeline.incoming(id)}
        try:
            step = library.read(node.module, node.version, node.parameters)
            answer = by_port(module, step.infer(**inputs)) if outlets else {}
        except DesignerError as error:
            raise error.at(node=id, module=title_of(node, library)) from None
        known |= {(id, name): value for name, value in answer.items()}
    return known


def _is_record(answer: Any) -> bool:
    return isinstance(answer, tuple) and hasattr(answer, "_fields") and len(answer) == 1
