"""Refuse a request: statuses, codes for programs, and a body that says where, what was found and what would do."""

from __future__ import annotations

import secrets
from collections.abc import Mapping
from dataclasses import asdict
from typing import Any

from pydantic import ValidationError
from pydantic_core import ErrorDetails
from starlette.responses import Response

from designer.contract.component import InvalidComponent
from designer.contract.errors import Ambiguous, DesignerError, FileMissing
from designer.engine.submitting import PublishedDisabled
from designer.registry.snapshot import SnapshotTooLarge
from designer.store.artifacts.blobs import DamagedArtifact, DiskFull
from designer.store.components import VersionTaken
from designer.store.database import WorkspaceBusy
from designer.store.datastores.database import DriverMissing
from designer.store.datastores.datastores import DatastoreTaken
from designer.store.datastores.filesystem import DatastoreUnreachable, FileTaken
from designer.store.drafts import Conflict, WouldEmpty
from designer.store.history.experiments import ArchivedExperiment
from designer.store.history.runs import TooManyRuns
from designer.store.records import AccessToken
from designer.store.schedules import NameTaken
from designer.store.tokens import Scope, allows
from designer.workbench.publishing import LabelTaken
from designer.workbench.runs import AlreadyRunning

RETRY_SECONDS = 5
NEW_TOKEN = "Make one in Settings, or with: designer token new NAME"  # noqa: S105 - what to do, no token
_STATUSES: Mapping[type[DesignerError], tuple[int, str]] = {
    Ambiguous: (409, "ambiguous"),
    Conflict: (409, "pipeline.changed"),
    WouldEmpty: (409, "pipeline.would_empty"),
    VersionTaken: (409, "component.version_taken"),
    AlreadyRunning: (409, "run.already_running"),
    NameTaken: (409, "schedule.taken"),
    DatastoreTaken: (409, "datastore.taken"),
    FileTaken: (409, "datastore.file_taken"),
    DatastoreUnreachable: (424, "datastore.unreachable"),
    DriverMissing: (424, "datastore.driver_missing"),
    LabelTaken: (409, "published.label_taken"),
    PublishedDisabled: (503, "published.disabled"),
    ArchivedExperiment: (409, "experiment.archived"),
    SnapshotTooLarge: (413, "snapshot.too_large"),
    InvalidComponent: (422, "component.invalid"),
    TooManyRuns: (429, "run.too_many"),
    WorkspaceBusy: (503, "workspace.busy"),
    DamagedArtifact: (410, "result.damaged"),
    DiskFull: (507, "disk.full"),
}


class Refusal(DesignerError):
    """A refusal with a status and a code of its own."""

    def __init__(self, status: int, code: str, found: str, remedy: str = "", **headers: str) -> None:
        super().__init__(found, remedy)
        self.status = status
        self.name = code
        self.headers = {name.replace("_", "-"): value for name, value in headers.items()}


class Invalid(Refusal):
    """A body or query that does not fit its model: names the first field."""

    def __init__(self, where: str, problem: ValidationError) -> None:
        first = problem.errors(include_url=False, include_input=False)[0]
        field = ".".join(str(part) for part in first["loc"])
        super().__init__(422, f"{where}.invalid", f"{field or where}: {_in_words(first)}")
        self.at(parameter=None)
        self.field = field


_PROBLEMS: Mapping[str, str] = {
    "extra_forbidden": "there is no such field",
    "missing": "it is required",
    "greater_than_equal": "it is below {ge}",
    "greater_than": "it is not above {gt}",
    "less_than_equal": "it is above {le}",
    "less_than": "it is not below {lt}",
    "finite_number": "it is not a finite number",
    "int_parsing": "it is not a whole number",
    "int_type": "it is not a whole number",
    "int_from_float": "it is not a whole number",
    "int_parsing_size": "it is beyond 64 bits",
    "float_parsing": "it is not a number",
    "float_type": "it is not a number",
    "bool_parsing": "it is not true or false",
    "bool_type": "it is not true or false",
    "string_type": "it is not a text",
    "string_too_long": "it is longer than {max_length} characters",
    "string_too_short": "it is shorter than {min_length} characters",
    "too_long": "it has more than {max_length} entries",
    "list_type": "it is not a list",
    "dict_type": "it is not an object",
    "model_type": "it is not an object",
    "model_attributes_type": "it is not an object",
    "literal_error": "it is not one of {expected}",
}
"""What pydantic finds, in words."""


def _in_words(problem: ErrorDetails) -> str:
    words = _PROBLEMS.get(problem["type"])
    return words.format(**problem.get("ctx", {})) if words else problem["msg"].removeprefix("Value error, ")


def require_scope(token: AccessToken, needed: Scope) -> None:
    """Raise Refusal 403 unless a token allows this, naming the scope that would."""
    if not allows(token.scope, needed):
        found = f"the token '{token.name}' allows {token.scope}, and this needs {needed}"
        raise Refusal(403, "auth.scope", found, f"{NEW_TOKEN} --scope {needed}.")


def refusal_of(error: DesignerError, missing: int = 404) -> tuple[int, str, Mapping[str, str]]:
    """Status, code and headers for an error; `missing` is the status of something that is not there."""
    if isinstance(error, Refusal):
        return error.status, error.name, error.headers
    for kind, (status, code) in _STATUSES.items():
        if isinstance(error, kind):
            return status, code, {"retry-after": str(RETRY_SECONDS)} if status in (429, 503) else {}
    if isinstance(error, FileMissing):
        return missing, "missing", {}
    return 422, f"refused.{_snake(type(error).__name__)}", {}


def refuse(error: DesignerError, missing: int = 404) -> Response:
    """The response for an error, in the form of all errors of Designer."""
    status, code, headers = refusal_of(error, missing)
    return Response(
        error_body(error, code), status, media_type="application/json", headers={**headers, "cache-control": "no-store"}
    )


def error_body(error: DesignerError, code: str, request_id: str = "") -> bytes:
    """The body of an error. `type` and `found` let the SDK raise the error as its own class."""
    import orjson

    place = {name: value for name, value in asdict(error.place).items() if value is not None}
    if isinstance(error, Invalid) and error.field:
        place["parameter"] = error.field
    body: dict[str, Any] = {
        "code": code,
        "message": str(error),
        "where": place,
        "hint": error.remedy,
        "request_id": request_id or secrets.token_hex(8),
        "type": type(error).__name__,
        "found": error.found,
    }
    return orjson.dumps({"error": body})


def _snake(name: str) -> str:
    return "".join(f"_{sign.lower()}" if sign.isupper() else sign for sign in name).lstrip("_")
