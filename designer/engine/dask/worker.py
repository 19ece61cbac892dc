"""Inside a worker of a Dask cluster: run tasks in the same kind of child processes as on this computer.

To Dask a task is a coroutine that waits for a child, so the worker stays responsive and a cancelled task can be killed.
"""

from __future__ import annotations

import asyncio
import contextlib
import socket
import uuid
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from distributed import WorkerPlugin, get_worker

from designer.engine.backend import Answer, Ended, Job, Limits, Printed, Started, Task, TaskEvent
from designer.engine.dask.introduction import difference
from designer.engine.dask.messages import TOPIC, packed
from designer.engine.local.backend import Local
from designer.engine.programs.environments import Places
from designer.store.child_store import ChildStore

PLUGIN = "designer"
EVENT_SECONDS = 0.05
PRINTED = 64 * 1024
"""Bytes of output in one event."""
GIVEN_UP = ("cancelled", "released", "forgotten")
"""States of a task that Dask no longer wants."""


async def run_task(message: dict[str, Any]) -> dict[str, Any]:
    """Run a task of Designer; called by Dask. Small JSON in, small JSON out."""
    plugin = get_worker().plugins[PLUGIN]
    assert isinstance(plugin, Children)
    return await plugin.run(message)


def running_tasks(dask_worker: Any) -> int:
    """The number of tasks that have a process on this worker; called by Dask."""
    plugin = dask_worker.plugins.get(PLUGIN)
    return plugin.busy if isinstance(plugin, Children) else 0


class Children(WorkerPlugin):  # type: ignore[misc]
    """Starts and kills the child processes of a worker."""

    name = PLUGIN
    idempotent = True

    def setup(self, worker: Any) -> None:
        """Launch the fork server, which loads its libraries while the worker waits for a task."""
        self._worker = worker
        self._loop = asyncio.get_running_loop()
        self._locals: dict[Limits, Local] = {}
        self._running: dict[str, tuple[Local, str]] = {}
        self._local(Limits()).start()

    @property
    def busy(self) -> int:
        """Number of tasks that run."""
        return len(self._running)

    async def teardown(self, worker: Any) -> None:
        """Kill all children."""
        await asyncio.gather(*(asyncio.to_thread(local.close) for local in self._locals.values()))

    def transition(self, key: Any, start: str, finish: str, **_: Any) -> None:
        """Kill the child of a task that Dask gave up."""
        if finish in GIVEN_UP and key in self._running:
            local, id = self._running[key]
            local.kill(id)

    async def run(self, message: Mapping[str, Any]) -> dict[str, Any]:
        """Run a task, refused where the versions of this worker are not those of the client."""
        who = f"worker {self._worker.name} at {socket.gethostname()}"
        problem = difference(message["versions"], "the computer of the workspace")
        if problem:
            return {"differs": f"{who}: {problem}", "worker": self._worker.address}
        return {"answer": (await self._answer(message, who)).to_json()}

    async def _answer(self, message: Mapping[str, Any], who: str) -> Answer:
        task = _placed_here(Task(**message["task"]))
        local = self._local(Limits(**message["limits"]))
        sender = _Sender(self._worker, self._loop, task.id)
        ended: asyncio.Future[Answer] = self._loop.create_future()

        def emit(event: TaskEvent) -> None:
            """In the thread of the backend."""
            with contextlib.suppress(RuntimeError):  # the loop is closed: the worker ends
                if isinstance(event, Ended):
                    self._loop.call_soon_threadsafe(_settle, ended, event.answer)
                else:
                    placed = Started(who) if isinstance(event, Started) else event
                    self._loop.call_soon_threadsafe(sender.take, placed)

        self._running[message["key"]] = local, task.id
        try:
            local.submit(Job(task, ChildStore.from_json(message["store"]), emit))
            return await ended
        except asyncio.CancelledError:
            local.kill(task.id)
            raise
        finally:
            del self._running[message["key"]]
            sender.flush()

    def _local(self, limits: Limits) -> Local:
        """The backend with these limits, opened anew if its fork server has died."""
        local = self._locals.get(limits)
        if local is None or not local.is_alive:
            local = self._locals[limits] = Local(self._worker.state.nthreads, limits)
        return local


class _Sender:
    """Sends the events of one attempt at a task, gathered for a moment: a node may log thousands in a second."""

    def __init__(self, worker: Any, loop: asyncio.AbstractEventLoop, task: str) -> None:
        self._worker, self._loop, self._task = worker, loop, task
        self._attempt = uuid.uuid4().hex
        self._events: list[list[Any]] = []

    def take(self, event: TaskEvent) -> None:
        """Send an event soon."""
        if not self._events:
            self._loop.call_later(EVENT_SECONDS, self.flush)
        if isinstance(event, Printed):
            parts = range(0, len(event.content), PRINTED)
            self._events += [packed(Printed(event.content[at : at + PRINTED])) for at in parts]
        else:
            self._events.append(packed(event))

    def flush(self) -> None:
        """Send what was gathered."""
        events, self._events = self._events, []
        if events:
            self._worker.log_event(TOPIC, {"task": self._task, "attempt": self._attempt, "events": events})


def _settle(ended: asyncio.Future[Answer], answer: Answer) -> None:
    if not ended.done():
        ended.set_result(answer)


def _placed_here(task: Task) -> Task:
    """The task with the places of this computer for environments of programs."""
    return replace(task, places=Places.here().to_json()) if task.places else task
