"""The backend of a Dask cluster: places tasks on its workers, follows them, and kills them."""

from __future__ import annotations

import contextlib
import logging
import threading
import time
import uuid
import warnings
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass, field
from functools import partial
from pathlib import Path
from typing import Any

from distributed import Client, Future
from distributed.versions import VersionMismatchWarning

from designer.engine.backend import Answer, Ended, Job, Limits, Progressed, Started
from designer.engine.children.processes import is_there, this_process
from designer.engine.dask.introduction import Introduction, difference, introduce, versions
from designer.engine.dask.messages import TOPIC, unpacked
from designer.engine.dask.refusals import ClusterUnreachable, EnvironmentDiffers
from designer.engine.dask.worker import Children, run_task, running_tasks
from designer.engine.local.outcomes import failure
from designer.store.child_store import ChildStore

CONNECT_SECONDS = 10
CLOSE_SECONDS = 5
RETRY_SECONDS = 1.0


@dataclass
class _Sent:
    """A job on the cluster. `attempt` is the one whose events are heard, `place` where it runs, `refused` are the
    workers that have other versions."""

    job: Job
    key: str
    future: Future | None = None
    killed_for: str = ""
    attempt: str = ""
    place: str = ""
    refused: list[str] = field(default_factory=list)


class Dask:
    """The backend of the cluster whose scheduler is at `address`; its workers see the folder of the workspace."""

    def __init__(self, address: str, folder: Path, limits: Limits | None = None, security: Any = None) -> None:
        self._address, self._folder, self._security = address, folder, security
        self.limits = limits or Limits()
        self._client: Client | None = None
        self._jobs: dict[str, _Sent] = {}
        self._lock = threading.RLock()
        self._closing = False

    def start(self) -> None:
        """Connect; takes up to ten seconds where nothing answers.

        Raises ClusterUnreachable, and EnvironmentDiffers naming a worker and what differs.
        """
        with self._lock:
            if self._client is not None:
                return
            self.connect()
            try:
                for worker in self.workers():
                    require_folder(worker)
                    require_versions(worker)
            except BaseException:
                self._leave()
                raise

    def connect(self) -> None:
        """Connect to the scheduler, whatever its workers are. Raises ClusterUnreachable."""
        self._client = _connected(self._address, self._security)
        self._client.register_plugin(Children())
        self._client.subscribe_topic(TOPIC, self._hear)

    def workers(self) -> list[Introduction]:
        """What the workers say of themselves, now; they are asked to read a fresh file in the folder of the workspace.

        Raises ClusterUnreachable for one that does not answer, EnvironmentDiffers for one without Designer.
        """
        assert self._client is not None
        token = self._folder / f"token-{uuid.uuid4().hex}"
        token.write_text(token.name, encoding="utf-8")
        try:
            answers: Mapping[str, Any] = self._client.run(introduce, str(token), on_error="return")
            if any(isinstance(answer, OSError) for answer in answers.values()):  # one that ended is still listed
                time.sleep(RETRY_SECONDS)
                answers = self._client.run(introduce, str(token), on_error="return")
        finally:
            token.unlink()
        return [_introduced(address, answer, token.name) for address, answer in answers.items()]

    def wait_for_worker(self, seconds: float) -> None:
        """Have a worker started where none is. Raises ClusterUnreachable if none comes in time."""
        assert self._client is not None
        future = self._client.submit(abs, 1, pure=False)  # a cluster that grows by demand starts one for a task
        try:
            future.result(timeout=seconds)
        except TimeoutError:
            problem = f"no worker came within {seconds:g} s"
            raise ClusterUnreachable(problem, "Start one: designer worker ADDRESS.") from None
        finally:
            future.release()

    def running(self) -> int:
        """Number of tasks of all clients that have a process on a worker, as the workers count them."""
        assert self._client is not None
        return sum(self._client.run(running_tasks).values())

    def load(self, store: ChildStore, modules: Iterable[str]) -> None:
        """Do nothing: idle workers load the usual libraries themselves."""

    def submit(self, *jobs: Job) -> None:
        """Run tasks on the cluster in this order, as its workers become free."""
        self.start()
        for job in jobs:
            sent = _Sent(job, job.task.id)
            with self._lock:
                self._jobs[job.task.id] = sent
            try:
                self._send(sent)
            except Exception as error:  # the connection was lost a moment ago; the others need their end too
                problem = f"the scheduler {self._address} does not take it ({error})"
                self._end(sent, failure(job.task, "crashed", problem, "Run it again."))

    def kill(self, id: str, reason: str = "cancelled") -> None:
        """Kill the process of a running task, or remove a waiting one from the queue."""
        with self._lock:
            sent = self._jobs.get(id)
            if sent is None:
                return
            sent.killed_for = sent.killed_for or reason
            future = sent.future
        if future is not None:
            future.cancel(force=True)

    @property
    def is_alive(self) -> bool:
        """Whether tasks can be submitted: not after `close`, nor after the scheduler was lost."""
        client = self._client
        return not self._closing and (client is None or client.status == "running")

    @property
    def busy(self) -> int:
        """Number of tasks that run or wait."""
        return len(self._jobs)

    @property
    def owner(self) -> str:
        """The name of this process: the cluster drops its tasks when it ends."""
        return this_process()

    def lives(self, owner: str) -> bool:
        """Whether the process with this owner name still exists on this computer."""
        return is_there(owner)

    def close(self) -> None:
        """Kill all tasks and leave the cluster."""
        with self._lock:
            if self._closing:
                return
            self._closing = True
            left = list(self._jobs.values())
        for sent in left:
            self.kill(sent.job.task.id)
        self._leave()
        for sent in left:
            self._end(sent, Answer(sent.killed_for))

    def __enter__(self) -> Dask:
        return self

    def __exit__(self, *error: object) -> None:
        self.close()

    def _leave(self) -> None:
        client, self._client = self._client, None
        if client is not None:
            with contextlib.suppress(TimeoutError, OSError):
                client.close(timeout=CLOSE_SECONDS)

    def _send(self, sent: _Sent) -> None:
        assert self._client is not None
        message = {
            "key": sent.key,
            "task": sent.job.task.to_json(),
            "store": sent.job.store.to_json(),
            "limits": asdict(self.limits),
            "versions": dict(versions()),
        }
        allowed = self._others(sent.refused) if sent.refused else None
        sent.future = self._client.submit(run_task, message, key=sent.key, pure=False, workers=allowed)
        sent.future.add_done_callback(partial(self._done, sent))
        if sent.killed_for:
            sent.future.cancel(force=True)

    def _others(self, refused: Iterable[str]) -> list[str]:
        assert self._client is not None
        return [address for address in self._client.scheduler_info(n_workers=-1)["workers"] if address not in refused]

    def _hear(self, event: tuple[float, Any]) -> None:
        """Pass on what a worker sent, in the thread of the client; events of all clients arrive here."""
        _, message = event
        sent = self._jobs.get(message["task"]) if isinstance(message, dict) else None
        if sent is None:
            return
        for each in map(unpacked, message["events"]):
            if isinstance(each, Started):
                if sent.place:
                    sent.job.emit(Progressed(None, f"started again: {sent.place} is gone"))
                sent.attempt, sent.place = message["attempt"], each.place
            if sent.attempt == message["attempt"]:  # not of a worker that was taken for lost
                sent.job.emit(each)

    def _done(self, sent: _Sent, future: Future) -> None:
        """End a task that is done, in a thread of Dask. Release it at once: Dask would compute it again for nothing."""
        try:
            answer = self._answer(sent, future)
        except Exception as error:  # whatever Dask raises must not leave the task without an end
            answer = failure(sent.job.task, "crashed", f"the cluster lost its result ({error})", "Run it again.")
        future.release()
        if answer is not None:
            self._end(sent, answer)

    def _answer(self, sent: _Sent, future: Future) -> Answer | None:
        """The answer of a task; None if it was sent again, to workers with equal versions."""
        task = sent.job.task
        match future.status:
            case "finished":
                document = future.result()
                if "answer" in document:
                    return Answer.from_json(document["answer"])
                return self._differs(sent, document)
            case "error":
                ended = getattr(future.exception(), "last_worker", None) is not None
                problem = "several workers ended while they ran it" if ended else f"{future.exception()}"
                return failure(task, "crashed", problem, "The log may say why; run it again.")
            case _ if sent.killed_for:
                return Answer(sent.killed_for)
            case _:
                problem = f"the connection to the scheduler {self._address} was lost"
                return failure(task, "crashed", problem, "See that it runs, and run it again.")

    def _differs(self, sent: _Sent, document: Mapping[str, Any]) -> Answer | None:
        sent.refused.append(document["worker"])
        if not self._others(sent.refused):
            error = EnvironmentDiffers(document["differs"], "Install the same versions.")
            return Answer("failed", error=error.at(node=sent.job.task.node, module=sent.job.task.title).to_json())
        sent.key = f"{sent.job.task.id}-{len(sent.refused)}"
        self._send(sent)
        return None

    def _end(self, sent: _Sent, answer: Answer) -> None:
        with self._lock:
            if self._jobs.pop(sent.job.task.id, None) is None:
                return
        sent.job.emit(Ended(answer))


def _connected(address: str, security: Any) -> Client:
    logging.getLogger("distributed").setLevel(logging.CRITICAL)  # what it says is said of each task
    warnings.filterwarnings("ignore", category=VersionMismatchWarning)  # see `difference`
    try:
        return Client(address, timeout=CONNECT_SECONDS, set_as_default=False, security=security)
    except (OSError, ValueError, TimeoutError) as error:
        reason = "nothing answers" if isinstance(error, TimeoutError) else str(error)
        problem = f"the scheduler {address} cannot be reached: {reason}"
        raise ClusterUnreachable(problem, "Start it, or correct the address.") from None


def _introduced(address: str, answer: Any, content: str) -> Introduction:
    if isinstance(answer, Exception):
        if isinstance(answer, ImportError):
            raise EnvironmentDiffers(f"worker {address} has no Designer", "Install designer-ml[cluster] there.")
        raise ClusterUnreachable(f"worker {address} does not answer: {answer}", "See that it runs.")
    seen = answer.pop("content")
    return Introduction(**answer, sees_folder=seen == content)


def require_folder(worker: Introduction) -> None:
    """Raise ClusterUnreachable for a worker that does not see the folder of the workspace."""
    if not worker.sees_folder:
        problem = f"{worker.label} does not see the folder of the workspace"
        raise ClusterUnreachable(problem, "Mount the folder there under the same path.")


def require_versions(worker: Introduction) -> None:
    """Raise EnvironmentDiffers for a worker with other versions, naming the first."""
    problem = difference(worker.versions, worker.label)
    if problem:
        raise EnvironmentDiffers(problem, "Install the same versions there.")
