"""The OpenAPI document tells the truth: requests made from it get the answers that it promises."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import httpx
import pytest
import schemathesis
from hypothesis import HealthCheck, given, settings
from hypothesis.strategies import booleans
from schemathesis.checks import not_a_server_error
from schemathesis.core.failures import FailureGroup
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    ignored_auth,
    response_schema_conformance,
    status_code_conformance,
    unsupported_method,
)

from designer import settings as installed
from designer.api.application import PREFIX
from designer.api.limits import Limits
from designer.api.openapi import described
from designer.api.routes import all_operations
from designer.engine.run import execute
from designer.pipeline.document import to_document
from designer.store.workspace import open_workspace
from tests.api.conftest import Client, small
from tests.served import FILE_BYTES, Served, served

CHECKS = [
    not_a_server_error,
    status_code_conformance,
    content_type_conformance,
    response_schema_conformance,
    ignored_auth,
    unsupported_method,
]
EXAMPLES = 8
THERE = {
    "name": "Iris", "number": "1", "version": "1", "run": "latest", "step": "split", "port": "results_dataset1",
    "pipeline": "Small",
}  # fmt: skip
"""Names of what the workspace has, beside the random ones."""

OPERATIONS = all_operations(Limits(FILE_BYTES), installed.installed_version())
DOCUMENT = described(OPERATIONS, PREFIX, installed.installed_version())


@pytest.fixture(scope="module")
def fuzzed(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    """A server of its own: what is sent to it is random."""
    folder = tmp_path_factory.mktemp("fuzzed") / "workspace"
    with open_workspace(folder) as workspace:
        execute(small(), workspace.library(), workspace, slots=1)
        workspace.drafts.create("Small", to_document(small()))
    with served(folder) as server:
        yield server


def operation(document: dict[str, Any], method: str, path: str) -> Any:
    """An operation of a document."""
    return schemathesis.openapi.from_dict(document)[path][method]


def refute(described: Any, server: Served) -> None:
    """Send requests of an operation to a server. Raises where an answer is none of those that are described."""

    @settings(
        max_examples=EXAMPLES, derandomize=True, deadline=None, database=None, suppress_health_check=list(HealthCheck)
    )
    @given(case=described.as_strategy(), names_what_is_there=booleans())
    def send(case: Any, names_what_is_there: bool) -> None:
        if names_what_is_there:
            case.path_parameters.update({name: THERE.get(name, value) for name, value in case.path_parameters.items()})
        if "wait" in (case.query or {}):
            case.query["wait"] = 0
        if isinstance(case.body, dict) and isinstance(case.body.get("spec"), dict):
            case.body["spec"].pop("environment", None)  # packages are looked for, which takes seconds
        headers = {"Authorization": f"Bearer {server.token}"}
        case.call_and_validate(f"{server.address}{PREFIX}", headers=headers, checks=CHECKS, timeout=30)

    send()


@pytest.mark.parametrize(
    ("method", "path"), [(each.method, each.path) for each in OPERATIONS], ids=lambda text: str(text)
)
def test_every_operation_answers_as_described(method: str, path: str, fuzzed: Served) -> None:
    refute(operation(DOCUMENT, method, path), fuzzed)


def test_a_status_that_is_not_described_is_found(fuzzed: Served) -> None:
    """The check would notice: the same request against a document that lacks its answer fails."""
    wrong = {**DOCUMENT, "paths": {"/workspace": {"get": {**DOCUMENT["paths"]["/workspace"]["get"]}}}}
    wrong["paths"]["/workspace"]["get"]["responses"] = {"204": {"description": "Nothing."}}
    with pytest.raises(FailureGroup) as found:
        refute(operation(wrong, "GET", "/workspace"), fuzzed)
    assert "Undocumented status code" in str(found.value.exceptions[0])


def test_the_document_is_served_and_names_every_operation(fuzzed: Served) -> None:
    with Client(fuzzed, fuzzed.token) as client:
        answered = client.get("/openapi.json")
    assert answered.json() == DOCUMENT
    described_ones = {(method.upper(), path) for path, methods in DOCUMENT["paths"].items() for method in methods}
    assert described_ones == {(each.method, each.path) for each in OPERATIONS}
    assert len({each["operationId"] for methods in DOCUMENT["paths"].values() for each in methods.values()}) == len(
        OPERATIONS
    )
    assert httpx.get(f"{fuzzed.address}{PREFIX}/openapi.json").status_code == 401
