"""Which nodes may run in a process that another node of the run has used: those that execute only Designer's own code.

A script, a module of the user's or of another package, or a reader of files may leave anything behind in its process.
So may a node that such code reaches through a value: training a learner made by a script runs the script. Tables hold
data only; models, transformations and other pickled values may hold code.
"""

from __future__ import annotations

from designer.contract.catalogue.library import Library
from designer.contract.errors import DesignerError
from designer.contract.ports import PortType
from designer.pipeline.graph import Edge, Pipeline


def sharing(pipeline: Pipeline, library: Library) -> frozenset[str]:
    """The ids of the nodes that may share a process."""
    trusted: set[str] = set()
    for id in pipeline.order():
        if _is_own(pipeline.nodes[id].module, library) and all(
            edge.source in trusted or _passes_table(pipeline, edge, library) for edge in pipeline.incoming(id)
        ):
            trusted.add(id)
    return frozenset(trusted)


def _is_own(module: str, library: Library) -> bool:
    try:
        return library.ships(module) and library[module].spec().is_self_contained
    except DesignerError:  # it cannot be loaded; planning reports it
        return False


def _passes_table(pipeline: Pipeline, edge: Edge, library: Library) -> bool:
    source = pipeline.nodes.get(edge.source)
    try:
        port = library[source.module].spec().output(edge.output) if source else None
    except DesignerError:
        return False
    return port is not None and port.type is PortType.TABLE
