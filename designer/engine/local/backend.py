"""Run tasks on this computer: one child process per task, one slot per core, every descendant tracked."""

from __future__ import annotations

import contextlib
import os
import selectors
import shutil
import signal
import socket
import subprocess
import sys
import threading
import time
import traceback
from collections import deque
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import Any

import psutil

from designer.engine.backend import Answer, Ended, Job, Limits, Printed, Started
from designer.engine.children.child import Messages
from designer.engine.children.family import family_of, memory_of
from designer.engine.children.processes import STOPPED_SECONDS, is_stopped, is_there, this_process
from designer.engine.local.forkserver import Launched, launch, send
from designer.engine.local.outcomes import Watched, classified, failure
from designer.engine.local.streams import Answers, Log, Stream
from designer.engine.reports import event_of
from designer.engine.task import Work
from designer.store.child_store import ChildStore

WATCH_SECONDS = 0.1
_LOOKS_AT_A_STOPPED_ONE = round(STOPPED_SECONDS / WATCH_SECONDS)
"""Counted in looks, not by a clock: if all processes are stopped and resumed, children may resume after the engine."""


@dataclass
class _Child(Watched):
    """A running task and the state of its process."""

    job: Job = field(kw_only=True)
    pid: int | None = None
    started_at: float = 0.0
    seen_stopped: int = 0
    streams: list[Stream] = field(default_factory=list)


class Local:
    """The backend of one computer. Starts children by the fork server and sends events from one thread of its own."""

    def __init__(
        self, slots: int | None = None, limits: Limits | None = None, launched: Launched | None = None
    ) -> None:
        self.slots = slots or len(os.sched_getaffinity(0)) if sys.platform == "linux" else slots or os.cpu_count() or 1
        self.limits = limits or Limits()
        self._waiting: deque[Job] = deque()
        self._children: dict[str, _Child] = {}
        self._selector = selectors.DefaultSelector()
        self._lock = threading.RLock()
        self._launched = launched
        self._server: subprocess.Popen[bytes] | None = None
        self._connection: socket.socket | None = None
        self._messages = Messages()
        self._closing = False
        self._wake_reader, self._wake_writer = os.pipe()
        os.set_blocking(self._wake_reader, False)
        self._thread = threading.Thread(target=self._loop, name="local engine", daemon=True)

    def start(self) -> None:
        """Start the fork server, unless one was given, without waiting for it to load its libraries."""
        with self._lock:
            if self._server is not None:
                return
            launched = self._launched or launch()
            self._server, self._connection = launched.process, launched.connection
            self._selector.register(self._connection, selectors.EVENT_READ, self._read_server)
            self._selector.register(self._wake_reader, selectors.EVENT_READ, self._woken)
            self._thread.start()

    def load(self, store: ChildStore, modules: Iterable[str]) -> None:
        """Have the fork server load what these modules import."""
        self.start()
        with self._lock:
            self._send({"load": list(modules), "store": store.to_json()})

    def submit(self, *jobs: Job) -> None:
        """Run tasks as slots become free. Tasks that start together share the cores."""
        self.start()
        with self._lock:
            self._waiting.extend(jobs)
            if self._closing:
                self._refuse_waiting()
            self._fill()

    @property
    def is_alive(self) -> bool:
        """Whether tasks can be submitted: not after `close`, nor after the fork server died."""
        return not self._closing

    @property
    def owner(self) -> str:
        """The name of this process: its children end with it."""
        return this_process()

    def lives(self, owner: str) -> bool:
        """Whether the process with this owner name still exists on this computer."""
        return is_there(owner)

    @property
    def server_pid(self) -> int | None:
        """The PID of the fork server; None before `start`."""
        return self._server.pid if self._server else None

    @property
    def busy(self) -> int:
        """Number of tasks that run or wait."""
        return len(self._children) + len(self._waiting)

    def kill(self, id: str, reason: str = "cancelled") -> None:
        """Kill the process group of a running task, or remove a waiting one from the queue."""
        with self._lock:
            child = self._children.get(id)
            if child is not None:
                child.killed_for = child.killed_for or reason
                self._send({"kill": id})
                return
            waiting = next((job for job in self._waiting if job.task.id == id), None)
            if waiting is not None:
                self._waiting.remove(waiting)
                waiting.emit(Ended(Answer(reason)))

    def close(self) -> None:
        """Kill all tasks and the fork server, and release resources."""
        with self._lock:
            if self._closing:
                return
            self._closing = True
            if self._server is None:
                self._close_descriptors()
                return
            os.write(self._wake_writer, b"x")
        self._thread.join(timeout=5)
        if not self._children:
            self._server.kill()  # no children to end, and while loading it would notice the closed socket late
        if self._connection is not None:
            self._connection.close()  # the server then kills its children and exits
        try:
            self._server.wait(timeout=5)
        except subprocess.TimeoutExpired:
            self._server.kill()
            self._server.wait()
        self._close_descriptors()

    def _close_descriptors(self) -> None:
        for descriptor in (self._wake_reader, self._wake_writer):
            os.close(descriptor)
        self._selector.close()

    def __enter__(self) -> Local:
        if self._launched is not None:
            self.start()
        return self

    def __exit__(self, *error: object) -> None:
        self.close()

    def _fill(self) -> None:
        while self._waiting and len(self._children) < self.slots and not self._closing:
            self._launch(self._waiting.popleft())

    def _launch(self, job: Job) -> None:
        answers, answers_end = os.pipe()
        log, log_end = os.pipe()
        child = self._children[job.task.id] = _Child(job.task, job=job)
        self._resume_server()
        child.streams = [
            Answers(answers, partial(_handle_answer, child)),
            Log(log, self.limits.log_bytes, lambda content: job.emit(Printed(content))),
        ]
        for stream in child.streams:
            os.set_blocking(stream.descriptor, False)
            self._selector.register(stream.descriptor, selectors.EVENT_READ, partial(self._read_stream, stream))
        self._send({"start": job.task.id, "work": self._work(job).to_json()}, (answers_end, log_end))
        os.close(answers_end)
        os.close(log_end)
        os.write(self._wake_writer, b"x")

    def _work(self, job: Job) -> Work:
        return Work(
            job.task,
            job.store,
            scratch=_scratch(job),
            threads=max(1, self.slots // max(1, self.busy)),
            address_space=4 * max(self.limits.memory, psutil.virtual_memory().total),
            file_size=self.limits.file_bytes,
        )

    def _send(self, message: dict[str, Any], descriptors: tuple[int, ...] = ()) -> None:
        if self._connection is not None:
            with contextlib.suppress(BrokenPipeError):
                send(self._connection, message, descriptors)

    def _loop(self) -> None:
        try:
            self._serve()
        except Exception:  # without this thread no task would ever end: end them all and log why
            traceback.print_exc()
            with self._lock:
                if self._server is not None:
                    self._server.kill()
                self._server_ended()

    def _serve(self) -> None:
        watched = 0.0
        while not self._closing:
            ready = self._selector.select(timeout=WATCH_SECONDS if self._children else None)
            with self._lock:
                for key, _ in ready:
                    registered = self._selector.get_map().get(key.fd)
                    if registered is not None and registered.data is key.data:  # else closed or reused since the select
                        key.data()
                if time.monotonic() - watched >= WATCH_SECONDS:
                    watched = time.monotonic()
                    self._watch()

    def _woken(self) -> None:
        with contextlib.suppress(BlockingIOError):
            os.read(self._wake_reader, 4096)

    def _read_stream(self, stream: Stream) -> None:
        stream.read()
        if stream.has_ended:
            self._selector.unregister(stream.descriptor)

    def _read_server(self) -> None:
        assert self._connection is not None
        try:
            content = self._connection.recv(1 << 16)
        except ConnectionError:
            content = b""
        if not content:
            self._server_ended()
            return
        for message in self._messages.feed(content):
            self._handle(message)

    def _handle(self, message: dict[str, Any]) -> None:
        if "started" in message and message["started"] in self._children:
            child = self._children[message["started"]]
            child.pid, child.started_at = message["pid"], time.monotonic()
            child.job.emit(Started())
        elif "ended" in message and message["ended"] in self._children:
            self._ended(self._children[message["ended"]], message["code"])

    def _ended(self, child: _Child, code: int) -> None:
        for stream in child.streams:
            if not stream.has_ended:
                self._read_stream(stream)
            if not stream.has_ended:
                self._selector.unregister(stream.descriptor)
            stream.close()
        del self._children[child.task.id]
        shutil.rmtree(_scratch(child.job), ignore_errors=True)
        self._fill()
        child.job.emit(Ended(classified(child, code, self.limits)))

    def _server_ended(self) -> None:
        """Report all tasks as ended, since the children died with the fork server; `is_alive` is False afterwards."""
        assert self._connection is not None
        assert self._server is not None
        self._closing = True  # first, since a task that ends makes room for the next one
        self._selector.unregister(self._connection)
        self._connection.close()
        self._server.wait()
        for child in list(self._children.values()):
            self._ended(child, -signal.SIGKILL)
        self._refuse_waiting()

    def _refuse_waiting(self) -> None:
        while self._waiting:
            job = self._waiting.popleft()
            problem = "the process that starts nodes ended"
            job.emit(Ended(failure(job.task, "crashed", problem, "Run it again.")))

    def _resume_server(self) -> None:
        """Resume the fork server if it was stopped; while stopped it can neither start nor end children."""
        if self._server is not None and is_stopped(self._server.pid):
            sys.stderr.write("Engine: the process that starts nodes was stopped from outside; resuming it.\n")
            self._server.send_signal(signal.SIGCONT)

    def _watch(self) -> None:
        """Kill children whose family exceeds the memory or time limit, or is stopped for too long."""
        now = time.monotonic()
        self._resume_server()
        for child in list(self._children.values()):
            if child.pid is None or child.killed_for:
                continue
            family = family_of(child.pid)
            child.memory = max(child.memory, memory_of(family, self.limits.memory))
            stopped = next((pid for pid in family if is_stopped(pid)), None)
            child.stopped = "its process" if stopped == child.pid else "a process that it started"
            child.seen_stopped = child.seen_stopped + 1 if stopped else 0
            if child.memory > self.limits.memory:
                self.kill(child.task.id, "out of memory")
            elif self.limits.seconds is not None and now - child.started_at > self.limits.seconds:
                self.kill(child.task.id, "timed out")
            elif child.seen_stopped > _LOOKS_AT_A_STOPPED_ONE:
                self.kill(child.task.id, "stopped")


def _handle_answer(child: _Child, message: Mapping[str, Any]) -> None:
    """Handle a message of a child. Raises KeyError or TypeError if it does not follow the protocol."""
    if "answer" in message:
        child.answer = Answer.from_json(message["answer"])
    else:
        child.job.emit(event_of(message))


def _scratch(job: Job) -> Path:
    return job.store.scratch / job.task.id
