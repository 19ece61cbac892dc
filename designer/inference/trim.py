"""Remove the label from a scoring path, and find the columns that it really uses."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace

from designer.contract.catalogue.library import Library
from designer.contract.errors import DesignerError
from designer.contract.schema import Schema
from designer.contract.values import Known, ModelOutline, Transformation
from designer.inference.narrow import Narrowed, narrowed
from designer.inference.outline import outline
from designer.inference.path import Step, first_table, left_out
from designer.inference.selections import mentioned, selected, without
from designer.pipeline.graph import Edge, Node, Pipeline
from designer.pipeline.walk import Outlet

LABEL_ONLY = "It only worked on the label, which requests do not carry."
UNUSED_ONLY = "It only worked on columns that the model does not use."
LABEL, UNUSED = "the label", "columns that the model does not use"


@dataclass(frozen=True)
class Trimmed:
    """A scoring path without the label: its graph, the schema of a request, and what was changed."""

    pipeline: Pipeline
    schema: Schema
    labels: frozenset[str] = frozenset()
    """The names of the label at the entry."""
    changed: Mapping[str, str] = field(default_factory=dict)
    """What was changed in nodes, by id."""


def trim(
    pipeline: Pipeline, entry: Outlet, step: Step, pinned: Mapping[Outlet, Known], library: Library, *, narrows: bool
) -> Trimmed:
    """Remove the label from every selection on the path, and keep the columns that scoring needs.

    `pinned` is what is known of the entry and of pinned values. With `narrows`, other columns that scoring does not
    need are removed from selections, too. Raises NotRewritable naming the node that needs the label.
    """
    outlines = outline(pipeline, library, pinned)
    schema = outlines[entry]
    if not isinstance(schema, Schema):
        return Trimmed(pipeline, Schema.unknown())
    labels = _labels(pipeline, step, outlines, library)
    unlabelled, changed = _without_label(pipeline, labels, outlines, library)
    rest = schema.drop(labels.get(entry, set()))
    path = _Path(unlabelled, entry, step, {**pinned, entry: rest}, library, narrows)
    used = rest.select(path.used())
    if len(used) < len(rest):
        lighter = path.on(used)
        unlabelled = lighter.pipeline
        texts = {id: _reselected(LABEL, UNUSED) if id in changed else _reselected(UNUSED) for id in lighter.lighter}
        changed |= {**texts, **dict.fromkeys(lighter.idle, UNUSED_ONLY)}
    return Trimmed(unlabelled, used, frozenset(labels.get(entry, set())), changed)


def _labels(
    pipeline: Pipeline, step: Step, outlines: Mapping[Outlet, Known], library: Library
) -> dict[Outlet, set[str]]:
    """The names of the label at every output upstream of the scoring step, traced backwards through renamings."""
    labels: dict[Outlet, set[str]] = {}
    edge = pipeline.into(step.id, step.table)
    name = _label_of_model(pipeline, step, outlines)
    if edge is None or not name:
        return labels
    labels[edge.source, edge.output] = {name}
    for id in reversed(pipeline.order()):
        after = {name for outlet, names in labels.items() if outlet[0] == id for name in names}
        for wire in pipeline.incoming(id) if after and id != step.id else ():
            before = outlines.get((wire.source, wire.output))
            if isinstance(before, Schema):
                origins = _origins(pipeline, wire, before, after, outlines, library)
                labels.setdefault((wire.source, wire.output), set()).update(origins)
    return labels


def _label_of_model(pipeline: Pipeline, step: Step, outlines: Mapping[Outlet, Known]) -> str | None:
    models = [outlines.get((e.source, e.output)) for e in pipeline.incoming(step.id)]
    return next((m.label.name for m in models if isinstance(m, ModelOutline) and m.label is not None), None)


def _origins(
    pipeline: Pipeline, wire: Edge, before: Schema, after: set[str], outlines: Mapping[Outlet, Known], library: Library
) -> set[str]:
    """The columns of an input that become the label: of the same name, or renamed by the step."""
    if not before.complete:
        return after  # the columns are known only after a run: assume the same name
    origins = {name for name in after if name in before}
    renamed = after - origins
    outputs = [k for (id, _), k in outlines.items() if id == wire.target and isinstance(k, Schema)]
    vanished = [name for name in before.names if renamed and all(name not in output for output in outputs)]
    for name in vanished:
        node = without(pipeline.nodes[wire.target], {name}, before, library)
        try:
            step = library.read(node.module, node.version, node.parameters) if node else None
            inputs = {e.input: outlines.get((e.source, e.output)) for e in pipeline.incoming(wire.target)}
            answer = step.infer(**{**inputs, wire.input: before.drop({name})}) if step else before.drop({name})
        except DesignerError:
            continue
        schemas = answer if isinstance(answer, tuple) else (answer,)
        if all(label not in schema for schema in schemas if isinstance(schema, Schema) for label in renamed):
            origins.add(name)
    return origins


def _without_label(
    pipeline: Pipeline, labels: Mapping[Outlet, set[str]], outlines: Mapping[Outlet, Known], library: Library
) -> tuple[Pipeline, dict[str, str]]:
    """The pipeline without the label in any selection, and the changes; steps that only use the label are removed."""
    changed: dict[str, str] = {}
    for id in pipeline.order():
        node = pipeline.nodes[id]
        wire = first_table(pipeline, id, library)
        if wire is None:
            continue
        removed = labels.get((wire.source, wire.output), set())
        if _applies_to_label_only(pipeline, id, wire, removed, outlines, library):
            pipeline = left_out(pipeline, id, wire)
            changed[id] = LABEL_ONLY
            continue
        schema = outlines.get((wire.source, wire.output))
        lighter = without(node, removed, schema if isinstance(schema, Schema) else Schema.unknown(), library)
        if lighter is None:
            pipeline = left_out(pipeline, id, wire)
            changed[id] = LABEL_ONLY
        elif lighter != node:
            pipeline = replace(pipeline, nodes={**pipeline.nodes, id: lighter})
            if removed & mentioned(node, library):
                changed[id] = _reselected(LABEL)
    return pipeline, changed


def _reselected(*what: str) -> str:
    return f"Its selection no longer names {' and '.join(what)}; the other settings are as in training."


def _applies_to_label_only(
    pipeline: Pipeline, id: str, wire: Edge, removed: set[str], outlines: Mapping[Outlet, Known], library: Library
) -> bool:
    """Whether a node applies a transformation that was fitted on the label only and adds no columns."""
    values = [outlines.get((e.source, e.output)) for e in pipeline.incoming(id)]
    learned = next((value for value in values if isinstance(value, Transformation)), None)
    before = outlines.get((wire.source, wire.output))
    after = next((k for (node, _), k in outlines.items() if node == id), None)
    if not removed or learned is None or not isinstance(before, Schema) or not isinstance(after, Schema):
        return False
    fitted = Node(id, learned.module, learned.version, learned.parameters)
    chosen = selected(fitted, before, library)
    return bool(chosen) and chosen <= removed and set(after.names) <= set(before.names)


class _Path:
    """A path without the label, for trying it on fewer columns."""

    def __init__(
        self, pipeline: Pipeline, entry: Outlet, step: Step, pinned: Mapping[Outlet, Known], library: Library,
        narrows: bool,
    ) -> None:  # fmt: skip
        self._pipeline, self._entry, self._step = pipeline, entry, step
        self._pinned, self._library, self._narrows = pinned, library, narrows
        schema = pinned[entry]
        assert isinstance(schema, Schema)
        self._schema = schema
        self._full = outline(pipeline, library, pinned)
        self._opaque = _opaque(pipeline, self._full)

    def used(self) -> Sequence[str]:
        """The columns of the entry that the path needs, found by bisection."""
        if not self._works(self._schema.names):
            return self._schema.names
        needed = set(self._needed(self._schema.names, []))
        return [name for name in self._schema.names if name in needed]

    def on(self, schema: Schema) -> Narrowed:
        """The path with only these columns at the entry. Raises DesignerError if it does not work."""
        preset = {**self._pinned, self._entry: schema}
        if self._narrows:
            return narrowed(self._pipeline, self._full, preset, self._library)
        return Narrowed(self._pipeline, outline(self._pipeline, self._library, preset), frozenset(), frozenset())

    def _needed(self, candidates: list[str], others: list[str]) -> list[str]:
        if not candidates or self._works(others):
            return []
        if len(candidates) == 1:
            return candidates
        half = len(candidates) // 2
        first = self._needed(candidates[:half], others + candidates[half:])
        return first + self._needed(candidates[half:], others + first)

    def _works(self, names: Iterable[str]) -> bool:
        chosen = set(names)
        try:
            outlines = self.on(self._schema.select([name for name in self._schema.names if name in chosen])).outlines
        except DesignerError:
            return False
        if any(outlines.get(outlet) != schema for outlet, schema in self._opaque.items()):
            return False
        return _answers(self._pipeline, outlines, self._step)


def _opaque(pipeline: Pipeline, outlines: Mapping[Outlet, Known]) -> dict[Outlet, Schema]:
    """The schemas at the inputs of steps for which it is unknown which columns they read."""
    reached: dict[Outlet, Schema] = {}
    for id in pipeline.order():
        after = [k for (node, _), k in outlines.items() if node == id and isinstance(k, Schema)]
        if after and not all(schema.complete for schema in after):
            for edge in pipeline.incoming(id):
                before = outlines.get((edge.source, edge.output))
                if isinstance(before, Schema) and before.complete:
                    reached[edge.source, edge.output] = before
    return reached


def _answers(pipeline: Pipeline, outlines: Mapping[Outlet, Known], step: Step) -> bool:
    """Whether all features of the model reach the scoring step."""
    features = [outlines.get((e.source, e.output)) for e in pipeline.incoming(step.id)]
    edge = pipeline.into(step.id, step.table)
    table = outlines.get((edge.source, edge.output)) if edge else None
    if not isinstance(table, Schema):
        return False
    needed = [m.features for m in features if isinstance(m, ModelOutline)]
    return all(table.complete is False or column.name in table for schema in needed for column in schema)
