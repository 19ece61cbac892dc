"""Make fields pipeline parameters and back, as operations of `pipeline.edit`, so that every face can undo them."""

from __future__ import annotations

import re
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import replace
from typing import Any

from pydantic import ValidationError

from designer.contract.catalogue.library import Library
from designer.contract.errors import InvalidParameter
from designer.contract.files.store_path import NAMED_IN_PATH
from designer.contract.parameters import Parameter
from designer.contract.reference import reference_to, referenced
from designer.contract.selection import Columns
from designer.pipeline.assignments import UnknownParameter, read_value
from designer.pipeline.document import parameter_document
from designer.pipeline.edit import RefusedEdit, apply
from designer.pipeline.graph import Node, ParameterType, Pipeline, PipelineParameter
from designer.pipeline.parameters import uses

Operations = list[dict[str, Any]]
_FREE = PipelineParameter("", "number")
NAME = re.compile(r"[A-Za-z_][A-Za-z0-9_.-]{0,79}")


def promote(pipeline: Pipeline, node: str, field: str, name: str, library: Library) -> Pipeline:
    """Make a field a pipeline parameter: see `promotion`."""
    return apply(pipeline, promotion(pipeline, node, field, name, library), library)


def demote(pipeline: Pipeline, node: str, field: str, library: Library) -> Pipeline:
    """Detach a field from its pipeline parameter: see `demotion`."""
    return apply(pipeline, demotion(pipeline, node, field), library)


def set_parameter(pipeline: Pipeline, name: str, changes: Mapping[str, Any], library: Library) -> Pipeline:
    """Change the declaration of a pipeline parameter: see `revision`."""
    return apply(pipeline, revision(pipeline, name, changes), library)


def promotion(pipeline: Pipeline, node: str, field: str, name: str, library: Library) -> Operations:
    """The operations that make a field a pipeline parameter, with its present value as the default.

    An existing parameter of the same type is shared: its bounds and choices become the intersection. A path in a
    datastore becomes one that begins with the name of the datastore, so that a run may choose another. Raises
    RefusedEdit for a field that is one already or cannot be one, and where no value would be left.
    """
    _require_name(name)
    declared = _declared(pipeline, node, field, library)
    value = pipeline.nodes[node].parameters.get(field, _plain(declared.default))
    if referenced(value) is not None:
        raise RefusedEdit(f"{declared.label} is the pipeline parameter '{referenced(value)}' already")
    store = _store_of(pipeline.nodes[node], declared)
    wanted = _parameter_of(declared, name, value, store)
    existing = pipeline.parameters.get(name)
    shared = _shared(existing, wanted) if existing else wanted
    fields = {field: reference_to(name)} | ({str(declared.within): NAMED_IN_PATH} if store else {})
    set_field = {"op": "set", "id": node, "parameters": fields}
    return [*([] if shared == existing else [_written(shared)]), set_field]


def demotion(pipeline: Pipeline, node: str, field: str) -> Operations:
    """The operations that give a field the default of its parameter, which goes with its last use."""
    name = referenced(pipeline.nodes[node].parameters.get(field)) if node in pipeline.nodes else None
    if name is None:
        raise RefusedEdit(f"'{field}' of '{node}' is no pipeline parameter")
    if len(uses(pipeline, name)) == 1 and name in pipeline.parameters:
        return [{"op": "remove_parameter", "name": name}]
    parameter = pipeline.parameters.get(name)
    others = {other: value for other, value in pipeline.nodes[node].parameters.items() if other != field}
    default = {field: parameter.default} if parameter and parameter.default is not None else {}
    return [{"op": "set", "id": node, "parameters": {**others, **default}, "replace": True}]


def revision(pipeline: Pipeline, name: str, changes: Mapping[str, Any]) -> Operations:
    """The operations that change a parameter: default, title, description, minimum, maximum, choices, and its name.

    Raises InvalidParameter for values that do not fit each other, RefusedEdit for a name that is taken.
    """
    before = _existing(pipeline, name)
    after = replace(before, **changes)
    if after.default is not None:
        after = replace(after, default=read_value(after, after.default))
    if after.minimum is not None and after.maximum is not None and after.minimum > after.maximum:
        raise InvalidParameter("the minimum is above the maximum", "Swap the two.", parameter=name)
    if after.name == name:
        return [] if after == before else [_written(after)]
    _require_name(after.name)
    if after.name in pipeline.parameters:
        raise RefusedEdit(f"there is already a parameter '{after.name}'", "Choose another name.")
    moved = [
        {"op": "set", "id": use.node, "parameters": {use.field: reference_to(after.name)}}
        for use in uses(pipeline, name)
    ]
    return [_written(after), *moved, {"op": "remove_parameter", "name": name}]


def changes_of(parameter: PipelineParameter, texts: Mapping[str, str]) -> dict[str, Any]:
    """The changes that `revision` takes, from typed texts; choices have commas between them.

    An empty default, minimum or maximum is none, but for a parameter of text, whose default may be empty. Raises
    InvalidParameter.
    """
    changes: dict[str, Any] = {name: text for name, text in texts.items() if name in ("name", "title", "description")}
    for name in ("minimum", "maximum"):
        if name in texts:
            changes[name] = read_value(replace(_FREE, name=name), texts[name]) if texts[name].strip() else None
    if "choices" in texts:
        free = replace(parameter, type="string" if parameter.type == "choice" else parameter.type, choices=())
        named = {str(choice): choice for choice in parameter.choices}
        parts = [part.strip() for part in texts["choices"].split(",") if part.strip()]
        changes["choices"] = tuple(named[part] if part in named else read_value(free, part) for part in parts)
    if "default" in texts:
        is_none = texts["default"] == "" and parameter.type not in ("string", "text")
        changes["default"] = None if is_none else texts["default"]
    return changes


def removal(pipeline: Pipeline, name: str) -> Operations:
    """The operations that remove a parameter; its fields get the default. Raises UnknownParameter."""
    _existing(pipeline, name)
    return [{"op": "remove_parameter", "name": name}]


def suggested_name(pipeline: Pipeline, node: Node, field: str, library: Library) -> str:
    """A free name for the parameter of a field: the field's, with the node's id before it where that is taken.

    One that names a dataset is called so.
    """
    module = library.get(node.module)
    declared = module.spec().parameter(field) if module else None
    field = "dataset" if declared and declared.editor == "dataset" else field
    stem = re.sub(r"[^A-Za-z0-9_]+", "_", f"{node.id}_{field}").strip("_")
    candidates = [field, stem if not stem[:1].isdigit() else f"_{stem}"]
    candidates += [f"{candidates[1]}_{number}" for number in range(2, len(pipeline.parameters) + 3)]
    return next(name for name in candidates if name not in pipeline.parameters)


def type_of(declared: Parameter) -> ParameterType | None:
    """The type of a parameter that fills a field; None for a field that cannot be one."""
    match declared.editor:
        case "datastore":
            return "string"
        case "number":
            return "integer" if declared.integer else "number"
        case "switch":
            return "boolean"
        case "text":
            return None if isinstance(declared.default, list | tuple) else "string"
        case "lines" | "code":
            return "text"
        case "file":
            return "path"
        case "table":
            return None
        case "choice" | "columns" | "column" | "dataset":
            return declared.editor


def type_within(node: Node, declared: Parameter) -> ParameterType | None:
    """The type of a parameter that fills a field of this node: also a path in a datastore, where it has one."""
    return "datapath" if _store_of(node, declared) else type_of(declared)


def _store_of(node: Node, declared: Parameter) -> str:
    """The datastore that the path in a field lies in; empty for any other field, and where it is a parameter itself."""
    store = node.parameters.get(declared.within) if declared.within else None
    return store if isinstance(store, str) else ""


def _parameter_of(declared: Parameter, name: str, value: Any, store: str) -> PipelineParameter:
    type = "datapath" if store else type_of(declared)
    if type is None:
        raise RefusedEdit(f"{declared.label} cannot be a pipeline parameter", "Promote a field of one value.")
    default = None if _is_empty(type, value) else value
    if type == "datapath" and default is not None and store != NAMED_IN_PATH:
        default = f"{store}/{str(default).lstrip('/')}"
    return PipelineParameter(
        name, type, default, declared.label, declared.help, *_bounds(declared, type), tuple(declared.choices)
    )


def _is_empty(type: ParameterType, value: Any) -> bool:
    """Whether a field holds nothing that a run could use, so that each run must give a value."""
    if type == "columns":
        with suppress(ValidationError):
            return Columns.model_validate(value or {}).is_empty
    return value == "" and type in ("column", "dataset", "path", "datapath")


def _bounds(declared: Parameter, type: ParameterType) -> tuple[float | None, float | None]:
    """The bounds of a field. Exclusive ones move by one for integers; for others the module itself refuses them."""
    low, high = declared.minimum, declared.maximum
    if type == "integer":
        low = low + 1 if low is not None and declared.exclusive_minimum else low
        high = high - 1 if high is not None and declared.exclusive_maximum else high
    return low, high


def _shared(existing: PipelineParameter, wanted: PipelineParameter) -> PipelineParameter:
    if existing.type != wanted.type:
        problem = f"the parameter '{existing.name}' is of type {existing.type}, and the field of type {wanted.type}"
        raise RefusedEdit(problem, "Choose another name.")
    lows = [each.minimum for each in (existing, wanted) if each.minimum is not None]
    highs = [each.maximum for each in (existing, wanted) if each.maximum is not None]
    choices = existing.choices or wanted.choices
    if existing.choices and wanted.choices:
        choices = tuple(choice for choice in existing.choices if choice in wanted.choices)
    shared = replace(existing, minimum=max(lows, default=None), maximum=min(highs, default=None), choices=choices)
    try:
        if shared.default is not None:
            read_value(shared, shared.default)
    except InvalidParameter as error:
        raise RefusedEdit(
            f"the default of '{existing.name}' does not fit the field: {error.found}", "Choose another name."
        ) from None
    return shared


def _declared(pipeline: Pipeline, node: str, field: str, library: Library) -> Parameter:
    if node not in pipeline.nodes:
        raise RefusedEdit(f"there is no node '{node}'", "It may have been removed in another tab.")
    module = library[pipeline.nodes[node].module]
    declared = module.spec().parameter(field)
    if declared is None:
        names = ", ".join(parameter.name for parameter in module.spec().parameters)
        raise RefusedEdit(f"{module.spec().title} has no parameter '{field}'", f"Parameters are: {names}.")
    return declared


def _existing(pipeline: Pipeline, name: str) -> PipelineParameter:
    if name not in pipeline.parameters:
        raise UnknownParameter.named(name, pipeline.parameters)
    return pipeline.parameters[name]


def _require_name(name: str) -> None:
    if not NAME.fullmatch(name):
        raise RefusedEdit(
            f"'{name[:80]}' cannot be the name of a parameter",
            "Begin with a letter; use letters, digits, '_', '-' and '.', at most 80.",
        )


def _written(parameter: PipelineParameter) -> dict[str, Any]:
    return {"op": "parameter", "name": parameter.name, **parameter_document(parameter)}


def _plain(value: Any) -> Any:
    return value.model_dump(mode="json") if isinstance(value, Columns) else value
