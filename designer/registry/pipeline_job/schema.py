"""The JSON Schema of pipeline jobs, of the fields and types that their reader knows."""

from __future__ import annotations

from collections.abc import Mapping

from designer.pipeline.document_schema import DIALECT
from designer.registry.component_file import PARAMETER_TYPES, PORT_TYPES
from designer.registry.pipeline_job.fields import (
    DATA_FIELDS,
    JOB_FIELDS,
    JOB_KINDS,
    NO_PIPELINE_FIELDS,
    OUTPUT_FIELDS,
    PIPELINE_FIELDS,
    PIPELINE_KINDS,
    SETTINGS,
)
from designer.registry.yaml_schema import FLAG, TEXT, Schema, by_name, command_fields, component, definitions, described

_NOTHING: Schema = {"enum": [None, ""]}
_OUTPUT_REFERENCE = r"^\s*\$\{\{\s*(parent\.)?outputs\.[\w-]+\s*\}\}\s*$"
_NAME: Schema = {"minLength": 1, "maxLength": 200}


def pipeline_job_schema() -> Schema:
    """The schema (draft 2020-12) of pipeline jobs."""
    output = {"$ref": "#/$defs/jobOutput"}
    settings = described(_with_refused(SETTINGS), {**_refused(), **_unread(SETTINGS), "force_rerun": FLAG,
                                                   "environment": {"$ref": "#/$defs/environment"}})  # fmt: skip
    fields = described(
        _with_refused(PIPELINE_FIELDS),
        {
            **_refused(),
            **_unread(PIPELINE_FIELDS),
            "type": {"enum": list(PIPELINE_KINDS)},
            "tags": {"type": ["object", "null"], "additionalProperties": TEXT},
            "inputs": by_name({"$ref": "#/$defs/parentInput"}),
            "outputs": by_name(output),
            "settings": settings | {"type": ["object", "null"]},
            "jobs": {"type": "object", "propertyNames": _NAME, "minProperties": 1,
                     "additionalProperties": {"$ref": "#/$defs/job"}},
        },
    )  # fmt: skip
    known = definitions() | {"component": component(), "job": _job(), "jobOutput": _output()}
    known |= {"data": _data(), "parentInput": _data(needs_path=False)}
    return {
        "$schema": DIALECT, "title": "A pipeline job of Designer", **fields, "required": ["jobs"], "$defs": known,
    }  # fmt: skip


def _job() -> Schema:
    """A command, or a component with what belongs to the job alone."""
    schemas = _unread(JOB_FIELDS) | command_fields()
    schemas |= {
        "type": {"enum": list(JOB_KINDS)},
        "component": {"type": ["string", "object"], "if": {"type": "object"}, "then": {"$ref": "#/$defs/component"}},
        "inputs": by_name({"$ref": "#/$defs/data"}),
        "outputs": by_name({"$ref": "#/$defs/jobOutput"}),
    }
    job = described(JOB_FIELDS, schemas)
    own = ("command", "code", "environment", "environment_variables", "is_deterministic")
    of_component: Schema = {"properties": dict.fromkeys(own, _NOTHING)}
    return job | {"if": {"required": ["component"]}, "then": of_component, "else": {"required": ["command"]}}


def _data(*, needs_path: bool = True) -> Schema:
    """A value, a reference, or data with its path, which a run may give to an input of the pipeline."""
    types: Schema = {"enum": list(PORT_TYPES)}
    value_types: Schema = {"enum": [*PARAMETER_TYPES, *([] if needs_path else PORT_TYPES)]}
    schemas = _unread(DATA_FIELDS) | {"optional": FLAG, "path": {"type": "string"}, "type": {}}
    written_out = described(DATA_FIELDS, schemas) | {
        "if": {"required": ["path"]},
        "then": {"properties": {"type": types}},
        "else": {"properties": {"type": value_types}},
    }
    return {"if": {"type": "object"}, "then": written_out, "else": TEXT}


def _output() -> Schema:
    """Nothing, a reference to an output of the pipeline, or a type."""
    names = [name for name, help in OUTPUT_FIELDS.items() if help.startswith("Refused")]
    written_out = described(OUTPUT_FIELDS, _unread(OUTPUT_FIELDS) | {"type": {"enum": list(PORT_TYPES)}})
    written_out["properties"] |= {name: {"not": {}} for name in names}
    bound: Schema = {"type": "string", "pattern": _OUTPUT_REFERENCE}
    return {"if": {"type": "object"}, "then": written_out, "else": {"anyOf": [_NOTHING, bound]}}


def _unread(fields: Mapping[str, str]) -> dict[str, Schema]:
    return {name: {} for name, help in fields.items() if help.startswith(("Not read", "Not used"))}


def _refused() -> dict[str, Schema]:
    return dict.fromkeys(NO_PIPELINE_FIELDS, _NOTHING)


def _with_refused(fields: Mapping[str, str]) -> dict[str, str]:
    return {**fields, **{name: f"Refused. {remedy}" for name, remedy in NO_PIPELINE_FIELDS.items()}}
