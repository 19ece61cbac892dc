"""Supervise the processes of a workspace: restart each one that ends, with growing delays."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

from designer.engine.children.lifeline import environment
from designer.engine.children.processes import STOPPED_SECONDS, is_stopped

GRACE_SECONDS = 12.0
POLL_SECONDS = 0.1
MINUTE = 60.0
LONGEST_PAUSE = 30.0
LONGEST_PAUSE_ONCE_UP = 2.0
"""Shorter for a process that was up: its fault is transient or it was killed, so the page is back within seconds."""
HOPELESS_STARTS = 4
"""The number of failed starts of an essential process before the supervisor gives up."""


@dataclass
class Process:
    """A supervised process: how to start it, how to check that it is up, and its state."""

    name: str
    arguments: list[str]
    is_up: Callable[[int], bool]
    """Whether the process with this PID is working."""
    consequence: str
    """The consequence for the user while it is not running."""
    is_essential: bool = False
    running: subprocess.Popen[bytes] | None = None
    was_up: bool = False
    ends: list[float] = field(default_factory=list)
    due: float = 0.0
    stopped_since: float | None = None

    def start(self) -> None:
        """Start or restart it."""
        # A session of its own, so that Ctrl-C reaches only the supervisor, which then stops the processes in order.
        self.running = subprocess.Popen(  # noqa: S603
            [sys.executable, "-m", *self.arguments], start_new_session=True, env=environment()
        )

    def stop(self) -> None:
        """Terminate it; kill it after the grace period."""
        if self.running is None or self.running.poll() is not None:
            return
        self.running.terminate()
        self.running.send_signal(signal.SIGCONT)  # a stopped process handles no SIGTERM
        try:
            self.running.wait(GRACE_SECONDS)
        except subprocess.TimeoutExpired:
            self.running.kill()
            self.running.wait()

    def end_if_stopped(self, now: float) -> None:
        """Kill a process that has been stopped (SIGSTOP) for too long: it does nothing but counts as running."""
        assert self.running is not None
        self.stopped_since = (self.stopped_since or now) if is_stopped(self.running.pid) else None
        if self.stopped_since is not None and now - self.stopped_since >= STOPPED_SECONDS:
            _print(f"the {self.name} was stopped from outside (SIGSTOP) and not continued; it is killed.")
            self.running.kill()
            self.stopped_since = None

    @property
    def is_hopeless(self) -> bool:
        """Whether another start would be pointless."""
        code = self.running.returncode if self.running else None
        return self.is_essential and not self.was_up and (code == os.EX_CONFIG or len(self.ends) >= HOPELESS_STARTS)


def supervise(processes: Sequence[Process], is_stopping: Callable[[], bool]) -> int:
    """Keep the processes running until told to stop, or until an essential one cannot be started; the exit code."""
    try:
        while not is_stopping():
            for process in processes:
                if _update(process, time.monotonic()):
                    continue
                return (process.running.returncode if process.running else 0) or 1
            time.sleep(POLL_SECONDS)
        return 0
    finally:
        for process in reversed(processes):
            process.stop()


def pause(ends: int, *, was_up: bool) -> float:
    """Seconds until the restart of a process, by the number of its ends within a minute."""
    delay = 0.0 if ends <= 1 else 0.5 * 2.0 ** min(ends - 2, 10)
    return min(delay, LONGEST_PAUSE_ONCE_UP if was_up else LONGEST_PAUSE)


def _update(process: Process, now: float) -> bool:
    """Start the process if it is due, and record its end; False to give up."""
    if process.running is None:
        if now >= process.due:
            process.start()
        return True
    code = process.running.poll()
    if code is None:
        process.was_up = process.was_up or process.is_up(process.running.pid)
        process.end_if_stopped(now)
        return True
    process.ends = [moment for moment in process.ends if moment > now - MINUTE or not process.was_up] + [now]
    if process.is_hopeless:
        _print(f"the {process.name} cannot be started; giving up. See the messages above.")
        return False
    seconds = pause(len(process.ends), was_up=process.was_up)
    process.due, process.running = now + seconds, None
    _print(_restart_message(process, code, seconds))
    process.arguments = [word for word in process.arguments if word != "--open"]
    return True


def _restart_message(process: Process, code: int, seconds: float) -> str:
    restart = "restarting" if seconds == 0 else f"restarting in {seconds:g} s"
    if process.was_up:
        return f"the {process.name} ended ({reason(code)}); {restart}."
    return f"the {process.name} did not start ({reason(code)}); {process.consequence} meanwhile; {restart}."


def reason(code: int) -> str:
    """Describe an exit code."""
    if code >= 0:
        return f"exit code {code}"
    try:
        return signal.Signals(-code).name
    except ValueError:
        return f"signal {-code}"


def _print(words: str) -> None:
    print(f"Designer: {words}", file=sys.stderr, flush=True)
