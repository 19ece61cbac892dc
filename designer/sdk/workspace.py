"""A workspace in code."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path
from types import TracebackType
from typing import Any, Self

from designer import settings
from designer.contract.errors import InvalidParameter
from designer.sdk.calls import Functions
from designer.sdk.components import Components
from designer.sdk.connections.connection import Connection, Order
from designer.sdk.connections.folder import Folder
from designer.sdk.datasets import Datasets
from designer.sdk.datastores import Datastore, Datastores
from designer.sdk.pipelines import Ends, Pipeline
from designer.sdk.plans import Plan, Problems
from designer.sdk.published import AllPublished, Published
from designer.sdk.runs import Run
from designer.sdk.saved import Pipelines, SavedPipeline
from designer.sdk.schedules import Schedules
from designer.store.history.submission import DEFAULT, Submission


class Workspace:
    """A workspace: a folder (default: `.designer` here, or what DESIGNER_WORKSPACE names), made if it is missing.

    Or one that Designer serves: `Workspace("http://127.0.0.1:8321", token="dsw_...")`, which DESIGNER_WORKSPACE may
    name, too. Without `token` the variable DESIGNER_TOKEN is read.
    """

    def __init__(
        self, where: str | Path | None = None, token: str | None = None, *, connection: Connection | None = None
    ) -> None:
        self.connection = connection if connection is not None else _connected(where, token)

    @property
    def datasets(self) -> Datasets:
        """Registered datasets and samples."""
        return Datasets(self.connection)

    @property
    def datastores(self) -> Datastores:
        """Folders, object stores and databases by name."""
        return Datastores(self.connection)

    @property
    def datastore(self) -> Datastore:
        """The default datastore; at first the workspace's own folder of files."""
        return self.datastores.default

    def get_default_datastore(self) -> Datastore:
        """`datastore` by another name."""
        return self.datastore

    @property
    def components(self) -> Components:
        """Registered programs."""
        return Components(self.connection)

    @property
    def pipelines(self) -> Pipelines:
        """Saved pipelines."""
        return Pipelines(self.connection)

    @property
    def runs(self) -> Runs:
        """Runs, newest first: `runs["latest"]`, `runs["1f3a"]`."""
        return Runs(self.connection)

    @property
    def published(self) -> AllPublished:
        """Published pipelines: `published["My pipeline"]`."""
        return AllPublished(self.connection, Run)

    @property
    def schedules(self) -> Schedules:
        """Schedules, which run published pipelines by themselves."""
        return Schedules(self.connection, Run)

    @property
    def modules(self) -> Functions:
        """A function for each module of this workspace, its own included."""
        return Functions(lambda: self.connection.library)

    def submit(
        self,
        pipeline: Pipeline | SavedPipeline | Ends,
        *,
        experiment: str = DEFAULT,
        parameters: Mapping[str, Any] | None = None,
        tags: Mapping[str, str] | None = None,
        description: str = "",
        to: str | None = None,
        regenerate_outputs: bool = False,
        compute: str = "",
    ) -> Run:
        """Queue a run of a pipeline, or of steps and what they need; returns at once.

        The run of a saved pipeline belongs to it: its canvas shows the results, and an inference pipeline is made from
        them. Of any other pipeline only the run is kept.

        `parameters` are values of its parameters, `to` runs one step and what it needs, `regenerate_outputs` reuses
        nothing, `compute` names where it runs in place of what the pipeline says. Raises the first problem of a
        pipeline that cannot run, InvalidParameter for a value that does not fit, ComputeMissing, TooManyRuns where the
        queue is full.
        """
        graph, saved = _pipeline(pipeline).packed(self.connection), _saved_id(pipeline)
        order = Order(graph, to, regenerate_outputs, parameters or {}, saved=saved, compute=compute)
        about = Submission(experiment, description, dict(tags or {}), trigger={"kind": "sdk"})
        return Run(self.connection.submit(order, about).id, self.connection)

    def publish(
        self, pipeline: Pipeline | SavedPipeline | Ends, name: str = "", *, description: str = "", version: str = ""
    ) -> Published:
        """Publish a pipeline, to be run with other values on request: over REST, by code, on schedules.

        A name that is published already gets another version, which becomes the default; `version` is a label, such
        as "1.0". Raises LabelTaken for a label that has other content, and the first problem of the pipeline.
        """
        given = _pipeline(pipeline)
        graph = given.packed(self.connection)
        made = self.connection.publish(graph, name or graph.name, description=description, version=version)
        return Published(made.endpoint, self.connection, Run)

    def plan(
        self,
        pipeline: Pipeline | SavedPipeline | Ends,
        *,
        parameters: Mapping[str, Any] | None = None,
        to: str | None = None,
        regenerate_outputs: bool = False,
        compute: str = "",
    ) -> Plan:
        """What `submit` would do with each step, where, why, and how long it took the last time; runs nothing."""
        graph = _pipeline(pipeline).packed(self.connection)
        order = Order(graph, to, regenerate_outputs, parameters or {}, compute=compute)
        return Plan(self.connection.plan(order))

    def check(self, pipeline: Pipeline | SavedPipeline | Ends) -> Problems:
        """What keeps steps of a pipeline from running; empty if nothing does."""
        return Problems(self.connection.check(_pipeline(pipeline).packed(self.connection)))

    def open(self) -> str:
        """Open the pages of the Designer that runs on the workspace; returns an address that works once."""
        return self.connection.open("")

    def close(self) -> None:
        """Release the workspace; runs go on."""
        self.connection.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()


class Runs:
    """The runs of a workspace."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def __getitem__(self, text: str) -> Run:
        return Run(self._connection.find_run(text).id, self._connection)

    def __iter__(self) -> Iterator[Run]:
        return (Run(run.id, self._connection) for run in self._connection.runs(LISTED_RUNS))

    def list(self, limit: int = 20, *, experiment: str = "") -> list[Run]:
        """The newest runs, or those of an experiment."""
        return [Run(run.id, self._connection) for run in self._connection.runs(limit, experiment)]


LISTED_RUNS = 100


def _connected(where: str | Path | None, token: str | None) -> Connection:
    where = where if where is not None else settings.served_workspace() or None
    if isinstance(where, str) and where.startswith(("http://", "https://")):
        from designer.sdk.connections.http import Http

        return Http(where, token)
    if token is not None:
        raise InvalidParameter("a token is given, and a folder needs none", "Leave it out.", parameter="token")
    return Folder(Path(where) if where is not None else None)


def _saved_id(pipeline: Any) -> str | None:
    return pipeline.id if isinstance(pipeline, SavedPipeline) else None


def _pipeline(pipeline: Any) -> Pipeline:
    if isinstance(pipeline, SavedPipeline):
        return pipeline.load()
    return pipeline if isinstance(pipeline, Pipeline) else Pipeline(pipeline)
