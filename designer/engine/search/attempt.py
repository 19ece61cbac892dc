"""A trial while its search runs: its candidate, its task, and what it has told so far."""

from __future__ import annotations

import math
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from designer.contract.search import VALUE, Candidate, Tried
from designer.engine.backend import Answer
from designer.store.records import Trial

ENDED_WELL = ("finished", "pruned")


@dataclass
class Attempt:
    """One trial; `values` are those of its metric at the steps so far, `task` is the id of its task."""

    number: int
    candidate: Candidate
    key: str
    task: str = ""
    state: str = "running"
    values: list[float] = field(default_factory=list)
    by_step: Sequence[Mapping[str, float]] = ()
    seconds: float | None = None
    reason: str = ""
    is_reused: bool = False
    answer: Answer | None = None
    started: float = field(default_factory=time.time)
    ended: float | None = None

    @property
    def value(self) -> float:
        """The mean of the values that are defined; NaN if none is."""
        known = [value for value in self.values if not math.isnan(value)]
        return sum(known) / len(known) if known else math.nan

    def running_means(self, sign: float) -> list[float]:
        """The mean up to each step, times the sign: what policies compare."""
        means = []
        for step in range(1, len(self.values) + 1):
            known = [value for value in self.values[:step] if not math.isnan(value)]
            means.append(sign * sum(known) / len(known) if known else math.nan)
        return means

    def finish(self, by_step: Sequence[Mapping[str, float]]) -> None:
        """Take over the results of a whole trial."""
        self.state, self.by_step = "finished", by_step
        self.values = [step[VALUE] for step in by_step]
        self.ended = time.time()

    def take_over(self, row: Trial) -> None:
        """Take over how a trial ended in an earlier search."""
        self.state, self.reason, self.seconds, self.is_reused = row.state, row.reason, row.seconds, True
        self.values = [math.nan if value is None else value for value in row.values]
        self.ended = time.time()

    def tried(self) -> Tried:
        """The trial as its searching module gets it back."""
        by_step = self.by_step or [{VALUE: value} for value in self.values]
        state: Any = self.state
        return Tried(self.number, self.candidate.settings, state, by_step)

    def row(self, search: str, part: int) -> Trial:
        """The trial as it is recorded."""
        value = self.value
        return Trial(
            search_id=search,
            part=part,
            number=self.number,
            key=self.key,
            settings=dict(self.candidate.settings),
            state=self.state,
            values=[None if math.isnan(each) else each for each in self.values],
            value=None if math.isnan(value) else value,
            seconds=self.seconds,
            started=self.started,
            ended=self.ended,
            reused=self.is_reused,
            reason=self.reason,
            error=dict(self.answer.error) if self.answer and self.answer.error else None,
        )
