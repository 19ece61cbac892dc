"""What a published pipeline takes and answers: its description, and its OpenAPI document."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from designer.serving.openapi import ERROR, REFUSALS
from designer.store.records import Endpoint, EndpointVersion

_TYPES: Mapping[str, str] = {"integer": "integer", "number": "number", "boolean": "boolean"}
_STATUS = {"type": "string", "enum": ["NotStarted", "Running", "Finished", "Failed", "Canceled"]}
_TEXT = {"type": "string"}
_HEAD = {"Id": _TEXT, "RunId": _TEXT, "Status": _STATUS, "StatusUrl": _TEXT, "PipelineVersion": {"type": "integer"}}
_STEP = {
    "Name": _TEXT, "Title": _TEXT, "Status": _STATUS, "Reused": {"type": "boolean"},
    "Seconds": {"type": ["number", "null"]}, "Metrics": {"type": "object"},
    "Outputs": {"type": "array", "items": _TEXT},
}  # fmt: skip


def description_of(endpoint: Endpoint, versions: list[EndpointVersion], address: str) -> dict[str, Any]:
    """The name, versions and parameters of a published pipeline; the parameters are those of the default version."""
    default = next((each for each in versions if each.version == endpoint.default_version), None)
    return {
        "Name": endpoint.title,
        "Description": endpoint.description,
        "Status": "Active" if endpoint.state == "ready" else "Disabled",
        "Endpoint": f"{address}/submit",
        "DefaultVersion": endpoint.default_version,
        "Versions": [
            {
                "Version": each.version,
                "Label": each.label,
                "Created": each.created,
                "Endpoint": f"{address}/versions/{each.version}/submit",
            }
            for each in versions
        ],
        "Parameters": [
            {"Name": name, **{field.title(): value for field, value in each.items()}}
            for name, each in (default.parameters if default is not None else {}).items()
        ],
    }


def openapi_of(endpoint: Endpoint, default: EndpointVersion | None, address: str) -> dict[str, Any]:
    """The OpenAPI 3.1 document of a published pipeline."""
    server, path = address.partition("/pipelines/")[0], f"/pipelines/{endpoint.name}"
    parameters = default.parameters if default is not None else {}
    return {
        "openapi": "3.1.0",
        "info": {"title": endpoint.title, "version": _label(default), "description": endpoint.description},
        "servers": [{"url": server}],
        "paths": {
            f"{path}/submit": {"post": _submit(parameters)},
            f"{path}/versions/{{version}}/submit": {"post": _submit_version()},
            f"{path}/runs/{{id}}": {"get": _status()},
            f"{path}/runs/{{id}}/cancel": {"post": _cancel()},
            f"{path}/runs/{{id}}/outputs/{{step}}/{{port}}": {"get": _output()},
        },
        "components": {
            "securitySchemes": {"key": {"type": "http", "scheme": "bearer"}}, "schemas": {"Error": ERROR},
        },
        "security": [{"key": []}],
    }  # fmt: skip


def _label(version: EndpointVersion | None) -> str:
    return "0" if version is None else version.label or str(version.version)


def _submit(parameters: Mapping[str, Mapping[str, Any]]) -> dict[str, Any]:
    needed = (name for name, each in parameters.items() if each.get("default") is None)
    required = [name for name in needed if parameters[name]["type"] != "datapath"]  # it may come as DataPathAssignments
    assignments = {
        "type": "object",
        "properties": {name: _parameter(each) for name, each in parameters.items()},
        "additionalProperties": False,
        **({"required": required} if required else {}),
    }
    body = {
        "type": "object",
        "properties": {
            "ExperimentName": _TEXT, "Description": _TEXT,
            "Tags": {"type": "object", "additionalProperties": _TEXT}, "ParameterAssignments": assignments,
            "DataSetDefinitionValueAssignments": {"type": "object"}, "DataPathAssignments": _paths(parameters),
            "RunSource": _TEXT,
            "ContinueOnStepFailure": {"type": "boolean"},
        },
        "additionalProperties": False,
        **({"required": ["ParameterAssignments"]} if required else {}),
    }  # fmt: skip
    once = {"name": "Idempotency-Key", "in": "header", "schema": _TEXT,
            "description": "Sent again within a day with the same request, it answers with the same run."}  # fmt: skip
    return {
        "operationId": "submit",
        "summary": "Queue a run.",
        "parameters": [once],
        "requestBody": {"content": {"application/json": {"schema": body}}},
        "responses": {"200": _answer("The run, which is queued.", _HEAD), **_refusals()},
    }


def _paths(parameters: Mapping[str, Mapping[str, Any]]) -> dict[str, Any]:
    """Paths of datastores by parameter, in two parts; ParameterAssignments take them as one text."""
    path = {"type": "object", "properties": {"DataStoreName": _TEXT, "RelativePath": _TEXT},
            "required": ["DataStoreName", "RelativePath"], "additionalProperties": False}  # fmt: skip
    names = [name for name, each in parameters.items() if each["type"] == "datapath"]
    return {"type": "object", "properties": dict.fromkeys(names, path), "additionalProperties": False}


def _submit_version() -> dict[str, Any]:
    """As `_submit`; the parameters are those of the version, which the description of the default one cannot know."""
    operation = _submit({})
    content = operation["requestBody"]["content"]["application/json"]["schema"]
    content["properties"]["ParameterAssignments"] = {"type": "object"}
    version = {**_in_path("version"), "description": "The number or the label of a version."}
    return {**operation, "operationId": "submit-version", "summary": "Queue a run of a version.",
            "parameters": [version, *operation["parameters"]]}  # fmt: skip


def _status() -> dict[str, Any]:
    wait = {"name": "wait", "in": "query", "schema": {"type": "number", "maximum": 60},
            "description": "Seconds to wait for the next change."}  # fmt: skip
    steps = {"type": "array", "items": {"type": "object", "properties": _STEP}}
    document = {**_HEAD, "Error": {"type": ["object", "null"]}, "Steps": steps}
    answers = {"200": _answer("How the run stands.", document), **_refusals("401", "403", "404")}
    return {"operationId": "status", "summary": "How a run stands, step by step.",
            "parameters": [_in_path("id"), wait], "responses": answers}  # fmt: skip


def _cancel() -> dict[str, Any]:
    answers = {"202": _answer("The run, which ends in a moment.", _HEAD), **_refusals("401", "403", "404")}
    return {"operationId": "cancel", "summary": "End a run.", "parameters": [_in_path("id")], "responses": answers}


def _output() -> dict[str, Any]:
    types = ("text/csv", "application/vnd.apache.parquet", "application/vnd.apache.arrow.file", "application/zip")
    content = {media_type: {"schema": {"type": "string", "format": "binary"}} for media_type in types}
    answers = {"200": {"description": "The table by Accept, a folder as ZIP.", "content": content},
               **_refusals("401", "403", "404", "406", "410")}  # fmt: skip
    places = [_in_path(name) for name in ("id", "step", "port")]
    return {"operationId": "output", "summary": "An output of a step.", "parameters": places, "responses": answers}


def _parameter(parameter: Mapping[str, Any]) -> dict[str, Any]:
    schema: dict[str, Any] = {"type": _TYPES[parameter["type"]]} if parameter["type"] in _TYPES else {}
    schema = schema or ({} if parameter["type"] in ("columns", "choice") else {"type": "string"})
    for field in ("title", "description", "minimum", "maximum", "default"):
        if parameter.get(field) not in (None, ""):
            schema[field] = parameter[field]
    return {**schema, **({"enum": list(parameter["choices"])} if parameter.get("choices") else {})}


def _in_path(name: str) -> dict[str, Any]:
    return {"name": name, "in": "path", "required": True, "schema": _TEXT}


def _answer(text: str, fields: Mapping[str, Any]) -> dict[str, Any]:
    schema = {"type": "object", "properties": dict(fields)}
    return {"description": text, "content": {"application/json": {"schema": schema}}}


def _refusals(*statuses: str) -> dict[str, Any]:
    error = {"application/json": {"schema": {"$ref": "#/components/schemas/Error"}}}
    texts = {**REFUSALS, **_OWN}
    chosen = statuses or ("400", "401", "403", "404", "408", "409", "413", "415", "422", "429", "503")
    return {status: {"description": texts[status], "content": error} for status in chosen}


_OWN = {
    "400": "The request is not JSON.",
    "403": "The key belongs to another endpoint.",
    "404": "There is no such pipeline, version, run, step or output.",
    "406": "The output is not available in an accepted form.",
    "408": "The request took too long to arrive.",
    "409": "The Idempotency-Key was sent before with another request.",
    "410": "The output was removed to free space.",
    "413": "The request is larger than 1 MiB.",
    "422": "A value or a field does not fit; the error names it.",
    "429": "As many runs are queued as may be; try again after Retry-After seconds.",
    "503": "The pipeline is disabled, or the server is shutting down.",
}
