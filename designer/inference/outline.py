"""Infer what is known of every output of a pipeline, strictly: the error of the first failing step is raised."""

from __future__ import annotations

from collections.abc import Mapping

from designer.contract.catalogue.library import Library
from designer.contract.errors import DesignerError, UnknownModule
from designer.contract.module import Module
from designer.contract.ports import PortType
from designer.contract.values import Known
from designer.pipeline.graph import Node, Pipeline
from designer.pipeline.walk import Outlet, Visit, by_output, visits, walk


def module_of(node: Node, library: Library) -> type[Module]:
    """The class of a node's module. Raises UnknownModule naming the node."""
    module = library.get(node.module)
    if module is None:
        problem = f"there is no module '{node.module}' in this library"
        raise UnknownModule(problem, "Install the package that provides it.").at(node=node.id, module=node.module)
    return module


def output_type(pipeline: Pipeline, source: str, output: str, library: Library) -> PortType | None:
    """The port type of an output; None if the module or the port does not exist."""
    module = library.get(pipeline.nodes[source].module)
    port = module.spec().output(output) if module else None
    return port.type if port else None


def outline(pipeline: Pipeline, library: Library, fixed: Mapping[Outlet, Known]) -> dict[Outlet, Known]:
    """Infer what is known of every output from what is known of some. Raises the error of the first step that fails."""

    def read(visit: Visit, inputs: Mapping[str, Known]) -> dict[str, Known]:
        module = module_of(visit.node, library)
        ports = module.spec().outputs
        if not ports or all((visit.id, port.name) in fixed for port in ports):
            return {}
        try:
            return by_output(module, visit.instance().infer(**inputs))
        except DesignerError as error:
            raise visit.located(error) from None

    return walk(visits(pipeline, library), read, fixed)
