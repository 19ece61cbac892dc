"""State of the list of runs: filters, sorting, metrics as columns, runs chosen for comparison."""

from __future__ import annotations

import asyncio
import time
from dataclasses import dataclass, replace
from typing import Any

import reflex as rx

from designer.charts.metric_title import metric_title
from designer.contract.errors import DesignerError
from designer.store.history.run_query import RunQuery
from designer.store.records import ACTIVE
from designer.ui import address
from designer.ui.views.payload import form_text
from designer.ui.views.prose import sentence
from designer.ui.views.run.curves import metric_text
from designer.ui.views.run.texts import RunRow, run_rows
from designer.ui.workbench import workbench
from designer.workbench.results.run_table import MOST_RUNS

POLL_SECONDS = 1.0
TAGS = 50
"""The most tags that are offered as a filter."""


@dataclass(frozen=True)
class Choice:
    """An entry of a filter: what is chosen, and how it is shown."""

    value: str
    label: str


@dataclass(frozen=True)
class MetricChoice:
    """A metric that can be shown as a column."""

    name: str
    title: str
    is_shown: bool


@dataclass(frozen=True)
class _Read:
    """What one look at the workspace found."""

    rows: list[RunRow]
    is_active: bool
    metrics: list[MetricChoice]
    experiments: list[str]
    pipelines: list[Choice]
    tags: list[str]
    filters: list[str]


class RunsState(rx.State):
    """The list of runs. The query of the address names a pipeline, an experiment or a saved filter."""

    rows: rx.Field[list[RunRow]] = rx.field(default_factory=list)
    is_loaded: bool = False
    problem: str = ""
    experiment: str = ""
    run_state: str = ""
    pipeline: str = ""
    tag: str = ""
    text: str = ""
    sort: str = RunQuery().sort
    with_imports: bool = False
    is_narrow: bool = False
    metrics: rx.Field[list[MetricChoice]] = rx.field(default_factory=list)
    experiments: rx.Field[list[str]] = rx.field(default_factory=list)
    pipelines: rx.Field[list[Choice]] = rx.field(default_factory=list)
    tags: rx.Field[list[str]] = rx.field(default_factory=list)
    filters: rx.Field[list[str]] = rx.field(default_factory=list)
    filter_name: str = ""
    chosen: rx.Field[list[str]] = rx.field(default_factory=list)
    _query: RunQuery = RunQuery()
    _follower: int = 0

    @rx.event
    def load(self) -> Any:
        """Start with the filter that the address names."""
        self.problem = ""
        named = {name: address.query(self.router.url, name) for name in ("pipeline", "experiment", "published")}
        if any(named.values()):
            self._use(RunQuery.from_json({**named, "columns": self._query.columns}))
        return RunsState.follow

    @rx.event(background=True)
    async def follow(self) -> None:
        """Read the list; poll while a run is active and the list is open."""
        async with self:
            self._follower += 1  # the poll of an earlier visit or filter ends
            mine = self._follower
        while True:
            async with self:
                is_open = self.router.url.path.rstrip("/") == "/runs" and mine == self._follower
                query = self._query
            if not is_open:
                return
            found = await asyncio.to_thread(_read, query)
            async with self:
                if mine != self._follower:
                    return
                self._show(found)
            if not found.is_active:
                return
            await asyncio.sleep(POLL_SECONDS)

    @rx.event
    def narrow(self, field: str, value: str) -> Any:
        """Filter by experiment, state, pipeline, tag or text; an empty value shows all."""
        wanted = str(value)
        match field:
            case "experiment":
                return self._change(replace(self._query, experiment=wanted))
            case "state":
                return self._change(replace(self._query, state=wanted))
            case "pipeline":
                return self._change(replace(self._query, pipeline=wanted))
            case "text":
                return self._change(replace(self._query, text=wanted.strip()))
            case "tag":
                name, _, text = wanted.partition("=")
                return self._change(replace(self._query, tags={name: text} if name else {}))
        return None

    @rx.event
    def show_imports(self, wanted: bool) -> Any:
        """Include runs that read files into datasets, or leave them out."""
        return self._change(replace(self._query, with_imports=bool(wanted)))

    @rx.event
    def sort_by(self, key: str) -> Any:
        """Sort by a column, the largest first; chosen again, the smallest first."""
        return self._change(replace(self._query, sort=str(key) if self._query.sort == f"-{key}" else f"-{key}"))

    @rx.event
    def show_metric(self, name: str) -> Any:
        """Show a metric as a column, or hide it."""
        if name not in [metric.name for metric in self.metrics]:
            return None
        columns = [each for each in self._query.columns if each != name]
        added = [] if name in self._query.columns else [name]
        return self._change(replace(self._query, columns=(*columns, *added)))

    @rx.event
    def clear(self) -> Any:
        """Show all runs; the columns stay."""
        return self._change(RunQuery(columns=self._query.columns))

    @rx.event
    def save_filter(self, form: dict[str, Any]) -> Any:
        """Save the filter, the order and the columns under a name."""
        name = form_text(form, "name")
        try:
            workbench().runs.keep_filter(name, self._query)
        except DesignerError as error:
            self.problem = sentence(str(error))
            return None
        self.filter_name = name.strip()
        return RunsState.follow

    @rx.event
    def use_filter(self, name: str) -> Any:
        """Apply a saved filter."""
        try:
            query = workbench().runs.filter(str(name))
        except DesignerError as error:
            self.problem = sentence(str(error))
            return None
        self._use(query)
        self.filter_name = str(name)
        return RunsState.follow

    @rx.event
    def forget_filter(self, name: str) -> Any:
        """Remove a saved filter; the list stays as it is."""
        try:
            workbench().runs.forget_filter(str(name))
        except DesignerError as error:
            self.problem = sentence(str(error))
        self.filter_name = ""
        return RunsState.follow

    @rx.event
    def choose(self, run_id: str) -> None:
        """Choose a run for the comparison, or drop it."""
        others = [id for id in self.chosen if id != run_id]
        is_new = run_id not in self.chosen and run_id in [row.id for row in self.rows] and len(others) < MOST_RUNS
        self.chosen = [*others, run_id] if is_new else others

    @rx.event
    def compare(self) -> Any:
        """Open the comparison of the chosen runs."""
        if len(self.chosen) == 2:
            return rx.redirect(f"/runs/compare?a={self.chosen[0]}&b={self.chosen[1]}")
        return rx.redirect(f"/runs/compare?runs={','.join(self.chosen)}") if self.chosen else None

    def _change(self, query: RunQuery) -> Any:
        self.filter_name = ""
        self._use(query)
        return RunsState.follow

    def _use(self, query: RunQuery) -> None:
        self._query, self.problem = query, ""
        self.experiment, self.run_state = query.experiment, query.state
        self.pipeline, self.text = query.pipeline, query.text
        self.tag = next((f"{name}={value}" if value else name for name, value in query.tags.items()), "")
        self.sort, self.with_imports, self.is_narrow = query.sort, query.with_imports, query.is_narrow

    def _show(self, found: _Read) -> None:
        self.rows, self.metrics, self.is_loaded = found.rows, found.metrics, True
        self.experiments, self.pipelines, self.filters = found.experiments, found.pipelines, found.filters
        self.tags = found.tags
        shown = {row.id for row in found.rows}
        self.chosen = [id for id in self.chosen if id in shown]


def _read(query: RunQuery) -> _Read:
    bench = workbench()
    listing = bench.runs.listed(query)
    columns = query.columns
    rows = [
        replace(row, figures=[metric_text(listing.metrics[row.id].get(name)) for name in columns])
        for row in run_rows(listing.runs, listing.nodes, time.time())
    ]
    names = dict.fromkeys((*columns, *listing.metric_names()))
    tags = dict.fromkeys(f"{name}={value}" for run in listing.runs for name, value in run.tags.items())
    return _Read(
        rows,
        any(run.state in ACTIVE for run in listing.runs),
        [MetricChoice(name, metric_title(name), name in columns) for name in names],
        [each.experiment.name for each in bench.experiments.all()],
        [Choice(draft.id, draft.name) for draft in bench.pipelines.all()],
        list(tags)[:TAGS],
        list(bench.runs.filters()),
    )
