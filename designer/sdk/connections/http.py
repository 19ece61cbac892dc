"""The connection to a workspace that a Designer serves at an address."""

from __future__ import annotations

import json
import shutil
import tempfile
import time
import weakref
import webbrowser
from collections.abc import Iterator, Mapping
from dataclasses import asdict, replace
from pathlib import Path
from typing import Any, TypeVar

import pandas as pd
from sqlmodel import SQLModel

from designer import settings
from designer.charts.difference import TableDifference
from designer.contract.catalogue.library import Library
from designer.contract.component import ComponentModule, ComponentSpec, component_module
from designer.contract.errors import DesignerError, FileMissing
from designer.contract.files.required_file import require_file
from designer.contract.module import Module
from designer.contract.ports import PortType
from designer.contract.schema import Schema
from designer.pipeline.check import Problem
from designer.pipeline.document import from_document, to_document
from designer.pipeline.graph import Pipeline
from designer.pipeline.parameters import read_assignments
from designer.registry.git import git_properties
from designer.registry.scripts import Source
from designer.sdk.connections.connection import DatastoreVerbs, Order, Produced
from designer.sdk.connections.http_datastores import HttpDatastores
from designer.sdk.connections.transport import (
    ARROW,
    BYTES,
    PATIENCE_SECONDS,
    WORK_SECONDS,
    ZIP,
    NotAdmitted,
    Transport,
    part,
)
from designer.sdk.library import installed_library
from designer.sdk.plans import PlannedStep
from designer.store.artifacts.blobs import DamagedArtifact
from designer.store.artifacts.tables import read_table, write_table
from designer.store.artifacts.values import Artifacts, Stored
from designer.store.components import Origin
from designer.store.history.metrics import Point, Series
from designer.store.history.submission import Submission
from designer.store.records import (
    ACTIVE,
    Dataset,
    Draft,
    Endpoint,
    EndpointVersion,
    NodeRun,
    Run,
    Schedule,
    ScheduleFire,
)
from designer.workbench.results.comparison import Difference, MetricPair
from designer.workbench.runs import Comparison
from designer.workbench.schedules import Standing, When
from designer.workbench.started import NotStarted

LONGEST_WAIT = 25.0
SOON_SECONDS = 0.3
"""How long to wait for the next event after one: a drawing that was put off is made up for then."""

_FORMS: Mapping[PortType, str] = {PortType.TABLE: ARROW, PortType.FOLDER: ZIP}


Row = TypeVar("Row", bound=SQLModel)


class WrongVersion(DesignerError):
    """The server is of another version than this SDK."""


class Http:
    """A workspace at an address such as `http://127.0.0.1:8321`, with a token.

    Raises Unreachable if nothing answers, NotAdmitted for a token that is not valid, WrongVersion. While something is
    read or waited for, a server that is gone is asked again for `patience` seconds.
    """

    def __init__(self, address: str, token: str | None = None, patience: float = PATIENCE_SECONDS) -> None:
        token = token or settings.access_token()
        if not token:
            remedy = "Make one in Settings, or with: designer token new NAME; give token=, or set DESIGNER_TOKEN."
            raise NotAdmitted(f"the workspace at {address} needs a token", remedy)
        self._server = Transport(address, token, patience)
        _require_version(self._server.address, self._server.get("/workspace"))
        self._folder = Path(tempfile.mkdtemp(prefix="designer-"))
        self._forget = weakref.finalize(self, shutil.rmtree, self._folder, ignore_errors=True)
        self._artifacts = Artifacts(self._folder / "artifacts", self._folder / "laid")
        self._components = _Components(self._server)

    @property
    def library(self) -> Library:
        """The installed modules, and the components of the workspace; modules in its own folder are not among them."""
        offered = [self._components.known(document) for document in self._server.get("/components")]
        return replace(installed_library(), components=self._components, palette=tuple(offered))

    @property
    def datastores(self) -> DatastoreVerbs:
        return HttpDatastores(self._server)

    def datasets(self) -> list[str]:
        return sorted(document["name"] for document in self._server.get("/datasets"))

    def dataset(self, name: str, version: int | None) -> Dataset:
        return _dataset(self._server.get(_dataset_path(name, version)))

    def dataset_versions(self, name: str) -> list[Dataset]:
        return [_dataset(document) for document in self._server.get(f"/datasets/{part(name)}/versions")]

    def dataset_table(self, name: str, version: int | None) -> pd.DataFrame:
        row = self.dataset(name, version)
        stored = Stored(row.digest, PortType.TABLE, 0, "", Schema.from_json(row.table_schema))
        self._fetch(stored, f"{_dataset_path(row.name, row.version)}/content")
        return self._artifacts.get(stored)  # type: ignore[no-any-return]

    def dataset_profile(self, name: str, version: int | None) -> list[Mapping[str, Any]]:
        row = self.dataset(name, version)
        return list(self._server.get(f"{_dataset_path(row.name, row.version)}/profile"))

    def dataset_difference(self, name: str, before: int | None, after: int | None) -> TableDifference:
        row = self.dataset(name, after)
        query = {} if before is None else {"before": before}
        path = f"{_dataset_path(row.name, row.version)}/difference"
        return TableDifference.from_json(self._server.get(path, **query))

    def add_file(self, file: Path, name: str, description: str, reading: Mapping[str, Any]) -> Dataset:
        require_file(file)
        query = {"file": file.name, "description": description, "reading": json.dumps(dict(reading))}
        return self._put_content(name, file, BYTES, query)

    def add_table(self, table: pd.DataFrame, name: str, description: str) -> Dataset:
        with tempfile.TemporaryDirectory(dir=self._folder) as place:
            file = Path(place) / "table.arrow"
            write_table(table, file)
            return self._put_content(name, file, ARROW, {"description": description})

    def add_output(self, output: Produced, name: str, description: str) -> Dataset:
        order = {"name": name, "run": output.run, "step": output.node, "port": output.port, "description": description}
        return _dataset(self._server.send("POST", "/datasets", order).document)

    def pipelines(self) -> list[Draft]:
        return [_draft({**document, "document": {}}) for document in self._server.get("/pipelines")]

    def pipeline(self, name: str) -> Draft:
        return _draft(self._server.get(f"/pipelines/{part(name)}"))

    def save_pipeline(self, pipeline: Pipeline, *, replace: bool) -> Draft:
        order = {"document": to_document(pipeline), "replace": replace}
        return _draft(self._server.send("POST", "/pipelines", order).document)

    def keep_program(self, source: Source, origin: Origin) -> str:
        return self._register(source, origin, anonymous=True).id

    def register_program(self, source: Source, origin: Origin) -> ComponentSpec:
        return self._register(source, origin, anonymous=False)

    def components(self) -> list[ComponentSpec]:
        return [ComponentSpec.from_json(document["spec"]) for document in self._server.get("/components")]

    def component(self, name: str, version: str | None) -> ComponentSpec:
        path = f"/components/{part(name)}" + (f"/versions/{part(version)}" if version is not None else "")
        return ComponentSpec.from_json(self._server.get(path)["spec"])

    def check(self, pipeline: Pipeline) -> list[Problem]:
        answer = self._server.send("POST", "/checks", {"document": to_document(pipeline)}).document
        return [Problem(**{**each, "error": DesignerError.from_json(each["error"])}) for each in answer]

    def plan(self, order: Order) -> list[PlannedStep]:
        return [PlannedStep(**each) for each in self._server.send("POST", "/plans", _order(order)).document["steps"]]

    def submit(self, order: Order, submission: Submission) -> Run:
        about = {
            "experiment": submission.experiment,
            "description": submission.description,
            "tags": dict(submission.tags),
            "source": git_properties(Path.cwd()),
            "client": "sdk",
        }
        return _run(self._server.send("POST", "/runs", {**_order(order), **about}).document)

    def publish(self, pipeline: Pipeline, name: str, *, description: str = "", version: str = "") -> EndpointVersion:
        return self._publish({"document": to_document(pipeline)}, name, description, version)

    def publish_run(self, id: str, name: str, *, description: str = "", version: str = "") -> EndpointVersion:
        return self._publish({"run": id}, name, description, version)

    def all_published(self) -> list[Endpoint]:
        return [_row(Endpoint, document) for document in self._server.get("/published")]

    def published(self, name: str) -> Endpoint:
        return _row(Endpoint, self._published(name))

    def published_versions(self, name: str) -> list[EndpointVersion]:
        return [_row(EndpointVersion, each) for each in self._server.get(f"/published/{part(name)}/versions")]

    def published_version(self, name: str, version: int | str | None) -> EndpointVersion:
        chosen = version if version is not None else self._published(name)["default_version"]
        return _row(EndpointVersion, self._server.get(f"/published/{part(name)}/versions/{part(str(chosen))}"))

    def set_published_default(self, name: str, version: int | str) -> EndpointVersion:
        self._server.send("PATCH", f"/published/{part(name)}", {"default": version})
        return self.published_version(name, version)

    def enable_published(self, name: str, *, enabled: bool) -> Endpoint:
        return _row(Endpoint, self._server.send("PATCH", f"/published/{part(name)}", {"enabled": enabled}).document)

    def published_key(self, name: str, slot: str) -> str | None:
        key = self._server.get(f"/published/{part(name)}/keys").get(slot)
        return str(key) if key else None

    def published_address(self, name: str) -> str:
        address = self._published(name)["address"]
        if address is None:
            problem = f"the Designer at {self._server.address} runs no scoring process, which answers REST requests"
            raise NotStarted(problem, "Start all of it with: designer start.")
        return str(address)

    def published_runs(self, name: str, limit: int) -> list[Run]:
        return [_run(document) for document in self._server.get(f"/published/{part(name)}/runs")[:limit]]

    def submit_published(
        self, name: str, version: int | str | None, assignments: Mapping[str, Any], submission: Submission
    ) -> Run:
        given = read_assignments(from_document(self.published_version(name, version).document).parameters, assignments)
        order = {"version": version, "assignments": given, "experiment": submission.experiment,
                 "description": submission.description, "tags": dict(submission.tags), "client": "sdk"}  # fmt: skip
        return _run(self._server.send("POST", f"/published/{part(name)}/runs", order).document)

    def delete_published(self, name: str) -> None:
        self._server.send("DELETE", f"/published/{part(name)}")

    def add_schedule(self, name: str, published: str, when: When, **settings: Any) -> Schedule:
        order = {"published": published, "when": asdict(when), "replaces": False, **settings}
        return _row(Schedule, self._server.send("PUT", f"/schedules/{part(name)}", order).document)

    def schedules(self) -> list[Schedule]:
        return [_row(Schedule, document) for document in self._server.get("/schedules")]

    def schedule(self, name: str) -> Standing:
        answer = self._server.get(f"/schedules/{part(name)}/fires")
        fires = [_row(ScheduleFire, fire) for fire in answer["fires"]]
        return Standing(_row(Schedule, answer["schedule"]), fires, answer["states"], answer["failures"])

    def schedule_times(self, name: str) -> list[float]:
        return [float(at) for at in self._server.get(f"/schedules/{part(name)}/times")]

    def enable_schedule(self, name: str, *, enabled: bool) -> Schedule:
        return _row(Schedule, self._server.send("PATCH", f"/schedules/{part(name)}", {"enabled": enabled}).document)

    def fire_schedule(self, name: str) -> Run:
        return _run(self._server.send("POST", f"/schedules/{part(name)}/fire").document)

    def delete_schedule(self, name: str) -> None:
        self._server.send("DELETE", f"/schedules/{part(name)}")

    def runs(self, limit: int, experiment: str = "") -> list[Run]:
        return [_run(document) for document in self._server.get("/runs", limit=limit, experiment=experiment)]

    def find_run(self, text: str) -> Run:
        return self.run(text)

    def run(self, id: str) -> Run:
        return _run(self._server.get(f"/runs/{part(id)}"))

    def nodes(self, id: str) -> Mapping[str, NodeRun]:
        return {document["node"]: _step(id, document) for document in self._server.get(f"/runs/{part(id)}/steps")}

    def follow(self, id: str, timeout: float | None) -> Iterator[tuple[Run, Mapping[str, NodeRun]]]:
        until = None if timeout is None else time.monotonic() + timeout
        last, wait = 0, 0.0
        while True:
            left = LONGEST_WAIT if until is None else max(until - time.monotonic(), 0.0)
            asked = min(wait, left)
            seen, events, row, nodes = self._changes(id, last, asked)
            yield row, nodes
            if row.state not in ACTIVE:
                return
            last, wait = seen, SOON_SECONDS if events else LONGEST_WAIT

    def metrics(self, id: str) -> Mapping[str, Mapping[str, float | str]]:
        return self._server.get(f"/runs/{part(id)}/metrics")  # type: ignore[no-any-return]

    def series(self, id: str, node: str) -> list[Series]:
        logged = self._server.get(f"/runs/{part(id)}/steps/{part(node)}/metrics")
        return [
            Series(each["node"], each["name"], tuple(Point(**point) for point in each["points"])) for each in logged
        ]

    def log(self, id: str, node: str) -> str:
        return str(self._server.get(f"/runs/{part(id)}/steps/{part(node)}/log")["text"])

    def cancel(self, id: str) -> Run:
        return _run(self._server.send("POST", f"/runs/{part(id)}/cancel").document)

    def compare(self, first: Run, second: Run | None) -> Comparison:
        answer = self._server.get(f"/runs/{part(first.id)}/comparison", **{"with": second.id if second else ""})
        return Comparison(
            self.run(answer["first"]),
            self.run(answer["second"]),
            [Difference(**each) for each in answer["settings"]],
            [MetricPair(**each) for each in answer["metrics"]],
        )

    def value(self, output: Produced) -> Any:
        self._fetch(output.stored, _output_path(output))
        return self._artifacts.get(output.stored)

    def rows(self, output: Produced, limit: int) -> pd.DataFrame:
        with tempfile.TemporaryDirectory(dir=self._folder) as place:
            file = Path(place) / "rows.arrow"
            self._server.download(_output_path(output), file, ARROW, rows=limit)
            return read_table(file)

    def address(self, path: str) -> str | None:
        return f"{self._server.address}{path}"

    def open(self, path: str) -> str:
        address = f"{self._server.address}{path}"
        if settings.has_a_screen():
            webbrowser.open(address)
        return address

    def close(self) -> None:
        self._forget()

    def _put_content(self, name: str, file: Path, media: str, query: Mapping[str, Any]) -> Dataset:
        path = f"/datasets/{part(name)}/content"
        return _dataset(
            self._server.send("PUT", path, file=file, media=media, query=query, seconds=WORK_SECONDS).document
        )

    def _publish(self, what: Mapping[str, Any], name: str, description: str, version: str) -> EndpointVersion:
        order = {**what, "name": name, "description": description, "version": version}
        return _row(EndpointVersion, self._server.send("POST", "/published", order).document)

    def _published(self, name: str) -> Mapping[str, Any]:
        return self._server.get(f"/published/{part(name)}")  # type: ignore[no-any-return]

    def _register(self, source: Source, origin: Origin, *, anonymous: bool) -> ComponentSpec:
        spec = source.spec
        if source.files.sizes:
            code = source.files.keep(self._artifacts.blobs)
            if not self._has_snapshot(code):
                place = self._artifacts.blobs.path(code)
                self._server.send("PUT", f"/snapshots/{code}", file=place, media=ZIP, seconds=WORK_SECONDS)
            spec = replace(spec, code=code)
        order = {"spec": spec.to_json(), "origin": origin, "anonymous": anonymous}
        answer = self._server.send("POST", "/components", order, seconds=WORK_SECONDS).document
        self._components.known(answer)
        return ComponentSpec.from_json(answer["spec"])

    def _has_snapshot(self, digest: str) -> bool:
        return self._server.send("HEAD", f"/snapshots/{digest}").status == 200

    def _changes(self, id: str, after: int, wait: float) -> tuple[int, bool, Run, Mapping[str, NodeRun]]:
        answer = self._server.get(f"/runs/{part(id)}/events", after=after, wait=wait)
        return answer["last"], bool(answer["events"]), self.run(id), self.nodes(id)

    def _fetch(self, stored: Stored, path: str) -> None:
        """Download the bytes of a value unless they are here. Raises DamagedArtifact for other bytes."""
        if self._artifacts.blobs.is_intact(stored.digest):
            return
        accept = _FORMS.get(stored.kind, BYTES)
        digest = self._artifacts.blobs.write(lambda file: self._server.download(path, file, accept))
        if digest != stored.digest:
            problem = f"the server sent other bytes than those of the result {stored.digest[:12]}"
            raise DamagedArtifact(problem, "Read it again.")


class _Components(Mapping[str, type[Module]]):
    """The components of the workspace by `name@version`, read from the server on first use."""

    def __init__(self, server: Transport) -> None:
        self._server = server
        self._made: dict[str, type[ComponentModule]] = {}

    def known(self, document: Mapping[str, Any]) -> str:
        """Remember a component that was read; returns its id."""
        spec = ComponentSpec.from_json(document["spec"])
        self._made.setdefault(spec.id, component_module(spec))
        return spec.id

    def __getitem__(self, id: str) -> type[Module]:
        if id not in self._made:
            name, _, version = id.partition("@")
            try:
                self.known(self._server.get(f"/components/{part(name)}/versions/{part(version)}"))
            except FileMissing:
                raise KeyError(id) from None
        return self._made[id]

    def __iter__(self) -> Iterator[str]:
        return iter(self._made)

    def __len__(self) -> int:
        return len(self._made)


def _require_version(address: str, document: Any) -> None:
    ours = settings.installed_version()
    if not isinstance(document, dict) or "version" not in document:
        problem = f"the server at {address} does not answer as Designer's API does"
        raise WrongVersion(problem, "Check the address; an older Designer has no API.")
    theirs = str(document["version"])
    if theirs.split(".")[:2] != ours.split(".")[:2]:
        problem = f"the server at {address} is Designer {theirs}, and this SDK is of Designer {ours}"
        raise WrongVersion(problem, f"Install the version of the server here: designer-ml=={theirs}.")


def _order(order: Order) -> dict[str, Any]:
    """The order as a document. Values that do not fit are refused here: not all of them can be written as JSON."""
    assignments = read_assignments(order.pipeline.parameters, order.assignments)
    what = {"document": to_document(order.pipeline)} if order.saved is None else {"pipeline": order.saved}
    return {**what, "to": order.to, "force": order.force, "assignments": assignments, "compute": order.compute or None}


def _dataset_path(name: str, version: int | None) -> str:
    return f"/datasets/{part(name)}" + (f"/versions/{version}" if version is not None else "")


def _output_path(output: Produced) -> str:
    return f"/runs/{part(output.run)}/steps/{part(output.node)}/outputs/{part(output.port)}"


def _dataset(document: Mapping[str, Any]) -> Dataset:
    fields = ("name", "version", "digest", "table_schema", "rows", "columns", "description", "origin", "created")
    return Dataset(**{name: document[name] for name in fields})


def _row(kind: type[Row], document: Mapping[str, Any]) -> Row:
    """A row of the workspace from the fields that the API answers."""
    return kind(**{name: value for name, value in document.items() if name in kind.model_fields})


def _draft(document: Mapping[str, Any]) -> Draft:
    return _row(Draft, document)


def _run(document: Mapping[str, Any]) -> Run:
    return _row(Run, document)


def _step(run: str, document: Mapping[str, Any]) -> NodeRun:
    outputs = {port: {**each, "schema": each["table_schema"]} for port, each in document["outputs"].items()}
    fields = {name: value for name, value in document.items() if name in NodeRun.model_fields}
    return NodeRun(**{**fields, "run_id": run, "outputs": outputs})
