"""Children that die, loop, print, allocate and leave others behind: each is classified, none is left."""

from __future__ import annotations

import os
import signal
import time
from pathlib import Path

import psutil
import pytest

from designer.contract.library import Library
from designer.engine.events import Event, NodeChanged, NodeResult
from designer.engine.local import Limits, Local
from designer.engine.run import execute
from designer.store.workspace import Workspace
from tests.engine.conftest import chain

NUMBERS = ("numbers", {})


def misbehave(how: str, workspace: Workspace, library: Library, local: Local) -> NodeResult:
    return execute(chain(NUMBERS, ("misbehave", {"how": how})), library, workspace, local=local).nodes["b"]


def processes_named(*command: str) -> list[psutil.Process]:
    return [p for p in psutil.process_iter(["cmdline"]) if p.info["cmdline"] == list(command)]


@pytest.mark.parametrize(
    ("how", "state", "outcome", "words"),
    [
        ("raise", "failed", "failed", "ValueError: something is odd"),
        ("exit", "failed", "ended early", "ended itself"),
        ("os_exit", "failed", "ended early", "exit code 0"),
        ("kill", "crashed", "crashed", "SIGKILL"),
        ("segfault", "crashed", "crashed", "SIGSEGV"),
        ("abort", "crashed", "crashed", "SIGABRT"),
        ("ask_for_everything", "failed", "out of memory", "needs more memory"),
        ("allocate", "failed", "out of memory", "GB of memory"),
    ],
)
def test_end_of_a_child_is_called_what_it_is(
    workspace: Workspace, library: Library, local: Local, how: str, state: str, outcome: str, words: str
) -> None:
    result = misbehave(how, workspace, library, local)
    assert (result.state, result.outcome) == (state, outcome)
    assert result.error is not None
    assert words in result.error["message"]


def test_traceback_of_an_unexpected_error_is_in_the_log(workspace: Workspace, library: Library, local: Local) -> None:
    result = execute(chain(NUMBERS, ("misbehave", {"how": "raise"})), library, workspace, local=local)
    assert "do_raise" in workspace.log(result.run_id, "b")


def test_what_a_child_writes_to_the_engine_is_not_believed(
    workspace: Workspace, library: Library, local: Local
) -> None:
    result = misbehave("speak_out_of_turn", workspace, library, local)
    assert result.state == "finished"
    assert result.rows == 10


def test_endless_loop_ends_at_the_time_limit(workspace: Workspace, library: Library) -> None:
    with Local(slots=1, limits=Limits(seconds=1.0)) as impatient:
        result = misbehave("loop", workspace, library, impatient)
    assert (result.state, result.outcome) == ("failed", "timed out")
    assert result.error is not None
    assert "longer than 1 s" in result.error["message"]


def test_printing_without_end_keeps_head_and_tail_and_says_so(
    workspace: Workspace, library: Library, local: Local
) -> None:
    result = execute(chain(NUMBERS, ("misbehave", {"how": "print"})), library, workspace, local=local)
    assert result.nodes["b"].state == "finished"
    text = workspace.log(result.run_id, "b", 10_000_000)
    assert text.startswith("first line\n")
    assert text.endswith("last line\n")
    assert "bytes were printed here that are not kept" in text
    assert len(text) < 1_100_000


def test_processes_that_a_node_started_end_with_it(workspace: Workspace, library: Library, local: Local) -> None:
    def listen(event: Event) -> None:
        if isinstance(event, NodeChanged) and event.result.node == "b" and event.result.state == "running":
            until = time.monotonic() + 10
            while len(processes_named("sleep", "4321")) < 2 and time.monotonic() < until:
                time.sleep(0.05)
            assert len(processes_named("sleep", "4321")) == 2
            workspace.runs.request_cancel(event.run_id)

    graph = chain(NUMBERS, ("misbehave", {"how": "offspring"}))
    assert execute(graph, library, workspace, on_event=listen, local=local).state == "cancelled"
    assert processes_named("sleep", "4321") == []


def test_process_left_behind_in_a_session_of_its_own_ends_too(
    workspace: Workspace, library: Library, local: Local
) -> None:
    assert misbehave("leave", workspace, library, local).state == "finished"
    assert processes_named("sleep", "4322") == []


def test_death_of_the_fork_server_is_a_crash_not_a_wait(workspace: Workspace, library: Library) -> None:
    with Local(slots=2) as doomed:

        def listen(event: Event) -> None:
            if isinstance(event, NodeChanged) and event.result.node == "b" and event.result.state == "running":
                time.sleep(0.3)
                assert doomed.server_pid is not None
                os.kill(doomed.server_pid, signal.SIGKILL)

        graph = chain(NUMBERS, ("misbehave", {"how": "loop"}), ("step", {}))
        result = execute(graph, library, workspace, on_event=listen, local=doomed)
        assert {id: node.state for id, node in result.nodes.items()} == {
            "a": "finished",
            "b": "crashed",
            "c": "skipped",
        }
        assert not doomed.is_alive


def test_closing_ends_the_server_and_its_children(workspace: Workspace, library: Library) -> None:
    with Local(slots=1) as local:
        execute(chain(NUMBERS), library, workspace, local=local)
        pid = local.server_pid
        assert pid is not None
        assert psutil.pid_exists(pid)
    assert not psutil.pid_exists(pid)


def test_working_folders_are_gone_after_a_run(workspace: Workspace, library: Library, local: Local) -> None:
    execute(chain(NUMBERS, ("step", {})), library, workspace, local=local)
    assert list(workspace.scratch.iterdir()) == []


def test_children_see_no_secrets_of_ours(
    workspace: Workspace, library: Library, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("CLOUD_SECRET", "hush")
    with Local(slots=1) as local:
        execute(chain(NUMBERS), library, workspace, local=local)
        assert local.server_pid is not None
        assert "CLOUD_SECRET" not in psutil.Process(local.server_pid).environ()
