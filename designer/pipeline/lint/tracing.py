"""Trace tables through a pipeline: upstream to their sources, downstream to splits, and to the steps that learn."""

from __future__ import annotations

from designer.contract.abilities import Abilities
from designer.contract.catalogue.library import Library
from designer.contract.errors import DesignerError
from designer.contract.ports import PortType
from designer.pipeline.graph import Edge, Node, Pipeline


def abilities(pipeline: Pipeline, id: str, library: Library) -> Abilities:
    """The abilities of a node's module; none if the node is disabled or the module is not installed."""
    node = pipeline.nodes.get(id)
    module = library.get(node.module) if node and not node.disabled else None
    return module.spec().abilities if module else Abilities()


def learns(node: Node, library: Library) -> bool:
    """Whether a node learns values from the rows it sees; False for modules that inference passes through."""
    module = library.get(node.module)
    if module is None or module.spec().at_inference == "pass through":
        return False
    try:
        return module.spec().abilities.encodes_values or library.read(node.module, node.version, node.parameters).learns
    except DesignerError:
        return False


def wire_of_type(pipeline: Pipeline, id: str, type: PortType, library: Library) -> Edge | None:
    """The first edge into a node that carries a type; None if there is none."""
    return next((wire for wire in pipeline.incoming(id) if _port_type(pipeline, wire, library) is type), None)


def splits_below(pipeline: Pipeline, wire: Edge, library: Library) -> list[str]:
    """The splits that the table on an edge reaches, nearest first."""
    splits, visited, waiting = [], {wire.source}, [wire]
    while waiting:
        current = waiting.pop(0)
        if _port_type(pipeline, current, library) is not PortType.TABLE or current.target in visited:
            continue
        visited.add(current.target)
        if abilities(pipeline, current.target, library).splits_rows:
            splits.append(current.target)
        else:
            waiting += pipeline.outgoing(current.target)
    return splits


def reach_splits(pipeline: Pipeline, library: Library) -> frozenset[str]:
    """The nodes with a table output that reaches a split, directly or through other steps.

    Searches upstream from the splits, once for the whole graph, since pipelines have few splits or none.
    """
    reaching, waiting = set[str](), [id for id in pipeline.nodes if abilities(pipeline, id, library).splits_rows]
    while waiting:
        for wire in pipeline.incoming(waiting.pop()):
            if wire.source not in reaching and _port_type(pipeline, wire, library) is PortType.TABLE:
                reaching.add(wire.source)
                waiting.append(wire.source)
    return frozenset(reaching)


def tables_above(pipeline: Pipeline, wire: Edge, library: Library) -> list[Edge]:
    """The table edges upstream of an edge, starting with the edge itself, nearest first."""
    edges: dict[Edge, None] = {}
    waiting = [wire]
    while waiting:
        current = waiting.pop(0)
        if current in edges or _port_type(pipeline, current, library) is not PortType.TABLE:
            continue
        edges[current] = None
        waiting += pipeline.incoming(current.source)
    return list(edges)


def _port_type(pipeline: Pipeline, wire: Edge, library: Library) -> PortType | None:
    module = library.get(pipeline.nodes[wire.source].module) if wire.source in pipeline.nodes else None
    port = module.spec().output(wire.output) if module else None
    return port.type if port else None
