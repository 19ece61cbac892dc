"""The OpenAPI document of an endpoint."""

from __future__ import annotations

from typing import Any

from designer.contract.schema import Column, Kind
from designer.contract.values import SCORED_PROBABILITIES
from designer.inference.rows import ROW_LIMIT
from designer.serving.live import Live, Route

_TYPES: dict[Kind, dict[str, Any]] = {
    Kind.INTEGER: {"type": ["integer", "null"]},
    Kind.DECIMAL: {"type": ["number", "null"]},
    Kind.STRING: {"type": ["string", "null"]},
    Kind.CATEGORICAL: {"type": ["string", "null"]},
    Kind.BOOLEAN: {"type": ["boolean", "null"]},
    Kind.DATETIME: {"type": ["string", "null"], "format": "date-time"},
}
REFUSALS = {
    "401": "The key is missing or not valid.",
    "413": "The request is larger than 1 MiB or holds too many rows.",
    "415": "The content type is not application/json.",
    "422": "The rows do not fit; the error names row and column.",
    "424": "The model failed.",
    "429": "Too many requests at once; try again after Retry-After seconds.",
    "503": "The endpoint is paused, or the server is starting or shutting down.",
    "504": "The model took too long.",
}


def openapi(route: Route) -> dict[str, Any]:
    """The OpenAPI 3.1 document of one endpoint."""
    live = route.live
    path = f"/endpoints/{route.name}/score"
    version = str(live.version if live else 0)
    return {
        "openapi": "3.1.0",
        "info": {"title": route.name, "version": version, "description": route.description},
        "paths": {path: {"post": _operation(live)}} if live else {},
        "components": {
            "securitySchemes": {"key": {"type": "http", "scheme": "bearer"}},
            "schemas": {"Error": ERROR},
        },
        "security": [{"key": []}] if route.requires_key else [],
    }


def _operation(live: Live) -> dict[str, Any]:
    error = {"application/json": {"schema": {"$ref": "#/components/schemas/Error"}}}
    rows = {"type": "array", "minItems": 1, "maxItems": ROW_LIMIT, "items": _row(live)}
    request = {
        "type": "object",
        "required": ["Inputs"],
        "properties": {
            "Inputs": {"type": "object", "required": [live.input_name], "properties": {live.input_name: rows}},
            "GlobalParameters": {"type": "object"},
        },
    }
    answers = {"type": "array", "items": {"type": "object"}}
    results = {"type": "object", "properties": {live.output_name: answers}}
    answer = {"type": "object", "required": ["Results"], "properties": {"Results": results}}
    return {
        "operationId": "score",
        "summary": "Score rows. An unknown category is scored as in training, as none of the known ones.",
        "requestBody": {"required": True, "content": {"application/json": {"schema": request}}},
        "responses": {
            "200": {"description": f"One answer for each row, in order.{_about(live)}",
                    "content": {"application/json": {"schema": answer}}},
            **{status: {"description": text, "content": error} for status, text in REFUSALS.items()},
        },
    }  # fmt: skip


def _about(live: Live) -> str:
    """Describe an answer: whether it repeats the row as sent, and the class of its probability."""
    row = " Each is the row as it was sent, with its scores." if live.echoes else ""
    return row + (f" {SCORED_PROBABILITIES}: the probability of {live.positive}." if live.positive else "")


def _row(live: Live) -> dict[str, Any]:
    return {
        "type": "object",
        "required": live.schema.names,
        "properties": {column.name: _cell(column) for column in live.schema},
        "additionalProperties": False,
    }


def _cell(column: Column) -> dict[str, Any]:
    cell = dict(_TYPES[column.kind])
    if column.categories:
        cell["description"] = f"In training: {', '.join(column.categories[:30])}."
    return cell


ERROR = {
    "type": "object",
    "properties": {
        "error": {
            "type": "object",
            "required": ["code", "message", "request_id"],
            "properties": {name: {"type": "string"} for name in ("code", "message", "hint", "request_id")}
            | {"where": {"type": "object"}},
        }
    },
}
