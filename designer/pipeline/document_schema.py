"""The JSON Schema of pipeline documents: what the reader of documents takes, and what each module takes.

Editors complete and check documents by it. As in reading, a module that is not known is allowed, and the parameters of
an older version of a module are not checked. It is stricter than reading in two ways: a number is no text of digits,
and values that other values hide have to fit as well.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from typing import Any

from designer.contract.module import Module
from designer.contract.parameters import Parameter
from designer.contract.reference import KEY
from designer.pipeline.document import fields_schema

DIALECT = "https://json-schema.org/draft/2020-12/schema"
_CHECKED = frozenset(
    {
        "type", "enum", "const", "minimum", "maximum", "exclusiveMinimum", "exclusiveMaximum", "minLength", "maxLength",
        "pattern", "items", "minItems", "maxItems", "prefixItems", "properties", "additionalProperties", "$ref",
        "anyOf",
    }
)  # fmt: skip
"""The keywords of pydantic that say what a value may be."""


def document_schema(modules: Iterable[type[Module]]) -> dict[str, Any]:
    """The schema (draft 2020-12) of a document whose nodes are checked by these modules."""
    ordered = sorted(modules, key=lambda module: module.spec().id)
    schema = _untitled(json.loads(json.dumps(fields_schema()).replace("#/$defs/_", "#/$defs/")))
    definitions = {name.lstrip("_"): each for name, each in schema.pop("$defs").items()}
    names = schema["properties"]["parameters"]
    names |= {"additionalProperties": False}
    (pattern,) = names["patternProperties"]
    definitions["Reference"] = _reference(pattern)
    node = definitions["Node"]
    node["properties"]["module"] = _module_names(node["properties"]["module"], ordered)
    node["allOf"] = [_where(module) for module in ordered]
    for module in ordered:
        own = _untitled(module.model_json_schema())
        definitions |= own.pop("$defs", {})
        definitions[_name(module)] = _parameters(module, own.get("properties", {}))
    return {"$schema": DIALECT, "title": "A pipeline of Designer", **schema, "$defs": definitions}


def _reference(pattern: str) -> dict[str, Any]:
    return {
        "type": "object",
        "description": "The value of a parameter of the pipeline.",
        "properties": {KEY: {"type": "string", "pattern": pattern}},
        "required": [KEY],
        "additionalProperties": False,
    }


def _module_names(any_text: Mapping[str, Any], modules: list[type[Module]]) -> dict[str, Any]:
    known = [
        {"const": id, "description": f"{module.spec().title}: {module.spec().description}"}
        for module in modules
        for id in (module.spec().id, *module.spec().replaces)
    ]
    plain = {name: value for name, value in any_text.items() if name != "description"}
    return {"description": any_text["description"], "anyOf": [*known, plain]}


def _where(module: type[Module]) -> dict[str, Any]:
    """That the parameters of a module apply to a node which has it, in its present version."""
    spec = module.spec()
    ids = [spec.id, *spec.replaces]
    condition: dict[str, Any] = {"properties": {"module": {"enum": ids}, "version": {"const": spec.version}}}
    condition["required"] = ["module"] if spec.version == 1 else ["module", "version"]
    return {"if": condition, "then": {"properties": {"parameters": {"$ref": f"#/$defs/{_name(module)}"}}}}


def _name(module: type[Module]) -> str:
    return f"parameters of {module.spec().id}".replace(" ", "-")


def _parameters(module: type[Module], fields: Mapping[str, Mapping[str, Any]]) -> dict[str, Any]:
    spec = module.spec()
    return {
        "type": "object",
        "title": spec.title,
        "description": spec.description,
        "properties": {parameter.name: _field(parameter, fields[parameter.name]) for parameter in spec.parameters},
        "additionalProperties": False,
    }


def _field(parameter: Parameter, field: Mapping[str, Any]) -> dict[str, Any]:
    described = {"title": parameter.label, "description": parameter.help}
    default = {"default": field["default"]} if field.get("default") is not None else {}
    value = _or_null({name: each for name, each in field.items() if name in _CHECKED})
    is_reference = {"type": "object", "required": [KEY]}
    return {**described, **default, "if": is_reference, "then": {"$ref": "#/$defs/Reference"}, "else": value}


def _or_null(value: dict[str, Any]) -> dict[str, Any]:
    """A value or null as one schema, so that an error names what is wrong with the value."""
    match value.get("anyOf"):
        case [{"type": str(kind)} as own, {"type": "null"}]:
            choices = {"enum": [*own["enum"], None]} if "enum" in own else {}
            return {**own, **choices, "type": [kind, "null"]}
        case _:
            return value


def _untitled(schema: Any) -> Any:
    """A schema without the titles that pydantic makes of names."""
    match schema:
        case dict():
            names = [name for name, each in schema.items() if name != "title" or not isinstance(each, str)]
            return {name: _untitled(schema[name]) for name in names}
        case list():
            return [_untitled(each) for each in schema]
        case _:
            return schema
