"""The local backend: children that loop, print, allocate and spawn others; none of their processes survives.

`test_backend` and `test_run` cover what every backend does; this file covers the fork server, limits and processes.
"""

from __future__ import annotations

import os
import signal
import time
from pathlib import Path

import psutil
import pytest

from designer.contract.catalogue.library import Library
from designer.engine.backend import Limits
from designer.engine.events import Event, NodeChanged, NodeResult
from designer.engine.local.backend import Local
from designer.engine.run import execute
from designer.store.workspace import Workspace
from tests.engine.conftest import chain, pipeline

NUMBERS = ("numbers", {})


def misbehave(how: str, workspace: Workspace, library: Library, local: Local) -> NodeResult:
    return execute(chain(NUMBERS, ("misbehave", {"how": how})), library, workspace, backend=local).nodes["b"]


def processes_named(*command: str) -> list[psutil.Process]:
    return [p for p in psutil.process_iter(["cmdline"]) if p.info["cmdline"] == list(command)]


def test_a_child_that_takes_too_much_memory_is_ended(workspace: Workspace, library: Library, local: Local) -> None:
    result = misbehave("allocate", workspace, library, local)
    assert (result.state, result.outcome) == ("failed", "out of memory")
    assert result.error is not None
    assert "GB of memory" in result.error["message"]


def test_endless_loop_ends_at_the_time_limit(workspace: Workspace, library: Library) -> None:
    with Local(slots=1, limits=Limits(seconds=1.0)) as impatient:
        result = misbehave("loop", workspace, library, impatient)
    assert (result.state, result.outcome) == ("failed", "timed out")
    assert result.error is not None
    assert "longer than 1 s" in result.error["message"]


def test_an_endless_log_keeps_head_and_tail_with_a_note(workspace: Workspace, library: Library, local: Local) -> None:
    result = execute(chain(NUMBERS, ("misbehave", {"how": "print"})), library, workspace, backend=local)
    assert result.nodes["b"].state == "finished"
    text = workspace.log(result.run_id, "b", 10_000_000)
    assert text.startswith("first line\n")
    assert text.endswith("last line\n")
    assert "bytes of output are not kept" in text
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
    assert execute(graph, library, workspace, on_event=listen, backend=local).state == "cancelled"
    assert processes_named("sleep", "4321") == []


def test_process_left_behind_in_a_session_of_its_own_ends_too(
    workspace: Workspace, library: Library, local: Local
) -> None:
    assert misbehave("leave", workspace, library, local).state == "finished"
    assert processes_named("sleep", "4322") == []


def test_death_of_the_fork_server_crashes_the_running_node(workspace: Workspace, library: Library) -> None:
    with Local(slots=2) as doomed:

        def listen(event: Event) -> None:
            if isinstance(event, NodeChanged) and event.result.node == "b" and event.result.state == "running":
                time.sleep(0.3)
                assert doomed.server_pid is not None
                os.kill(doomed.server_pid, signal.SIGKILL)

        graph = chain(NUMBERS, ("misbehave", {"how": "loop"}), ("step", {}))
        result = execute(graph, library, workspace, on_event=listen, backend=doomed)
        assert {id: node.state for id, node in result.nodes.items()} == {
            "a": "finished",
            "b": "crashed",
            "c": "skipped",
        }
        assert not doomed.is_alive


def test_death_of_the_fork_server_ends_what_waits_for_a_slot_too(workspace: Workspace, library: Library) -> None:
    steps = {"a": NUMBERS, **dict.fromkeys("bcd", ("misbehave", {"how": "loop"}))}
    graph = pipeline(steps, *(("a", "dataset", id, "dataset") for id in "bcd"))
    with Local(slots=1) as doomed:

        def listen(event: Event) -> None:
            if isinstance(event, NodeChanged) and event.result.node in "bcd" and event.result.state == "running":
                assert doomed.server_pid is not None
                os.kill(doomed.server_pid, signal.SIGKILL)

        result = execute(graph, library, workspace, on_event=listen, backend=doomed)
        assert [result.nodes[id].state for id in "abcd"] == ["finished", "crashed", "crashed", "crashed"]
        late = execute(chain(NUMBERS), library, workspace, force=True, backend=doomed)
        assert late.nodes["a"].state == "crashed"


def test_a_stopped_node_is_ended_and_the_run_says_why(workspace: Workspace, library: Library, local: Local) -> None:
    def listen(event: Event) -> None:
        if isinstance(event, NodeChanged) and event.result.node == "b" and event.result.state == "running":
            assert local.server_pid is not None
            for child in psutil.Process(local.server_pid).children():
                child.suspend()

    graph = chain(NUMBERS, ("misbehave", {"how": "loop"}), ("step", {}))
    result = execute(graph, library, workspace, on_event=listen, backend=local)
    assert {id: node.state for id, node in result.nodes.items()} == {"a": "finished", "b": "crashed", "c": "skipped"}
    assert "was stopped from outside (SIGSTOP)" in (result.nodes["b"].error or {})["message"]
    assert execute(chain(NUMBERS, ("step", {})), library, workspace, backend=local).ok


def test_a_node_that_waits_for_a_stopped_process_of_its_own_is_ended_and_says_why(
    workspace: Workspace, library: Library, local: Local
) -> None:
    result = misbehave("wait_for_one_that_stands_still", workspace, library, local)
    assert (result.state, result.outcome) == ("crashed", "crashed")
    assert "a process that it started was stopped from outside (SIGSTOP)" in (result.error or {})["message"]
    assert processes_named("sleep", "4323") == []


def test_memory_of_what_a_node_started_counts_and_what_they_share_counts_once(
    workspace: Workspace, library: Library
) -> None:
    with Local(slots=1, limits=Limits(memory_bytes=1024**3)) as small:
        result = misbehave("allocate_elsewhere", workspace, library, small)  # three times 0.7 GB
        assert result.outcome == "out of memory"
        assert misbehave("share_what_it_has", workspace, library, small).state == "finished"  # 5 share the same 0.5 GB


@pytest.mark.parametrize("moment", ["before the run", "while a node runs"])
def test_a_stopped_fork_server_is_continued_and_no_job_is_lost(
    workspace: Workspace, library: Library, local: Local, moment: str, capfd: pytest.CaptureFixture[str]
) -> None:
    assert local.server_pid is not None
    server = psutil.Process(local.server_pid)

    def listen(event: Event) -> None:
        if isinstance(event, NodeChanged) and event.result.node == "a" and event.result.state == "running":
            server.suspend()

    if moment == "before the run":
        server.suspend()
    steps = chain(NUMBERS, ("step", {}), ("step", {}))
    result = execute(
        steps, library, workspace, on_event=None if moment == "before the run" else listen, force=True, backend=local
    )
    assert result.ok
    assert server.status() != psutil.STATUS_STOPPED
    assert "was stopped from outside; resuming it" in capfd.readouterr().err


def test_closing_ends_the_server_and_its_children(workspace: Workspace, library: Library) -> None:
    with Local(slots=1) as local:
        execute(chain(NUMBERS), library, workspace, backend=local)
        pid = local.server_pid
        assert pid is not None
        assert psutil.pid_exists(pid)
    assert not psutil.pid_exists(pid)


def test_working_folders_are_gone_after_a_run(workspace: Workspace, library: Library, local: Local) -> None:
    execute(chain(NUMBERS, ("step", {})), library, workspace, backend=local)
    assert list(workspace.scratch.iterdir()) == []


def test_children_do_not_inherit_secrets_from_the_environment(
    workspace: Workspace, library: Library, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("CLOUD_SECRET", "hush")
    with Local(slots=1) as local:
        execute(chain(NUMBERS), library, workspace, backend=local)
        assert local.server_pid is not None
        assert "CLOUD_SECRET" not in psutil.Process(local.server_pid).environ()
