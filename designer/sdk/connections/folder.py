"""The connection to a workspace in a folder of this computer."""

from __future__ import annotations

import time
import webbrowser
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import pandas as pd

from designer import settings
from designer.charts.difference import TableDifference
from designer.contract.catalogue.library import Library
from designer.contract.component import ComponentSpec
from designer.contract.errors import DesignerError, FileMissing
from designer.engine.service.idle import IDLE_SECONDS, engine_log, has_ended, start_engine, start_holds
from designer.pipeline.check import Problem
from designer.pipeline.graph import Pipeline
from designer.registry.scripts import Source
from designer.sdk.connections.connection import DatastoreVerbs, Order, Produced
from designer.sdk.plans import PlannedStep, planned
from designer.store.components import Origin
from designer.store.history.metrics import Series
from designer.store.history.run_query import RunQuery
from designer.store.history.runs import MostRuns
from designer.store.history.submission import Submission
from designer.store.records import ACTIVE, Dataset, Draft, Endpoint, EndpointVersion, NodeRun, Run, Schedule
from designer.store.workspace import open_workspace
from designer.workbench import submitting
from designer.workbench.runs import Comparison
from designer.workbench.schedules import Standing, When
from designer.workbench.started import entrance, page_address
from designer.workbench.workbench import Workbench

STARTS = 3
POLL_SECONDS = 0.1
LOOK_SECONDS = 1.0
"""How often a run that is waited for is checked for an engine."""

LISTED_LINES = 10


class EngineMissing(DesignerError):
    """No engine can be started for a run."""


class Folder:
    """A workspace folder, which is created if it is missing. Raises FileMissing if its parent is missing, too.

    Where no Designer runs on it, an engine is started for each run, which ends `idle_seconds` after the last one.
    """

    def __init__(self, folder: Path | None = None, idle_seconds: float = IDLE_SECONDS) -> None:
        self.path = (folder.expanduser() if folder is not None else settings.default_workspace()).resolve()
        if not self.path.parent.exists():
            problem = f"the workspace cannot be made: there is no folder {self.path.parent}"
            raise FileMissing(problem, "Check the path, or create that folder.")
        self._most = MostRuns(settings.runs_at_once(), settings.waiting_runs())
        self._workspace = open_workspace(self.path, most_runs=self._most)
        self._bench = Workbench(self._workspace, self._workspace.library)
        self._idle_seconds = idle_seconds
        self._engine: int | None = None
        self._starts = 0

    @property
    def library(self) -> Library:
        return self._bench.library

    @property
    def datastores(self) -> DatastoreVerbs:
        return self._bench.datastores

    def datasets(self) -> list[str]:
        return self._bench.datasets.names()

    def dataset(self, name: str, version: int | None) -> Dataset:
        return self._bench.datasets.get(name, version)

    def dataset_versions(self, name: str) -> list[Dataset]:
        return self._bench.datasets.versions(name)

    def dataset_table(self, name: str, version: int | None) -> pd.DataFrame:
        return self._bench.datasets.table(self.dataset(name, version))

    def dataset_profile(self, name: str, version: int | None) -> list[Mapping[str, Any]]:
        return list(self._bench.datasets.statistics(self.dataset(name, version)))

    def dataset_difference(self, name: str, before: int | None, after: int | None) -> TableDifference:
        later = self.dataset(name, after)
        earlier = self._bench.datasets.before(later) if before is None else self.dataset(name, before)
        return self._bench.datasets.difference(earlier, later)

    def add_file(self, file: Path, name: str, description: str, reading: Mapping[str, Any]) -> Dataset:
        return self._bench.datasets.add(file, name, reading, description=description)

    def add_table(self, table: pd.DataFrame, name: str, description: str) -> Dataset:
        return self._bench.datasets.register_table(name, table, description=description)

    def add_output(self, output: Produced, name: str, description: str) -> Dataset:
        return self._bench.datasets.register_table(name, output.stored, description=description)

    def pipelines(self) -> list[Draft]:
        return self._bench.pipelines.all()

    def pipeline(self, name: str) -> Draft:
        return self._bench.pipelines.find(name)

    def save_pipeline(self, pipeline: Pipeline, *, replace: bool) -> Draft:
        return self._bench.pipelines.keep(pipeline, replace=replace)

    def keep_program(self, source: Source, origin: Origin) -> str:
        return self._bench.components.keep(source, origin).id

    def register_program(self, source: Source, origin: Origin) -> ComponentSpec:
        return self._bench.components.register(source, origin)

    def components(self) -> list[ComponentSpec]:
        return [ComponentSpec.from_json(row.spec) for row in self._bench.components.all()]

    def component(self, name: str, version: str | None) -> ComponentSpec:
        return ComponentSpec.from_json(self._bench.components.get(name, version).spec)

    def check(self, pipeline: Pipeline) -> list[Problem]:
        return self._bench.editing.check(pipeline)

    def plan(self, order: Order) -> list[PlannedStep]:
        forecast = self._bench.runs.forecast(
            order.pipeline, to=order.to, force=order.force, assignments=order.assignments, compute=order.compute
        )
        return planned(forecast, order.pipeline, self.library)

    def submit(self, order: Order, submission: Submission) -> Run:
        about = submitting.submission(
            "sdk",
            folder=Path.cwd(),
            experiment=submission.experiment,
            description=submission.description,
            tags=submission.tags,
            compute=order.compute,
        )
        given: dict[str, Any] = {"to": order.to, "force": order.force, "assignments": order.assignments}
        if order.saved is not None:
            return self._taken(self._bench.runs.submit(order.saved, submission=about, **given))
        return self._taken(self._bench.runs.submit_document(order.pipeline, submission=about, **given))

    def publish(self, pipeline: Pipeline, name: str, *, description: str = "", version: str = "") -> EndpointVersion:
        return self._bench.published.publish(pipeline, name, description=description, version=version)

    def publish_run(self, id: str, name: str, *, description: str = "", version: str = "") -> EndpointVersion:
        return self._bench.published.publish_run(id, name, description=description, version=version)

    def all_published(self) -> list[Endpoint]:
        return self._bench.published.all()

    def published(self, name: str) -> Endpoint:
        return self._bench.published.find(name)

    def published_versions(self, name: str) -> list[EndpointVersion]:
        return self._bench.published.versions(name)

    def published_version(self, name: str, version: int | str | None) -> EndpointVersion:
        return self._bench.published.version(name, version)

    def set_published_default(self, name: str, version: int | str) -> EndpointVersion:
        return self._bench.published.set_default(name, version)

    def enable_published(self, name: str, *, enabled: bool) -> Endpoint:
        return self._bench.published.enable(name) if enabled else self._bench.published.disable(name)

    def published_key(self, name: str, slot: str) -> str | None:
        return self._bench.published.reveal(name, slot)

    def published_address(self, name: str) -> str:
        return self._bench.published.address(name)

    def published_runs(self, name: str, limit: int) -> list[Run]:
        return self._bench.published.runs(name, limit)

    def submit_published(
        self, name: str, version: int | str | None, assignments: Mapping[str, Any], submission: Submission
    ) -> Run:
        run = self._bench.published.submit(name, version=version, assignments=assignments, submission=submission)
        return self._taken(run)

    def delete_published(self, name: str) -> None:
        self._bench.published.delete(name)

    def runs(self, limit: int, experiment: str = "") -> list[Run]:
        return self._bench.runs.listed(RunQuery(experiment=experiment), limit).runs

    def find_run(self, text: str) -> Run:
        return self._bench.runs.find(text)

    def run(self, id: str) -> Run:
        return self._bench.runs.get(id)

    def nodes(self, id: str) -> Mapping[str, NodeRun]:
        return self._bench.runs.nodes(id)

    def follow(self, id: str, timeout: float | None) -> Iterator[tuple[Run, Mapping[str, NodeRun]]]:
        looked_at = time.monotonic()
        while True:
            row, nodes = self.run(id), self.nodes(id)
            yield row, nodes
            if row.state not in ACTIVE:
                return
            if time.monotonic() - looked_at > LOOK_SECONDS:
                looked_at = time.monotonic()
                self.keep_alive(id)
            time.sleep(POLL_SECONDS)

    def metrics(self, id: str) -> Mapping[str, Mapping[str, float | str]]:
        return self._bench.runs.metrics(id)

    def series(self, id: str, node: str) -> list[Series]:
        return self._bench.runs.series(id, node)

    def keep_alive(self, id: str) -> None:
        """Start an engine if a run waits for one; raises EngineMissing if none can be started."""
        if self._engine is not None and has_ended(self._engine):
            self._engine = None
        if self._engine is not None or start_holds(self.path) or not self._bench.runs.is_stuck(self.run(id)):
            return
        if self._starts >= STARTS:
            lines = engine_log(self.path).read_text(errors="replace").splitlines()[-LISTED_LINES:]
            problem = "the engine that is to execute the run does not start"
            said = f": {' / '.join(lines)}" if lines else ""
            raise EngineMissing(f"{problem}{said}", "Start one with: designer start.")
        self._starts += 1
        self._engine = start_engine(self.path, self._idle_seconds, self._most)

    def add_schedule(self, name: str, published: str, when: When, **settings: Any) -> Schedule:
        return self._bench.schedules.add(name, published, when, **settings)

    def schedules(self) -> list[Schedule]:
        return self._bench.schedules.all()

    def schedule(self, name: str) -> Standing:
        return self._bench.schedules.standing(name)

    def schedule_times(self, name: str) -> list[float]:
        return self._bench.schedules.next_times(name)

    def enable_schedule(self, name: str, *, enabled: bool) -> Schedule:
        return self._bench.schedules.enable(name) if enabled else self._bench.schedules.disable(name)

    def fire_schedule(self, name: str) -> Run:
        return self._taken(self._bench.schedules.fire(name))

    def delete_schedule(self, name: str) -> None:
        self._bench.schedules.delete(name)

    def _taken(self, run: Run) -> Run:
        """Start an engine for a new run where none runs."""
        self._starts = 0
        self.keep_alive(run.id)
        return run

    def log(self, id: str, node: str) -> str:
        return self._bench.runs.log(id, node)

    def cancel(self, id: str) -> Run:
        return self._bench.runs.cancel(id)

    def compare(self, first: Run, second: Run | None) -> Comparison:
        return self._bench.runs.compare(first, second)

    def value(self, output: Produced) -> Any:
        return self._bench.runs.value(output.stored)

    def rows(self, output: Produced, limit: int) -> pd.DataFrame:
        return self._bench.runs.rows(output.stored, 0, limit)

    def address(self, path: str) -> str | None:
        return page_address(self.path, path)

    def open(self, path: str) -> str:
        address = entrance(self.path, path)
        if settings.has_a_screen():
            webbrowser.open(address)
        return address

    def close(self) -> None:
        self._workspace.close()
