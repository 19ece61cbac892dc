"""What the SDK asks of a workspace. `folder.py` answers from a folder, `http.py` asks a server."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Protocol

import pandas as pd

from designer.charts.difference import TableDifference
from designer.contract.catalogue.library import Library
from designer.contract.component import ComponentSpec
from designer.pipeline.check import Problem
from designer.pipeline.graph import Pipeline
from designer.registry.scripts import Source
from designer.sdk.plans import PlannedStep
from designer.store.artifacts.values import Stored
from designer.store.components import Origin
from designer.store.datastores.filesystem import Listing
from designer.store.datastores.local_folder import Entry
from designer.store.history.metrics import Series
from designer.store.history.submission import Submission
from designer.store.records import Dataset, Datastore, Draft, Endpoint, EndpointVersion, NodeRun, Run, Schedule
from designer.workbench.runs import Comparison
from designer.workbench.schedules import Standing, When


@dataclass(frozen=True)
class Order:
    """What is to be run: a pipeline, up to a node or whole, with values of its parameters, reusing results or not.

    `saved` is the id of the saved pipeline that it is, to which the run belongs; `compute` is where it runs in place of
    what the pipeline says.
    """

    pipeline: Pipeline
    to: str | None = None
    force: bool = False
    assignments: Mapping[str, Any] = field(default_factory=dict)
    saved: str | None = None
    compute: str = ""


class DatastoreVerbs(Protocol):
    """What can be done with datastores, see `designer.workbench.datastores`."""

    def all(self) -> list[Datastore]:
        """The datastores by name."""

    def get(self, name: str = "") -> Datastore:
        """A datastore, by default the default one."""

    def register(
        self, name: str, address: str, secrets: Mapping[str, str] | None = None, *, replace: bool = False
    ) -> Datastore:
        """Register a datastore."""

    def test(self, name: str) -> Datastore:
        """Reach a datastore once."""

    def set_default(self, name: str) -> Datastore:
        """Make a datastore of files the default."""

    def remove(self, name: str) -> Datastore:
        """Forget a datastore."""

    def files(self, name: str, pattern: str = "**") -> Listing:
        """The files of a path, a folder or a pattern."""

    def tables(self, name: str) -> list[str]:
        """The tables of a database."""

    def query(
        self, name: str, query: str, values: Mapping[str, Any] | None = None, limit: int | None = ...
    ) -> pd.DataFrame:
        """Rows that a query gives."""

    def upload(self, files: Sequence[Path], name: str, to: str = "", *, overwrite: bool = False) -> list[Entry]:
        """Copy files into a datastore."""

    def download(self, name: str, path: str, to: Path) -> list[Path]:
        """Copy files of a datastore here."""

    def register_file(
        self, name: str, path: str, dataset: str = "", settings: Mapping[str, Any] | None = None,
        notices: list[str] | None = None, description: str = "",
    ) -> Dataset:  # fmt: skip
        """Make a dataset of a file."""

    def register_query(
        self, name: str, query: str, dataset: str, values: Mapping[str, Any] | None = None, description: str = ""
    ) -> Dataset:
        """Make a dataset of a query."""


@dataclass(frozen=True)
class Produced:
    """An output of a step of a run, as it is stored."""

    run: str
    node: str
    port: str
    stored: Stored


class Connection(Protocol):
    """The verbs of a workspace. They raise DesignerError."""

    @property
    def library(self) -> Library:
        """The modules of the workspace."""

    @property
    def datastores(self) -> DatastoreVerbs:
        """Its datastores."""

    def datasets(self) -> list[str]:
        """The names of registered datasets and samples."""

    def dataset(self, name: str, version: int | None) -> Dataset:
        """A version of a dataset, by default the newest."""

    def dataset_versions(self, name: str) -> list[Dataset]:
        """Every version of a dataset, newest first."""

    def dataset_table(self, name: str, version: int | None) -> pd.DataFrame:
        """The rows of a dataset."""

    def dataset_profile(self, name: str, version: int | None) -> list[Mapping[str, Any]]:
        """The statistics of each column of a dataset."""

    def dataset_difference(self, name: str, before: int | None, after: int | None) -> TableDifference:
        """What changed between two versions of a dataset, by default the newest and the one before."""

    def add_file(self, file: Path, name: str, description: str, reading: Mapping[str, Any]) -> Dataset:
        """Register a file, read as Import Data does."""

    def add_table(self, table: pd.DataFrame, name: str, description: str) -> Dataset:
        """Register a table."""

    def add_output(self, output: Produced, name: str, description: str) -> Dataset:
        """Register a table that a step produced."""

    def pipelines(self) -> list[Draft]:
        """The saved pipelines, last edited first."""

    def pipeline(self, name: str) -> Draft:
        """A saved pipeline by its name, its id or a prefix of its id."""

    def save_pipeline(self, pipeline: Pipeline, *, replace: bool) -> Draft:
        """Save a pipeline as a new one, or as the next revision of the one of that name."""

    def keep_program(self, source: Source, origin: Origin) -> str:
        """Store a program with its files; returns the id of its module."""

    def register_program(self, source: Source, origin: Origin) -> ComponentSpec:
        """Register a program as a version of a component."""

    def components(self) -> list[ComponentSpec]:
        """The default version of each component that is not archived, by name."""

    def component(self, name: str, version: str | None) -> ComponentSpec:
        """A version of a component, by default the default one."""

    def check(self, pipeline: Pipeline) -> list[Problem]:
        """What keeps steps from running."""

    def plan(self, order: Order) -> list[PlannedStep]:
        """What a run would do with each step, in order."""

    def submit(self, order: Order, submission: Submission) -> Run:
        """Queue a run, and see to it that an engine takes it."""

    def publish(self, pipeline: Pipeline, name: str, *, description: str = "", version: str = "") -> EndpointVersion:
        """Publish a pipeline, or the next version of the published one of that name."""

    def publish_run(self, id: str, name: str, *, description: str = "", version: str = "") -> EndpointVersion:
        """Publish the pipeline of a run with its values as defaults."""

    def all_published(self) -> list[Endpoint]:
        """The published pipelines, by address."""

    def published(self, name: str) -> Endpoint:
        """A published pipeline by its name or address."""

    def published_versions(self, name: str) -> list[EndpointVersion]:
        """Its versions, newest first."""

    def published_version(self, name: str, version: int | str | None) -> EndpointVersion:
        """A version by number or label, by default the default one."""

    def set_published_default(self, name: str, version: int | str) -> EndpointVersion:
        """Make a version the default."""

    def enable_published(self, name: str, *, enabled: bool) -> Endpoint:
        """Take runs, or refuse them."""

    def published_key(self, name: str, slot: str) -> str | None:
        """A key in full; None where only its digest is stored."""

    def published_address(self, name: str) -> str:
        """The address of its REST interface. Raises NotStarted where no Designer answers there."""

    def published_runs(self, name: str, limit: int) -> list[Run]:
        """Its newest runs."""

    def submit_published(
        self, name: str, version: int | str | None, assignments: Mapping[str, Any], submission: Submission
    ) -> Run:
        """Queue a run of a version, and see to it that an engine takes it."""

    def delete_published(self, name: str) -> None:
        """Remove it with its versions and keys."""

    def add_schedule(self, name: str, published: str, when: When, **settings: Any) -> Schedule:
        """Add a schedule, see `designer.workbench.schedules.Schedules.add`."""

    def schedules(self) -> list[Schedule]:
        """The schedules by name."""

    def schedule(self, name: str) -> Standing:
        """A schedule with what became of its last times."""

    def schedule_times(self, name: str) -> list[float]:
        """Its next times."""

    def enable_schedule(self, name: str, *, enabled: bool) -> Schedule:
        """Let it run, or let it rest."""

    def fire_schedule(self, name: str) -> Run:
        """Queue a run of it now, and see to it that an engine takes it."""

    def delete_schedule(self, name: str) -> None:
        """Remove it."""

    def runs(self, limit: int, experiment: str = "") -> list[Run]:
        """The runs of pipelines, or those of an experiment, newest first."""

    def find_run(self, text: str) -> Run:
        """A run by its id, a prefix of its id, or `latest`."""

    def run(self, id: str) -> Run:
        """The current state of a run."""

    def nodes(self, id: str) -> Mapping[str, NodeRun]:
        """The steps of a run so far, in the order of its pipeline."""

    def follow(self, id: str, timeout: float | None) -> Iterator[tuple[Run, Mapping[str, NodeRun]]]:
        """The state of a run and its steps whenever it may have changed, until the run has ended.

        Also at the end of `timeout` seconds, after which the caller stops.
        """

    def metrics(self, id: str) -> Mapping[str, Mapping[str, float | str]]:
        """The metrics of each step of a run that has some."""

    def series(self, id: str, node: str) -> list[Series]:
        """What a step of a run logged."""

    def log(self, id: str, node: str) -> str:
        """The end of what a step printed."""

    def cancel(self, id: str) -> Run:
        """Request the end of a run."""

    def compare(self, first: Run, second: Run | None) -> Comparison:
        """Two runs, the earlier first."""

    def value(self, output: Produced) -> Any:
        """An output of a step."""

    def rows(self, output: Produced, limit: int) -> pd.DataFrame:
        """The first rows of a table."""

    def address(self, path: str) -> str | None:
        """The address of a page of the Designer that runs on the workspace; None without one."""

    def open(self, path: str) -> str:
        """Open a page in the browser; returns its address, which works once."""

    def close(self) -> None:
        """Release the workspace."""
