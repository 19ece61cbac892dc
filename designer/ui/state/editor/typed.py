"""Typed settings as edit operations."""

from __future__ import annotations

from typing import Any

from designer.contract.catalogue.library import Library
from designer.pipeline.graph import Pipeline
from designer.ui.state.editor.fields import read_value

COMMENT, PARAMETER = " comment", " parameter "
TEXT_LIMIT = 20_000


def edit_of(pipeline: Pipeline, library: Library, field: str, typed: Any) -> dict[str, Any] | None:
    """The operation that writes a field named `NODE parameter NAME` or `NODE comment`; None if it changes nothing."""
    if field.endswith(COMMENT):
        return _comment(pipeline, field.removesuffix(COMMENT), str(typed)[:TEXT_LIMIT])
    id, _, name = field.rpartition(PARAMETER)
    node = pipeline.nodes.get(id)
    module = library.get(node.module) if node else None
    parameter = module.spec().parameter(name) if module else None
    if node is None or parameter is None:
        return None
    value, present = read_value(parameter, typed), node.parameters.get(parameter.name, parameter.default)
    if value == present and type(value) is type(present):
        return None
    return {"op": "set", "id": id, "parameters": {parameter.name: value}}


def _comment(pipeline: Pipeline, id: str, text: str) -> dict[str, Any] | None:
    node = pipeline.nodes.get(id)
    return {"op": "comment", "id": id, "text": text} if node is not None and text != node.comment else None
