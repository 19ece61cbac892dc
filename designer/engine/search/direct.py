"""Carry out the searches of a run: a node that searches is not a task but a director, a thread with tasks of its own.

Finished trials are results under their keys, so that a search that was interrupted goes on where it was; those that
were stopped early are told from the records of earlier searches of the same node.
"""

from __future__ import annotations

import queue
import sys
import threading
import time
import traceback
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import partial
from typing import Any

from designer.contract.catalogue.library import Library
from designer.contract.errors import DesignerError
from designer.contract.search import Found, Policy, SearchPlan
from designer.engine.backend import Answer, Backend, Ended, Job, Printed, Progressed, Started, Task, TaskEvent
from designer.engine.key import key_of, key_parts
from designer.engine.search.attempt import Attempt
from designer.engine.search.trials import FirstFailure, Trials, best_of
from designer.store.artifacts.values import Stored
from designer.store.records import Search, Trial
from designer.store.results import CachedResult
from designer.store.workspace import Workspace

REQUEST_SECONDS = 0.5
_TOLD = ("pruned",)


class Directors:
    """Submits the tasks of a run, and gives those of searching modules to directors."""

    def __init__(self, workspace: Workspace, library: Library, backend: Backend, run_id: str) -> None:
        self._workspace, self._library, self._backend, self._run_id = workspace, library, backend, run_id
        self._directors: dict[str, Director] = {}

    def submit(self, *jobs: Job) -> None:
        """Run tasks; the events of a search are those of a task."""
        self._backend.submit(*[job for job in jobs if not self._searches(job)])
        for job in jobs:
            if self._searches(job):
                director = Director(job, self._workspace, self._library, self._backend, self._run_id)
                self._directors[job.task.id] = director
                director.start()

    def kill(self, task: str) -> None:
        """Cancel a task; its end still follows."""
        director = self._directors.get(task)
        if director is None:
            self._backend.kill(task)
        else:
            director.stop()

    def _searches(self, job: Job) -> bool:
        module = self._library.get(job.task.module)
        return module is not None and module.spec().abilities.searches


@dataclass
class _Part:
    """The part of a search whose trials run now: -1, or the number of an outer fold."""

    number: int = -1


class Director:
    """One search: has its module plan it, carries out the plan, has the module conclude it."""

    def __init__(self, job: Job, workspace: Workspace, library: Library, backend: Backend, run_id: str) -> None:
        self.events: queue.SimpleQueue[tuple[str, TaskEvent]] = queue.SimpleQueue()
        self._job, self._workspace, self._library, self._backend = job, workspace, library, backend
        self._run_id = run_id
        self._part = _Part()
        self._count = 0
        self._task_now = ""
        self._is_stopped = threading.Event()
        self._asked_at, self._asked = 0.0, ""
        self._told: dict[str, Trial] = {}
        self._plan: SearchPlan | None = None
        self._search: Search | None = None

    def start(self) -> None:
        """Begin, in a thread of its own."""
        threading.Thread(target=self._direct, name=f"search {self._job.task.id}", daemon=True).start()

    def stop(self) -> None:
        """Cancel the search and what it runs."""
        self._is_stopped.set()
        if self._task_now:
            self._backend.kill(self._task_now)

    @property
    def request(self) -> str:
        """What was asked of the search: "stop" or "keep"; empty if nothing."""
        if self._is_stopped.is_set():
            return "stop"
        now = time.monotonic()
        if self._search is not None and now - self._asked_at > REQUEST_SECONDS:
            self._asked_at, self._asked = now, self._workspace.searches.requested(self._search.id)
        return self._asked

    def key_of(self, parameters: Mapping[str, Any]) -> str:
        """The key of a trial: as that of a node of its module."""
        assert self._plan is not None
        module = self._library[self._plan.trial].read(parameters)
        inputs = {port: Stored.from_json(dict(value)).identity for port, value in self._inputs().items()}
        return key_of(key_parts(module, self._library, inputs))

    def known(self, attempt: Attempt) -> bool:
        """Whether the trial ended before: with a result, or stopped in an earlier search of this node."""
        result = self._workspace.results.find(attempt.key)
        if result is not None:
            attempt.seconds, attempt.is_reused = result.seconds, True
            attempt.finish(self._by_step(result.outputs))
        elif attempt.key in self._told:
            attempt.take_over(self._told[attempt.key])
        return attempt.ended is not None

    def submit(self, attempt: Attempt, parameters: Mapping[str, Any]) -> str:
        """Start a trial; returns the id of its task."""
        assert self._plan is not None
        spec = self._library[self._plan.trial].spec()
        task = self._task(module=spec.id, version=spec.version, parameters=parameters, inputs=self._inputs())
        self._backend.submit(self._job_of(task))
        return task.id

    def kill(self, task: str, reason: str) -> None:
        """End the task of a trial; its end still follows."""
        self._backend.kill(task, reason)

    def finish(self, attempt: Attempt, answer: Answer) -> None:
        """Keep the result of a trial and read it into the attempt."""
        assert self._plan is not None
        result = CachedResult(
            attempt.key, self._plan.trial, answer.outputs, answer.explain, answer.seconds, made_at=time.time()
        )
        with self._workspace.database.record() as session:
            self._workspace.results.keep_in(session, [result])
        attempt.finish(self._by_step(answer.outputs))

    def changed(self, attempt: Attempt) -> None:
        """Record a trial."""
        assert self._search is not None
        self._workspace.searches.keep(attempt.row(self._search.id, self._part.number))

    def _direct(self) -> None:
        began = time.perf_counter()
        try:
            answer = self._answered()
        except FirstFailure as failure:
            answer = failure.answer
        except DesignerError as error:
            located = error.at(node=self._job.task.node, module=self._job.task.title)
            answer = Answer("failed", error=located.to_json())
        except Exception as error:  # the run must hear of an end, whatever happens here
            traceback.print_exc(file=sys.stderr)
            wrong = DesignerError(f"the search ended ({type(error).__name__}: {error})", "The engine's log has more.")
            answer = Answer("failed", error=wrong.at(module=self._job.task.title).to_json())
        if self._search is not None:
            self._close(answer)
        self._job.emit(Ended(replace(answer, seconds=time.perf_counter() - began)))

    def _answered(self) -> Answer:
        self._job.emit(Started())
        planned = self._asked_module({})
        if planned.document is None:
            return planned
        plan = self._plan = SearchPlan.from_json(planned.document)
        self._search = self._begin(plan)
        trials = self._trials(plan, {}, -1)
        honest = [value for number, (inside, outside) in enumerate(plan.outer) if self.request != "stop"
                  for value in self._outer(plan, number, inside, outside)]  # fmt: skip
        if self.request == "stop":
            return Answer("cancelled")
        self._workspace.searches.change(self._search.id, honest=honest)
        found = Found([each.tried() for each in trials.attempts], honest, trials.ending)
        return self._asked_module(found.to_json())

    def _begin(self, plan: SearchPlan) -> Search:
        task = self._job.task
        module = self._library.read(task.module, task.version, task.parameters)
        inputs = {port: Stored.from_json(dict(value)).identity for port, value in task.inputs.items()}
        key = key_of(key_parts(module, self._library, inputs))
        self._told = {row.key: row for row in self._workspace.searches.ended_before(key, _TOLD)}
        document = plan.to_json()
        return self._workspace.searches.begin(
            run_id=self._run_id, node=task.node, title=task.title, key=key, metric=plan.metric,
            lower_is_better=plan.lower_is_better, plan={**document, "candidates": len(plan.candidates)},
        )  # fmt: skip

    def _trials(self, plan: SearchPlan, more: Mapping[str, Any], part: int) -> Trials:
        """The trials of a part, carried out."""
        self._part.number = part
        parts = len(plan.outer) + 1
        progress = partial(self._progressed, (part + 1) / parts, 1 / parts, part)
        trials = Trials(plan, self, more, plan.seconds / parts, progress)
        trials.run()
        return trials

    def _outer(
        self, plan: SearchPlan, number: int, inside: Mapping[str, Any], outside: Mapping[str, Any]
    ) -> Sequence[float]:
        """The value of the best settings found inside an outer fold, on that fold."""
        best = best_of(self._trials(plan, inside, number).attempts, lower_is_better=plan.lower_is_better)
        if best is None or self.request == "stop":
            return []
        only = replace(plan, candidates=[best.candidate], fails_fast=True, policy=Policy())
        self._part.number = -2 - number
        return [each.value for each in Trials(only, self, outside, 0.0).run()]

    def _asked_module(self, found: Mapping[str, Any]) -> Answer:
        """Have the module plan its search, or conclude it; returns the answer."""
        task = self._task(search=found)
        self._task_now = task.id
        self._backend.submit(self._job_of(task))
        while True:
            if self._is_stopped.is_set():
                self._backend.kill(task.id)
            try:
                id, event = self.events.get(timeout=REQUEST_SECONDS)
            except queue.Empty:
                continue
            if id == task.id and isinstance(event, Ended):
                self._task_now = ""
                return event.answer

    def _task(self, **values: Any) -> Task:
        self._count += 1
        return replace(self._job.task, id=f"{self._job.task.id}-{self._count}", **values)

    def _job_of(self, task: Task) -> Job:
        return Job(task, self._job.store, partial(self._heard, task.id))

    def _heard(self, task: str, event: TaskEvent) -> None:
        """In a thread of the backend: what trials print is in the log of the node, the rest is for the director."""
        if isinstance(event, Printed):
            self._job.emit(event)
        else:
            self.events.put((task, event))

    def _inputs(self) -> dict[str, Mapping[str, Any]]:
        assert self._plan is not None
        given = self._job.task.inputs
        return {port: given[source] for port, source in self._plan.inputs.items() if source in given}

    def _by_step(self, outputs: Mapping[str, Stored]) -> list[dict[str, float]]:
        (stored,) = outputs.values()
        rows = self._workspace.value(stored, self._library).to_dict("records")
        return [{str(name): float(value) for name, value in row.items()} for row in rows]

    def _progressed(self, start: float, share: float, part: int, done: int, total: int, best: Attempt | None) -> None:
        where = "" if part < 0 else f" of outer fold {part + 1}"
        text = f"trial {done} of {total}{where}" + (f", best {best.value:.4g}" if best else "")
        self._job.emit(Progressed(start + share * done / total, text))
        if part == -1 and best is not None and self._search is not None:
            self._workspace.searches.change(self._search.id, best=best.number)

    def _close(self, answer: Answer) -> None:
        assert self._search is not None
        state = answer.outcome if answer.outcome in ("finished", "cancelled") else "failed"
        sentence = answer.explain or str((answer.error or {}).get("message", ""))
        self._workspace.searches.change(self._search.id, state=state, ended=time.time(), sentence=sentence)
