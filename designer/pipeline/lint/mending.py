"""Fixes as edits. The modules they add are found by their declared purpose."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from typing import Any

from designer.contract.catalogue.library import Library
from designer.contract.module import Spec
from designer.contract.ports import PortType
from designer.pipeline.graph import Edge, Pipeline
from designer.pipeline.lint.warning import Fix, fresh_id


def leave_out(pipeline: Pipeline, wire: Edge, names: Sequence[str], library: Library) -> Fix:
    """Remove columns from the table on an edge."""
    columns = {"start": "all", "rules": [{"action": "exclude", "by": "names", "names": list(names)}]}
    return _inserted(pipeline, wire, library.with_purpose("selects columns"), columns, "select")


def remove_copies(pipeline: Pipeline, wire: Edge, names: Sequence[str], library: Library) -> Fix:
    """Remove rows that are duplicates in these columns from the table on an edge."""
    return _inserted(pipeline, wire, library.with_purpose("removes duplicates"), list(names), "distinct")


def split_by_time(pipeline: Pipeline, split: str, column: str, library: Library) -> Fix:
    """Replace a split by a split by time; empty if the library has none that fits."""
    spec, before = library.with_purpose("splits by time"), library[pipeline.nodes[split].module].spec()
    wire = next(iter(pipeline.incoming(split)), None)
    if spec is None or wire is None or spec.id == before.id or len(spec.outputs) != len(before.outputs):
        return ()
    name = next(parameter.name for parameter in spec.parameters if parameter.editor == "column")
    id, (x, y) = fresh_id(pipeline, "by_time"), pipeline.layout.get(split, (0.0, 0.0))
    outputs = {old.name: new.name for old, new in zip(before.outputs, spec.outputs, strict=True)}
    moved = [replace(after, source=id, output=outputs[after.output]) for after in pipeline.outgoing(split)]
    return (
        {**added(spec, id, x, y), "parameters": {name: column}},
        {"op": "remove", "ids": [split]},
        *rewired([], [replace(wire, target=id, input=spec.inputs[0].name), *moved]),
    )


def keep_together(pipeline: Pipeline, split: str, column: str, library: Library) -> Fix:
    """Make a split keep rows with equal values of a column on one side; empty if it cannot."""
    spec = library[pipeline.nodes[split].module].spec()
    name = spec.abilities.keeps_together
    if not name:
        return ()
    parameter = next(parameter for parameter in spec.parameters if parameter.name == name)
    shown = {other: allowed[0] for other, allowed in parameter.when}  # the values that show the parameter
    return ({"op": "set", "id": split, "parameters": {**shown, name: column}},)


def added(spec: Spec, id: str, x: float, y: float) -> Mapping[str, Any]:
    """The operation that adds a node."""
    return {"op": "add", "id": id, "module": spec.id, "version": spec.version, "x": x, "y": y}


def input_of(spec: Spec, type: PortType) -> str:
    """The name of the first input of a type."""
    return next(port.name for port in spec.inputs if port.type is type)


def rewired(before: Iterable[Edge], after: Iterable[Edge]) -> Fix:
    """The operations that replace edges by others."""
    return (
        *({"op": "disconnect", **vars(wire)} for wire in before),
        *({"op": "connect", **vars(wire)} for wire in after),
    )


def _inserted(pipeline: Pipeline, wire: Edge, spec: Spec | None, columns: Any, stem: str) -> Fix:
    """Insert a module that selects columns into an edge, above its target."""
    if spec is None:
        return ()
    parameter = next(parameter.name for parameter in spec.parameters if parameter.editor == "columns")
    id, (x, y) = fresh_id(pipeline, stem), pipeline.layout.get(wire.target, (0.0, 0.0))
    add = added(spec, id, x, y - 54)
    wires = [
        replace(wire, target=id, input=input_of(spec, PortType.TABLE)),
        replace(wire, source=id, output=spec.outputs[0].name),
    ]
    return ({**add, "parameters": {parameter: columns}}, *rewired([], wires))
