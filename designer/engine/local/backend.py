"""Run tasks on this computer, each in a child process; one slot per core, every descendant tracked."""

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
from functools import partial
from itertools import count
from typing import Any

import psutil

from designer.engine.backend import Answer, Ended, Job, Limits, Printed
from designer.engine.children.child import Messages
from designer.engine.children.family import family_of
from designer.engine.children.processes import STOPPED_SECONDS, is_stopped, is_there, this_process
from designer.engine.local.children import Child, Node, free_child, lease_pair, overdue
from designer.engine.local.forkserver import Launched, launch, send
from designer.engine.local.outcomes import classified, failure
from designer.engine.local.streams import Answers, Log, Stream
from designer.engine.recording.reports import event_of
from designer.engine.task import Work
from designer.store.child_store import ChildStore

WATCH_SECONDS = 0.1
_LOOKS_AT_A_STOPPED_ONE = round(STOPPED_SECONDS / WATCH_SECONDS)
"""Counted in looks, not by a clock: if all processes are stopped and resumed, children may resume after the engine."""


class Local:
    """The backend of one computer. Starts children by the fork server and sends events from one thread of its own.

    Tasks that may share a process (`Task.shares`) take turns in it, see `designer.engine.local.lease`; between two it
    is idle and takes no slot.
    """

    def __init__(
        self, slots: int | None = None, limits: Limits | None = None, launched: Launched | None = None
    ) -> None:
        self.slots = slots or len(os.sched_getaffinity(0)) if sys.platform == "linux" else slots or os.cpu_count() or 1
        self.limits = limits or Limits()
        self._waiting: deque[Job] = deque()
        self._children: dict[str, Child] = {}
        self._names = count()
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
        return len(self._running) + len(self._waiting)

    @property
    def _running(self) -> list[tuple[Child, Node]]:
        return [(child, child.node) for child in list(self._children.values()) if child.node is not None]

    def kill(self, id: str, reason: str = "cancelled") -> None:
        """Kill the process group of a running task, or remove a waiting one from the queue."""
        with self._lock:
            for child, node in self._running:
                if node.task.id == id:
                    node.killed_for = node.killed_for or reason
                    self._send({"kill": child.name})
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
        for child in self._children.values():
            child.retire()
            _close(stream.descriptor for stream in (child.node.streams if child.node else ()))
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
        while self._waiting and len(self._running) < self.slots and not self._closing:
            self._assign(self._waiting.popleft())

    def _assign(self, job: Job) -> None:
        """Give a job to an idle child, or start one."""
        while (child := free_child(self._children.values(), job.task)) is not None:
            ends = self._begin(child, job)
            has_it = child.hand(self._work(job), ends)
            _close(ends)
            if has_it:
                return
            self._drop_node(child)  # it has died
            child.retire()
        self._launch(job)

    def _launch(self, job: Job) -> None:
        self._retire_surplus()
        child = Child(f"child {next(self._names)}", job.task.shares)
        self._children[child.name] = child
        self._resume_server()
        ends: tuple[int, ...] = self._begin(child, job)
        if child.shares:
            child.lease, lease_end = lease_pair()
            ends += (lease_end,)
        start = {"start": child.name, "work": self._work(job).to_json(), "is_leased": child.lease is not None}
        self._send(start, ends)
        _close(ends)
        os.write(self._wake_writer, b"x")

    def _begin(self, child: Child, job: Job) -> tuple[int, int]:
        """Make a job the node of a child; returns the child's ends of the pipes for its answers and its log."""
        answers, answers_end = os.pipe()
        log, log_end = os.pipe()
        node = child.node = Node(job.task, job=job)
        node.streams = [
            Answers(answers, partial(_handle_answer, node)),
            Log(log, self.limits.log_bytes, lambda content: job.emit(Printed(content))),
        ]
        for stream in node.streams:
            os.set_blocking(stream.descriptor, False)
            self._selector.register(stream.descriptor, selectors.EVENT_READ, partial(self._read_stream, child, stream))
        return answers_end, log_end

    def _retire_surplus(self) -> None:
        """End the child that is idle for longest if there are as many as slots."""
        free = [child for child in self._children.values() if child.is_free]
        if len(free) >= self.slots:
            min(free, key=lambda child: child.idle_since).retire()

    def _work(self, job: Job) -> Work:
        return Work(
            job.task,
            job.store,
            scratch=job.store.scratch / job.task.id,
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

    def _read(self, stream: Stream) -> None:
        stream.read()
        if stream.has_ended:
            self._selector.unregister(stream.descriptor)

    def _read_stream(self, child: Child, stream: Stream) -> None:
        self._read(stream)
        node = child.node
        if node is not None and node.has_ended and child.lease is not None and not node.killed_for:
            self._drop_node(child)
            child.rest(node)
            self._report(node, 0)

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
            child.pid = message["pid"]
            if child.node is not None:
                child.node.take()
        elif "ended" in message and message["ended"] in self._children:
            self._ended(self._children[message["ended"]], message["code"])

    def _ended(self, child: Child, code: int) -> None:
        child.retire()
        del self._children[child.name]
        node = child.node
        if node is None:
            return
        for stream in node.streams:
            if not stream.has_ended:
                self._read(stream)
        self._drop_node(child)
        if node.is_declined and not self._closing:
            self._waiting.appendleft(node.job)
            self._fill()
        else:
            self._report(node, code)

    def _drop_node(self, child: Child) -> None:
        """Take the node from a child and close its pipes, without a report."""
        assert child.node is not None
        for stream in child.node.streams:
            if not stream.has_ended:
                self._selector.unregister(stream.descriptor)
            stream.close()
        child.node = None

    def _report(self, node: Node, code: int) -> None:
        shutil.rmtree(node.scratch, ignore_errors=True)
        self._fill()
        node.job.emit(Ended(classified(node, code, self.limits)))

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
        for child in overdue(self._children.values(), is_busy=self.busy > 0):
            child.retire()
        for child, node in self._running:
            if child.pid is None or node.killed_for:
                continue
            family = family_of(child.pid)
            stopped = next((pid for pid in family if is_stopped(pid)), None)
            node.stopped = "its process" if stopped == child.pid else "a process that it started"
            node.seen_stopped = node.seen_stopped + 1 if stopped else 0
            if node.is_taken:
                node.measure(family, self.limits)
            if node.memory > self.limits.memory:
                self.kill(node.task.id, "out of memory")
            elif node.is_taken and self.limits.seconds is not None and now - node.started_at > self.limits.seconds:
                self.kill(node.task.id, "timed out")
            elif node.seen_stopped > _LOOKS_AT_A_STOPPED_ONE:
                self.kill(node.task.id, "stopped")


def _handle_answer(node: Node, message: Mapping[str, Any]) -> None:
    """Handle a message of a child. Raises KeyError or TypeError if it does not follow the protocol."""
    if "answer" in message:
        node.answer, node.stays = Answer.from_json(message["answer"]), message.get("stays") is True
    elif "taken" in message:
        node.take(int(message["taken"]))
    else:
        node.job.emit(event_of(message))


def _close(descriptors: Iterable[int]) -> None:
    for descriptor in descriptors:
        os.close(descriptor)
