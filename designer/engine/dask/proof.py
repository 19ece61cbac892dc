"""The test of a compute: what has to hold before nodes are sent there, step by step, proved by equal digests."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from designer.contract.catalogue.library import Library
from designer.contract.errors import DesignerError
from designer.contract.module import Spec
from designer.contract.wording.counting import counted
from designer.engine.backend import Answer, Backend, Ended, Job, Started, Task, TaskEvent
from designer.engine.dask.client import Dask, require_folder, require_versions
from designer.engine.dask.introduction import Introduction
from designer.engine.task import ENDLESS
from designer.pipeline.graph import Node
from designer.samples.data import sample_datasets
from designer.samples.templates import Template, templates
from designer.store.child_store import ChildStore
from designer.store.workspace import Workspace

CLOCK_SECONDS = 2.0
CANCEL_SECONDS = 1.0
WORKER_SECONDS = 60
TASK_SECONDS = 120
ID = "test of a compute"


@dataclass(frozen=True)
class Proof:
    """A step of the test: its title, what was found, and the problem and what would do if it failed."""

    title: str
    found: str = ""
    problem: str = ""

    @property
    def holds(self) -> bool:
        """Whether the step passed."""
        return not self.problem


def prove(dask: Dask, local: Backend, workspace: Workspace, library: Library) -> Iterator[Proof]:
    """Test the cluster of a backend that is not connected against this computer; the steps in order, up to the first
    that fails."""
    test = _Test(dask, local, workspace, library)
    steps: Mapping[str, Callable[[], str]] = {
        "The scheduler is reached": test.reach,
        "Each worker answers": test.answers,
        "Versions are equal": test.versions,
        "Clocks agree": test.clocks,
        "Workers see the folder of the workspace": test.folder,
        "A step gives the same result as here": test.digests,
        "A running step can be cancelled": test.cancel,
    }
    for title, step in steps.items():
        try:
            yield Proof(title, step())
        except DesignerError as error:
            yield Proof(title, problem=str(error))
            return


class _Test:
    def __init__(self, dask: Dask, local: Backend, workspace: Workspace, library: Library) -> None:
        self._dask, self._local, self._workspace, self._library = dask, local, workspace, library
        self._workers: list[Introduction] = []
        self._asked = 0.0, 0.0

    def reach(self) -> str:
        start = time.perf_counter()
        self._dask.connect()
        return f"in {time.perf_counter() - start:.1f} s"

    def answers(self) -> str:
        self._dask.wait_for_worker(WORKER_SECONDS)
        before = time.time()
        self._workers = self._dask.workers()
        self._asked = before, time.time()
        threads = sum(worker.threads for worker in self._workers)
        hosts = ", ".join(sorted({worker.host for worker in self._workers}))
        return f"{counted(len(self._workers), 'worker')} at {hosts}, {counted(threads, 'step')} at once"

    def versions(self) -> str:
        for worker in self._workers:
            require_versions(worker)
        return ", ".join(f"{name} {self._workers[0].versions[name]}" for name in ("Designer", "Python", "scikit-learn"))

    def clocks(self) -> str:
        most, (before, after) = 0.0, self._asked
        for worker in self._workers:
            difference = max(before - worker.time, worker.time - after, 0.0)
            most = max(most, difference)
            if difference > CLOCK_SECONDS:
                raise DesignerError(f"the clock of {worker.label} differs by {difference:.1f} s", "Set the clocks.")
        return f"within {most:.1f} s"

    def folder(self) -> str:
        for worker in self._workers:
            require_folder(worker)
        return "a fresh file was read there"

    def digests(self) -> str:
        """Split a sample dataset here and there."""
        sample, node, spec = next(self._splits())
        frame = next(each.frame() for each in sample_datasets() if each.name == sample.dataset)
        inputs = {spec.inputs[0].name: self._workspace.put(frame).to_json()}
        task = Task(ID, "", spec.title, node.module, node.version, node.parameters, inputs)
        there = self._digests(self._dask, task)
        here = self._digests(self._local, task)
        if here != there:
            problem = f"{spec.title} gives another result there than here"
            raise DesignerError(problem, "Compare processors and libraries before you trust results of both.")
        return f"{counted(len(here), 'digest')} of {spec.title} are equal"

    def _splits(self) -> Iterator[tuple[Template, Node, Spec]]:
        """The steps of the samples that divide a dataset."""
        for sample in templates():
            for node in sample.pipeline.nodes.values():
                spec = self._library[node.module].spec()
                if spec.abilities.splits_rows:
                    yield sample, node, spec

    def _digests(self, backend: Backend, task: Task) -> list[str]:
        with _ended(backend, self._workspace, task) as wait:
            answer = wait()
        if answer.error is not None:
            raise DesignerError.from_json(answer.error)
        return [stored.digest for _, stored in sorted(answer.outputs.items())]

    def cancel(self) -> str:
        began = threading.Event()
        before = self._dask.running()
        task = Task(ID, "", "Endless step", ENDLESS, 1, {}, {})
        with _ended(self._dask, self._workspace, task, began.set) as wait:
            if not began.wait(TASK_SECONDS):
                raise DesignerError("no step was started there", "See whether the workers are busy.")
            start = time.perf_counter()
            self._dask.kill(ID)
            wait()
        while self._dask.running() > before and time.perf_counter() - start < TASK_SECONDS:
            time.sleep(0.01)
        seconds = time.perf_counter() - start
        if seconds > CANCEL_SECONDS:
            raise DesignerError(f"its process ended only after {seconds:.1f} s", "See whether the workers are busy.")
        return f"its process was gone after {seconds:.2f} s"


@contextmanager
def _ended(
    backend: Backend, workspace: Workspace, task: Task, on_start: Callable[[], Any] = lambda: None
) -> Iterator[Callable[[], Answer]]:
    """Submit a task; yields a function that waits for its answer. The task is killed at the end of the block."""
    done, answers = threading.Event(), list[Answer]()

    def emit(event: TaskEvent) -> None:
        if isinstance(event, Started):
            on_start()
        elif isinstance(event, Ended):
            answers.append(event.answer)
            done.set()

    def wait() -> Answer:
        if not done.wait(TASK_SECONDS):
            raise DesignerError(f"'{task.title}' did not end within {TASK_SECONDS} s", "See whether it is busy.")
        return answers[0]

    backend.submit(Job(task, ChildStore.of(workspace), emit))
    try:
        yield wait
    finally:
        backend.kill(task.id)
