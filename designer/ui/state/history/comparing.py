"""State of the comparison of runs."""

from __future__ import annotations

import time
from typing import Any

import plotly.graph_objects as go
import reflex as rx

from designer.contract.errors import DesignerError
from designer.store.history.run_query import RunQuery
from designer.store.records import Run
from designer.ui import address
from designer.ui.views.prose import sentence
from designer.ui.views.run.comparison import MetricRow, ValuesRow, metric_row, metric_values, setting_values
from designer.ui.views.run.curves import charts_of_table
from designer.ui.views.run.texts import RunRow, run_rows
from designer.ui.workbench import workbench
from designer.workbench.results.comparison import Difference
from designer.workbench.results.run_table import RunTable
from designer.workbench.runs import Runs

_NO_RUN = RunRow("", "", "", "", "", "", "", "", "")


class CompareState(rx.State):
    """Two runs side by side, the later against the earlier; or several in a table."""

    first: str = ""
    second: str = ""
    first_row: RunRow = _NO_RUN
    second_row: RunRow = _NO_RUN
    choices: rx.Field[list[RunRow]] = rx.field(default_factory=list)
    settings: rx.Field[list[Difference]] = rx.field(default_factory=list)
    metrics: rx.Field[list[MetricRow]] = rx.field(default_factory=list)
    rows: rx.Field[list[RunRow]] = rx.field(default_factory=list)
    """The runs of the table, the earliest first; empty where two are compared."""

    table_settings: rx.Field[list[ValuesRow]] = rx.field(default_factory=list)
    table_metrics: rx.Field[list[ValuesRow]] = rx.field(default_factory=list)
    curves: rx.Field[list[str]] = rx.field(default_factory=list)
    light: rx.Field[dict[str, go.Figure]] = rx.field(default_factory=dict)
    dark: rx.Field[dict[str, go.Figure]] = rx.field(default_factory=dict)
    problem: str = ""
    is_loaded: bool = False

    @rx.event
    def load(self) -> None:
        """Compare the runs that the address names; without a second one, compare with the previous run."""
        self.problem, self.is_loaded = "", True
        self.settings, self.metrics, self.rows, self.curves = [], [], [], []
        ids = [id for id in address.query(self.router.url, "runs").split(",") if id]
        if ids:
            self._load_table(ids)
            return
        self.first, self.choices, wanted = "", [], address.query(self.router.url, "a")
        if not wanted:
            self.problem = "Open a run and press Compare to compare it with the one before."
            return
        runs = workbench().runs
        try:
            first = runs.get(wanted)
            named = address.query(self.router.url, "b")
            second = runs.get(named) if named else runs.before(first)
            rows = _rows(runs, first, second)
        except DesignerError as error:
            self.problem = sentence(str(error))
            return
        self.first, self.choices = first.id, rows[1:]
        self.second = second.id if second else ""
        if second is None:
            self.problem = "There is no other run of this pipeline yet. Change a setting, run again, and compare."
            return
        compared = runs.compare(first, second)
        by_id = {row.id: row for row in rows}
        self.first_row, self.second_row = by_id[compared.first.id], by_id[compared.second.id]
        self.settings = compared.settings
        self.metrics = [metric_row(pair) for pair in compared.metrics]
        self._draw(runs.compare_many([first, second]), [self.first_row, self.second_row])

    def _load_table(self, ids: list[str]) -> None:
        runs = workbench().runs
        try:
            table = runs.compare_many([runs.get(id) for id in ids])
        except DesignerError as error:
            self.problem = sentence(str(error))
            return
        nodes = runs.nodes_of([run.id for run in table.runs])
        self.first, self.rows = "", run_rows(table.runs, nodes, time.time())
        self.table_settings = [setting_values(row) for row in table.settings]
        self.table_metrics = [metric_values(row) for row in table.metrics]
        self._draw(table, self.rows)

    def _draw(self, table: RunTable, rows: list[RunRow]) -> None:
        charts = charts_of_table(table, [row.label for row in rows])
        self.curves, self.light, self.dark = charts.titles, charts.light, charts.dark

    @rx.event
    def choose(self, run_id: str) -> Any:
        """Compare with another run."""
        known = [row.id for row in self.choices]
        return rx.redirect(f"/runs/compare?a={self.first}&b={run_id}") if run_id in known else None


def _rows(runs: Runs, first: Run, second: Run | None) -> list[RunRow]:
    """The first run, then the runs it can be compared with; `second` is included whatever its pipeline."""
    listed = runs.listed(RunQuery(pipeline=first.pipeline_id)).runs if first.pipeline_id else []
    others = {run.id: run for run in (*listed, *([second] if second else [])) if run.id != first.id}
    rows = [first, *others.values()]
    return run_rows(rows, runs.nodes_of([run.id for run in rows]), time.time())
