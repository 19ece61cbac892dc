"""The module library with every id and title changed: what still works knows no module by name."""

from __future__ import annotations

import types
from collections.abc import Mapping
from dataclasses import fields, replace
from typing import Any

from designer.contract.library import Library
from designer.contract.module import Module
from designer.pipeline.graph import Pipeline

PREFIX = "third-party-"


def renamed_library(library: Library) -> Library:
    """The same modules under other names, and none under its own."""
    modules = (_renamed(module) for module in library)
    return Library({module.spec().id: module for module in modules})


def renamed_pipeline(pipeline: Pipeline) -> Pipeline:
    """The same pipeline of modules under other names."""
    nodes = {id: replace(node, module=f"{PREFIX}{node.module}") for id, node in pipeline.nodes.items()}
    return replace(pipeline, nodes=nodes)


def plain(id: str) -> str:
    """The id or title that a renamed module has in the library that ships."""
    return id.replace(PREFIX, "").replace("Third Party ", "")


def _renamed(module: type[Module]) -> type[Module]:
    said = module.declaration
    assert said is not None
    abilities = {field.name: getattr(said.abilities, field.name) for field in fields(said.abilities)}
    statement: Mapping[str, Any] = {
        "category": said.category,
        "id": f"{PREFIX}{said.id}",
        "title": f"Third Party {said.title}",
        "version": said.version,
        "at_inference": said.at_inference,
        "no_onnx": said.no_onnx,
        "no_python": said.no_python,
        "icon": said.icon,
        **abilities,
    }
    return types.new_class(
        module.__name__, (module,), dict(statement), lambda body: body.update(__module__=module.__module__)
    )
