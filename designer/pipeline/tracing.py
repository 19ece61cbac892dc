"""Following tables through a pipeline: where they come from, where they go, which step learns from them."""

from __future__ import annotations

from designer.contract.errors import DesignerError
from designer.contract.library import Library
from designer.contract.ports import PortType
from designer.pipeline.graph import Edge, Node, Pipeline

SPLITS = frozenset({"split-data", "time-series-split"})


def learns(node: Node, library: Library) -> bool:
    """Whether a node learns values from the rows it sees. Rows made for training are told apart: they come last."""
    module = library.get(node.module)
    if module is None or module.spec().at_inference == "pass through":
        return False
    try:
        return library.read(node.module, node.version, node.parameters).learns
    except DesignerError:
        return False


def wire_of_type(pipeline: Pipeline, id: str, type: PortType, library: Library) -> Edge | None:
    """The first wire into a node that brings something of a type."""
    return next((wire for wire in pipeline.incoming(id) if _port_type(pipeline, wire, library) is type), None)


def splits_below(pipeline: Pipeline, wire: Edge, library: Library) -> list[str]:
    """The splits that the table on a wire reaches, nearest first."""
    found, seen, waiting = [], {wire.source}, [wire]
    while waiting:
        current = waiting.pop(0)
        if _port_type(pipeline, current, library) is not PortType.TABLE or current.target in seen:
            continue
        seen.add(current.target)
        if pipeline.nodes[current.target].module in SPLITS:
            found.append(current.target)
        else:
            waiting += pipeline.outgoing(current.target)
    return found


def tables_above(pipeline: Pipeline, wire: Edge, library: Library) -> list[Edge]:
    """The wires that the table on a wire comes through, itself first, nearest first."""
    found: dict[Edge, None] = {}
    waiting = [wire]
    while waiting:
        current = waiting.pop(0)
        if current in found or _port_type(pipeline, current, library) is not PortType.TABLE:
            continue
        found[current] = None
        waiting += pipeline.incoming(current.source)
    return list(found)


def _port_type(pipeline: Pipeline, wire: Edge, library: Library) -> PortType | None:
    module = library.get(pipeline.nodes[wire.source].module) if wire.source in pipeline.nodes else None
    port = module.spec().output(wire.output) if module else None
    return port.type if port else None
