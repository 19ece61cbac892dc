"""What every backend does: reports the events of each job, classifies outcomes, kills jobs on request."""

from __future__ import annotations

import threading
from collections import defaultdict
from typing import Any

import pandas as pd
import pytest

from designer.contract.catalogue.library import Library
from designer.engine.backend import Backend, Ended, Job, Printed, Progressed, Started, Task, TaskEvent
from designer.engine.events import NodeResult
from designer.engine.run import execute
from designer.store.child_store import ChildStore
from designer.store.workspace import Workspace
from tests.engine.conftest import chain

NUMBERS = ("numbers", {})


class EventLog:
    """Records the events of jobs."""

    def __init__(self) -> None:
        self.events: dict[str, list[TaskEvent]] = defaultdict(list)
        self.news = threading.Condition()

    def job(self, workspace: Workspace, id: str, module: str, parameters: dict[str, Any], **inputs: Any) -> Job:
        task = Task(id, "node", "Title", module, 1, parameters, inputs)
        return Job(task, ChildStore.of(workspace), lambda event: self._record(id, event))

    def _record(self, id: str, event: TaskEvent) -> None:
        with self.news:
            self.events[id].append(event)
            self.news.notify_all()

    def wait_for(self, kind: type, *ids: str) -> None:
        with self.news:
            assert self.news.wait_for(lambda: all(any(isinstance(e, kind) for e in self.events[id]) for id in ids), 60)

    def outcomes(self, *ids: str) -> list[str]:
        """The outcomes; asserts that each job ended once, with no event after that."""
        self.wait_for(Ended, *ids)
        ends = [[event for event in self.events[id] if isinstance(event, Ended)] for id in ids]
        assert [len(each) for each in ends] == [1] * len(ids)
        assert all(isinstance(self.events[id][-1], Ended) for id in ids)
        return [end.answer.outcome for (end,) in ends]


def misbehave(how: str, workspace: Workspace, library: Library, backend: Backend) -> NodeResult:
    return execute(chain(NUMBERS, ("misbehave", {"how": how})), library, workspace, backend=backend).nodes["b"]


def test_every_job_sends_events_from_its_start_to_its_end(
    workspace: Workspace, library: Library, backend: Backend
) -> None:
    log = EventLog()
    table = library["numbers"](rows=3).run()
    stored = workspace.put(table).to_json()
    backend.load(ChildStore.of(workspace), ["numbers", "step"])
    backend.submit(
        log.job(workspace, "one", "numbers", {}),
        log.job(workspace, "two", "step", {"mode": "slow", "seconds": 0.3}, dataset=stored),
    )
    assert log.outcomes("one", "two") == ["finished", "finished"]
    kinds = [type(event) for event in log.events["two"] if not isinstance(event, Printed)]
    assert kinds[:2] == [Started, Progressed]
    (end,) = [event for event in log.events["two"] if isinstance(event, Ended)]
    output = workspace.artifacts.get(end.answer.outputs["dataset"])
    assert output["plus 1"].tolist() == [1.0, 2.0, 3.0]
    assert workspace.artifacts.blobs.is_intact(end.answer.outputs["dataset"].digest)


def test_what_is_killed_ends_with_the_reason_whether_it_ran_or_waited(workspace: Workspace, backend: Backend) -> None:
    log = EventLog()
    stored = {"dataset": workspace.put(pd.DataFrame({"n": [1.0]})).to_json()}
    loops = [f"loop {number}" for number in range(3)]
    backend.submit(*[log.job(workspace, id, "misbehave", {"how": "stubborn"}, **stored) for id in loops])
    assert backend.busy == 3
    log.wait_for(Started, loops[0])
    backend.kill(loops[2])
    backend.kill(loops[0], "pruned")
    backend.kill(loops[1], "timed out by whoever asked")
    backend.kill("nothing of that name")
    assert log.outcomes(*loops) == ["pruned", "timed out by whoever asked", "cancelled"]
    assert backend.busy == 0


def test_a_backend_reports_only_its_own_owner_as_alive(backend: Backend) -> None:
    assert backend.lives(backend.owner)
    assert not backend.lives("")
    assert not backend.lives("somebody else")


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
    ],
)
def test_the_way_a_child_ends_decides_state_and_message(
    workspace: Workspace, library: Library, backend: Backend, how: str, state: str, outcome: str, words: str
) -> None:
    result = misbehave(how, workspace, library, backend)
    assert (result.state, result.outcome) == (state, outcome)
    assert result.error is not None
    assert words in result.error["message"]


def test_traceback_of_an_unexpected_error_is_in_the_log(
    workspace: Workspace, library: Library, backend: Backend
) -> None:
    result = execute(chain(NUMBERS, ("misbehave", {"how": "raise"})), library, workspace, backend=backend)
    assert "do_raise" in workspace.log(result.run_id, "b")


def test_events_forged_by_a_child_are_ignored(workspace: Workspace, library: Library, backend: Backend) -> None:
    result = misbehave("speak_out_of_turn", workspace, library, backend)
    assert result.state == "finished"
    assert result.rows == 10
