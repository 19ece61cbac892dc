"""Components that a palette offers in another version than a pipeline has: what changes, and the edit that takes it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from designer.contract.catalogue.library import Library
from designer.contract.module import Spec
from designer.contract.parameters import Parameter
from designer.contract.ports import Port
from designer.contract.wording.articles import with_article
from designer.pipeline.graph import Edge, Pipeline


@dataclass(frozen=True)
class Newer:
    """A node whose component is offered in another version; `changes` are those of the interface, in words."""

    node: str
    module: str
    version: str
    changes: tuple[str, ...]
    operations: tuple[Mapping[str, Any], ...]


def newer(pipeline: Pipeline, library: Library) -> list[Newer]:
    """The nodes whose component is offered in another version, in the order of the pipeline. Never raises.

    The edit gives a node the offered version. It keeps its id, and the settings and wires for which that
    version has a setting or port.
    """
    offered = {id.partition("@")[0]: id for id in library.palette}
    nodes = [
        (node.id, node.module, offered[name])
        for node in pipeline.nodes.values()
        if (name := node.module.partition("@")[0]) in offered and node.module not in (name, offered[name])
    ]
    known = [each for each in nodes if each[1] in library]
    return [_newer(pipeline, node, library[old].spec(), library[new].spec()) for node, old, new in known]


def changes(old: Spec, new: Spec) -> tuple[str, ...]:
    """What changed in the interface, one sentence for each port and setting."""
    ports = [*_ports("input", old.inputs, new.inputs), *_ports("output", old.outputs, new.outputs)]
    return (*ports, *_parameters(old.parameters, new.parameters))


def with_module(pipeline: Pipeline, id: str, new: Spec) -> tuple[Mapping[str, Any], ...]:
    """The operations that give a node another module, with all of its settings and wires that the module has."""
    node, (x, y) = pipeline.nodes[id], pipeline.layout.get(id, (0.0, 0.0))
    settings = {parameter.name for parameter in new.parameters}
    kept = {name: value for name, value in node.parameters.items() if name in settings}
    add = {"op": "add", "id": id, "module": new.id, "version": new.version, "x": x, "y": y, "parameters": kept,
           "comment": node.comment, "title": node.title, "disabled": node.disabled,
           "compute": node.compute}  # fmt: skip
    wires = [{"op": "connect", **vars(edge), "restored": True} for edge in _kept(pipeline, id, new)]
    groups = [
        {"op": "group", **vars(group), "nodes": list(group.nodes)} for group in pipeline.groups if id in group.nodes
    ]
    return ({"op": "remove", "ids": [id]}, add, *wires, *groups)


def _newer(pipeline: Pipeline, id: str, old: Spec, new: Spec) -> Newer:
    return Newer(id, new.id, new.id.partition("@")[2], changes(old, new), with_module(pipeline, id, new))


def _kept(pipeline: Pipeline, id: str, new: Spec) -> Iterator[Edge]:
    """The wires of a node whose ports the new version has."""
    for edge in pipeline.edges:
        into, out_of = edge.target == id, edge.source == id
        has_input = not into or new.input(edge.input) is not None
        has_output = not out_of or new.output(edge.output) is not None
        if (into or out_of) and has_input and has_output:
            yield edge


def _ports(kind: str, old: Sequence[Port], new: Sequence[Port]) -> Iterator[str]:
    before, after = {port.name: port for port in old}, {port.name: port for port in new}
    yield from _names(kind, before, after)
    for name in before.keys() & after.keys():
        if before[name].type is not after[name].type:
            now, earlier = with_article(after[name].type), with_article(before[name].type)
            yield f"The {kind} '{name}' is {now} instead of {earlier}."


def _parameters(old: Iterable[Parameter], new: Iterable[Parameter]) -> Iterator[str]:
    before, after = {each.name: each for each in old}, {each.name: each for each in new}
    yield from _names("setting", before, after)
    for name in (each for each in before if each in after):
        if before[name].default != after[name].default:
            yield f"The setting '{name}' is {after[name].default!r} instead of {before[name].default!r} by default."
        if before[name].choices != after[name].choices:
            yield f"The setting '{name}' has other choices."


def _names(kind: str, before: Mapping[str, Any], after: Mapping[str, Any]) -> Iterator[str]:
    yield from (f"The {kind} '{name}' is new." for name in after if name not in before)
    yield from (f"The {kind} '{name}' is gone." for name in before if name not in after)
