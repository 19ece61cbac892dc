"""Leakage and bad practice on the wires: what a careful colleague would say, each with a fix that is an edit."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from typing import Any

from designer.contract.errors import DesignerError
from designer.contract.library import Library
from designer.contract.ports import PortType
from designer.contract.schema import Schema
from designer.pipeline.graph import Edge, Node, Pipeline
from designer.pipeline.propagate import Propagation, propagate

SPLITS = frozenset({"split-data", "time-series-split"})
IDENTIFIER_WORDS = frozenset({"id", "uuid", "guid", "identifier", "rowid"})


@dataclass(frozen=True)
class Warning:
    """A warning on a wire (or a node, where `wire` is None): what it means, and a fix, where one is an edit."""

    rule: str
    node: str
    title: str
    message: str
    wire: Edge | None = None
    fix_title: str = ""
    fix: tuple[Mapping[str, Any], ...] = ()

    def to_json(self) -> dict[str, Any]:
        """The warning as a document."""
        return {**vars(self), "wire": dict(vars(self.wire)) if self.wire else None, "fix": list(self.fix)}


Rule = Callable[[Pipeline, Library, Propagation], Iterable[Warning]]


def lint(pipeline: Pipeline, library: Library, known: Propagation | None = None) -> list[Warning]:
    """All warnings, in the order of the graph. Pure, and never raises."""
    known = known or propagate(pipeline, library)
    position = {id: i for i, id in enumerate(pipeline.order())}
    found = [warning for rule in _RULES for warning in rule(pipeline, library, known)]
    return sorted(found, key=lambda warning: (position.get(warning.node, 0), warning.rule))


def fitted_before_split(pipeline: Pipeline, library: Library, known: Propagation) -> Iterable[Warning]:
    """A transformation learns from all rows, and the table is split afterwards."""
    for id, node in pipeline.nodes.items():
        if node.disabled or not _learns(node, library):
            continue
        for wire in pipeline.outgoing(id):
            splits = _reached(pipeline, wire, library)
            if splits:
                title = library[node.module].spec().title
                yield Warning(
                    "fitted-before-split",
                    id,
                    "Test rows leak into training",
                    f"{title} learns from all rows, then the table is split. "
                    "Held-out rows have already shaped the training data.",
                    wire,
                    "Split first",
                    _split_first(pipeline, id, splits[0], library),
                )
                break


def sampled_before_split(pipeline: Pipeline, library: Library, known: Propagation) -> Iterable[Warning]:
    """Synthetic rows are made before the split, so that copies of test rows train the model."""
    for id, node in pipeline.nodes.items():
        if node.module == "smote" and not node.disabled:
            for wire in pipeline.outgoing(id):
                if _reached(pipeline, wire, library):
                    message = "SMOTE makes rows out of rows that are held out later. Split first, then oversample."
                    yield Warning("sampled-before-split", id, "Test rows leak into training", message, wire)


def scored_on_training_rows(pipeline: Pipeline, library: Library, known: Propagation) -> Iterable[Warning]:
    """A model is scored on the very rows that trained it."""
    for id in pipeline.nodes:
        table, model = (_wire_of_type(pipeline, id, kind, library) for kind in (PortType.TABLE, PortType.TRAINED))
        trained = _wire_of_type(pipeline, model.source, PortType.TABLE, library) if model else None
        supervised = bool(model and _wire_of_type(pipeline, model.source, PortType.UNTRAINED, library))
        if table is None or trained is None or not supervised or "clustering" in pipeline.nodes[trained.target].module:
            continue
        if (table.source, table.output) == (trained.source, trained.output):
            yield Warning(
                "scored-on-training-rows",
                id,
                "The model is tested on the rows it learned from",
                "Its score says how well it remembers, not how well it predicts. Split the rows and score the rest.",
                table,
            )


def identifier_as_feature(pipeline: Pipeline, library: Library, known: Propagation) -> Iterable[Warning]:
    """Columns whose name says identifier are used as features."""
    for id, node in pipeline.nodes.items():
        if node.module != "train-model" or node.disabled:
            continue
        wire = pipeline.into(id, "dataset")
        schema = known.into(pipeline, id, "dataset")
        if wire is None or not isinstance(schema, Schema):
            continue
        label = str(node.parameters.get("label_column", ""))
        names = [c.name for c in schema if _looks_like_identifier(c.name) and c.name != label and c.role == "Feature"]
        if names:
            listed = ", ".join(f"“{name}”" for name in names[:3])
            yield Warning(
                "identifier-as-feature",
                id,
                f"{listed} looks like an identifier",
                "A model can learn rows by heart through it and fail on new ones. Leave it out.",
                wire,
                "Leave it out",
                _leave_out(pipeline, wire, names),
            )


_RULES: tuple[Rule, ...] = (fitted_before_split, sampled_before_split, scored_on_training_rows, identifier_as_feature)


def _learns(node: Node, library: Library) -> bool:
    """Whether a node learns values from the rows it sees."""
    module = library.get(node.module)
    if module is None or PortType.TRANSFORMATION not in {port.type for port in module.spec().outputs}:
        return False
    try:
        return library.read(node.module, node.version, node.parameters).learns
    except DesignerError:
        return False


def _port_type(pipeline: Pipeline, wire: Edge, library: Library) -> PortType | None:
    module = library.get(pipeline.nodes[wire.source].module) if wire.source in pipeline.nodes else None
    port = module.spec().output(wire.output) if module else None
    return port.type if port else None


def _wire_of_type(pipeline: Pipeline, id: str, type: PortType, library: Library) -> Edge | None:
    return next((w for w in pipeline.incoming(id) if _port_type(pipeline, w, library) is type), None)


def _reached(pipeline: Pipeline, wire: Edge, library: Library) -> list[str]:
    """The splits that the table on this wire reaches, nearest first."""
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


def _split_first(pipeline: Pipeline, id: str, split: str, library: Library) -> tuple[Mapping[str, Any], ...]:
    """Swap a transformation with the split that directly follows it, and apply it to the held-out half."""
    table, after = _wire_of_type(pipeline, id, PortType.TABLE, library), pipeline.into(split, "dataset")
    if table is None or after is None or after.source != id or "apply-transformation" not in library:
        return ()
    halves = library[pipeline.nodes[split].module].spec().outputs
    fitted = next(p for p in library[pipeline.nodes[id].module].spec().outputs if p.type is PortType.TRANSFORMATION)
    out = library["apply-transformation"].spec().outputs[0].name
    applied = _fresh(pipeline, "apply")
    x, y = pipeline.layout.get(split, (0.0, 0.0))
    first, second = halves[0].name, halves[1].name
    moved = pipeline.outgoing(split)
    wires = [
        Edge(table.source, table.output, split, "dataset"),
        Edge(split, first, id, table.input),
        Edge(id, fitted.name, applied, "transformation"),
        Edge(split, second, applied, "dataset"),
    ]
    for wire in moved:
        source, output = (id, after.output) if wire.output == first else (applied, out)
        wires.append(Edge(source, output, wire.target, wire.input))
    return (
        {"op": "add", "id": applied, "module": "apply-transformation", "x": x + 256, "y": y + 54},
        *({"op": "disconnect", **vars(wire)} for wire in [table, after, *moved]),
        *({"op": "connect", **vars(wire)} for wire in wires),
    )


def _leave_out(pipeline: Pipeline, wire: Edge, names: list[str]) -> tuple[Mapping[str, Any], ...]:
    id = _fresh(pipeline, "select")
    x, y = pipeline.layout.get(wire.target, (0.0, 0.0))
    rules = [{"action": "exclude", "by": "names", "names": names}]
    columns = {"start": "all", "rules": rules}
    add = {"op": "add", "id": id, "module": "select-columns-in-dataset", "x": x, "y": y - 54}
    return (
        add | {"parameters": {"columns": columns}},
        {"op": "connect", "source": wire.source, "output": wire.output, "target": id, "input": "dataset"},
        {"op": "connect", **vars(replace(wire, source=id, output="results_dataset"))},
    )


def _fresh(pipeline: Pipeline, stem: str) -> str:
    number = 1
    while f"{stem}_{number}" in pipeline.nodes:
        number += 1
    return f"{stem}_{number}"


def _looks_like_identifier(name: str) -> bool:
    words = name.replace("-", "_").replace(" ", "_").lower().split("_")
    return words[-1] in IDENTIFIER_WORDS or name.endswith(("Id", "ID", "UUID"))


__all__ = ["Warning", "lint"]
