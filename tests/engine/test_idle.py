"""Engines that end by themselves, and the handover to `designer start`."""

from __future__ import annotations

import fcntl
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path

import pytest

from designer.engine.service.idle import START_LOCK, Idleness, engine_log, has_ended, start_engine, start_holds
from designer.pipeline.document import to_document
from designer.store.workspace import Workspace
from tests.engine.conftest import chain
from tests.engine.test_daemon import NUMBERS, is_running, wait_for
from tests.engine.test_daemon import has_ended as run_has_ended

Start = Callable[[float], int]


@pytest.fixture
def start(workspace: Workspace) -> Iterator[Start]:
    started: list[int] = []

    def begin(idle_seconds: float) -> int:
        started.append(start_engine(workspace.path, idle_seconds))
        return started[-1]

    yield begin
    for pid in started:
        with suppress(ProcessLookupError):
            os.kill(pid, signal.SIGTERM)
        wait_for(lambda pid=pid: has_ended(pid))


def exit_code(pid: int) -> int:
    return os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1])


def test_an_engine_runs_the_queue_and_ends_when_idle(workspace: Workspace, start: Start) -> None:
    run = workspace.runs.create(to_document(chain(NUMBERS)))
    pid = start(0.3)
    assert exit_code(pid) == 0, engine_log(workspace.path).read_text()
    assert workspace.runs.get(run.id).state == "finished"
    assert not workspace.engine_is_running()


def test_an_idle_engine_hands_over_to_a_designer_that_starts(workspace: Workspace, start: Start) -> None:
    first = start(600)
    running = workspace.runs.create(to_document(chain(NUMBERS, ("misbehave", {"how": "loop"}))))
    wait_for(is_running(workspace, running.id, "b"))
    with (workspace.path / START_LOCK).open("a+") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        assert start_holds(workspace.path)
        time.sleep(1.5)
        waiting = workspace.runs.create(to_document(chain(NUMBERS)))
        command = [sys.executable, "-m", "designer.engine.service.daemon", "--workspace", str(workspace.path)]
        second = subprocess.Popen(command)
        try:
            time.sleep(3)
            assert second.poll() is None, "it waits for the other engine"
            assert workspace.runs.get(waiting.id).state == "queued"
            workspace.runs.request_cancel(running.id)
            assert exit_code(first) == 0
            wait_for(run_has_ended(workspace, waiting.id))
            assert workspace.runs.get(waiting.id).state == "finished"
            assert workspace.engine_lock.read_text() == f"{second.pid}\n"
        finally:
            second.terminate()
            second.wait(timeout=60)
    assert not start_holds(workspace.path)


def test_a_second_engine_exits_with_code_3(workspace: Workspace, start: Start) -> None:
    start(600)
    wait_for(workspace.engine_is_running)
    assert exit_code(start(600)) == 3


def test_an_engine_is_not_idle_while_a_run_is_active(tmp_path: Path) -> None:
    idleness = Idleness(tmp_path, seconds=0.0)
    assert not idleness.is_over(is_busy=True)
    time.sleep(0.01)
    assert idleness.is_over(is_busy=False)
    assert not Idleness(tmp_path, seconds=60.0).is_over(is_busy=False)
