"""Describe the API as an OpenAPI document, from its operations and their models."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Any, get_args, get_origin

from pydantic import BaseModel, TypeAdapter
from pydantic.json_schema import GenerateJsonSchema, models_json_schema

from designer.api.documents import ErrorDocument
from designer.api.operation import JSON, Operation

_PLACE = "#/components/schemas/{model}"
_WORDS = {
    400: "The request cannot be read.",
    401: "There is no valid token.",
    403: "The token does not allow this.",
    404: "There is nothing of that name.",
    406: "None of the accepted content types is offered.",
    409: "It conflicts with what is there.",
    410: "It was removed by a clean-up.",
    413: "The body is too large.",
    415: "The body has another content type.",
    424: "The datastore does not answer.",
    422: "Something in the request does not fit.",
    428: "The header If-Match is missing.",
    429: "Too many runs are queued; try again later.",
    503: "The workspace is busy; try again in a moment.",
    507: "The disk is full.",
}


def described(operations: Iterable[Operation], prefix: str, version: str) -> dict[str, Any]:
    """The OpenAPI 3.1 document."""
    listed = list(operations)
    models = {model for operation in listed for model in _models(operation)} | {ErrorDocument}
    ordered = sorted(models, key=lambda model: model.__name__)
    names, definitions = models_json_schema(
        [(model, "validation" if model in _bodies(listed) else "serialization") for model in ordered],
        ref_template=_PLACE,
        schema_generator=GenerateJsonSchema,
    )
    schemas = {model: schema for (model, _), schema in names.items()}
    paths: dict[str, Any] = {}
    for operation in listed:
        paths.setdefault(operation.path, {})[operation.method.lower()] = _operation(operation, schemas)
    return {
        "openapi": "3.1.0",
        "info": {"title": "Designer", "version": version, "description": "A workspace of Designer over HTTP."},
        "servers": [{"url": prefix}],
        "security": [{"token": []}],
        "paths": paths,
        "components": {
            "schemas": definitions["$defs"],
            "securitySchemes": {"token": {"type": "http", "scheme": "bearer"}},
        },
    }


def _operation(operation: Operation, schemas: dict[Any, Any]) -> dict[str, Any]:
    described: dict[str, Any] = {
        "operationId": _id(operation),
        "summary": operation.summary,
        "description": f"Needs a token of scope {operation.scope}.",
        "parameters": [*_in_path(operation), *_in_query(operation), *_in_header(operation)],
        "responses": {str(status): _answer(content, schemas) for status, content in operation.answers.items()},
    }
    for status in sorted({401, 403, 503, *operation.refusals, *_usual(operation)}):
        content = {JSON: {"schema": schemas[ErrorDocument]}}
        described["responses"][str(status)] = {"description": _WORDS[status], "content": content}
        if operation.method == "HEAD":
            described["responses"][str(status)].pop("content")
    if operation.body is not None:
        described["requestBody"] = {"required": True, "content": {JSON: {"schema": schemas[operation.body]}}}
    if operation.takes:
        binary = {"type": "string", "format": "binary"}
        described["requestBody"] = {"required": True, "content": {kind: {"schema": binary} for kind in operation.takes}}
    return described


def _usual(operation: Operation) -> Iterable[int]:
    """The statuses with which any operation of that kind refuses."""
    yield 422
    if "{" in operation.path:
        yield 404
    if operation.query.model_fields:
        yield 400
    if operation.body is not None or operation.takes:
        yield from (400, 413, 415, 507)


def _id(operation: Operation) -> str:
    words = re.findall(r"[A-Za-z]+", operation.path)
    return "_".join([operation.method.lower(), *words])


def _in_path(operation: Operation) -> Iterable[dict[str, Any]]:
    for name in re.findall(r"{(\w+)}", operation.path):
        yield {"name": name, "in": "path", "required": True, "schema": {"type": "string", "minLength": 1}}


def _in_query(operation: Operation) -> Iterable[dict[str, Any]]:
    document = operation.query.model_json_schema(ref_template=_PLACE)
    for name, schema in document.get("properties", {}).items():
        plain = {key: value for key, value in schema.items() if key not in ("title", "default")}
        yield {"name": name, "in": "query", "required": False, "schema": _without_null(plain)}


def _in_header(operation: Operation) -> Iterable[dict[str, Any]]:
    if 428 in operation.refusals:
        yield {"name": "If-Match", "in": "header", "required": True, "schema": {"type": "string"}}


def _without_null(schema: dict[str, Any]) -> dict[str, Any]:
    """The schema of a query parameter that is absent rather than null."""
    if "anyOf" not in schema:
        return schema
    (kind,) = [each for each in schema["anyOf"] if each != {"type": "null"}]
    return {**{key: value for key, value in schema.items() if key != "anyOf"}, **kind}


def _answer(content: Any, schemas: dict[Any, Any]) -> dict[str, Any]:
    if content is None:
        return {"description": "Done."}
    if isinstance(content, tuple):
        binary = {"type": "string", "format": "binary"}
        return {"description": "The file.", "content": {kind: {"schema": binary} for kind in content}}
    return {"description": "The document.", "content": {JSON: {"schema": _schema(content, schemas)}}}


def _schema(content: Any, schemas: dict[Any, Any]) -> Any:
    if content in schemas:
        return schemas[content]
    if get_origin(content) is list and get_args(content)[0] in schemas:
        return {"type": "array", "items": schemas[get_args(content)[0]]}
    return TypeAdapter(content).json_schema(ref_template=_PLACE)


def _models(operation: Operation) -> Iterable[type[BaseModel]]:
    if operation.body is not None:
        yield operation.body
    for content in operation.answers.values():
        for kind in (content, *get_args(content)):
            if isinstance(kind, type) and issubclass(kind, BaseModel):
                yield kind


def _bodies(operations: Iterable[Operation]) -> set[type[BaseModel]]:
    return {operation.body for operation in operations if operation.body is not None}
