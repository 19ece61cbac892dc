"""Migrate nodes saved by older versions of their modules."""

from __future__ import annotations

from dataclasses import replace

from designer.contract.catalogue.library import Library
from designer.contract.errors import DesignerError
from designer.contract.reference import referenced
from designer.pipeline.graph import Node, Pipeline
from designer.pipeline.parameters import previewed


def up_to_date(pipeline: Pipeline, library: Library) -> Pipeline:
    """The pipeline with parameters of older module versions migrated.

    A node is unchanged if its module is unknown, if it is newer than the library's, or if the migration fails; `check`
    reports the problem.
    """
    values = previewed(pipeline).nodes
    nodes = {id: _migrated(node, values[id], library) for id, node in pipeline.nodes.items()}
    return replace(pipeline, nodes=nodes) if nodes != pipeline.nodes else pipeline


def _migrated(node: Node, bound: Node, library: Library) -> Node:
    """The node, migrated by its bound values; a field whose value stays keeps its reference to a parameter."""
    module = library.get(node.module)
    if module is None or node.version >= module.spec().version:
        return node
    try:
        parameters = library.migrated(node.module, node.version, bound.parameters)
    except DesignerError:
        return node
    for field, value in node.parameters.items():
        if referenced(value) is not None and parameters.get(field) == bound.parameters.get(field):
            parameters[field] = value
    return replace(node, version=module.spec().version, parameters=parameters)
