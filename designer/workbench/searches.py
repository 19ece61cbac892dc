"""Searches: the trials of a node that searches, ranked."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from statistics import stdev
from typing import Any

from designer.contract.errors import DesignerError
from designer.store.records import Search, Trial
from designer.store.workspace import Workspace


class SearchEnded(DesignerError):
    """The search does not run any more."""


@dataclass(frozen=True)
class Ranked:
    """A trial on the leaderboard; `rank` is None for one without a final value, `deviation` that over its steps."""

    rank: int | None
    trial: Trial
    deviation: float | None

    def to_json(self) -> dict[str, Any]:
        """The row as a JSON document."""
        names = ("number", "state", "value", "values", "settings", "seconds", "reused", "reason")
        row = {name: getattr(self.trial, name) for name in names}
        error = (self.trial.error or {}).get("message")
        return {"rank": self.rank, **row, "deviation": self.deviation, "error": error}


@dataclass(frozen=True)
class Searches:
    """The searches of a workspace."""

    workspace: Workspace

    def all(self, limit: int = 50) -> list[Search]:
        """The latest searches, the newest first."""
        return self.workspace.searches.recent(limit)

    def get(self, id: str) -> Search:
        """A search; raises FileMissing."""
        return self.workspace.searches.get(id)

    def of_run(self, run: str) -> list[Search]:
        """The searches of a run in the order of time."""
        return self.workspace.searches.of_run(run)

    def of_result(self, run: str, node: str) -> list[Search]:
        """The search of a node in a run; of a reused result, the search that computed it."""
        row = self.workspace.runs.node(run, node)
        found = [search for search in self.of_run(run) if search.node == node]
        if found or row is None or row.state != "reused":
            return found
        computed = self.workspace.runs.computed(row)
        return [] if computed is None else [s for s in self.of_run(computed.run_id) if s.node == computed.node]

    def leaderboard(self, id: str) -> list[Ranked]:
        """The trials: finished ones from the best to the worst, then the others by number. Raises FileMissing."""
        search = self.get(id)
        trials = self.workspace.searches.trials(id)
        sign = 1.0 if search.lower_is_better else -1.0
        whole = [trial for trial in trials if trial.state == "finished" and trial.value is not None]
        ordered = sorted(whole, key=lambda trial: (sign * (trial.value or 0.0), trial.number))
        ranked = [Ranked(rank, trial, _deviation(trial)) for rank, trial in enumerate(ordered, 1)]
        return ranked + [Ranked(None, trial, _deviation(trial)) for trial in trials if trial not in whole]

    def keep_best(self, id: str) -> None:
        """End a running search with the best of its trials. Raises FileMissing or SearchEnded."""
        search = self.get(id)
        if search.state != "running":
            problem = f"the search is {search.state}"
            raise SearchEnded(problem, "Only a running search can be ended.")
        self.workspace.searches.request(id, "keep")


def search_document(search: Search) -> Mapping[str, Any]:
    """A search as a JSON document."""
    names = ("id", "run_id", "node", "title", "state", "metric", "lower_is_better", "created", "ended", "best",
             "sentence", "honest")  # fmt: skip
    return {name: getattr(search, name) for name in names}


def _deviation(trial: Trial) -> float | None:
    known = [value for value in trial.values if value is not None]
    return stdev(known) if len(known) > 1 else None
