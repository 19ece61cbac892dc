"""A process with pandas and scikit-learn loaded that forks children, each for one node or several (`lease`).

Started by `launch`, as `python -m designer.engine.local.forkserver DESCRIPTOR`. Keep the imports of this file light,
so that it can be started first. As the children's parent, the process alone kills and reaps them, so no PID is reused
between the two. It is a subreaper (`PR_SET_CHILD_SUBREAPER`): it adopts grandchildren that left their session. When
its engine is gone, it kills everything below it and exits.
"""

from __future__ import annotations

import contextlib
import gc
import os
import selectors
import signal
import socket
import subprocess
import sys
from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, NoReturn

from designer.engine.children.child import Messages, packed
from designer.engine.children.family import children_of
from designer.engine.children.lifeline import adopt_orphans, signal_at_end_of_parent

if TYPE_CHECKING:
    from designer.engine.local.loading import Loader

_INHERITED = (
    "PATH", "HOME", "LANG", "LC_ALL", "TZ", "TMPDIR", "PYTHONPATH", "LD_LIBRARY_PATH", "VIRTUAL_ENV", "USER",
)  # fmt: skip


@dataclass(frozen=True)
class Launched:
    """A started fork server and the engine's end of the connection to it."""

    process: subprocess.Popen[bytes]
    connection: socket.socket


def launch() -> Launched:
    """Start a fork server without blocking. It loads its libraries for a second or two."""
    connection, server_end = socket.socketpair()
    with server_end:
        process = subprocess.Popen(  # noqa: S603
            [sys.executable, "-m", "designer.engine.local.forkserver", str(server_end.fileno())],
            pass_fds=[server_end.fileno()],
            env=_environment(),
            stdin=subprocess.DEVNULL,
            start_new_session=True,
        )
    return Launched(process, connection)


@dataclass(frozen=True)
class Start:
    """A requested child: its name, the work of its first node, and the descriptors for its answers and its output.

    `lease` is the descriptor over which it gets further work; None for a child that takes one node.
    """

    child: str
    work: dict[str, Any]
    answers: int
    log: int
    lease: int | None = None

    def close(self) -> None:
        """Close the descriptors."""
        for descriptor in (self.answers, self.log, self.lease):
            if descriptor is not None:
                os.close(descriptor)


class Server:
    """The event loop: starts and kills children for the engine, and reports how each ended."""

    def __init__(self, connection: socket.socket, loader: Loader) -> None:
        self._connection = connection
        self._loader = loader
        self._children: dict[int, str] = {}
        self._messages = Messages()
        self._descriptors: list[int] = []
        self._starts: list[Start] = []

    def serve(self) -> None:
        """Serve until the engine closes its end."""
        reader, writer = os.pipe()
        os.set_blocking(reader, False)
        os.set_blocking(writer, False)
        signal.set_wakeup_fd(writer, warn_on_full_buffer=False)
        signal.signal(signal.SIGCHLD, lambda *_: None)
        selector = selectors.DefaultSelector()
        selector.register(self._connection, selectors.EVENT_READ)
        selector.register(reader, selectors.EVENT_READ)
        while True:
            for key, _ in selector.select(0 if self._has_work else None):
                if key.fileobj is self._connection and not self._listen():
                    self._end()
                    return
            with contextlib.suppress(BlockingIOError):
                os.read(reader, 4096)
            self._reap()
            self._work()

    @property
    def _has_work(self) -> bool:
        return bool(self._starts) or self._loader.has_more(idle=not self._children)

    def _work(self) -> None:
        """Start the children whose libraries are loaded, then load one portion of what is missing."""
        for start in [start for start in self._starts if self._loader.is_ready_for(start.work)]:
            self._starts.remove(start)
            self._start(start)
        if self._starts:
            self._loader.load_for(self._starts[0].work)
        elif self._loader.has_more(idle=not self._children):
            self._loader.load_next()

    def _listen(self) -> bool:
        content, descriptors, _, _ = socket.recv_fds(self._connection, 1 << 20, 16)
        self._descriptors += descriptors
        for message in self._messages.feed(content):
            if "start" in message:
                count = 3 if message["is_leased"] else 2
                received, self._descriptors = self._descriptors[:count], self._descriptors[count:]
                self._starts.append(Start(message["start"], message["work"], *received))
            elif "kill" in message:
                self._kill(message["kill"])
            elif "load" in message:
                self._loader.request(message["store"], message["load"])
        return bool(content)

    def _start(self, start: Start) -> None:
        work = self._loader.ready(start.work, start.answers, start.lease)
        gc.freeze()  # keeps loaded objects out of the children's collections
        pid = os.fork()
        if pid == 0:
            gc.enable()
            self._connection.close()
            for later in self._starts:
                later.close()
            become_child(work, start.log)
        start.close()
        self._children[pid] = start.child
        send(self._connection, {"started": start.child, "pid": pid})

    def _kill(self, child: str) -> None:
        for pid, started in self._children.items():
            if started == child:
                _kill_group(pid)
        for start in [start for start in self._starts if start.child == child]:
            self._starts.remove(start)
            start.close()
            send(self._connection, {"ended": child, "code": -signal.SIGKILL})

    def _reap(self) -> None:
        """Reap exited children. Kill their groups first, before their PIDs can be reused."""
        while (pid := _ended_child()) is not None:
            child = self._children.pop(pid, None)
            if child is not None:
                _kill_group(pid)
            _, status = os.waitpid(pid, 0)
            if child is not None:
                self._kill_orphans()
                send(self._connection, {"ended": child, "code": os.waitstatus_to_exitcode(status)})

    def _kill_orphans(self) -> None:
        """Kill adopted processes: those that a script started and left behind."""
        for _ in range(100):
            orphans = [pid for pid in children_of(os.getpid()) if pid not in self._children]
            if not orphans:
                return
            for pid in orphans:
                with contextlib.suppress(ProcessLookupError, ChildProcessError):
                    os.kill(pid, signal.SIGKILL)
                    os.waitpid(pid, 0)

    def _end(self) -> None:
        for pid in list(self._children):
            _kill_group(pid)
            with contextlib.suppress(ChildProcessError):
                os.waitpid(pid, 0)
        self._children.clear()
        self._kill_orphans()


def send(connection: socket.socket, message: dict[str, Any], descriptors: tuple[int, ...] = ()) -> None:
    """Send a message; file descriptors are attached to its first byte."""
    packet = packed(message)
    sent = socket.send_fds(connection, [packet], list(descriptors)) if descriptors else 0
    connection.sendall(packet[sent:])


def become_child(work: Callable[[], int], log: int) -> NoReturn:
    """In a forked child: start a new session, redirect output to the log, do the work, and always exit."""
    code = 70
    try:
        parent = os.getppid()
        os.setsid()
        signal.set_wakeup_fd(-1)
        for number in (signal.SIGCHLD, signal.SIGINT, signal.SIGTERM):
            signal.signal(number, signal.SIG_DFL)
        signal_at_end_of_parent(signal.SIGKILL)
        if os.getppid() != parent:
            os._exit(code)
        os.dup2(log, 1)
        os.dup2(log, 2)
        os.close(log)
        code = work()
    finally:
        # Skip interpreter shutdown: libraries abort there, and scripts leave threads behind.
        with contextlib.suppress(BaseException):
            sys.stdout.flush()
            sys.stderr.flush()
        os._exit(code)


def _ended_child() -> int | None:
    try:
        status = os.waitid(os.P_ALL, 0, os.WEXITED | os.WNOHANG | os.WNOWAIT)
    except ChildProcessError:
        return None
    return status.si_pid if status else None


def _kill_group(pid: int) -> None:
    with contextlib.suppress(ProcessLookupError, PermissionError):
        os.killpg(pid, signal.SIGKILL)
    with contextlib.suppress(ProcessLookupError):
        os.kill(pid, signal.SIGKILL)


def _environment() -> dict[str, str]:
    """The children's environment: no secrets, one thread for numerical libraries, a fixed hash seed."""
    inherited = {name: os.environ[name] for name in _INHERITED if name in os.environ}
    threads = dict.fromkeys(("OPENBLAS_NUM_THREADS", "OMP_NUM_THREADS", "MKL_NUM_THREADS"), "1")
    # Spinning threads take cores from working ones. Two fits of boosted trees with two threads each on two cores take
    # up to 97 s by default and 1.5 s with this short spin, which slows a single fit by a twentieth. OpenBLAS threads
    # spin for 2^26 cycles by default, longer than most nodes take.
    spinning = {"GOMP_SPINCOUNT": "1000", "OPENBLAS_THREAD_TIMEOUT": "18"}
    return {**inherited, **threads, **spinning, "PYTHONHASHSEED": "0"}


def main() -> None:
    """Serve the engine at the other end of the descriptor."""
    gc.disable()  # imports create little garbage but many objects to scan
    connection = socket.socket(fileno=int(sys.argv[1]))
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # the engine handles Ctrl-C and cancels in order
    signal_at_end_of_parent(signal.SIGCONT)  # a stopped server resumes, finds its engine gone, and exits
    adopt_orphans()
    from designer.engine.local.loading import Loader

    with contextlib.suppress(BrokenPipeError, ConnectionResetError):  # the engine may exit while this process starts
        Server(connection, Loader()).serve()


if __name__ == "__main__":
    main()
