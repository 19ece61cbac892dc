"""The module library with every id and title changed, to detect code that depends on module names."""

from __future__ import annotations

import types
from collections.abc import Mapping
from dataclasses import fields, replace
from typing import Any

from designer.contract.catalogue.library import Library
from designer.contract.module import Module
from designer.pipeline.graph import Pipeline

PREFIX = "third-party-"


def renamed_library(library: Library) -> Library:
    """The same modules, all renamed."""
    modules = (_renamed(module) for module in library)
    return Library({module.spec().id: module for module in modules})


def renamed_pipeline(pipeline: Pipeline) -> Pipeline:
    """The same pipeline with renamed modules."""
    nodes = {id: replace(node, module=f"{PREFIX}{node.module}") for id, node in pipeline.nodes.items()}
    return replace(pipeline, nodes=nodes)


def plain(id: str) -> str:
    """The id or title of a renamed module in the shipped library."""
    return id.replace(PREFIX, "").replace("Third Party ", "")


def _renamed(module: type[Module]) -> type[Module]:
    declaration = module.declaration
    assert declaration is not None
    abilities = {field.name: getattr(declaration.abilities, field.name) for field in fields(declaration.abilities)}
    statement: Mapping[str, Any] = {
        "category": declaration.category,
        "id": f"{PREFIX}{declaration.id}",
        "title": f"Third Party {declaration.title}",
        "version": declaration.version,
        "at_inference": declaration.at_inference,
        "no_onnx": declaration.no_onnx,
        "no_python": declaration.no_python,
        "icon": declaration.icon,
        **abilities,
    }
    return types.new_class(
        module.__name__, (module,), dict(statement), lambda body: body.update(__module__=module.__module__)
    )
