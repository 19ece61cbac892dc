"""Rules about rows: what is held out must not shape what is measured on it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from designer.contract.library import Library
from designer.contract.ports import PortType
from designer.pipeline.graph import Edge, Pipeline
from designer.pipeline.propagate import Propagation
from designer.pipeline.tracing import SPLITS, learns, splits_below, tables_above, wire_of_type
from designer.pipeline.warning import Fix, Warning, fresh_id

PARTITIONS = frozenset({"partition-and-sample", "sample-rows"})
"""These take rows out of a table that another of their kind may not take: what they separate is not known here."""


def fitted_before_split(pipeline: Pipeline, library: Library, known: Propagation) -> Iterable[Warning]:
    """A step learns from all rows, and the table is split afterwards."""
    for id, node in pipeline.nodes.items():
        if node.disabled or not learns(node, library):
            continue
        for wire in pipeline.outgoing(id):
            splits = splits_below(pipeline, wire, library)
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
                if splits_below(pipeline, wire, library):
                    message = "SMOTE makes rows out of rows that are held out later. Split first, then oversample."
                    yield Warning("sampled-before-split", id, "Test rows leak into training", message, wire)


def scored_on_training_rows(pipeline: Pipeline, library: Library, known: Propagation) -> Iterable[Warning]:
    """A model is scored on rows that trained it."""
    for scored, trained in _measured(pipeline, library):
        if (scored.source, scored.output) == (trained.source, trained.output) or _overlap(
            pipeline, scored, trained, library
        ):
            yield Warning(
                "scored-on-training-rows",
                scored.target,
                "The model is tested on the rows it learned from",
                "Its score says how well it remembers, not how well it predicts. Split the rows and score the rest.",
                scored,
            )


def fitted_on_held_out_rows(pipeline: Pipeline, library: Library, known: Propagation) -> Iterable[Warning]:
    """A step learns anew from the held-out rows, where what was learned from the training rows should be applied."""
    tables = {((s.source, s.output), (t.source, t.output)): (s, t) for s, t in _measured(pipeline, library)}
    for scored, trained in tables.values():  # many models may share them
        training = _halves(pipeline, tables_above(pipeline, trained, library))
        for wire in tables_above(pipeline, scored, library):
            table = wire_of_type(pipeline, wire.source, PortType.TABLE, library)
            node = pipeline.nodes[wire.source]
            if node.disabled or table is None or not learns(node, library):
                continue
            held_out = _halves(pipeline, tables_above(pipeline, table, library))
            if any(split in training and not halves & training[split] for split, halves in held_out.items()):
                yield _relearned(pipeline, table, trained, library)


def _relearned(pipeline: Pipeline, table: Edge, trained: Edge, library: Library) -> Warning:
    node = pipeline.nodes[table.target]
    return Warning(
        "fitted-on-held-out-rows",
        node.id,
        "Held-out rows shape how they are measured",
        f"{library[node.module].spec().title} learns from the held-out rows, which new rows cannot do. "
        "Apply what it learned from the training rows.",
        table,
        "Apply the one of the training rows",
        _apply_instead(pipeline, node.id, table, trained, library),
    )


def _measured(pipeline: Pipeline, library: Library) -> Iterable[tuple[Edge, Edge]]:
    """Of every node that scores with a model trained on a label: the table it scores, and the one that trained."""
    for id in pipeline.nodes:
        scored, model = (wire_of_type(pipeline, id, kind, library) for kind in (PortType.TABLE, PortType.TRAINED))
        trained = wire_of_type(pipeline, model.source, PortType.TABLE, library) if model else None
        supervised = bool(model and wire_of_type(pipeline, model.source, PortType.UNTRAINED, library))
        if scored and trained and supervised and "clustering" not in pipeline.nodes[trained.target].module:
            yield scored, trained


def _halves(pipeline: Pipeline, wires: Iterable[Edge]) -> dict[str, set[str]]:
    """Which outputs of which splits these wires bring."""
    found: dict[str, set[str]] = {}
    for wire in wires:
        if pipeline.nodes[wire.source].module in SPLITS:
            found.setdefault(wire.source, set()).add(wire.output)
    return found


def _overlap(pipeline: Pipeline, scored: Edge, trained: Edge, library: Library) -> bool:
    """Whether a half that is scored also trains, and no split below keeps the two apart."""
    tables = [tables_above(pipeline, wire, library) for wire in (scored, trained)]
    if any(pipeline.nodes[wire.source].module in PARTITIONS for wires in tables for wire in wires):
        return False
    measured, training = (_halves(pipeline, wires) for wires in tables)
    shared = [bool(measured[split] & training[split]) for split in measured.keys() & training.keys()]
    return bool(shared) and all(shared)


def _split_first(pipeline: Pipeline, id: str, split: str, library: Library) -> Fix:
    """Swap a transformation with the split that directly follows it, and apply it to the held-out half."""
    table, after = wire_of_type(pipeline, id, PortType.TABLE, library), pipeline.into(split, "dataset")
    fitted = _fitted_output(pipeline, id, library)
    if not fitted or table is None or after is None or after.source != id or "apply-transformation" not in library:
        return ()
    halves = library[pipeline.nodes[split].module].spec().outputs
    applied = fresh_id(pipeline, "apply")
    x, y = pipeline.layout.get(split, (0.0, 0.0))
    first, second = halves[0].name, halves[1].name
    moved = pipeline.outgoing(split)
    wires = [
        Edge(table.source, table.output, split, "dataset"),
        Edge(split, first, id, table.input),
        Edge(id, fitted, applied, "transformation"),
        Edge(split, second, applied, "dataset"),
    ]
    for wire in moved:
        source, output = (id, after.output) if wire.output == first else (applied, _applied_output(library))
        wires.append(Edge(source, output, wire.target, wire.input))
    return (_apply_node(applied, x + 256, y + 54), *_rewired([table, after, *moved], wires))


def _apply_instead(pipeline: Pipeline, id: str, table: Edge, trained: Edge, library: Library) -> Fix:
    """Put Apply Transformation in the place of a step, with what its one twin learned on the way to the model."""
    module = pipeline.nodes[id].module
    way = dict.fromkeys(wire.source for wire in tables_above(pipeline, trained, library))
    twins = [above for above in way if pipeline.nodes[above].module == module and above != id]
    tables = {port.name for port in library[module].spec().outputs if port.type is PortType.TABLE}
    gone = pipeline.outgoing(id)
    if len(twins) != 1 or any(wire.output not in tables for wire in gone) or "apply-transformation" not in library:
        return ()
    fitted = _fitted_output(pipeline, twins[0], library)
    if not fitted:
        return ()
    applied = fresh_id(pipeline, "apply")
    x, y = pipeline.layout.get(id, (0.0, 0.0))
    wires = [
        Edge(twins[0], fitted, applied, "transformation"),
        Edge(table.source, table.output, applied, "dataset"),
        *(Edge(applied, _applied_output(library), wire.target, wire.input) for wire in gone),
    ]
    return (_apply_node(applied, x, y), {"op": "remove", "ids": [id]}, *_rewired([], wires))


def _fitted_output(pipeline: Pipeline, id: str, library: Library) -> str:
    """The output with what a step learned; empty where it has none."""
    ports = library[pipeline.nodes[id].module].spec().outputs
    return next((port.name for port in ports if port.type is PortType.TRANSFORMATION), "")


def _applied_output(library: Library) -> str:
    return library["apply-transformation"].spec().outputs[0].name


def _apply_node(id: str, x: float, y: float) -> Mapping[str, Any]:
    return {"op": "add", "id": id, "module": "apply-transformation", "x": x, "y": y}


def _rewired(before: Iterable[Edge], after: Iterable[Edge]) -> Fix:
    return (
        *({"op": "disconnect", **vars(wire)} for wire in before),
        *({"op": "connect", **vars(wire)} for wire in after),
    )
