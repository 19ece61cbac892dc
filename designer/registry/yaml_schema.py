"""JSON Schemas of component files, of the fields and types that their reader knows.

The reader takes every scalar as text, so that a number or truth value will do where a text is asked for.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any, get_args

from designer.contract.component import TableFormat
from designer.pipeline.document_schema import DIALECT
from designer.registry.component_file import FIELDS, KINDS, MEMBER_FIELDS, PARAMETER_TYPES, PORT_TYPES

Schema = dict[str, Any]
TEXT: Schema = {"type": ["string", "number", "boolean", "null"]}
NAME_PATTERN = "^[A-Za-z_][A-Za-z0-9_]{0,127}$"
ONE: Schema = {"enum": [1, "1", None]}
FLAG: Schema = {
    "anyOf": [{"type": "boolean"}, {"type": "string", "pattern": "^([Tt][Rr][Uu][Ee]|[Ff][Aa][Ll][Ss][Ee])$"}]
}
_VALUES: Mapping[str, Schema] = {
    "integer": {"anyOf": [{"type": "integer"}, {"type": "string", "pattern": r"^\s*[+-]?\d+(_\d+)*\s*$"}]},
    "number": {"type": ["number", "string"]},
    "boolean": FLAG,
}


def component_schema() -> Schema:
    """The schema (draft 2020-12) of component files."""
    return {"$schema": DIALECT, "title": "A component of Designer", **component(), "$defs": definitions()}


def component() -> Schema:
    """A component without the definitions it refers to."""
    return described(FIELDS, command_fields() | {"type": {"enum": list(KINDS)}}) | {"required": ["command"]}


def command_fields() -> dict[str, Schema]:
    """The fields of a command, by name."""
    variables = {"type": ["object", "null"], "additionalProperties": TEXT}
    resources = {"type": ["object", "null"], "properties": {"instance_count": ONE}}
    any_value: dict[str, Schema] = {name: {} for name, help in FIELDS.items() if help.startswith("Not read")}
    return any_value | {
        "is_deterministic": FLAG,
        "tags": {"type": ["object", "null"]},
        "inputs": by_name({"$ref": "#/$defs/input"}),
        "outputs": by_name({"$ref": "#/$defs/output"}),
        "environment": {"$ref": "#/$defs/environment"},
        "environment_variables": variables,
        "resources": resources,
        "distribution": {"enum": [None, ""]},
    }


def definitions() -> dict[str, Schema]:
    """Inputs, outputs and environments."""
    every = [*PORT_TYPES, *PARAMETER_TYPES]
    return {
        "input": _member(every, _typed()),
        "output": _member(list(PORT_TYPES), []),
        "environment": _environment(),
    }


def described(fields: Mapping[str, str], schemas: Mapping[str, Schema]) -> Schema:
    """An object of these fields and no others; those without a schema are texts."""
    properties = {name: {"description": help, **schemas.get(name, TEXT)} for name, help in fields.items()}
    return {"type": "object", "properties": properties, "additionalProperties": False}


def by_name(member: Schema) -> Schema:
    """A mapping of names to members, or nothing."""
    return {"type": ["object", "null"], "propertyNames": {"pattern": NAME_PATTERN}, "additionalProperties": member}


def _member(types: Iterable[str], conditions: list[Schema]) -> Schema:
    kinds: Schema = {"enum": list(types)}
    schemas: dict[str, Schema] = {name: {} for name, help in MEMBER_FIELDS.items() if help.startswith("Not read")}
    schemas |= {
        "type": kinds,
        "optional": FLAG,
        "default": TEXT,
        "enum": {"type": "array", "items": TEXT},
        "format": {"enum": list(get_args(TableFormat))},
    }
    schemas |= dict.fromkeys(("min", "max", "minimum", "maximum"), _VALUES["number"])
    written_out = described(MEMBER_FIELDS, schemas) | ({"allOf": conditions} if conditions else {})
    return {"if": {"type": "object"}, "then": written_out, "else": kinds}


def _typed() -> list[Schema]:
    """What follows from the type of a setting for its other fields."""
    listed: Schema = {"properties": {"type": {"enum": ["enum", "choice"]}}, "required": ["type"]}
    return [
        {"if": listed, "then": {"required": ["enum"]}},
        *(
            {
                "if": {"properties": {"type": {"const": type}}, "required": ["type"], "not": {"required": ["enum"]}},
                "then": {"properties": {"default": value}},
            }
            for type, value in _VALUES.items()
        ),
    ]


def _environment() -> Schema:
    """A name, or an object with packages."""
    conda: Schema = {"type": ["string", "object"], "description": "A conda file, relative to this one, or its content."}
    requirements: Schema = {"type": "array", "items": {"type": "string"}, "description": "Packages, as pip has them."}
    packages: Schema = {
        "properties": {"conda_file": conda, "requirements": requirements},
        "anyOf": [{"required": ["conda_file"]}, {"required": ["requirements"]}],
    }
    return {"type": ["string", "object"], "if": {"type": "object"}, "then": packages}
