"""The trials of one part of a search: propose, look up, submit, judge, stop, until the budget is spent."""

from __future__ import annotations

import math
import os
import queue
import time
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Protocol

from designer.contract.errors import DesignerError
from designer.contract.search import Candidate, SearchPlan
from designer.contract.wording.counting import counted
from designer.engine.backend import Answer, Ended, Measured, TaskEvent
from designer.engine.search.attempt import ENDED_WELL, Attempt
from designer.engine.search.stop import reason

if TYPE_CHECKING:
    from designer.engine.search.propose import Proposer

POLL_SECONDS = 0.05


class TrialsFailed(DesignerError):
    """Every trial of a search failed."""


class FirstFailure(Exception):
    """A trial of a search that fails with its first trial ended badly."""

    def __init__(self, answer: Answer) -> None:
        super().__init__(answer.outcome)
        self.answer = answer


class Desk(Protocol):
    """What trials need of their director."""

    events: queue.SimpleQueue[tuple[str, TaskEvent]]

    def key_of(self, parameters: Mapping[str, Any]) -> str:
        """The key of a trial with these parameters."""

    def known(self, attempt: Attempt) -> bool:
        """Whether the trial ended before, in which case the attempt takes that over."""

    def submit(self, attempt: Attempt, parameters: Mapping[str, Any]) -> str:
        """Start a trial; returns the id of its task."""

    def kill(self, task: str, reason: str) -> None:
        """End the task of a trial; its end still follows."""

    def finish(self, attempt: Attempt, answer: Answer) -> None:
        """Keep the result of a trial and read it into the attempt."""

    def changed(self, attempt: Attempt) -> None:
        """Record a trial."""

    @property
    def request(self) -> str:
        """What was asked of the search: "stop" or "keep"; empty if nothing."""


@dataclass
class Trials:
    """A part of a search: all trials of a plan with some more parameters."""

    plan: SearchPlan
    desk: Desk
    more: Mapping[str, Any]
    seconds: float
    on_progress: Callable[[int, int, Attempt | None], None] = lambda done, total, best: None

    def __post_init__(self) -> None:
        plan = self.plan
        self._proposer = None if plan.candidates else _proposer(plan)
        self._total = len(plan.candidates) or plan.trials
        self._at_once = plan.at_once or os.cpu_count() or 1
        self._sign = -1.0 if plan.lower_is_better else 1.0
        self._began = time.monotonic()
        self._running: dict[str, Attempt] = {}
        self._is_over = False
        self.attempts: list[Attempt] = []
        self.ending = ""
        """Why they ended before the last one; empty if they did not."""

    def run(self) -> list[Attempt]:
        """Carry them out; returns all, in the order of their numbers. Raises TrialsFailed or FirstFailure."""
        while True:
            self._look_over()
            if self._is_over:
                self._cancel("cancelled")
            while not self._is_over and len(self._running) < self._at_once and len(self.attempts) < self._total:
                self._start()
                self._look_over()
            if not self._running and (self._is_over or len(self.attempts) == self._total):
                break
            self._take()
        if self.desk.request != "stop":
            self._check_any()
        return self.attempts

    @property
    def best(self) -> Attempt | None:
        """The finished trial with the best value, the first of equal ones; None if none has a value."""
        return best_of(self.attempts, lower_is_better=self.plan.lower_is_better)

    def _look_over(self) -> None:
        """End the trials where there is a reason, unless none is left to start or running."""
        if not self._is_over and (self._running or len(self.attempts) < self._total):
            self.ending = self._why_over()
            self._is_over = bool(self.ending)

    def _why_over(self) -> str:
        """Why no trial is to be started any more; empty if there is room."""
        if self.desk.request == "stop":
            return "stopped"
        if not any(each.state == "finished" for each in self.attempts):
            return ""  # the first trial is measured whatever the budget
        if self.desk.request:
            return "ended by hand"
        if self.seconds and time.monotonic() - self._began > self.seconds:
            return "time is over"
        best = self.best
        if self.plan.patience and best is not None:
            later = [each for each in self.attempts if each.number > best.number and each.state in ENDED_WELL]
            return "nothing better came" if len(later) >= self.plan.patience else ""
        return ""

    def _start(self) -> None:
        number = len(self.attempts)
        candidate = self._candidate(number)
        parameters = {**self.plan.parameters, **candidate.parameters, **self.more}
        attempt = Attempt(number, candidate, self.desk.key_of(parameters))
        self.attempts.append(attempt)
        if self.desk.known(attempt):
            self._end(attempt)
            return
        attempt.task = self.desk.submit(attempt, parameters)
        self._running[attempt.task] = attempt
        self.desk.changed(attempt)

    def _candidate(self, number: int) -> Candidate:
        if self._proposer is None:
            return self.plan.candidates[number]
        return self.plan.candidate(self._proposer.propose(number))

    def _take(self) -> None:
        """Wait for an event of a trial and handle it."""
        try:
            task, event = self.desk.events.get(timeout=POLL_SECONDS)
        except queue.Empty:
            return
        attempt = self._running.get(task)
        if attempt is None:
            return
        match event:
            case Measured(step, value) if attempt.state == "running":
                self._measured(attempt, step, math.nan if value is None else value)
            case Ended(answer):
                del self._running[task]
                self._ended(attempt, answer)
            case _:
                pass

    def _measured(self, attempt: Attempt, step: int, value: float) -> None:
        attempt.values = [*attempt.values[: step - 1], value]
        if step < self.plan.steps:
            others = {each.number: each.running_means(self._sign) for each in self.attempts if each is not attempt}
            own = attempt.running_means(self._sign)
            attempt.reason = reason(self.plan.policy, attempt.number, own, others, self.plan.steps)
        if attempt.reason:
            attempt.state = "pruned"
            self.desk.kill(attempt.task, "pruned")
        self.desk.changed(attempt)

    def _ended(self, attempt: Attempt, answer: Answer) -> None:
        attempt.seconds = answer.seconds or time.time() - attempt.started
        attempt.ended = time.time()
        if attempt.state == "running":
            if answer.outcome == "finished":
                self.desk.finish(attempt, answer)
            else:
                attempt.state = "cancelled" if answer.outcome == "cancelled" else "failed"
                attempt.answer = answer
        self._end(attempt)
        if attempt.state == "failed" and self.plan.fails_fast:
            self._is_over = True
            self._cancel("cancelled")

    def _end(self, attempt: Attempt) -> None:
        """Tell the sampler and the record how a trial went."""
        if self._proposer is not None:
            has_value = attempt.state == "finished" and not math.isnan(attempt.value)
            means = [mean for mean in attempt.running_means(self._sign) if not math.isnan(mean)]
            value = self._sign * attempt.value if has_value else None
            is_pruned = attempt.state == "pruned" and bool(means)
            self._proposer.tell(attempt.number, means, value, is_pruned=is_pruned)
        self.desk.changed(attempt)
        done = sum(each.ended is not None for each in self.attempts)
        self.on_progress(done, self._total, self.best)

    def _cancel(self, why: str) -> None:
        for task in self._running:
            self.desk.kill(task, why)

    def _check_any(self) -> None:
        """Raise the error of the search where no trial was measured."""
        failed = [each for each in self.attempts if each.state == "failed"]
        if failed and self.plan.fails_fast:
            raise FirstFailure(failed[0].answer or Answer("failed"))
        if any(each.state == "finished" for each in self.attempts):
            return
        words = Counter(_words(each) for each in failed)
        if not words:
            raise TrialsFailed("no trial was measured to its end", "Give it more time or another policy.")
        message, count = words.most_common(1)[0]
        problem = f"all {counted(len(failed), 'trial')} failed, {count:,} of them with: {message}"
        raise TrialsFailed(problem, "Check the learner's ranges and the data.")


def _proposer(plan: SearchPlan) -> Proposer:
    from designer.engine.search.propose import Proposer  # imports Optuna, which takes half a second

    return Proposer(plan.sampler, plan.space, plan.seed)


def _words(attempt: Attempt) -> str:
    error: Mapping[str, Any] = (attempt.answer.error if attempt.answer else None) or {}
    outcome = attempt.answer.outcome if attempt.answer else "failed"
    return str(error.get("found") or error.get("message") or outcome)


def best_of(attempts: Sequence[Attempt], *, lower_is_better: bool) -> Attempt | None:
    """The finished trial with the best value, the first of equal ones."""
    known = [each for each in attempts if each.state == "finished" and not math.isnan(each.value)]
    sign = -1.0 if lower_is_better else 1.0
    return max(known, key=lambda each: sign * each.value) if known else None
