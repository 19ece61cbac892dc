"""The columns that the parameters of a node refer to, and how to remove some of them."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from designer.contract.catalogue.library import Library
from designer.contract.errors import DesignerError
from designer.contract.schema import Schema
from designer.contract.selection import Columns, Rule
from designer.inference.outline import module_of
from designer.inference.path import NotRewritable
from designer.pipeline.graph import Node
from designer.pipeline.walk import title_of


def mentioned(node: Node, library: Library) -> set[str]:
    """The column names mentioned in a node's selections."""
    module = module_of(node, library)
    step: Any = library.read(node.module, node.version, node.parameters)
    selections = [getattr(step, p.name) for p in module.spec().parameters if p.editor == "columns"]
    return {name for selection in selections if isinstance(selection, Columns) for name in selection.mentioned}


def included(node: Node, library: Library) -> set[str]:
    """The columns that a node includes by name."""
    step: Any = library.read(node.module, node.version, node.parameters)
    values = [getattr(step, parameter.name) for parameter in step.shown() if parameter.editor in ("columns", "column")]
    names = {str(value) for value in values if not isinstance(value, Columns)}
    rules = [rule for value in values if isinstance(value, Columns) for rule in value.rules]
    return names | {name for rule in rules if rule.action == "include" for name in rule.names}


def selected(node: Node, schema: Schema, library: Library) -> set[str]:
    """The columns of a table that a node's selections match; empty if one of them does not fit the table."""
    module = module_of(node, library)
    step: Any = library.read(node.module, node.version, node.parameters)
    selections = [getattr(step, p.name) for p in module.spec().parameters if p.editor == "columns"]
    try:
        return {name for columns in selections for name in columns.of(schema, allow_empty=True)}
    except DesignerError:
        return set()


def without(node: Node, removed: set[str], schema: Schema, library: Library) -> Node | None:
    """The node with the columns `removed` removed from its selections; None if a selection would become empty.

    Selections by position or role are rewritten to names: positions shift when a column is removed, and requests have
    no roles. Raises NotRewritable if a parameter names one of these columns as its only column.
    """
    module = module_of(node, library)
    step: Any = library.read(node.module, node.version, node.parameters)
    changes: dict[str, Any] = {}
    for parameter in step.shown():
        value = getattr(step, parameter.name)
        if isinstance(value, Columns) and not value.is_empty:
            lighter = _lighter(value, removed, schema)
            if lighter != value:
                changes[parameter.name] = lighter.model_dump(mode="json")
                changes |= _parallel(node, module.spec().abilities.parallel, value, removed, schema)
            if lighter.is_empty:
                return None
        elif parameter.editor == "column" and value in removed:
            raise NotRewritable(
                f"it works on the label '{value}', which requests do not carry",
                "Move it to the training branch, behind the point where the scoring branch leaves.",
                parameter=parameter.label,
            ).at(node=node.id, module=title_of(node, library))
    return replace(node, parameters={**node.parameters, **changes}) if changes else node


def _lighter(selection: Columns, removed: set[str], schema: Schema) -> Columns:
    rules: list[Rule] = []
    for rule in selection.rules:
        names = rule.names
        if rule.by in ("indices", "roles"):
            names = tuple(rule.matches(schema, None, strict=False))
        elif rule.by != "names":
            rules.append(rule)
            continue
        remaining = tuple(name for name in names if name not in removed)
        if remaining == rule.names:
            rules.append(rule)
        elif remaining:
            rules.append(Rule(action=rule.action, names=remaining))
    return selection.model_copy(update={"rules": tuple(rules)})


def _parallel(node: Node, name: str, before: Columns, removed: set[str], schema: Schema) -> dict[str, Any]:
    """The change of a parameter with one value per selected column: the values of the remaining columns."""
    value = node.parameters.get(name)
    if not name or not value:
        return {}
    parts = [part.strip() for part in value.split(",")] if isinstance(value, str) else list(value)
    chosen = before.of(schema, allow_empty=True)
    remaining = [part for column, part in zip(chosen, parts, strict=False) if column not in removed]
    return {name: ", ".join(remaining) if isinstance(value, str) else remaining}
