"""The connection to a workspace in a folder of this computer."""

from __future__ import annotations

import webbrowser
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pandas as pd

from designer import settings
from designer.contract.catalogue.library import Library
from designer.contract.component import ComponentSpec
from designer.contract.errors import DesignerError, FileMissing
from designer.engine.service.idle import IDLE_SECONDS, engine_log, has_ended, start_engine, start_holds
from designer.pipeline.check import Problem
from designer.pipeline.graph import Pipeline
from designer.registry.scripts import Source
from designer.sdk.connections.connection import Order
from designer.store.artifacts.values import Stored
from designer.store.components import Origin
from designer.store.history.metrics import Series
from designer.store.history.run_query import RunQuery
from designer.store.history.submission import Submission
from designer.store.records import Dataset, Draft, NodeRun, Run
from designer.store.workspace import open_workspace
from designer.workbench import submitting
from designer.workbench.runs import Comparison, Forecast
from designer.workbench.started import entrance, page_address
from designer.workbench.workbench import Workbench

STARTS = 3
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
        self._workspace = open_workspace(self.path)
        self._bench = Workbench(self._workspace, self._workspace.library)
        self._idle_seconds = idle_seconds
        self._engine: int | None = None
        self._starts = 0

    @property
    def library(self) -> Library:
        return self._bench.library

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

    def add_file(self, file: Path, name: str, description: str, reading: Mapping[str, Any]) -> Dataset:
        return self._bench.datasets.add(file, name, reading, description=description)

    def add_table(self, table: pd.DataFrame | Stored, name: str, description: str) -> Dataset:
        return self._bench.datasets.register_table(name, table, description=description)

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

    def plan(self, order: Order) -> Forecast:
        return self._bench.runs.forecast(order.pipeline, to=order.to, force=order.force, assignments=order.assignments)

    def submit(self, order: Order, submission: Submission) -> Run:
        about = submitting.submission(
            "sdk",
            folder=Path.cwd(),
            experiment=submission.experiment,
            description=submission.description,
            tags=submission.tags,
        )
        run = self._bench.runs.submit_document(
            order.pipeline, to=order.to, force=order.force, assignments=order.assignments, submission=about
        )
        self._starts = 0
        self.keep_alive(run.id)
        return run

    def runs(self, limit: int, experiment: str = "") -> list[Run]:
        return self._bench.runs.listed(RunQuery(experiment=experiment), limit).runs

    def find_run(self, text: str) -> Run:
        return self._bench.runs.find(text)

    def run(self, id: str) -> Run:
        return self._bench.runs.get(id)

    def nodes(self, id: str) -> Mapping[str, NodeRun]:
        return self._bench.runs.nodes(id)

    def metrics(self, id: str) -> Mapping[str, Mapping[str, float | str]]:
        return self._bench.runs.metrics(id)

    def series(self, id: str, node: str) -> list[Series]:
        return self._bench.runs.series(id, node)

    def keep_alive(self, id: str) -> None:
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
        self._engine = start_engine(self.path, self._idle_seconds)

    def log(self, id: str, node: str) -> str:
        return self._bench.runs.log(id, node)

    def cancel(self, id: str) -> Run:
        return self._bench.runs.cancel(id)

    def compare(self, first: Run, second: Run | None) -> Comparison:
        return self._bench.runs.compare(first, second)

    def value(self, stored: Stored) -> Any:
        return self._bench.runs.value(stored)

    def rows(self, stored: Stored, limit: int) -> pd.DataFrame:
        return self._bench.runs.rows(stored, 0, limit)

    def address(self, path: str) -> str | None:
        return page_address(self.path, path)

    def open(self, path: str) -> str:
        address = entrance(self.path, path)
        if settings.has_a_screen():
            webbrowser.open(address)
        return address

    def close(self) -> None:
        self._workspace.close()
