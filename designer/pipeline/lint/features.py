"""Lint rules about columns: a feature must not be an identifier or leak the label."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import cache

from designer.contract.catalogue.library import Library
from designer.contract.errors import DesignerError
from designer.contract.ports import PortType
from designer.contract.schema import Schema
from designer.contract.selection import Columns
from designer.pipeline.graph import Edge, Node, Pipeline
from designer.pipeline.lint.comparisons import trainings
from designer.pipeline.lint.mending import leave_out
from designer.pipeline.lint.tracing import tables_above
from designer.pipeline.lint.warning import Warning, listed
from designer.pipeline.propagate import Propagation

IDENTIFIER_WORDS = frozenset({"id", "uuid", "guid", "identifier", "rowid"})


def identifier_as_feature(pipeline: Pipeline, library: Library, propagation: Propagation) -> Iterable[Warning]:
    """Warn where columns named like identifiers are used as features."""
    for wire, _, features in trainings(pipeline, library, propagation):
        names = [name for name in features if looks_like_identifier(name)]
        if names:
            message = "A model can learn rows by heart through it and fail on new ones. Leave it out."
            title = f"{listed(names)} looks like an identifier"
            fix = leave_out(pipeline, wire, names, library)
            yield Warning("identifier-as-feature", wire.target, title, message, wire, "Leave it out", fix)


def label_among_features(pipeline: Pipeline, library: Library, propagation: Propagation) -> Iterable[Warning]:
    """Warn where a column computed from the label, or one that the label is computed from, is used as a feature."""

    @cache
    def new_columns(id: str) -> Mapping[str, Sequence[str]]:  # cached, since many models may share a table
        return _new_columns(pipeline, pipeline.nodes[id], library, propagation)

    for wire, label, features in trainings(pipeline, library, propagation):
        origins = _made_from(tables_above(pipeline, wire, library), new_columns)
        names = [name for name in features if label in origins.get(name, ()) or name in origins.get(label, ())]
        if names:
            message = (
                f"It is made from “{label}”, or “{label}” from it, so that nothing is left to predict. "
                "New rows come without it. Leave it out."
            )
            title = f"{listed(names)} gives the answer away"
            fix = leave_out(pipeline, wire, names, library)
            yield Warning("label-among-features", wire.target, title, message, wire, "Leave it out", fix)


def _made_from(wires: Sequence[Edge], new_columns: Callable[[str], Mapping[str, Sequence[str]]]) -> dict[str, set[str]]:
    """The direct and indirect source columns of each column that is added upstream of a table."""
    origins: dict[str, set[str]] = {}
    for wire in reversed(wires):  # farthest first
        for name, sources in new_columns(wire.source).items():
            earlier = [origins.get(source, set()) for source in sources]
            origins[name] = set(sources).union(*earlier)
    return origins


def _new_columns(
    pipeline: Pipeline, node: Node, library: Library, propagation: Propagation
) -> dict[str, Sequence[str]]:
    """The columns that a row-wise node adds, each with its source columns; empty for other nodes."""
    module = library.get(node.module)
    if module is None or node.disabled or "to_onnx" not in module.spec().readings:
        return {}
    spec = module.spec()
    if spec.abilities.renames or _looks_back(node, library):
        return {}
    input = next((port.name for port in spec.inputs if port.type is PortType.TABLE), "")
    output = next((port.name for port in spec.outputs if port.type is PortType.TABLE), "")
    before, after = propagation.into(pipeline, node.id, input), propagation.outlets.get((node.id, output))
    if not isinstance(before, Schema) or not isinstance(after, Schema):
        return {}
    selected = _selected(node, before, library)
    return {name: _sources(name, selected) for name in after.names if name not in before}


def _looks_back(node: Node, library: Library) -> bool:
    """Whether new columns come from other rows; past labels are known at prediction time and do not leak."""
    try:
        return library.read(node.module, node.version, node.parameters).reads_other_rows
    except DesignerError:
        return False


def _selected(node: Node, schema: Schema, library: Library) -> list[str]:
    try:
        module = library.read(node.module, node.version, node.parameters)
        chosen = (getattr(module, parameter.name) for parameter in module.shown())
        return [name for columns in chosen if isinstance(columns, Columns) for name in columns.of(schema)]
    except DesignerError:
        return []


def _sources(name: str, selected: Sequence[str]) -> Sequence[str]:
    """The selected column that a new one is named after (`price_quantized` is made from `price`), else all of them."""
    return [max(named, key=len)] if (named := [column for column in selected if column in name]) else selected


def looks_like_identifier(name: str) -> bool:
    words = name.replace("-", "_").replace(" ", "_").lower().split("_")
    return words[-1] in IDENTIFIER_WORDS or name.endswith(("Id", "ID", "UUID"))
