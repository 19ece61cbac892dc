"""The routes of published pipelines: submit, follow, cancel, read outputs. Each answer comes from the database."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import parse_qs

from designer.contract.errors import DesignerError, FileMissing, InvalidParameter
from designer.engine.submitting import PublishedDisabled, submit_version
from designer.serving.pipelines.openapi import description_of, openapi_of
from designer.serving.pipelines.outputs import Written, written_output
from designer.serving.pipelines.request import digest_of_body, digest_of_key, read_order, require_paths
from designer.serving.pipelines.status import has_ended, head_of, status_of
from designer.serving.workers.wire import Refused
from designer.store.history.experiments import ArchivedExperiment
from designer.store.history.runs import TooManyRuns
from designer.store.history.submission import DEFAULT, Submission
from designer.store.idempotency import KeyReused, Once
from designer.store.records import Endpoint, EndpointVersion, Run
from designer.store.workspace import Workspace

PREFIX = "/pipelines/"
LOOK_SECONDS = 0.1
LONGEST_WAIT = 60.0
AT_ONCE = 32
"""The most requests that are worked on at once; further ones are refused with 429."""
WAITING = 256
"""The most requests that wait for a change of a run."""


@dataclass(frozen=True)
class Request:
    """A request to a published pipeline; `path` begins with its address, header names are in lower case."""

    method: str
    path: str
    query: str
    headers: Mapping[bytes, bytes]
    body: bytes = b""

    def header(self, name: str) -> str:
        """The value of a header; empty without one."""
        return self.headers.get(name.encode(), b"").decode("latin-1").strip()


@dataclass(frozen=True)
class Answer:
    """A document with a status, or a file."""

    status: int
    document: Any = None
    file: Written | None = None


@dataclass
class PipelineDoor:
    """Answers requests to the published pipelines of a workspace. `note_key` is told of each key that opened one."""

    workspace: Workspace
    note_key: Callable[[str, str], None]
    is_draining: Callable[[], bool]
    _busy: int = field(default=0, init=False)
    _waiting: int = field(default=0, init=False)

    async def answer(self, request: Request) -> Answer:
        """Answer a request; raises Refused and other errors of Designer, see `refusal_of`."""
        name, _, rest = request.path.partition("/")
        match rest.split("/"):
            case ["submit"]:
                _require(request, "POST")
                return await self._work(self._submit, request, name, None)
            case ["versions", version, "submit"]:
                _require(request, "POST")
                return await self._work(self._submit, request, name, version)
            case ["runs", id]:
                _require(request, "GET", takes=("wait",))
                return await self._status(request, name, id)
            case ["runs", id, "cancel"]:
                _require(request, "POST")
                return await self._work(self._cancel, request, name, id)
            case ["runs", id, "outputs", step, port]:
                _require(request, "GET")
                return await self._work(self._output, request, name, id, step, port)
            case [""]:
                _require(request, "GET")
                return await self._work(self._describe, request, name)
            case ["openapi.json" | "swagger.json"]:
                _require(request, "GET")
                return await self._work(self._openapi, request, name)
        raise Refused(404, "server.unknown", "there is no such address", "Check the address.")

    async def _work(self, call: Callable[..., Answer], *arguments: Any) -> Answer:
        """Call in a thread."""
        if self._busy >= AT_ONCE:
            raise Refused(429, "server.busy", f"{self._busy} requests are being answered", "Try again in a second.")
        self._busy += 1
        try:
            return await asyncio.to_thread(call, *arguments)
        finally:
            self._busy -= 1

    def _submit(self, request: Request, name: str, version: str | None) -> Answer:
        endpoint = self._opened(request, name)
        if self.is_draining():
            raise Refused(503, "server.draining", "the server is shutting down", "Try again in a moment.")
        if request.body.strip():
            _require_json(request)
        order = read_order(request.body)
        chosen = self._version(endpoint, version)
        require_paths(order, chosen.parameters)
        trigger = {"kind": "rest"} | ({"source": order.source[:100]} if order.source else {})
        about = Submission(order.experiment or DEFAULT, order.description, order.tags, trigger)
        run = submit_version(
            self.workspace, endpoint, chosen, assignments=order.assignments, submission=about,
            once=_once(request, name, version),
        )  # fmt: skip
        return Answer(200, head_of(run, _address(request, name)))

    async def _status(self, request: Request, name: str, id: str) -> Answer:
        until = time.monotonic() + _wait_of(request.query)
        first = answer = await self._work(self._read_status, request, name, id)
        if self._waiting >= WAITING:
            raise Refused(429, "server.busy", f"{self._waiting} requests wait for runs", "Try again in a second.")
        self._waiting += 1
        stamp: tuple[int, ...] = ()
        try:
            while answer == first and not has_ended(answer.document) and time.monotonic() < until:
                if self.is_draining():
                    break
                before, stamp = stamp, self.workspace.database.stamp()
                if stamp != before:
                    answer = await asyncio.to_thread(self._read_status, request, name, id)
                else:
                    await asyncio.sleep(LOOK_SECONDS)
        finally:
            self._waiting -= 1
        return answer

    def _read_status(self, request: Request, name: str, id: str) -> Answer:
        run = self._run(self._opened(request, name), id)
        return Answer(200, status_of(self.workspace, run, _address(request, name)))

    def _cancel(self, request: Request, name: str, id: str) -> Answer:
        run = self._run(self._opened(request, name), id)
        self.workspace.runs.request_cancel(run.id)
        return Answer(202, head_of(self.workspace.runs.get(run.id), _address(request, name)))

    def _output(self, request: Request, name: str, id: str, step: str, port: str) -> Answer:
        run = self._run(self._opened(request, name), id)
        nodes = self.workspace.runs.nodes(run.id)
        return Answer(200, file=written_output(self.workspace, nodes, step, port, request.header("accept")))

    def _describe(self, request: Request, name: str) -> Answer:
        endpoint = self._endpoint(name)
        return Answer(200, description_of(endpoint, self.workspace.endpoints.versions(name), _address(request, name)))

    def _openapi(self, request: Request, name: str) -> Answer:
        endpoint = self._endpoint(name)
        default = self._version(endpoint, None) if endpoint.default_version else None
        return Answer(200, openapi_of(endpoint, default, _address(request, name)))

    def _endpoint(self, name: str) -> Endpoint:
        try:
            return self.workspace.endpoints.get(name, "pipeline")
        except FileMissing:
            raise Refused(404, "pipeline.unknown", "there is no such pipeline", "Check the address.") from None

    def _version(self, endpoint: Endpoint, version: str | None) -> EndpointVersion:
        try:
            return self.workspace.endpoints.version_called(endpoint, version)
        except FileMissing as error:
            raise Refused(404, "pipeline.version", error.found, error.remedy) from None

    def _opened(self, request: Request, name: str) -> Endpoint:
        """The published pipeline that the key of a request opens. Raises Refused with 404, 401 or 403."""
        endpoint = self._endpoint(name)
        if not endpoint.requires_key:
            return endpoint
        scheme, _, key = request.header("authorization").partition(" ")
        owners = self.workspace.endpoints.owners_of_key(key.strip()) if scheme.lower() == "bearer" else {}
        if name in owners:
            self.note_key(name, owners[name])
            return endpoint
        if owners:
            raise Refused(403, "auth.other_endpoint", "the key belongs to another endpoint",
                          "Use a key of this pipeline.")  # fmt: skip
        raise Refused(
            401, "auth.key", "the key is missing or not valid", "Send the header Authorization: Bearer <key>."
        )

    def _run(self, endpoint: Endpoint, id: str) -> Run:
        """A run of a published pipeline; those of others are not told of."""
        try:
            run = self.workspace.runs.get(id)
        except FileMissing:
            run = None
        if run is None or run.published != endpoint.name:
            raise Refused(404, "pipeline.run", "this pipeline has no such run", "Use the Id that submit answered.")
        return run


def of_pipeline(error: DesignerError) -> DesignerError:
    """The refusal of a body in the words of pipelines; how bodies are read is shared with endpoints, which score."""
    match error:
        case Refused(code="score.too_large"):
            remedy = "Register the data as a dataset, and assign its name."
            return Refused(error.status, "pipeline.too_large", error.found, remedy)
        case Refused(code=str(code)) if code.startswith("score."):
            return Refused(error.status, code.replace("score.", "pipeline.", 1), error.found, error.remedy)
        case _:
            return error


def refusal_of(error: DesignerError) -> tuple[int, str]:
    """The status and the code of an error that `PipelineDoor.answer` raises."""
    match error:
        case Refused():
            return error.status, error.code or "pipeline.refused"
        case PublishedDisabled():
            return 503, "pipeline.disabled"
        case TooManyRuns():
            return 429, "pipeline.queue"
        case KeyReused():
            return 409, "pipeline.idempotency_key"
        case InvalidParameter() | FileMissing():
            return 422, "pipeline.parameter"
        case ArchivedExperiment():
            return 422, "pipeline.experiment"
        case _:
            return 503, "server.store"


def _require(request: Request, method: str, takes: tuple[str, ...] = ()) -> None:
    """Refuse another method, and query parameters other than those that the address takes."""
    if request.method != method and (request.method, method) != ("HEAD", "GET"):
        raise Refused(405, "server.method", f"{request.method[:10]} is not answered here", f"Use {method}.")
    for name in parse_qs(request.query, keep_blank_values=True):
        if name not in takes:
            raise Refused(
                422, "pipeline.query", f"there is no query parameter '{name[:40]}' here", _instead(name, takes)
            )


def _instead(name: str, takes: tuple[str, ...]) -> str:
    if name.lower() == "version":
        return "Name the version in the path: versions/{version}/submit."
    return f"There is: {', '.join(takes)}." if takes else "Leave it out."


def _require_json(request: Request) -> None:
    if request.header("content-type").partition(";")[0].strip().lower() != "application/json":
        raise Refused(415, "pipeline.content_type", "the content type is not application/json",
                      "Send the header Content-Type: application/json.")  # fmt: skip
    if request.header("content-encoding").lower() not in ("", "identity"):
        raise Refused(415, "pipeline.content_type", "compressed requests cannot be read", "Send the JSON as it is.")


def _address(request: Request, name: str) -> str:
    return f"http://{request.header('host')}{PREFIX}{name}"


def _once(request: Request, name: str, version: str | None) -> Once | None:
    key = request.header("idempotency-key")
    if not key:
        return None
    return Once(digest_of_key(name, key), digest_of_body(version or "", request.body))


def _wait_of(query: str) -> float:
    texts = parse_qs(query, keep_blank_values=True).get("wait", ["0"])
    try:
        seconds = float(texts[-1])
    except ValueError:
        seconds = -1.0
    if not 0 <= seconds <= LONGEST_WAIT:
        raise Refused(422, "pipeline.wait", f"wait is '{texts[-1][:40]}'",
                      f"Use seconds from 0 to {LONGEST_WAIT:g}.")  # fmt: skip
    return seconds
