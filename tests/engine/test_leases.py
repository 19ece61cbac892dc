"""Nodes that share a process: none notices another, and what one does to the process ends with it."""

from __future__ import annotations

import os
import signal
import sys
import time
from collections.abc import Iterator
from itertools import count
from pathlib import Path

import psutil
import pytest

from designer.contract.catalogue.library import Library
from designer.engine.backend import Ended, Job, Limits, Printed, Started, Task, TaskEvent
from designer.engine.children.family import private_memory
from designer.engine.local.backend import Local
from designer.engine.local.lease import NODES
from designer.engine.run import execute
from designer.store.child_store import ChildStore
from designer.store.library import shared_modules
from designer.store.workspace import Workspace, open_workspace
from tests.engine.conftest import pipeline
from tests.engine.test_local import processes_named

MODULES = (Path(__file__).parent / "leased_modules.py.txt").read_text()
POINTS = "[designer.modules]\nprobes = probes\n"


@pytest.fixture(scope="module")
def shared(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Workspace]:
    """A workspace where a package with the module Probe is installed, and its modules are listed."""
    folder = tmp_path_factory.mktemp("installed")
    (folder / "probes").mkdir()
    (folder / "probes" / "__init__.py").write_text("")
    (folder / "probes" / "probe.py").write_text(MODULES)
    about = folder / "probes-1.dist-info"
    about.mkdir()
    (about / "entry_points.txt").write_text(POINTS)
    (about / "METADATA").write_text("Metadata-Version: 2.1\nName: probes\nVersion: 1\n")
    with pytest.MonkeyPatch.context() as patch:
        patch.syspath_prepend(folder)
        patch.setenv("PYTHONPATH", str(folder))
        with open_workspace(tmp_path_factory.mktemp("shared") / "workspace") as workspace:
            assert "probe" in shared_modules(workspace.path)
            yield workspace


class Runner:
    """Runs one probe after the other, in a local backend with one slot."""

    def __init__(self, workspace: Workspace, limits: Limits | None = None) -> None:
        self.workspace = workspace
        self.local = Local(slots=1, limits=limits)
        self.events: dict[str, list[TaskEvent]] = {}
        self._ids = (f"task {number}" for number in count())
        self.local.load(ChildStore.of(workspace), ["probe"])
        self.shares = "warming up"
        until = time.monotonic() + 120
        while self.outcome("warm") == "failed":
            assert time.monotonic() < until
            time.sleep(0.5)

    def submit(self, how: str, shares: str | None = None) -> str:
        id = next(self._ids)
        task = Task(id, "node", "Title", "probe", 1, {"how": how}, {}, shares=self.shares if shares is None else shares)
        self.events[id] = []
        self.local.submit(Job(task, ChildStore.of(self.workspace), self.events[id].append))
        return id

    def wait_for(self, kind: type, id: str) -> None:
        until = time.monotonic() + 60
        while not any(isinstance(event, kind) for event in self.events[id]):
            assert time.monotonic() < until
            time.sleep(0.005)

    def run(self, how: str, shares: str | None = None) -> str:
        id = self.submit(how, shares)
        self.wait_for(Ended, id)
        return id

    def answer(self, id: str):
        (end,) = [event for event in self.events[id] if isinstance(event, Ended)]
        return end.answer

    def outcome(self, how: str) -> str:
        return self.answer(self.run(how)).outcome

    def seen(self, id: str, column: str):
        return self.workspace.artifacts.get(self.answer(id).outputs["dataset"])[column][0]

    def pid(self, id: str) -> int:
        return int(self.seen(id, "pid"))

    def log(self, id: str) -> str:
        return b"".join(event.content for event in self.events[id] if isinstance(event, Printed)).decode()

    def children(self) -> list[psutil.Process]:
        assert self.local.server_pid is not None
        return psutil.Process(self.local.server_pid).children(recursive=True)


@pytest.fixture(scope="module")
def warm(shared: Workspace) -> Iterator[Runner]:
    runner = Runner(shared, Limits(memory_bytes=1024**3, seconds=8.0))
    with runner.local:
        yield runner


@pytest.fixture
def runner(warm: Runner, request: pytest.FixtureRequest) -> Runner:
    """Runs the probes of each test as those of a run of their own."""
    warm.shares = request.node.name
    return warm


def test_nodes_of_a_run_take_turns_in_a_process_and_others_have_their_own(runner: Runner) -> None:
    first, second = runner.pid(runner.run("look")), runner.pid(runner.run("look"))
    others = [runner.pid(runner.run("look", shares)) for shares in ("that of another run", "", "")]
    assert first == second
    assert len({first, *others}) == 4


def test_a_process_takes_a_limited_number_of_nodes(runner: Runner) -> None:
    pids = [runner.pid(runner.run("look")) for _ in range(2 * NODES + 1)]
    assert len(set(pids)) == 3
    assert pids == [pid for pid in dict.fromkeys(pids) for _ in range(pids.count(pid))]


@pytest.mark.parametrize(
    ("how", "outcome"),
    [
        ("segfault", "crashed"),
        ("exit", "ended early"),
        ("loop", "timed out"),
        ("allocate", "out of memory"),
        ("fail", "failed"),
    ],
)
def test_what_ends_the_third_node_of_a_process_is_told_of_it_alone(runner: Runner, how: str, outcome: str) -> None:
    before = [runner.run("look") for _ in range(2)]
    third = runner.run(how)
    after = [runner.run("look") for _ in range(2)]
    assert runner.answer(third).outcome == outcome
    assert [runner.answer(id).outcome for id in before + after] == ["finished"] * 4
    assert runner.pid(before[1]) not in (runner.pid(after[0]), runner.pid(after[1]))


def test_a_cancelled_node_ends_its_process_and_no_other_node(runner: Runner) -> None:
    pid = runner.pid(runner.run("look"))
    running, waiting = runner.submit("loop"), runner.submit("look")
    runner.wait_for(Started, running)
    begun = time.monotonic()
    runner.local.kill(running)
    runner.wait_for(Ended, running)
    assert time.monotonic() - begun < 2
    runner.wait_for(Ended, waiting)
    assert runner.answer(running).outcome == "cancelled"
    assert runner.pid(waiting) != pid
    assert not psutil.pid_exists(pid)


def test_what_a_node_changes_in_its_process_does_not_reach_the_next(runner: Runner) -> None:
    before = runner.run("look")
    changed = runner.run("change")
    after = runner.run("look")
    assert runner.pid(before) == runner.pid(changed) == runner.pid(after)
    assert runner.seen(changed, "state") != runner.seen(before, "state")
    assert runner.seen(after, "state") == runner.seen(before, "state")
    assert "a warning" in runner.log(before)
    assert "a warning" in runner.log(after)


def test_random_numbers_start_anew(runner: Runner) -> None:
    runner.run("change")
    first = runner.run("draw")
    runner.run("change")
    second = runner.run("draw")
    assert runner.pid(first) == runner.pid(second)
    drawn = [line.split()[1:] for id in (first, second) for line in runner.log(id).splitlines() if "drew" in line]
    assert len({*drawn[0], *drawn[1]}) == 4


@pytest.mark.parametrize(("how", "seconds"), [("leave", "4324"), ("leave_orphan", "4325")])
def test_a_process_left_behind_ends_with_its_node(runner: Runner, how: str, seconds: str) -> None:
    pid = runner.pid(runner.run("look"))
    assert runner.outcome(how) == "finished"
    assert processes_named("sleep", seconds) == []
    assert runner.pid(runner.run("look")) != pid


@pytest.mark.parametrize("how", ["leave_thread", "rest", "keep_much"])
def test_a_process_is_not_used_again_after_a_thread_a_long_node_or_much_memory(runner: Runner, how: str) -> None:
    pid = runner.pid(runner.run("look"))
    assert runner.outcome(how) == "finished"
    assert runner.pid(runner.run("look")) != pid


def test_memory_that_earlier_nodes_keep_does_not_count(shared: Workspace, runner: Runner) -> None:
    """Each node holds 96 MB beside those that the one before has left; the limit has room for one of the two."""
    kept = private_memory(runner.pid(runner.run("look")))
    small = Runner(shared, Limits(memory_bytes=kept + 150 * 1024**2))
    with small.local:
        held = [small.run("hold") for _ in range(3)]
        assert [small.answer(id).outcome for id in held] == ["finished"] * 3
        assert len({small.pid(id) for id in held}) == 1
        assert small.outcome("allocate") == "out of memory"


def test_a_process_that_ended_while_it_waited_costs_no_node(runner: Runner) -> None:
    pid = runner.pid(runner.run("look"))
    os.kill(pid, signal.SIGKILL)
    again = runner.run("look")
    assert runner.answer(again).outcome == "finished"
    assert runner.pid(again) != pid


def test_waiting_processes_take_no_slot_and_end_soon_after_a_run(runner: Runner) -> None:
    runner.run("look")
    assert len(runner.children()) == 1
    assert runner.local.busy == 0
    until = time.monotonic() + 2
    while runner.children() and time.monotonic() < until:
        time.sleep(0.05)
    assert runner.children() == []


@pytest.mark.parametrize("is_busy", [False, True])
def test_closing_ends_processes_that_wait_or_work(shared: Workspace, is_busy: bool) -> None:
    runner = Runner(shared)
    runner.run("look")
    if is_busy:
        runner.wait_for(Started, runner.submit("loop"))
    server, children = runner.local.server_pid, runner.children()
    assert len(children) == 1
    begun = time.monotonic()
    runner.local.close()
    assert time.monotonic() - begun < 4
    assert not any(psutil.pid_exists(pid) for pid in (server, *(child.pid for child in children)))


PID = '''
import os
from typing import Annotated
import pandas as pd
from designer.contract.module import Module
from designer.contract.values import Table
class Pid(Module, category="Test"):
    """The process it runs in."""
    def run(self, dataset: Table) -> Annotated[Table, "Dataset"]:
        return dataset.assign(pid=os.getpid())
'''


def test_a_module_of_the_user_never_shares(workspace: Workspace) -> None:
    (workspace.modules / "pid.py").write_text(PID)
    library = workspace.library()
    nodes = {"a": ("enter-data-manually", {"data": "a,b\n1,2\n"}), "b": ("remove-duplicate-rows", {"keys": ["a"]})}
    wires = [("a", "dataset"), ("b", "results_dataset"), ("c", "dataset")]
    edges = [(source, port, target, "dataset") for (source, port), target in zip(wires, "bcd", strict=True)]
    graph = pipeline(nodes | dict.fromkeys("cd", ("pid", {})), *edges)
    with Local(slots=1) as local:
        tasks: list[Task] = []
        submit = local.submit
        local.submit = lambda *jobs: (tasks.extend(job.task for job in jobs), submit(*jobs))[1]  # type: ignore[method-assign]
        done = execute(graph, library, workspace, backend=local)
    assert done.ok, [node.error for node in done.nodes.values()]
    assert [bool(task.shares) for task in tasks] == [True, True, False, False]
    pids = [int(done.value(workspace, library, node, "dataset")["pid"][0]) for node in "cd"]
    assert pids[0] != pids[1]


def test_an_installed_module_does_not_ship(shared: Workspace) -> None:
    library = Library.scan()
    assert "probe" in library
    assert not library.ships("probe")
    assert library.ships("split-data")
    assert sys.modules["probes.probe"] is not None
