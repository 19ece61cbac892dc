"""State of the list of experiments."""

from __future__ import annotations

import time
from dataclasses import dataclass
from typing import Any

import reflex as rx

from designer.contract.errors import DesignerError
from designer.store.history.experiments import Counted
from designer.store.history.submission import DEFAULT
from designer.ui.views import figures
from designer.ui.views.prose import sentence
from designer.ui.workbench import workbench


@dataclass(frozen=True)
class ExperimentRow:
    """One line of the list of experiments."""

    name: str
    description: str
    runs: str
    latest: str
    is_archived: bool
    is_fixed: bool
    """Whether it cannot be archived."""


class ExperimentsState(rx.State):
    """The experiments; archived ones on request."""

    rows: rx.Field[list[ExperimentRow]] = rx.field(default_factory=list)
    with_archived: bool = False
    is_loaded: bool = False
    problem: str = ""

    @rx.event
    def load(self) -> None:
        """Read the list."""
        self._read()

    @rx.event
    def show_archived(self, wanted: bool) -> None:
        """Include archived experiments, or leave them out."""
        self.with_archived = bool(wanted)
        self._read()

    @rx.event
    def describe(self, name: str, text: str) -> None:
        """Change a description."""
        self._do(workbench().experiments.describe, name, text)

    @rx.event
    def archive(self, name: str) -> None:
        """Hide an experiment and refuse further runs."""
        self._do(workbench().experiments.archive, name)

    @rx.event
    def restore(self, name: str) -> None:
        """Undo the archiving."""
        self._do(workbench().experiments.restore, name)

    def _do(self, verb: Any, *arguments: str) -> None:
        self.problem = ""
        try:
            verb(*map(str, arguments))
        except DesignerError as error:
            self.problem = sentence(str(error))
        self._read()

    def _read(self) -> None:
        now = time.time()
        self.rows = [_row(each, now) for each in workbench().experiments.all(archived=self.with_archived)]
        self.is_loaded = True


def _row(counted: Counted, now: float) -> ExperimentRow:
    row = counted.experiment
    return ExperimentRow(
        row.name,
        row.description,
        figures.count(counted.runs),
        figures.moment(counted.latest, now) if counted.latest else "",
        row.archived is not None,
        row.name == DEFAULT,
    )
