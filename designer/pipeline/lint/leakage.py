"""Lint rules about rows: held-out rows must not influence training."""

from __future__ import annotations

from collections.abc import Iterable

from designer.contract.catalogue.library import Library
from designer.contract.ports import PortType
from designer.pipeline.graph import Edge, Pipeline
from designer.pipeline.lint.comparisons import halves, is_validated, measured
from designer.pipeline.lint.mending import added, input_of, rewired
from designer.pipeline.lint.tracing import abilities, learns, reach_splits, splits_below, tables_above, wire_of_type
from designer.pipeline.lint.warning import Fix, Warning, fresh_id
from designer.pipeline.propagate import Propagation


def fitted_before_split(pipeline: Pipeline, library: Library, propagation: Propagation) -> Iterable[Warning]:
    """Warn where a step learns from all rows and the table is split afterwards."""
    before = reach_splits(pipeline, library)
    for id, node in pipeline.nodes.items():
        if node.disabled or id not in before or not learns(node, library):
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


def sampled_before_split(pipeline: Pipeline, library: Library, propagation: Propagation) -> Iterable[Warning]:
    """Warn where synthetic rows are made before the split, so that derivatives of test rows train the model."""
    for id, node in pipeline.nodes.items():
        if abilities(pipeline, id, library).makes_rows:
            title = library[node.module].spec().title
            for wire in pipeline.outgoing(id):
                if splits_below(pipeline, wire, library):
                    message = f"{title} makes rows out of rows that are held out later. Split first, then oversample."
                    yield Warning("sampled-before-split", id, "Test rows leak into training", message, wire)


def learned_before_folds(pipeline: Pipeline, library: Library, propagation: Propagation) -> Iterable[Warning]:
    """Warn where a step learns from the label of all rows, or makes rows, before the rows are divided into folds."""
    for id in pipeline.nodes:
        if not abilities(pipeline, id, library).folds_rows or is_validated(pipeline, id, library):
            continue
        wire = wire_of_type(pipeline, id, PortType.TABLE, library)
        for above in tables_above(pipeline, wire, library) if wire else ():
            capabilities = abilities(pipeline, above.source, library)
            if (capabilities.label or capabilities.makes_rows) and not wire_of_type(
                pipeline, above.source, PortType.UNTRAINED, library
            ):
                yield _before_folds(pipeline, above, id, library)


def _before_folds(pipeline: Pipeline, wire: Edge, folding: str, library: Library) -> Warning:
    step, trainer = (library[pipeline.nodes[id].module].spec() for id in (wire.source, folding))
    port = trainer.input(trainer.abilities.validation)
    instead = f"wire held-out rows to {port.title}" if port else "measure on the held-out rows"
    did = "makes rows out of" if step.abilities.makes_rows else "learns from the label of"
    return Warning(
        "learned-before-folds",
        wire.source,
        "Each fold was seen before it is measured",
        f"{step.title} {did} all rows, and {trainer.title} divides them into folds afterwards: its figures are too "
        f"good. Split first, give this step the training rows only, and {instead}.",
        wire,
    )


def scored_on_training_rows(pipeline: Pipeline, library: Library, propagation: Propagation) -> Iterable[Warning]:
    """Warn where a model is scored on its training rows."""
    for scored, trained in measured(pipeline, library):
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


def fitted_on_held_out_rows(pipeline: Pipeline, library: Library, propagation: Propagation) -> Iterable[Warning]:
    """Warn where a step is fitted on held-out rows instead of applying the one fitted on the training rows."""
    tables = {((s.source, s.output), (t.source, t.output)): (s, t) for s, t in measured(pipeline, library)}
    for scored, trained in tables.values():  # deduplicated, since many models may share the tables
        training = halves(pipeline, tables_above(pipeline, trained, library), library)
        for wire in tables_above(pipeline, scored, library):
            table = wire_of_type(pipeline, wire.source, PortType.TABLE, library)
            node = pipeline.nodes[wire.source]
            if node.disabled or table is None or not learns(node, library):
                continue
            held_out = halves(pipeline, tables_above(pipeline, table, library), library)
            if any(split in training and not sides & training[split] for split, sides in held_out.items()):
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


def _overlap(pipeline: Pipeline, scored: Edge, trained: Edge, library: Library) -> bool:
    """Whether an output of a split is both scored and used for training, with no other split separating them."""
    tables = [tables_above(pipeline, wire, library) for wire in (scored, trained)]
    if any(abilities(pipeline, wire.source, library).samples_rows for wires in tables for wire in wires):
        return False  # the overlap of two samples is unknown before the run
    tested, training = (halves(pipeline, wires, library) for wires in tables)
    shared = [bool(tested[split] & training[split]) for split in tested.keys() & training.keys()]
    return bool(shared) and all(shared)


def _split_first(pipeline: Pipeline, id: str, split: str, library: Library) -> Fix:
    """Swap a transformation with the split directly below it, and apply it to the held-out rows."""
    table, after = (wire_of_type(pipeline, node, PortType.TABLE, library) for node in (id, split))
    fitted, apply = _fitted_output(pipeline, id, library), library.with_purpose("applies transformations")
    if not fitted or table is None or after is None or after.source != id or apply is None:
        return ()
    halves = library[pipeline.nodes[split].module].spec().outputs
    applied = fresh_id(pipeline, "apply")
    x, y = pipeline.layout.get(split, (0.0, 0.0))
    first, second = halves[0].name, halves[1].name
    moved = pipeline.outgoing(split)
    wires = [
        Edge(table.source, table.output, split, after.input),
        Edge(split, first, id, table.input),
        Edge(id, fitted, applied, input_of(apply, PortType.TRANSFORMATION)),
        Edge(split, second, applied, input_of(apply, PortType.TABLE)),
    ]
    for wire in moved:
        source, output = (id, after.output) if wire.output == first else (applied, apply.outputs[0].name)
        wires.append(Edge(source, output, wire.target, wire.input))
    return (added(apply, applied, x + 256, y + 54), *rewired([table, after, *moved], wires))


def _apply_instead(pipeline: Pipeline, id: str, table: Edge, trained: Edge, library: Library) -> Fix:
    """Replace a step by Apply Transformation, connected to the only step of the same module above the model."""
    module = pipeline.nodes[id].module
    path = dict.fromkeys(wire.source for wire in tables_above(pipeline, trained, library))
    twins = [above for above in path if pipeline.nodes[above].module == module and above != id]
    tables = {port.name for port in library[module].spec().outputs if port.type is PortType.TABLE}
    wires, apply = pipeline.outgoing(id), library.with_purpose("applies transformations")
    if len(twins) != 1 or any(wire.output not in tables for wire in wires) or apply is None:
        return ()
    fitted = _fitted_output(pipeline, twins[0], library)
    if not fitted:
        return ()
    applied = fresh_id(pipeline, "apply")
    x, y = pipeline.layout.get(id, (0.0, 0.0))
    new_wires = [
        Edge(twins[0], fitted, applied, input_of(apply, PortType.TRANSFORMATION)),
        Edge(table.source, table.output, applied, input_of(apply, PortType.TABLE)),
        *(Edge(applied, apply.outputs[0].name, wire.target, wire.input) for wire in wires),
    ]
    return (added(apply, applied, x, y), {"op": "remove", "ids": [id]}, *rewired([], new_wires))


def _fitted_output(pipeline: Pipeline, id: str, library: Library) -> str:
    """The transformation output of a step; empty if it has none."""
    ports = library[pipeline.nodes[id].module].spec().outputs
    return next((port.name for port in ports if port.type is PortType.TRANSFORMATION), "")
