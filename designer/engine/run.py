"""Run a pipeline: reuse known results, run the other nodes as the graph and the slots allow, record the run."""

from __future__ import annotations

import queue
import time
from collections import deque
from collections.abc import Callable, Iterable, Mapping
from contextlib import nullcontext
from dataclasses import dataclass, field, replace
from functools import cache, partial
from pathlib import Path
from typing import Any

from designer.contract.catalogue.library import Library
from designer.contract.component import ComponentModule
from designer.contract.errors import DesignerError
from designer.contract.files.sources import using
from designer.engine.backend import (
    Answer,
    Backend,
    Ended,
    Job,
    Logged,
    Measured,
    Printed,
    Progressed,
    Started,
    Tagged,
    Task,
    TaskEvent,
    Unusable,
)
from designer.engine.backends import open_backend
from designer.engine.events import Event, Listener, NodeChanged, NodeResult, Progress, RunChanged
from designer.engine.placing import Placing
from designer.engine.plan import Action, Lookup, Planner, Step
from designer.engine.programs.environments import Places
from designer.engine.recording.recorder import Recorder, append_log, log_of
from designer.engine.search.direct import Directors
from designer.engine.sharing import sharing
from designer.pipeline.document import to_document
from designer.pipeline.graph import Pipeline
from designer.pipeline.parameters import bound, read_assignments
from designer.pipeline.walk import reaching, title_of, visit_of
from designer.store.artifacts.values import Stored
from designer.store.child_store import ChildStore
from designer.store.history.runs import StaleAttempt
from designer.store.history.submission import Submission
from designer.store.records import Run
from designer.store.results import CachedResult
from designer.store.workspace import Workspace

POLL_SECONDS = 0.05
BATCH_SECONDS = 0.25
CANCEL_SECONDS = 0.1
"""Interval at which the database is asked whether the run is to be cancelled."""
DONE: Mapping[Action, str] = {"reuse": "reused", "bypass": "bypassed", "skip": "skipped", "fail": "failed"}
"""The state of a node that needs no process."""


@dataclass(frozen=True)
class RunResult:
    """How a run ended, node by node in the order of the pipeline."""

    run_id: str
    state: str
    seconds: float
    nodes: Mapping[str, NodeResult] = field(default_factory=dict)

    @property
    def ok(self) -> bool:
        """Whether the run finished, with all requested results."""
        return self.state == "finished"

    def value(self, workspace: Workspace, library: Library, node: str, port: str) -> Any:
        """The value at an output port. Raises DesignerError if the node has no result there."""
        stored = self.nodes[node].outputs.get(port)
        if stored is None:
            raise DesignerError(f"'{self.nodes[node].title}' has no result at '{port}'", "Run it first.")
        return workspace.value(stored, library)

    def to_json(self) -> dict[str, Any]:
        """The result as a document: what `designer run --json` prints."""
        return {
            "run": self.run_id,
            "state": self.state,
            "seconds": round(self.seconds, 4),
            "nodes": [node.to_json() for node in self.nodes.values()],
            "metrics": {id: node.metrics for id, node in self.nodes.items() if node.metrics},
        }


def execute(
    pipeline: Pipeline,
    library: Library,
    workspace: Workspace,
    *,
    to: str | None = None,
    force: bool = False,
    on_event: Listener | None = None,
    pipeline_id: str | None = None,
    revision: int | None = None,
    cancelled: Callable[[], bool] | None = None,
    slots: int | None = None,
    backend: Backend | None = None,
    submission: Submission | None = None,
    assignments: Mapping[str, Any] | None = None,
) -> RunResult:
    """Run a pipeline from this process, its nodes in child processes; writes the same rows as the engine.

    `to` runs only that node and its ancestors, `force` reuses nothing, `cancelled` is polled twenty times a second. A
    `backend` passed in stays open; otherwise the backend of this computer is opened with `slots` and closed.
    `assignments` are values of pipeline parameters; raises InvalidParameter for one that does not fit or is missing.
    """
    document, given = to_document(pipeline), read_assignments(pipeline.parameters, assignments or {})
    pipeline = bound(pipeline, given)
    with open_backend(slots, workspace=workspace) if backend is None else nullcontext(backend) as chosen:
        run = workspace.runs.create(
            document, pipeline_id=pipeline_id, revision=revision, to=to, force=force, owner=chosen.owner,
            submission=submission, assignments=given,
        )  # fmt: skip
        return execute_run(run, pipeline, library, workspace, chosen, on_event=on_event, cancelled=cancelled)


def execute_run(
    run: Run,
    pipeline: Pipeline,
    library: Library,
    workspace: Workspace,
    backend: Backend,
    *,
    on_event: Listener | None = None,
    cancelled: Callable[[], bool] | None = None,
) -> RunResult:
    """Execute a queued run; `pipeline` has no references to parameters left."""
    execution = _Execution(run, pipeline, library, workspace, backend, on_event or _ignore, cancelled or _never)
    with using(workspace.sources(library)):
        return execution.run()


class _Execution:
    """A run in progress. Everything happens in the thread that calls `run`; children report through a queue."""

    def __init__(
        self,
        run: Run,
        pipeline: Pipeline,
        library: Library,
        workspace: Workspace,
        backend: Backend,
        listener: Listener,
        cancelled: Callable[[], bool],
    ) -> None:
        self._run, self._pipeline, self._library, self._workspace = run, pipeline, library, workspace
        self._backend, self._emit, self._is_cancelled = backend, listener, cancelled
        placing = Placing(run.compute, pipeline.compute, workspace.computes.default)
        self._planner = Planner(pipeline, library, workspace.results.find, run.force, placing=placing)
        self._store = ChildStore.of(workspace)
        self._messages: queue.SimpleQueue[tuple[str, TaskEvent]] = queue.SimpleQueue()
        self._results: dict[str, NodeResult] = {}
        self._steps: dict[str, Step] = {}
        self._actions: dict[str, Action] = {}
        self._outlets: dict[tuple[str, str], Stored] = {}
        self._jobs: dict[str, str] = {}
        self._began: dict[str, float] = {}
        self._recorder = Recorder(workspace, run.id)
        self._directors = Directors(workspace, library, backend, run.id)
        self._cancelling = False
        self._sharing = sharing(pipeline, library)
        self._numbers: dict[str, int] = {}
        self._pending: list[Event] = []
        self._ended_nodes: list[str] = []
        self._looked_at = 0.0

    def run(self) -> RunResult:
        start = time.perf_counter()
        runs = self._workspace.runs
        previous = cache(lambda: runs.previous_parts(self._run))  # read only where a node runs
        self._planner = replace(self._planner, previous=lambda id: previous().get(id))
        order = self._planner.chosen(self._run.to_node)
        with self._workspace.results.reading() as find:
            self._decide(order, replace(self._planner, lookup=find))
        self._numbers = {id: number for number, id in enumerate(self._results)}
        if self._recorder.claim(self._backend.owner, self._results, self._steps):
            self._emit(RunChanged(self._run.id, "running"))
            state = self._to_the_end()
            self._emit(RunChanged(self._run.id, state))
        else:  # cancelled before it started, or claimed by another process
            state = runs.get(self._run.id).state
        return RunResult(self._run.id, state, time.perf_counter() - start, self._results)

    def _to_the_end(self) -> str:
        runs = self._workspace.runs
        try:
            self._announce(self._results)
            self._save()
            self._work()
            state = self._final_state()
            runs.finish(self._run.id, self._recorder.attempt, state)
        except StaleAttempt:
            self._kill_all()
            return "crashed"  # another process has marked the run as crashed
        except BaseException as error:
            self._break_off("cancelled" if isinstance(error, KeyboardInterrupt) else "crashed", error)
            raise
        return state

    def _break_off(self, state: str, error: BaseException) -> None:
        """Record the true state of a run that cannot continue."""
        self._kill_all()
        for id, result in self._results.items():
            if result.state in ("queued", "running"):
                self._results[id] = replace(result, state=state)
                self._recorder.changed(self._results[id])
        self._recorder.write()
        words = {"type": type(error).__name__, "message": str(error)}
        self._workspace.runs.finish(self._run.id, self._recorder.attempt, state, words)

    def _work(self) -> None:
        self._submit(id for id, action in self._actions.items() if action == "run")
        later = [self._pipeline.nodes[id].module for id, action in self._actions.items() if action == "wait"]
        if later:
            self._backend.load(self._store, later)
        while self._jobs:
            self._take_messages()
            self._go_on()
            if self._recorder.is_due:
                self._save()
            if not self._cancelling and self._cancel_requested():
                self._cancelling = True
                self._kill_all()
        if self._cancelling:
            for id, result in self._results.items():
                if result.state == "queued":
                    self._change(id, state="cancelled", reason="cancelled")
        self._save()

    def _save(self) -> None:
        """Write what has changed, then report it: no listener hears of what could still be lost."""
        self._recorder.write()
        events, self._pending = self._pending, []
        for event in events:
            self._emit(event)

    def _cancel_requested(self) -> bool:
        if self._is_cancelled():
            return True
        now = time.monotonic()
        if now - self._looked_at < CANCEL_SECONDS:
            return False
        self._looked_at = now
        return self._workspace.runs.cancel_requested(self._run.id)

    def _take_messages(self) -> None:
        """Wait for an event, then handle what is queued; a node may log faster than it is recorded."""
        until = time.monotonic() + BATCH_SECONDS
        try:
            self._handle(*self._messages.get(timeout=POLL_SECONDS))
            while time.monotonic() < until:
                self._handle(*self._messages.get_nowait())
        except queue.Empty:
            return

    def _decide(self, order: Iterable[str], planner: Planner) -> None:
        """Plan nodes; one whose inputs are not known yet waits."""
        for id in order:
            step = planner.step(id, self._outlets, self._actions)
            self._steps[id], self._actions[id] = step, step.action
            self._outlets |= {(id, port): stored for port, stored in step.outputs.items()}
            self._results[id] = _decided(
                step, self._pipeline.nodes[id].module, title_of(self._pipeline.nodes[id], self._library)
            )

    def _submit(self, ids: Iterable[str]) -> None:
        self._directors.submit(*[self._job(id) for id in ids])

    def _job(self, id: str) -> Job:
        node = self._pipeline.nodes[id]
        inputs = reaching(visit_of(self._pipeline, id, self._library), self._outlets)
        task = Task(
            id=f"{self._run.id}-{self._recorder.attempt}-{self._numbers[id]}",
            node=id,
            title=self._results[id].title,
            module=node.module,
            version=node.version,
            parameters=dict(node.parameters),
            inputs={port: stored.to_json() for port, stored in inputs.items()},
            experiment=self._run.experiment,
            shares=f"{self._run.id}-{self._recorder.attempt}" if id in self._sharing else "",
            compute=self._steps[id].compute,
            **_program(self._library, node.module),
        )
        self._jobs[id] = task.id
        return Job(task, self._store, partial(self._queue_event, id, self._log(id)))

    def _log(self, id: str) -> Path:
        return self._workspace.path / log_of(self._run.id, self._numbers[id])

    def _queue_event(self, id: str, log: Path, event: TaskEvent) -> None:
        """In a thread of the backend: write output to the log at once, queue all other events."""
        if isinstance(event, Printed):
            append_log(log, event.content)
        else:
            self._messages.put((id, event))

    def _handle(self, id: str, event: TaskEvent) -> None:
        match event:
            case Started(place):
                self._started(id, place)
            case Progressed(fraction, text):
                self._progressed(id, fraction, text)
            case Logged() | Tagged() | Unusable():
                self._recorder.logged(id, event)
            case Ended(answer):
                self._ended(id, self._steps[id], answer)
            case Printed() | Measured():
                pass

    def _started(self, id: str, place: str) -> None:
        self._began[id] = time.perf_counter()
        self._recorder.started(id)
        self._change(id, state="running", place=place)

    def _progressed(self, id: str, fraction: float | None, text: str) -> None:
        self._recorder.progressed(id, fraction, text)
        self._pending.append(Progress(self._run.id, id, fraction, text))

    def _ended(self, id: str, step: Step, answer: Answer) -> None:
        del self._jobs[id]
        remarks = self._recorder.ended(id)
        if remarks:
            append_log(self._log(id), remarks.encode())
        done = answer.outcome == "finished"
        now = time.perf_counter()
        self._change(
            id,
            state=answer.outcome if answer.outcome in ("finished", "crashed", "cancelled") else "failed",
            outcome="" if done else answer.outcome,
            seconds=answer.seconds or now - self._began.get(id, now),
            outputs=answer.outputs,
            error=answer.error,
            explain=answer.explain,
        )
        self._actions[id] = "reuse" if done else "fail"
        self._outlets |= {(id, port): stored for port, stored in answer.outputs.items()}
        if done and step.key is not None:
            self._recorder.finished(step.key, self._results[id])
        self._ended_nodes.append(id)

    def _go_on(self) -> None:
        """Plan the nodes that waited for those that ended, and submit those that run."""
        ended, self._ended_nodes = self._ended_nodes, []
        if self._cancelling or not any(self._waiting_for(id) for id in ended):
            return
        with self._workspace.results.reading() as find:
            decided = self._decide_below(ended, replace(self._planner, lookup=partial(self._found, find)))
        self._submit(id for id in decided if self._actions[id] == "run")
        for id in decided:
            self._recorder.changed(self._results[id], self._steps[id])
        self._announce(decided)

    def _decide_below(self, ended: Iterable[str], planner: Planner) -> list[str]:
        """Plan what waited for these nodes, and what waited for nodes planned thereby; returns what waits no more."""
        decided: list[str] = []
        settled = deque(ended)
        while settled:
            for id in self._waiting_for(settled.popleft()):
                self._decide([id], planner)
                if self._actions[id] != "wait":
                    decided.append(id)
                    settled.append(id)
        return decided

    def _waiting_for(self, id: str) -> list[str]:
        """The nodes that wait for a node and get a value of it, in the order of the run."""
        below = {edge.target for edge in self._pipeline.outgoing(id)}
        return sorted((node for node in below if self._actions.get(node) == "wait"), key=self._numbers.__getitem__)

    def _found(self, find: Lookup, key: str) -> CachedResult | None:
        """The result of a key, also one of this run that is not written yet."""
        return self._recorder.unwritten(key) or find(key)

    def _change(self, id: str, **values: Any) -> None:
        self._results[id] = replace(self._results[id], **values)
        self._recorder.changed(self._results[id])
        self._announce([id])

    def _announce(self, ids: Iterable[str]) -> None:
        for id in ids:
            self._pending.append(NodeChanged(self._run.id, self._results[id]))

    def _kill_all(self) -> None:
        for task in self._jobs.values():
            self._directors.kill(task)

    def _final_state(self) -> str:
        states = {result.state for result in self._results.values()}
        if self._cancelling and "cancelled" in states:
            return "cancelled"
        return "failed" if states & {"failed", "crashed"} else "finished"


def _decided(step: Step, module: str, title: str) -> NodeResult:
    result = step.result
    return NodeResult(
        step.node,
        module,
        title,
        DONE.get(step.action, "queued"),
        outcome="failed" if step.action == "fail" else "",
        seconds=result.seconds if result else None,
        outputs=step.outputs,
        error=step.error.to_json() if step.error else None,
        reason=step.reason,
        explain=result.explain if result else "",
        made_at=result.made_at if result else None,
        compute=step.compute,
    )


def _program(library: Library, module: str) -> dict[str, Any]:
    """What the task of a component needs besides: its spec, and where environments are."""
    made = library.get(module)
    if made is None or not issubclass(made, ComponentModule):
        return {}
    places = Places.here().to_json() if made.component.environment is not None else None
    return {"component": made.component.to_json(), "places": places}


def _ignore(event: Event) -> None:
    pass


def _never() -> bool:
    return False
