"""Keeps the processes of a workspace running: each for itself, started again after pauses that grow."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

from designer.engine.lifeline import environment
from designer.engine.processes import STOPPED_SECONDS, is_stopped

GRACE_SECONDS = 12.0
POLL_SECONDS = 0.1
MINUTE = 60.0
LONGEST_PAUSE = 30.0
LONGEST_PAUSE_ONCE_UP = 2.0
"""A process that was up has a fault that passes, or is killed by somebody: the page is back within seconds."""
HOPELESS_STARTS = 4
"""So often a process that the others are no use without is tried before the start is given up."""


@dataclass
class Process:
    """One supervised process: how to start it, how to see that it is up, and what became of it so far."""

    name: str
    arguments: list[str]
    is_up: Callable[[int], bool]
    """Whether the process of this id does its work."""
    without_it: str
    """What does not work while it is not running."""
    is_essential: bool = False
    running: subprocess.Popen[bytes] | None = None
    was_up: bool = False
    ends: list[float] = field(default_factory=list)
    due: float = 0.0
    stopped_since: float | None = None

    def start(self) -> None:
        """Start it, or start it again."""
        # A session of its own: Ctrl-C reaches the supervisor alone, which then stops the processes in order.
        self.running = subprocess.Popen(  # noqa: S603
            [sys.executable, "-m", *self.arguments], start_new_session=True, env=environment()
        )

    def stop(self) -> None:
        """Ask it to end; kill it after the grace period."""
        if self.running is None or self.running.poll() is not None:
            return
        self.running.terminate()
        self.running.send_signal(signal.SIGCONT)  # one that was stopped would not hear
        try:
            self.running.wait(GRACE_SECONDS)
        except subprocess.TimeoutExpired:
            self.running.kill()
            self.running.wait()

    def end_if_stopped(self, now: float) -> None:
        """Kill a process that has been stopped (SIGSTOP) for a while: it does nothing, and would look as if it ran."""
        assert self.running is not None
        self.stopped_since = (self.stopped_since or now) if is_stopped(self.running.pid) else None
        if self.stopped_since is not None and now - self.stopped_since >= STOPPED_SECONDS:
            _say(f"the {self.name} was stopped from outside and did not go on; it is ended.")
            self.running.kill()
            self.stopped_since = None

    @property
    def is_hopeless(self) -> bool:
        """Whether nothing is gained by trying again."""
        code = self.running.returncode if self.running else None
        return self.is_essential and not self.was_up and (code == os.EX_CONFIG or len(self.ends) >= HOPELESS_STARTS)


def supervise(processes: Sequence[Process], is_asked_to_end: Callable[[], bool]) -> int:
    """Keep the processes running until asked to end, or until an essential one cannot be started; the exit code."""
    try:
        while not is_asked_to_end():
            for process in processes:
                if _tend(process, time.monotonic()):
                    continue
                return (process.running.returncode if process.running else 0) or 1
            time.sleep(POLL_SECONDS)
        return 0
    finally:
        for process in reversed(processes):
            process.stop()


def pause(ends: int, *, was_up: bool) -> float:
    """Seconds until a process that ended so often within a minute is started again."""
    grown = 0.0 if ends <= 1 else 0.5 * 2.0 ** min(ends - 2, 10)
    return min(grown, LONGEST_PAUSE_ONCE_UP if was_up else LONGEST_PAUSE)


def _tend(process: Process, now: float) -> bool:
    """Start what is due and mark what has ended; False where the start is given up."""
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
        _say(f"the {process.name} cannot be started, so this start is given up. What stands above says why.")
        return False
    seconds = pause(len(process.ends), was_up=process.was_up)
    process.due, process.running = now + seconds, None
    _say(_told(process, code, seconds))
    process.arguments = [word for word in process.arguments if word != "--open"]
    return True


def _told(process: Process, code: int, seconds: float) -> str:
    again = "starting it again" if seconds == 0 else f"starting it again in {seconds:g} s"
    if process.was_up:
        return f"the {process.name} ended ({reason(code)}); {again}."
    return f"the {process.name} did not start ({reason(code)}); {process.without_it} meanwhile; {again}."


def reason(code: int) -> str:
    """The end of a process in words."""
    if code >= 0:
        return f"exit code {code}"
    try:
        return signal.Signals(-code).name
    except ValueError:
        return f"signal {-code}"


def _say(words: str) -> None:
    print(f"Designer: {words}", file=sys.stderr, flush=True)
