"""Find the tables that train a model, the tables it is evaluated on, and the splits that separate them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from designer.audit.finding import Finding
from designer.contract.catalogue.library import Library
from designer.contract.ports import PortType
from designer.contract.schema import Role, Schema
from designer.pipeline.graph import Edge, Pipeline
from designer.pipeline.lint.tracing import abilities, tables_above, wire_of_type
from designer.pipeline.propagate import Propagation
from designer.pipeline.walk import Outlet


@dataclass(frozen=True)
class Comparison:
    """A table that trains a model and, optionally, a table that the model is evaluated on.

    `sides` are the two tables to compare: the outputs of the split that separates them, else the inputs of the trainer
    and the scorer. A single side is divided into folds by the trainer. Without sides, only columns are audited.
    """

    trained: Edge
    label: str
    features: tuple[str, ...]
    tested: Edge | None = None
    sides: tuple[Outlet, ...] = ()
    split: str = ""


Findings = Mapping[Comparison, Sequence[Finding]]
"""The audit findings by comparison; comparisons with outdated results are absent."""


def comparisons(pipeline: Pipeline, library: Library, propagation: Propagation) -> list[Comparison]:
    """All comparisons of a pipeline, in the order of its nodes."""
    tested: dict[Edge, list[Edge]] = {}
    for scored, trained in measured(pipeline, library):
        if scored not in tested.setdefault(trained, []):
            tested[trained].append(scored)
    all_comparisons: list[Comparison] = []
    for wire, label, features in trainings(pipeline, library, propagation):
        comparison = Comparison(wire, label, tuple(features))
        folds = abilities(pipeline, wire.target, library).folds_rows and not is_validated(
            pipeline, wire.target, library
        )
        if folds:
            comparison = Comparison(wire, label, tuple(features), sides=((wire.source, wire.output),))
        all_comparisons.append(comparison)
        all_comparisons += [_of_two(pipeline, comparison, scored, library) for scored in tested.get(wire, ())]
    return all_comparisons


def trainings(pipeline: Pipeline, library: Library, propagation: Propagation) -> Iterable[tuple[Edge, str, list[str]]]:
    """For every node that learns a label: the edge of its table, the label, and the names of the features."""
    for id, node in pipeline.nodes.items():
        parameter = abilities(pipeline, id, library).label
        wire = wire_of_type(pipeline, id, PortType.TABLE, library)
        if not parameter or wire is None or not wire_of_type(pipeline, id, PortType.UNTRAINED, library):
            continue
        schema = propagation.into(pipeline, id, wire.input)
        if isinstance(schema, Schema):
            labels = schema.with_role(Role.LABEL)
            label = str(node.parameters.get(parameter) or "") or (labels[0] if len(labels) == 1 else "")
            yield wire, label, [c.name for c in schema if c.name != label and c.role is Role.FEATURE]


def measured(pipeline: Pipeline, library: Library) -> Iterable[tuple[Edge, Edge]]:
    """For every node that evaluates a model trained on a label: the edges of the evaluated and the training table."""
    for id, node in pipeline.nodes.items():
        if node.disabled:
            continue
        capabilities = abilities(pipeline, id, library)
        if capabilities.explains_model:
            continue
        scored, model = (wire_of_type(pipeline, id, kind, library) for kind in (PortType.TABLE, PortType.TRAINED))
        if capabilities.validation and (validated := pipeline.into(id, capabilities.validation)):
            trained = wire_of_type(pipeline, id, PortType.TABLE, library)
            if trained and trained != validated:
                yield validated, trained
        elif scored and model and abilities(pipeline, model.source, library).label:
            trained = wire_of_type(pipeline, model.source, PortType.TABLE, library)
            if trained and wire_of_type(pipeline, model.source, PortType.UNTRAINED, library):
                yield scored, trained


def is_validated(pipeline: Pipeline, id: str, library: Library) -> bool:
    """Whether a node that can make folds evaluates on separate rows instead."""
    port = abilities(pipeline, id, library).validation
    return bool(port and pipeline.into(id, port))


def halves(pipeline: Pipeline, wires: Iterable[Edge], library: Library) -> dict[str, set[str]]:
    """The outputs of splits that these edges carry, by split."""
    outputs: dict[str, set[str]] = {}
    for wire in wires:
        if abilities(pipeline, wire.source, library).splits_rows:
            outputs.setdefault(wire.source, set()).add(wire.output)
    return outputs


def _of_two(pipeline: Pipeline, comparison: Comparison, scored: Edge, library: Library) -> Comparison:
    trained = comparison.trained
    training = halves(pipeline, tables_above(pipeline, trained, library), library)
    for split, tested in halves(pipeline, tables_above(pipeline, scored, library), library).items():
        side = training.get(split, set())
        if len(side) == len(tested) == 1 and side != tested:
            sides = ((split, next(iter(side))), (split, next(iter(tested))))
            return Comparison(trained, comparison.label, comparison.features, scored, sides, split)
    first, second = (trained.source, trained.output), (scored.source, scored.output)
    both = (first, second) if first != second else ()  # for one table, the rule on edges warns
    return Comparison(trained, comparison.label, comparison.features, scored, both)
