"""The wire format of requests, answers and errors."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

import orjson

from designer.contract.errors import DesignerError
from designer.contract.wording.counting import counted
from designer.inference.rows import RefusedRequest

ALSO_ACCEPTED: Mapping[str, str] = {"WebServiceInput0": "WebServiceOutput0", "input1": "output1"}
"""Input names of the original, with the output name that the answer then has."""

_FIELDS = frozenset({"Inputs", "GlobalParameters"})


class ModelFailed(DesignerError):
    """A model raised, or returned no valid answer."""


class Refused(DesignerError):
    """A response other than 200: its status, and an error code for programs."""

    def __init__(self, status: int, code: str, found: str, remedy: str = "", column: str = "") -> None:
        super().__init__(found, remedy)
        self.status = status
        self.code = code
        self.column = column
        """The field to blame, if one is; `found` names it as well."""


def read_request(body: bytes, input_name: str, output_name: str) -> tuple[Any, str]:
    """The rows of a request and the output name of its answer; raises Refused or RefusedRequest."""
    try:
        document = orjson.loads(body)
    except orjson.JSONDecodeError as error:
        raise _not_json(body, error) from None
    if type(document) is not dict or type(document.get("Inputs")) is not dict:
        raise _shape(input_name, "there is no object 'Inputs' in it")
    parameters = document.get("GlobalParameters")
    if parameters is not None and type(parameters) is not dict:
        raise _shape(input_name, "'GlobalParameters' is not an object")
    if parameters:
        raise _shape(input_name, f"there is no global parameter '{next(iter(parameters))[:80]}'")
    unknown = next((name for name in document if name not in _FIELDS), None)
    if unknown is not None:
        raise _shape(input_name, f"there is no field '{unknown[:80]}'")
    inputs = document["Inputs"]
    if len(inputs) != 1:
        raise _shape(input_name, f"'Inputs' holds {counted(len(inputs), 'input')}")
    name, rows = next(iter(inputs.items()))
    if name != input_name and name not in ALSO_ACCEPTED:
        raise _shape(input_name, f"there is no input '{name[:80]}'")
    if type(rows) is list and rows and type(rows[0]) is dict:
        _refuse_duplicates(body, 2 + ("GlobalParameters" in document) + sum(map(len, rows)))
    return rows, output_name if name == input_name else ALSO_ACCEPTED[name]


def answer(rows: list[dict[str, Any]], output_name: str) -> bytes:
    """The body of an answer."""
    return orjson.dumps({"Results": {output_name: rows}}, option=orjson.OPT_SERIALIZE_NUMPY)


def error_body(error: DesignerError, code: str, request_id: str) -> bytes:
    """The body of an error: a sentence, where it applies and a hint; never a traceback or a path."""
    place = error.place
    where = {"row": place.row, "column": place.column, "module": place.module, "parameter": place.parameter}
    return orjson.dumps(
        {
            "error": {
                "code": code,
                "message": str(error),
                "where": {name: value for name, value in where.items() if value is not None},
                "hint": error.remedy,
                "request_id": request_id,
            }
        }
    )


def _shape(input_name: str, problem: str) -> RefusedRequest:
    form = f'{{"Inputs": {{"{input_name}": [{{"column": value, ...}}]}}, "GlobalParameters": {{}}}}'
    return RefusedRequest("score.shape", f"the request does not have the expected form: {problem}", f"Send {form}.")


def _refuse_duplicates(body: bytes, expected: int) -> None:
    """Refuse an object with a duplicate key. Count first, which is cheap, and parse again only if the count differs."""
    if body.count(b'":') == expected:
        return

    def pairs(items: list[tuple[str, Any]]) -> dict[str, Any]:
        fields = dict(items)
        if len(fields) < len(items):
            names = [name for name, _ in items]
            repeated = next(name for name in names if names.count(name) > 1)
            raise RefusedRequest(
                "score.duplicate_key", f"'{repeated[:80]}' occurs twice in one object", "Send it once."
            )
        return fields

    json.loads(body, object_pairs_hook=pairs)


def _not_json(body: bytes, error: orjson.JSONDecodeError) -> RefusedRequest:
    message = str(error)
    if "depth" in message or "recursion" in message:
        return RefusedRequest("score.too_deep", "the JSON is nested too deeply", "Send rows of plain values.")
    if "infinity" in message or any(word in body for word in (b"NaN", b"Infinity")):
        return RefusedRequest(
            "score.not_finite", f"the request holds NaN or an infinite number (line {error.lineno})",
            "Send a number, or null where it is unknown.",
        )  # fmt: skip
    return RefusedRequest(
        "score.not_json", f"the request is not JSON ({error.msg.split(':')[0]}, line {error.lineno})",
        "Send one JSON object in UTF-8.",
    )  # fmt: skip
