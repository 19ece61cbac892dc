"""Freeing a scoring path of the label, and finding the columns that it really uses."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from designer.contract.errors import DesignerError
from designer.contract.library import Library
from designer.contract.schema import Schema
from designer.contract.selection import Columns, Rule
from designer.contract.values import Known, ModelOutline, Transformation
from designer.inference.outline import module_of, outline
from designer.inference.path import NotRewritable, Step, first_table
from designer.pipeline.graph import Edge, Node, Pipeline
from designer.pipeline.walk import Outlet, title_of

LABEL_ONLY = "It only worked on the label, which requests do not carry."


@dataclass(frozen=True)
class Trimmed:
    """A scoring path that does without the label: its graph, the columns a request brings, and what was changed."""

    pipeline: Pipeline
    schema: Schema
    labels: frozenset[str] = frozenset()
    """The label, as the entry called it."""
    changed: Mapping[str, str] = field(default_factory=dict)
    """What was done to nodes, by id."""


def trim(pipeline: Pipeline, entry: Outlet, step: Step, pinned: Mapping[Outlet, Known], library: Library) -> Trimmed:
    """Take the label out of every selection on the path and keep the columns that scoring needs.

    `pinned` says what is known of the entry and of pinned values. Raises NotRewritable naming the node that cannot
    do without the label.
    """
    known = outline(pipeline, library, pinned)
    schema = known[entry]
    if not isinstance(schema, Schema):
        return Trimmed(pipeline, Schema.unknown())
    labels = _labels(pipeline, step, known, library)
    freed, changed = _freed(pipeline, labels, known, library)
    rest = schema.drop(labels.get(entry, set()))
    used = _used(freed, entry, step, {**pinned, entry: rest}, library)
    return Trimmed(freed, rest.select(used), frozenset(labels.get(entry, set())), changed)


def _labels(pipeline: Pipeline, step: Step, known: Mapping[Outlet, Known], library: Library) -> dict[Outlet, set[str]]:
    """The names of the label at every outlet above the scoring step, found backwards through renamings."""
    labels: dict[Outlet, set[str]] = {}
    edge = pipeline.into(step.id, step.table)
    name = _label_of_model(pipeline, step, known)
    if edge is None or not name:
        return labels
    labels[edge.source, edge.output] = {name}
    for id in reversed(pipeline.order()):
        after = {name for outlet, names in labels.items() if outlet[0] == id for name in names}
        for wire in pipeline.incoming(id) if after and id != step.id else ():
            before = known.get((wire.source, wire.output))
            if isinstance(before, Schema):
                found = _origins(pipeline, wire, before, after, known, library)
                labels.setdefault((wire.source, wire.output), set()).update(found)
    return labels


def _label_of_model(pipeline: Pipeline, step: Step, known: Mapping[Outlet, Known]) -> str | None:
    models = [known.get((e.source, e.output)) for e in pipeline.incoming(step.id)]
    return next((m.label.name for m in models if isinstance(m, ModelOutline) and m.label is not None), None)


def _origins(
    pipeline: Pipeline, wire: Edge, before: Schema, after: set[str], known: Mapping[Outlet, Known], library: Library
) -> set[str]:
    """The columns of an input that become the label: of the same name, or renamed by the step."""
    if not before.complete:
        return after  # only a run can tell the columns: the name is taken to be the same
    found = {name for name in after if name in before}
    wanted = after - found
    outputs = [k for (id, _), k in known.items() if id == wire.target and isinstance(k, Schema)]
    gone = [name for name in before.names if wanted and all(name not in output for output in outputs)]
    for name in gone:
        node = without(pipeline.nodes[wire.target], {name}, before, library)
        try:
            step = library.read(node.module, node.version, node.parameters) if node else None
            inputs = {e.input: known.get((e.source, e.output)) for e in pipeline.incoming(wire.target)}
            answer = step.infer(**{**inputs, wire.input: before.drop({name})}) if step else before.drop({name})
        except DesignerError:
            continue
        left = answer if isinstance(answer, tuple) else (answer,)
        if all(label not in schema for schema in left if isinstance(schema, Schema) for label in wanted):
            found.add(name)
    return found


def _freed(
    pipeline: Pipeline, labels: Mapping[Outlet, set[str]], known: Mapping[Outlet, Known], library: Library
) -> tuple[Pipeline, dict[str, str]]:
    """The pipeline without the label in any selection; steps that only worked on the label are left out."""
    changed: dict[str, str] = {}
    for id in pipeline.order():
        node = pipeline.nodes[id]
        wire = first_table(pipeline, id, library)
        if wire is None:
            continue
        gone = labels.get((wire.source, wire.output), set())
        if _applies_to_label_only(pipeline, id, wire, gone, known, library):
            pipeline = _left_out(pipeline, id, wire)
            changed[id] = LABEL_ONLY
            continue
        schema = known.get((wire.source, wire.output))
        lighter = without(node, gone, schema if isinstance(schema, Schema) else Schema.unknown(), library)
        if lighter is None:
            pipeline = _left_out(pipeline, id, wire)
            changed[id] = LABEL_ONLY
        elif lighter != node:
            pipeline = replace(pipeline, nodes={**pipeline.nodes, id: lighter})
            if gone & mentioned(node, library):
                changed[id] = "Its selection no longer names the label; the other settings are as in training."
    return pipeline, changed


def _applies_to_label_only(
    pipeline: Pipeline, id: str, wire: Edge, gone: set[str], known: Mapping[Outlet, Known], library: Library
) -> bool:
    """Whether a node applies a transformation that was fitted on the label alone and adds no column."""
    values = [known.get((e.source, e.output)) for e in pipeline.incoming(id)]
    learned = next((value for value in values if isinstance(value, Transformation)), None)
    before = known.get((wire.source, wire.output))
    after = next((k for (node, _), k in known.items() if node == id), None)
    if not gone or learned is None or not isinstance(before, Schema) or not isinstance(after, Schema):
        return False
    fitted = Node(id, learned.module, learned.version, learned.parameters)
    chosen = selected(fitted, before, library)
    return bool(chosen) and chosen <= gone and set(after.names) <= set(before.names)


def _left_out(pipeline: Pipeline, id: str, wire: Edge) -> Pipeline:
    """The pipeline with the wires of a node joined, and without what only that node used."""
    kept = tuple(e for e in pipeline.edges if id not in (e.source, e.target))
    joined = tuple(Edge(wire.source, wire.output, e.target, e.input) for e in pipeline.outgoing(id))
    used = {e.source for e in kept + joined}
    alone = {e.source for e in pipeline.incoming(id) if e.source not in used} | {id}
    nodes = {other: node for other, node in pipeline.nodes.items() if other not in alone}
    return replace(pipeline, nodes=nodes, edges=kept + joined)


def mentioned(node: Node, library: Library) -> set[str]:
    """The column names written in a node's selections."""
    module = module_of(node, library)
    step: Any = library.read(node.module, node.version, node.parameters)
    selections = [getattr(step, p.name) for p in module.spec().parameters if p.editor == "columns"]
    return {name for selection in selections if isinstance(selection, Columns) for name in selection.mentioned}


def selected(node: Node, schema: Schema, library: Library) -> set[str]:
    """The columns of a table that a node's selections take; none where one of them does not fit the table."""
    module = module_of(node, library)
    step: Any = library.read(node.module, node.version, node.parameters)
    selections = [getattr(step, p.name) for p in module.spec().parameters if p.editor == "columns"]
    try:
        return {name for columns in selections for name in columns.of(schema, allow_empty=True)}
    except DesignerError:
        return set()


def without(node: Node, gone: set[str], schema: Schema, library: Library) -> Node | None:
    """The node with selections that name none of these columns; None where a selection would become empty.

    Selections by position or role are written as names: positions move when a column is left out, and requests
    know no roles.
    """
    module = module_of(node, library)
    step: Any = library.read(node.module, node.version, node.parameters)
    changes: dict[str, Any] = {}
    for parameter in step.shown():
        value = getattr(step, parameter.name)
        if isinstance(value, Columns) and not value.is_empty:
            lighter = _lighter(value, gone, schema)
            if lighter != value:
                changes[parameter.name] = lighter.model_dump(mode="json")
                changes |= _parallel(node, module.spec().abilities.parallel, value, gone, schema)
            if lighter.is_empty:
                return None
        elif parameter.editor == "column" and value in gone:
            raise NotRewritable(
                f"it works on the label '{value}', which requests do not carry",
                "Move it to the training branch, behind the point where the scoring branch leaves.",
                parameter=parameter.label,
            ).at(node=node.id, module=title_of(node, library))
    return replace(node, parameters={**node.parameters, **changes}) if changes else node


def _lighter(selection: Columns, gone: set[str], schema: Schema) -> Columns:
    rules: list[Rule] = []
    for rule in selection.rules:
        names = rule.names
        if rule.by in ("indices", "roles"):
            names = tuple(rule.matches(schema, None, strict=False))
        elif rule.by != "names":
            rules.append(rule)
            continue
        left = tuple(name for name in names if name not in gone)
        if left == rule.names:
            rules.append(rule)
        elif left:
            rules.append(Rule(action=rule.action, names=left))
    return selection.model_copy(update={"rules": tuple(rules)})


def _parallel(node: Node, name: str, before: Columns, gone: set[str], schema: Schema) -> dict[str, Any]:
    """The values that belong to the columns left, of a parameter with one for each column of the selection."""
    value = node.parameters.get(name)
    if not name or not value:
        return {}
    parts = [part.strip() for part in value.split(",")] if isinstance(value, str) else list(value)
    chosen = before.of(schema, allow_empty=True)
    left = [part for column, part in zip(chosen, parts, strict=False) if column not in gone]
    return {name: ", ".join(left) if isinstance(value, str) else left}


def _used(
    pipeline: Pipeline, entry: Outlet, step: Step, pinned: Mapping[Outlet, Known], library: Library
) -> Sequence[str]:
    """The columns of the entry without which the path does not work; halves are tried before single columns."""
    schema = pinned[entry]
    assert isinstance(schema, Schema)
    opaque = _opaque(pipeline, outline(pipeline, library, pinned), library)

    def works(names: Iterable[str]) -> bool:
        chosen = set(names)
        part = schema.select([name for name in schema.names if name in chosen])
        return _works(pipeline, {**pinned, entry: part}, step, opaque, library)

    def needed(candidates: list[str], others: list[str]) -> list[str]:
        if not candidates or works(others):
            return []
        if len(candidates) == 1:
            return candidates
        half = len(candidates) // 2
        first = needed(candidates[:half], others + candidates[half:])
        return first + needed(candidates[half:], others + first)

    if not works(schema.names):
        return schema.names
    kept = set(needed(schema.names, []))
    return [name for name in schema.names if name in kept]


def _opaque(pipeline: Pipeline, known: Mapping[Outlet, Known], library: Library) -> dict[Outlet, Schema]:
    """What reaches the steps of which nobody can tell which columns they read."""
    reached: dict[Outlet, Schema] = {}
    for id in pipeline.order():
        after = [k for (node, _), k in known.items() if node == id and isinstance(k, Schema)]
        if after and not all(schema.complete for schema in after):
            for edge in pipeline.incoming(id):
                before = known.get((edge.source, edge.output))
                if isinstance(before, Schema) and before.complete:
                    reached[edge.source, edge.output] = before
    return reached


def _works(
    pipeline: Pipeline, pinned: Mapping[Outlet, Known], step: Step, opaque: Mapping[Outlet, Schema], library: Library
) -> bool:
    try:
        known = outline(pipeline, library, pinned)
    except DesignerError:
        return False
    if any(known.get(outlet) != schema for outlet, schema in opaque.items()):
        return False
    features = [known.get((e.source, e.output)) for e in pipeline.incoming(step.id)]
    edge = pipeline.into(step.id, step.table)
    table = known.get((edge.source, edge.output)) if edge else None
    if not isinstance(table, Schema):
        return False
    wanted = [m.features for m in features if isinstance(m, ModelOutline)]
    return all(table.complete is False or column.name in table for schema in wanted for column in schema)
