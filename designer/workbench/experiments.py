"""Experiments: list, describe, archive, restore."""

from __future__ import annotations

from dataclasses import dataclass

from designer.store.history.experiments import ArchivedExperiment, Counted
from designer.store.history.submission import DEFAULT
from designer.store.records import Experiment
from designer.store.workspace import Workspace


@dataclass(frozen=True)
class Experiments:
    """The experiments of a workspace. One is made by the first run submitted to it."""

    workspace: Workspace

    def all(self, *, archived: bool = False) -> list[Counted]:
        """Experiments with the number of their runs, the latest used first; archived ones only with `archived`."""
        return self.workspace.experiments.all(archived=archived)

    def get(self, name: str) -> Experiment:
        """An experiment; raises FileMissing."""
        return self.workspace.experiments.get(name)

    def usable(self, name: str) -> str:
        """The name of an experiment that takes runs, which need not exist; the default one for an empty name.

        Raises ArchivedExperiment, and InvalidParameter for a name that no experiment can have.
        """
        return self.workspace.experiments.usable(name.strip() or DEFAULT)

    def last_of(self, pipeline: str) -> str:
        """The experiment of the newest run of a saved pipeline; the default one where that takes no runs any more."""
        runs = self.workspace.runs.heads(pipeline, 1)
        try:
            return self.usable(runs[0].experiment if runs else "")
        except ArchivedExperiment:
            return DEFAULT

    def describe(self, name: str, description: str) -> Experiment:
        """Change the description; raises FileMissing, or InvalidParameter for a text that is too long."""
        return self.workspace.experiments.describe(name, description)

    def archive(self, name: str) -> Experiment:
        """Hide an experiment and refuse further runs; its runs stay. Raises FileMissing."""
        return self.workspace.experiments.archive(name)

    def restore(self, name: str) -> Experiment:
        """Undo `archive`; raises FileMissing."""
        return self.workspace.experiments.restore(name)
