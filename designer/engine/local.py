"""Running tasks on this computer: one child process each, a slot for each core, every process within reach."""

from __future__ import annotations

import contextlib
import json
import os
import selectors
import shutil
import signal
import socket
import struct
import subprocess
import sys
import threading
import time
import traceback
from collections import deque
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field, replace
from functools import partial
from pathlib import Path
from typing import Any

import psutil

from designer.contract.errors import DesignerError
from designer.engine.forkserver import Launched, launch, send
from designer.engine.task import Answer, Task

WATCH_SECONDS = 0.1
START_SECONDS = 60


@dataclass(frozen=True)
class Limits:
    """What a node may use. `seconds` None: as long as it takes, until it is cancelled."""

    memory_bytes: int = 0
    seconds: float | None = None
    log_bytes: int = 1024 * 1024
    file_bytes: int = 64 * 1024**3

    @property
    def memory(self) -> int:
        """The private memory that a node may have; unless set, four fifths of the computer's."""
        return self.memory_bytes or int(psutil.virtual_memory().total * 0.8)


@dataclass
class Job:
    """A task on its way: the scheduler's view of one child process."""

    task: Task
    log_file: Path
    on_start: Callable[[], None]
    on_progress: Callable[[float | None, str], None]
    on_end: Callable[[Answer], None]
    pid: int | None = None
    begun: float = 0.0
    killed_for: str = ""
    answer: Answer | None = None
    memory: int = 0
    streams: list[_Stream] = field(default_factory=list)


class Local:
    """Starts children by the fork server. Its callbacks come from one thread of its own."""

    def __init__(
        self, slots: int | None = None, limits: Limits | None = None, launched: Launched | None = None
    ) -> None:
        self.slots = slots or len(os.sched_getaffinity(0)) if sys.platform == "linux" else slots or os.cpu_count() or 1
        self.limits = limits or Limits()
        self._waiting: deque[Job] = deque()
        self._jobs: dict[str, Job] = {}
        self._selector = selectors.DefaultSelector()
        self._lock = threading.RLock()
        self._launched = launched
        self._server: subprocess.Popen[bytes] | None = None
        self._connection: socket.socket | None = None
        self._buffer = b""
        self._closing = False
        self._wake_reader, self._wake_writer = os.pipe()
        os.set_blocking(self._wake_reader, False)
        self._thread = threading.Thread(target=self._loop, name="local engine", daemon=True)

    def start(self) -> None:
        """Start the fork server, unless one was given; it loads its libraries meanwhile."""
        with self._lock:
            if self._server is not None:
                return
            launched = self._launched or launch()
            self._server, self._connection = launched.process, launched.connection
            self._selector.register(self._connection, selectors.EVENT_READ, self._hear_server)
            self._selector.register(self._wake_reader, selectors.EVENT_READ, self._woken)
            self._thread.start()

    def load(self, workspace: Path, modules: Iterable[str]) -> None:
        """Say which modules will run soon, so that what they need is there when they do."""
        self.start()
        with self._lock:
            self._say({"load": [{"workspace": str(workspace), "module": id} for id in modules]})

    def submit(self, *jobs: Job) -> None:
        """Run tasks when slots are free. Those that begin together share the cores."""
        self.start()
        with self._lock:
            self._waiting.extend(jobs)
            self._fill()

    @property
    def is_alive(self) -> bool:
        """Whether tasks can be submitted: not after the end, nor after the fork server died."""
        return not self._closing

    @property
    def server_pid(self) -> int | None:
        """The process that starts the children, once there is one."""
        return self._server.pid if self._server else None

    @property
    def busy(self) -> int:
        """How many tasks run or wait."""
        return len(self._jobs) + len(self._waiting)

    def kill(self, name: str, reason: str = "cancelled") -> None:
        """End a task: at once, whatever it does. Its `on_end` still comes."""
        with self._lock:
            job = self._jobs.get(name)
            if job is not None:
                job.killed_for = job.killed_for or reason
                self._say({"kill": name})
                return
            waiting = next((j for j in self._waiting if j.task.name == name), None)
            if waiting is not None:
                self._waiting.remove(waiting)
                waiting.on_end(Answer(reason))

    def close(self) -> None:
        """End everything."""
        with self._lock:
            if self._server is None or self._closing:
                return
            self._closing = True
            os.write(self._wake_writer, b"x")
        self._thread.join(timeout=5)
        if not self._jobs:
            self._server.kill()  # it has no children, and may be loading: it would not hear soon that we are gone
        if self._connection is not None:
            self._connection.close()  # the server ends what is left, and itself
        try:
            self._server.wait(timeout=5)
        except subprocess.TimeoutExpired:
            self._server.kill()
            self._server.wait()
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
        while self._waiting and len(self._jobs) < self.slots:
            self._launch(self._waiting.popleft())

    def _launch(self, job: Job) -> None:
        answers, their_answers = os.pipe()
        log, their_log = os.pipe()
        self._jobs[job.task.name] = job
        threads = max(1, self.slots // max(1, self.busy))
        space = 4 * max(self.limits.memory, psutil.virtual_memory().total)
        task = replace(job.task, threads=threads, address_space=space, file_size=self.limits.file_bytes)
        job.streams = [_Answers(answers, job), _Log(log, job.log_file, self.limits.log_bytes)]
        for stream in job.streams:
            os.set_blocking(stream.descriptor, False)
            self._selector.register(stream.descriptor, selectors.EVENT_READ, partial(self._hear_child, stream))
        self._say({"start": task.name, "task": task.to_json()}, (their_answers, their_log))
        os.close(their_answers)
        os.close(their_log)
        os.write(self._wake_writer, b"x")

    def _say(self, message: dict[str, Any], descriptors: tuple[int, ...] = ()) -> None:
        if self._connection is not None:
            with contextlib.suppress(BrokenPipeError):
                send(self._connection, message, descriptors)

    def _loop(self) -> None:
        try:
            self._serve()
        except Exception:  # without this thread nothing would ever end: end everything, and say so
            traceback.print_exc()
            with self._lock:
                if self._server is not None:
                    self._server.kill()
                self._server_ended()

    def _serve(self) -> None:
        watched = 0.0
        while not self._closing:
            ready = self._selector.select(timeout=WATCH_SECONDS if self._jobs else None)
            with self._lock:
                for key, _ in ready:
                    now = self._selector.get_map().get(key.fd)
                    if now is not None and now.data is key.data:  # else closed, or used again, since the select
                        key.data()
                if time.monotonic() - watched >= WATCH_SECONDS:
                    watched = time.monotonic()
                    self._watch()

    def _woken(self) -> None:
        with contextlib.suppress(BlockingIOError):
            os.read(self._wake_reader, 4096)

    def _hear_child(self, stream: _Stream) -> None:
        stream.read()
        if stream.has_ended:
            self._selector.unregister(stream.descriptor)

    def _hear_server(self) -> None:
        assert self._connection is not None
        try:
            content = self._connection.recv(1 << 16)
        except ConnectionError:
            content = b""
        if not content:
            self._server_ended()
            return
        self._buffer += content
        while len(self._buffer) >= 4:
            size = struct.unpack("!I", self._buffer[:4])[0]
            if len(self._buffer) < 4 + size:
                return
            body, self._buffer = self._buffer[4 : 4 + size], self._buffer[4 + size :]
            self._heed(json.loads(body))

    def _heed(self, message: dict[str, Any]) -> None:
        if "started" in message and message["started"] in self._jobs:
            job = self._jobs[message["started"]]
            job.pid, job.begun = message["pid"], time.monotonic()
            job.on_start()
        elif "ended" in message and message["ended"] in self._jobs:
            self._ended(self._jobs[message["ended"]], message["code"])

    def _ended(self, job: Job, code: int) -> None:
        for stream in job.streams:
            if not stream.has_ended:
                self._hear_child(stream)
            if not stream.has_ended:
                self._selector.unregister(stream.descriptor)
            stream.close()
        del self._jobs[job.task.name]
        shutil.rmtree(job.task.scratch, ignore_errors=True)
        self._fill()
        job.on_end(_classified(job, code, self.limits))

    def _server_ended(self) -> None:
        """The fork server died, and with it every child. The next task starts another."""
        assert self._connection is not None
        assert self._server is not None
        self._selector.unregister(self._connection)
        self._connection.close()
        self._server.wait()
        for job in list(self._jobs.values()):
            self._ended(job, -signal.SIGKILL)
        for job in list(self._waiting):
            job.on_end(_failure(job, "crashed", "the process that starts nodes ended", "Run it again."))
        self._waiting.clear()
        self._closing = True

    def _watch(self) -> None:
        """End children that take too much memory or time."""
        now = time.monotonic()
        for job in list(self._jobs.values()):
            if job.pid is None or job.killed_for:
                continue
            job.memory = max(job.memory, _private_memory(job.pid))
            if job.memory > self.limits.memory:
                self.kill(job.task.name, "out of memory")
            elif self.limits.seconds is not None and now - job.begun > self.limits.seconds:
                self.kill(job.task.name, "timed out")


class _Stream:
    """One end of a pipe from a child."""

    def __init__(self, descriptor: int) -> None:
        self.descriptor = descriptor
        self.has_ended = False

    def read(self) -> None:
        """Take what is there now, but not more than a few megabytes: others have a turn too."""
        for _ in range(64):
            try:
                content = os.read(self.descriptor, 1 << 16)
            except BlockingIOError:
                return
            if not content:
                self.has_ended = True
                return
            self.take(content)

    def take(self, content: bytes) -> None:
        """Use it."""
        raise NotImplementedError

    def close(self) -> None:
        """Nothing more will come."""
        os.close(self.descriptor)


class _Answers(_Stream):
    """Progress and the answer, one JSON document a line."""

    def __init__(self, descriptor: int, job: Job) -> None:
        super().__init__(descriptor)
        self._job = job
        self._part = b""

    def take(self, content: bytes) -> None:
        *lines, self._part = (self._part + content).split(b"\n")
        for line in lines:
            try:
                message = json.loads(line)
                if "answer" in message:
                    self._job.answer = Answer.from_json(message["answer"])
                else:
                    self._job.on_progress(message["fraction"], str(message["text"]))
            except (ValueError, KeyError, TypeError):
                continue  # a script may write into any descriptor; what is not an answer is none


class _Log(_Stream):
    """What the child prints: the first and the last half of the limit are kept, whatever comes between is counted."""

    def __init__(self, descriptor: int, file: Path, limit: int) -> None:
        super().__init__(descriptor)
        self._file = file
        self._half = limit // 2
        self._written = 0
        self._skipped = 0
        self._tail: deque[bytes] = deque()
        self._tail_size = 0

    def take(self, content: bytes) -> None:
        head = content[: max(self._half - self._written, 0)]
        if head:
            self._append(head)
        rest = content[len(head) :]
        if rest:
            self._tail.append(rest)
            self._tail_size += len(rest)
            while self._tail_size - len(self._tail[0]) >= self._half:
                self._skip(self._tail.popleft())

    def close(self) -> None:
        if self._tail_size > self._half:
            first = self._tail.popleft()
            surplus = self._tail_size - self._half
            self._tail.appendleft(first[surplus:])
            self._skipped += surplus
        if self._skipped:
            self._append(f"\n... {self._skipped:,} bytes were printed here that are not kept ...\n".encode())
        if self._tail:
            self._append(b"".join(self._tail))
        super().close()

    def _skip(self, piece: bytes) -> None:
        self._skipped += len(piece)
        self._tail_size -= len(piece)

    def _append(self, content: bytes) -> None:
        with contextlib.suppress(OSError):  # where the disk is full, what a node prints is what is lost
            self._file.parent.mkdir(parents=True, exist_ok=True)
            with open(self._file, "ab") as log:
                log.write(content)
        self._written += len(content)


def _classified(job: Job, code: int, limits: Limits) -> Answer:
    """What became of a child. Its answer decides; the code only explains why there is none."""
    if job.answer is not None and job.answer.outcome == "finished":
        return job.answer
    match job.killed_for:
        case "cancelled":
            return Answer("cancelled")
        case "timed out":
            return _failure(job, "timed out", f"it ran longer than {limits.seconds:g} s", "Raise the limit.")
        case "out of memory":
            return _failure(job, "out of memory", f"it used {_size(job.memory)}", "Use fewer rows or columns.")
        case _:
            pass
    if job.answer is not None:
        return job.answer
    if code >= 0:
        return _failure(job, "ended early", f"the process ended itself (exit code {code})", "Does it call exit()?")
    if code == -signal.SIGKILL and job.memory > limits.memory // 2:
        return _failure(job, "out of memory", f"it used {_size(job.memory)}", "Use fewer rows or columns.")
    return _failure(job, "crashed", f"the process was ended by {_signal(code)}", "The log may say why; run it again.")


def _failure(job: Job, outcome: str, found: str, remedy: str) -> Answer:
    error = DesignerError(found, remedy).at(node=job.task.node, module=job.task.title).to_json()
    return Answer(outcome, error={**error, "type": outcome.title().replace(" ", "")})


def _signal(code: int) -> str:
    try:
        return signal.Signals(-code).name
    except ValueError:
        return f"signal {-code}"


def _size(bytes_: int) -> str:
    return f"{bytes_ / 1024**3:.1f} GB of memory"


def _private_memory(pid: int) -> int:
    """Memory of a process that it does not share with files or its parent; 0 where it is gone."""
    try:
        found = psutil.Process(pid).memory_info()
    except psutil.Error:
        return 0
    return int(found.rss - getattr(found, "shared", 0))
