"""The body of a submission, with the names that callers of Azure's published pipelines send."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from designer.contract.errors import InvalidParameter
from designer.contract.wording.closeness import closest
from designer.serving.workers.wire import Refused

FIELDS: Mapping[str, tuple[type, str]] = {
    "ExperimentName": (str, "a text"),
    "Description": (str, "a text"),
    "Tags": (dict, "an object of texts"),
    "ParameterAssignments": (dict, "an object of values by parameter"),
    "DataPathAssignments": (dict, "an object of paths by parameter"),
    "DataSetDefinitionValueAssignments": (dict, "an object"),
    "RunSource": (str, "a text"),
    "ContinueOnStepFailure": (bool, "true or false"),
}
"""What a body may hold. Steps that do not need a failed one always run, whatever ContinueOnStepFailure says."""

KEY_LENGTH = 255
_PATH = ("DataStoreName", "RelativePath")


@dataclass(frozen=True)
class Order:
    """What a request wants: values of parameters, and what the run is to remember."""

    assignments: Mapping[str, Any] = field(default_factory=dict)
    paths: frozenset[str] = frozenset()
    """The parameters that were assigned paths of datastores."""
    experiment: str = ""
    description: str = ""
    tags: Mapping[str, str] = field(default_factory=dict)
    source: str = ""


def read_order(body: bytes) -> Order:
    """Read a body; an empty one assigns nothing. Raises Refused with 400 or 422, naming the field."""
    document = _object(body) if body.strip() else {}
    for name, value in document.items():
        _require_field(name, value)
    given = {name: value for name, value in document.items() if value is not None}
    return Order(
        _assignments(given),
        frozenset(given.get("DataPathAssignments", ())),
        given.get("ExperimentName", ""),
        given.get("Description", ""),
        {name: _tag(name, value) for name, value in given.get("Tags", {}).items()},
        given.get("RunSource", ""),
    )


def require_paths(order: Order, parameters: Mapping[str, Mapping[str, Any]]) -> None:
    """Raise InvalidParameter for a path of a datastore that is assigned to a parameter of another type."""
    for name in sorted(order.paths & parameters.keys()):
        type = parameters[name]["type"]
        if type != "datapath":
            remedy = "Assign it in ParameterAssignments, or promote the path of a step that has a datastore."
            raise InvalidParameter(f"it is of type {type}, and no path of a datastore", remedy, parameter=name)


def digest_of_body(address: str, body: bytes) -> str:
    """A digest of what a request wants: equal for equal JSON, however it is written."""
    document = _object(body) if body.strip() else {}
    text = json.dumps([address, document], sort_keys=True, ensure_ascii=False)
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()


def digest_of_key(address: str, key: str) -> str:
    """The digest of an Idempotency-Key at an address. Raises Refused for one that is too long."""
    if len(key) > KEY_LENGTH:
        raise Refused(400, "pipeline.idempotency_key", f"the Idempotency-Key has {len(key)} characters",
                      f"Use {KEY_LENGTH} at most.")  # fmt: skip
    return hashlib.sha256(f"{address}\0{key}".encode()).hexdigest()


def _object(body: bytes) -> dict[str, Any]:
    try:
        document = json.loads(body.decode("utf-8"), object_pairs_hook=_pairs, parse_constant=_constant)
    except RecursionError:
        raise _not_json("it is nested too deeply") from None
    except json.JSONDecodeError as error:
        raise _not_json(f"{error.msg[:80]}, line {error.lineno}") from None
    except UnicodeDecodeError:
        raise _not_json("it is not UTF-8") from None
    except ValueError:  # a number of thousands of digits
        raise _not_json("a number in it is too long") from None
    if type(document) is not dict:
        raise _refused("the request is not a JSON object", 'Send an object, such as {"ExperimentName": "demo"}.')
    return document


def _pairs(items: list[tuple[str, Any]]) -> dict[str, Any]:
    fields = dict(items)
    if len(fields) < len(items):
        names = [name for name, _ in items]
        repeated = next(name for name in names if names.count(name) > 1)
        raise _refused(f"'{repeated[:80]}' occurs twice in one object", "Send it once.")
    return fields


def _constant(text: str) -> Any:
    raise Refused(400, "pipeline.not_json", f"the request is not JSON ({text} is no number of JSON)", "Send a number.")


def _not_json(problem: str) -> Refused:
    return Refused(400, "pipeline.not_json", f"the request is not JSON ({problem})", "Send one JSON object in UTF-8.")


def _refused(problem: str, remedy: str) -> Refused:
    return Refused(422, "pipeline.body", problem, remedy)


def _require_field(name: str, value: Any) -> None:
    if name not in FIELDS:
        raise _refused(f"there is no field '{name[:80]}'", closest(name[:80], FIELDS, "Fields are"))
    kind, words = FIELDS[name]
    if value is not None and type(value) is not kind:
        raise _refused(f"'{name}' is not {words}", f"Send {words}, or leave it out.")


def _assignments(given: Mapping[str, Any]) -> dict[str, Any]:
    """The values by parameter, those of datasets and of paths in datastores among them."""
    values = dict(given.get("ParameterAssignments", {}))
    for kind, read in (("DataSetDefinitionValueAssignments", _dataset), ("DataPathAssignments", _path)):
        for name, value in given.get(kind, {}).items():
            if name in values:
                raise _refused(f"'{name[:80]}' is assigned twice", "Assign it once.")
            values[name] = read(name, value)
    return values


def _dataset(name: str, value: Any) -> str:
    reference = value.get("SavedDataSetReference") if isinstance(value, dict) else None
    id = reference.get("Id") if isinstance(reference, dict) else None
    if not isinstance(id, str) or not id:
        form = '{"SavedDataSetReference": {"Id": "NAME"}}, where NAME:3 is version 3'
        raise InvalidParameter("no dataset is named", f"Send {form}.", parameter=name[:80])
    return id


def _path(name: str, value: Any) -> str:
    """The path that a DataPathAssignment names, with its datastore before it."""
    store, path = (value.get(each) for each in _PATH) if isinstance(value, dict) else (None, None)
    if not isinstance(store, str) or not store.strip("/ ") or not isinstance(path, str) or set(value) - set(_PATH):
        form = '{"DataStoreName": "workspace", "RelativePath": "incoming/a.csv"}'
        raise InvalidParameter("no path of a datastore is named", f"Send {form}.", parameter=name[:80])
    if "/" in store:
        remedy = "Send the rest of it as RelativePath."
        raise InvalidParameter(f"'{store[:80]}' names no datastore", remedy, parameter=name[:80])
    if path.startswith(("/", "\\")):
        remedy = "Send the path below the datastore, without a slash before it."
        raise InvalidParameter(f"'{path[:80]}' is not relative", remedy, parameter=name[:80])
    return f"{store}/{path}"


def _tag(name: str, value: Any) -> str:
    if not isinstance(value, str):
        raise _refused(f"the tag '{name[:80]}' is not a text", "Send texts.")
    return value
