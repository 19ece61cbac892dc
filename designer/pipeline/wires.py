"""Whether a wire fits the ports it ends at, and what is said of a port without one."""

from __future__ import annotations

from dataclasses import dataclass

from designer.contract.errors import DesignerError, MissingInput, UnfittingWire
from designer.contract.library import Library
from designer.contract.ports import Port
from designer.pipeline.graph import Edge, Pipeline


@dataclass(frozen=True)
class Misfit:
    """A wire that does not fit: the node and the port to look at, and what is wrong."""

    node: str
    port: str
    error: DesignerError


def misfit(pipeline: Pipeline, edge: Edge, library: Library) -> Misfit | None:
    """What is wrong with a wire: a port that is not there, or one that takes something else.

    None where it fits, and where a module is not installed: then its ports are not known.
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
    """That nothing reaches an input port that needs something."""
    return MissingInput("nothing is connected", "Draw a wire to this port.", port=port.title)


def _nowhere(node: str, title: str, port: str) -> Misfit:
    error = UnfittingWire(f"a wire ends at '{port}', and there is no such port", "Remove the wire.")
    return Misfit(node, port, error.at(node=node, module=title))
