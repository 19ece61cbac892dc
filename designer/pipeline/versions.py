"""Migrate nodes saved by older versions of their modules."""

from __future__ import annotations

from dataclasses import replace

from designer.contract.errors import DesignerError
from designer.contract.library import Library
from designer.pipeline.graph import Node, Pipeline


def up_to_date(pipeline: Pipeline, library: Library) -> Pipeline:
    """The pipeline with parameters of older module versions migrated.

    A node is unchanged if its module is unknown, if it is newer than the library's, or if the migration fails; `check`
    reports the problem.
    """
    nodes = {id: _migrated(node, library) for id, node in pipeline.nodes.items()}
    return replace(pipeline, nodes=nodes) if nodes != pipeline.nodes else pipeline


def _migrated(node: Node, library: Library) -> Node:
    module = library.get(node.module)
    if module is None or node.version >= module.spec().version:
        return node
    try:
        parameters = library.migrated(node.module, node.version, node.parameters)
    except DesignerError:
        return node
    return replace(node, version=module.spec().version, parameters=parameters)
