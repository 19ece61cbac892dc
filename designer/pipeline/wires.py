"""Check whether edges fit their ports, and report unconnected ports."""

from __future__ import annotations

from dataclasses import dataclass

from designer.contract.catalogue.library import Library
from designer.contract.errors import DesignerError, MissingInput, UnfittingWire
from designer.contract.ports import Port
from designer.pipeline.graph import Edge, Pipeline


@dataclass(frozen=True)
class Misfit:
    """An edge that does not fit: the node, the port and the error."""

    node: str
    port: str
    error: DesignerError


def misfit(pipeline: Pipeline, edge: Edge, library: Library) -> Misfit | None:
    """The misfit of an edge: a missing port, or one of another type.

    None if the edge fits, or if a module is not installed, since its ports are then unknown.
    """
    source, target = (library.get(pipeline.nodes[end].module) for end in (edge.source, edge.target))
    if source is None or target is None:
        return None
    output, input = source.spec().output(edge.output), target.spec().input(edge.input)
    if output is None:
        return _nowhere(edge.source, source.spec().title, edge.output)
    if input is None:
        return _nowhere(edge.target, target.spec().title, edge.input)
    if input.type.accepts(output.type):
        return None
    error = UnfittingWire(f"the wire brings {output.type}", f"Connect {input.type} instead.", port=input.title)
    return Misfit(edge.target, input.name, error.at(node=edge.target, module=target.spec().title))


def unconnected(port: Port) -> DesignerError:
    """The error for a required input that is not connected."""
    return MissingInput("nothing is connected", "Draw a wire to this port.", port=port.title)


def _nowhere(node: str, title: str, port: str) -> Misfit:
    error = UnfittingWire(f"a wire ends at '{port}', and there is no such port", "Remove the wire.")
    return Misfit(node, port, error.at(node=node, module=title))
