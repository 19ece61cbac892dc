"""Rules about columns: a feature must not name the row, nor hold the answer."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import replace
from functools import cache

from designer.contract.errors import DesignerError
from designer.contract.library import Library
from designer.contract.ports import PortType
from designer.contract.schema import Role, Schema
from designer.contract.selection import Columns
from designer.pipeline.graph import Edge, Node, Pipeline
from designer.pipeline.propagate import Propagation
from designer.pipeline.tracing import tables_above
from designer.pipeline.warning import Fix, Warning, fresh_id

IDENTIFIER_WORDS = frozenset({"id", "uuid", "guid", "identifier", "rowid"})
KEEPS_MEANING = frozenset({"edit-metadata", "time-features"})
"""A renamed column is no new one, and the past of an answer is known when the next one is asked for."""


def identifier_as_feature(pipeline: Pipeline, library: Library, known: Propagation) -> Iterable[Warning]:
    """Columns whose name says identifier are used as features."""
    for wire, _, features in _trained(pipeline, known):
        names = [name for name in features if _looks_like_identifier(name)]
        if names:
            message = "A model can learn rows by heart through it and fail on new ones. Leave it out."
            title = f"{_listed(names)} looks like an identifier"
            fix = _leave_out(pipeline, wire, names)
            yield Warning("identifier-as-feature", wire.target, title, message, wire, "Leave it out", fix)


def label_among_features(pipeline: Pipeline, library: Library, known: Propagation) -> Iterable[Warning]:
    """A column made from the label is used as a feature, or one that the label was made from."""

    @cache
    def new_columns(id: str) -> Mapping[str, Sequence[str]]:  # many models may learn from one table
        return _new_columns(pipeline, pipeline.nodes[id], library, known)

    for wire, label, features in _trained(pipeline, known):
        made = _made_from(tables_above(pipeline, wire, library), new_columns)
        names = [name for name in features if label in made.get(name, ()) or name in made.get(label, ())]
        if names:
            message = (
                f"It is made from “{label}”, or “{label}” from it, so that nothing is left to predict. "
                "New rows come without it. Leave it out."
            )
            title = f"{_listed(names)} gives the answer away"
            fix = _leave_out(pipeline, wire, names)
            yield Warning("label-among-features", wire.target, title, message, wire, "Leave it out", fix)


def _trained(pipeline: Pipeline, known: Propagation) -> Iterable[tuple[Edge, str, list[str]]]:
    """Of every Train Model: the wire of its table, the label, and the names of the features."""
    for id, node in pipeline.nodes.items():
        wire = pipeline.into(id, "dataset")
        schema = known.into(pipeline, id, "dataset")
        if node.module == "train-model" and not node.disabled and wire and isinstance(schema, Schema):
            label = str(node.parameters.get("label_column", ""))
            yield wire, label, [c.name for c in schema if c.name != label and c.role is Role.FEATURE]


def _made_from(wires: Sequence[Edge], new_columns: Callable[[str], Mapping[str, Sequence[str]]]) -> dict[str, set[str]]:
    """The columns that each column made on the way of a table was made from, at first or second hand."""
    made: dict[str, set[str]] = {}
    for wire in reversed(wires):  # farthest first
        for name, sources in new_columns(wire.source).items():
            earlier = [made.get(source, set()) for source in sources]
            made[name] = set(sources).union(*earlier)
    return made


def _new_columns(pipeline: Pipeline, node: Node, library: Library, known: Propagation) -> dict[str, Sequence[str]]:
    """The columns that a node which works row by row adds, each with those it was made from."""
    module = library.get(node.module)
    if module is None or node.disabled or "to_onnx" not in module.spec().readings or node.module in KEEPS_MEANING:
        return {}
    spec = module.spec()
    input = next((port.name for port in spec.inputs if port.type is PortType.TABLE), "")
    output = next((port.name for port in spec.outputs if port.type is PortType.TABLE), "")
    before, after = known.into(pipeline, node.id, input), known.outlets.get((node.id, output))
    if not isinstance(before, Schema) or not isinstance(after, Schema):
        return {}
    selected = _selected(node, before, library)
    return {name: _sources(name, selected) for name in after.names if name not in before}


def _selected(node: Node, schema: Schema, library: Library) -> list[str]:
    try:
        module = library.read(node.module, node.version, node.parameters)
        chosen = (getattr(module, parameter.name) for parameter in module.shown())
        return [name for columns in chosen if isinstance(columns, Columns) for name in columns.of(schema)]
    except DesignerError:
        return []


def _sources(name: str, selected: Sequence[str]) -> Sequence[str]:
    """The chosen columns that a new one is named after, or all of them: `price_quantized` is made from `price`."""
    return [max(named, key=len)] if (named := [column for column in selected if column in name]) else selected


def _listed(names: Sequence[str]) -> str:
    return ", ".join(f"“{name}”" for name in names[:3])


def _leave_out(pipeline: Pipeline, wire: Edge, names: Sequence[str]) -> Fix:
    id = fresh_id(pipeline, "select")
    x, y = pipeline.layout.get(wire.target, (0.0, 0.0))
    columns = {"start": "all", "rules": [{"action": "exclude", "by": "names", "names": list(names)}]}
    add = {"op": "add", "id": id, "module": "select-columns-in-dataset", "x": x, "y": y - 54}
    return (
        add | {"parameters": {"columns": columns}},
        {"op": "connect", "source": wire.source, "output": wire.output, "target": id, "input": "dataset"},
        {"op": "connect", **vars(replace(wire, source=id, output="results_dataset"))},
    )


def _looks_like_identifier(name: str) -> bool:
    words = name.replace("-", "_").replace(" ", "_").lower().split("_")
    return words[-1] in IDENTIFIER_WORDS or name.endswith(("Id", "ID", "UUID"))
