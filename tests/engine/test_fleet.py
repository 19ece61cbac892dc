"""Where tasks go: by node, run, pipeline and default; and what happens where a compute cannot be reached."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import pandas as pd
import pytest

from designer.contract.catalogue.library import Library
from designer.contract.errors import DesignerError
from designer.engine.backend import Answer, Ended, Job, Started
from designer.engine.fleet import Fleet
from designer.engine.local.backend import Local
from designer.engine.placing import READS_HERE, Placing
from designer.engine.plan import plan
from designer.engine.run import execute
from designer.pipeline.document import from_document, to_document
from designer.pipeline.graph import Pipeline
from designer.store.computes import ComputeMissing, ComputeOrder
from designer.store.history.submission import Submission
from designer.store.records import Compute
from designer.store.workspace import Workspace
from tests.engine.conftest import chain
from tests.engine.test_backend import EventLog

NUMBERS = ("numbers", {})


class Elsewhere(Local):
    """A second backend, which says of its nodes that they run on another computer."""

    def __init__(self, compute: Compute) -> None:
        super().__init__(slots=1)
        self.address = compute.address
        self.ran: list[str] = []

    def submit(self, *jobs: Job) -> None:
        self.ran += [job.task.node for job in jobs]
        super().submit(*[replace(job, emit=self._placed(job)) for job in jobs])

    def _placed(self, job: Job) -> Any:
        return lambda event: job.emit(Started("worker w1 at there") if isinstance(event, Started) else event)


class Connections:
    """Connects computes, and remembers how often."""

    def __init__(self) -> None:
        self.made: list[Elsewhere] = []
        self.may_connect = threading.Event()
        self.may_connect.set()

    def __call__(self, compute: Compute) -> Elsewhere:
        self.may_connect.wait(30)
        if compute.address.endswith(":9"):
            raise DesignerError("the scheduler cannot be reached", "Start it.")
        self.made.append(Elsewhere(compute))
        return self.made[-1]


@pytest.fixture
def connections() -> Connections:
    return Connections()


@pytest.fixture
def fleet(workspace: Workspace, connections: Connections) -> Iterator[Fleet]:
    workspace.computes.add("lab", ComputeOrder(address="tcp://127.0.0.1:8786"))
    workspace.computes.add("gone", ComputeOrder(address="tcp://127.0.0.1:9"))
    with Fleet(Local(slots=1), workspace.computes.get, connections) as started:
        yield started


def on(graph: Pipeline, **computes: str) -> Pipeline:
    nodes = {id: replace(node, compute=computes.get(id, "")) for id, node in graph.nodes.items()}
    return replace(graph, nodes=nodes)


@pytest.mark.parametrize(
    ("node", "run", "pipeline", "default", "expected"),
    [
        ("", "", "", "", ""),
        ("", "", "", "lab", "lab"),
        ("", "", "a", "lab", "a"),
        ("", "b", "a", "lab", "b"),
        ("c", "b", "a", "lab", "c"),
        ("local", "b", "a", "lab", ""),
        ("", "local", "a", "lab", ""),
        ("", "", "local", "lab", ""),
    ],
)
def test_the_nearest_choice_wins(node: str, run: str, pipeline: str, default: str, expected: str) -> None:
    assert Placing(run, pipeline, default).of(node, reads_here=False).compute == expected


def test_what_reads_this_computer_stays_here_and_says_so_only_where_it_would_go_elsewhere() -> None:
    assert Placing("lab").of("", reads_here=True).reason == READS_HERE
    assert Placing("lab").of("", reads_here=True).compute == ""
    assert Placing().of("", reads_here=True).reason == ""


def test_documents_carry_a_compute_only_where_it_is_set() -> None:
    plain = chain(NUMBERS, ("step", {}))
    assert "compute" not in str(to_document(plain))
    placed = replace(on(plain, b="lab"), compute="farm")
    assert from_document(to_document(placed)) == placed


def test_one_node_elsewhere_is_recorded_there_and_another_choice_runs_nothing_again(
    workspace: Workspace, library: Library, fleet: Fleet, connections: Connections
) -> None:
    graph = chain(NUMBERS, ("step", {}))
    first = execute(on(graph, b="lab"), library, workspace, backend=fleet)
    assert first.ok
    assert [elsewhere.ran for elsewhere in connections.made] == [["b"]]
    rows = workspace.runs.nodes(first.run_id)
    assert {id: (row.compute, row.place) for id, row in rows.items()} == {
        "a": ("", ""), "b": ("lab", "worker w1 at there"),
    }  # fmt: skip
    assert "lab: worker w1 at there" in first.nodes["b"].line
    again = execute(on(graph, a="lab"), library, workspace, backend=fleet)
    assert {node.state for node in again.nodes.values()} == {"reused"}


def test_the_choice_of_a_run_outweighs_the_pipeline_and_is_recorded(
    workspace: Workspace, library: Library, fleet: Fleet, connections: Connections
) -> None:
    graph = replace(chain(NUMBERS, ("step", {})), compute="gone")
    result = execute(graph, library, workspace, backend=fleet, submission=Submission(compute="lab"))
    assert result.ok
    assert connections.made[0].ran == ["a", "b"]
    assert workspace.runs.get(result.run_id).compute == "lab"


def test_a_compute_that_cannot_be_reached_fails_its_nodes_by_name_and_no_others(
    workspace: Workspace, library: Library, fleet: Fleet
) -> None:
    result = execute(on(chain(NUMBERS, ("step", {}), ("step", {})), b="gone"), library, workspace, backend=fleet)
    assert [result.nodes[id].state for id in "abc"] == ["finished", "failed", "skipped"]
    assert "Step: the scheduler cannot be reached" in (result.nodes["b"].error or {})["message"]
    missing = execute(on(chain(NUMBERS), a="lob"), library, workspace, backend=fleet, force=True)
    assert "there is no compute 'lob'" in (missing.nodes["a"].error or {})["message"]
    assert "lab" in (missing.nodes["a"].error or {})["message"]


def test_the_plan_says_where_and_why(workspace: Workspace, library: Library, fleet: Fleet) -> None:
    graph = replace(chain(NUMBERS, ("step", {})), compute="lab")
    steps = plan(graph, library, lambda key: None).steps
    assert steps["a"].compute == "lab"
    assert steps["a"].reason == "runs for the first time; runs on lab"
    with pytest.raises(ComputeMissing, match="there is no compute 'nowhere'"):
        workspace.computes.require("nowhere")


def test_a_task_can_be_killed_while_its_compute_is_connected(
    workspace: Workspace, fleet: Fleet, connections: Connections
) -> None:
    log = EventLog()
    connections.may_connect.clear()
    stored = {"dataset": workspace.put(pd.DataFrame({"n": [1.0]})).to_json()}
    jobs = [log.job(workspace, id, "misbehave", {"how": "stubborn"}, **stored) for id in ("one", "two")]
    fleet.submit(*[replace(job, task=replace(job.task, compute="lab")) for job in jobs])
    fleet.kill("one", "pruned")
    assert log.outcomes("one") == ["pruned"]
    connections.may_connect.set()
    log.wait_for(Started, "two")
    fleet.kill("two")
    assert log.outcomes("two") == ["cancelled"]
    assert fleet.busy == 0


def test_a_lost_compute_and_one_with_another_address_are_connected_anew(
    workspace: Workspace, library: Library, fleet: Fleet, connections: Connections
) -> None:
    graph = on(chain(NUMBERS), a="lab")
    assert execute(graph, library, workspace, backend=fleet).ok
    connections.made[0].close()
    assert execute(graph, library, workspace, backend=fleet, force=True).ok
    assert execute(graph, library, workspace, backend=fleet, force=True).ok
    assert len(connections.made) == 2
    workspace.computes.add("lab", ComputeOrder(address="tcp://127.0.0.1:8787"), replace=True)
    assert execute(graph, library, workspace, backend=fleet, force=True).ok
    assert [each.address[-4:] for each in connections.made] == ["8786", "8786", "8787"]


def test_close_ends_what_waits(workspace: Workspace, connections: Connections) -> None:
    log = EventLog()
    connections.may_connect.clear()
    workspace.computes.add("lab", ComputeOrder(address="tcp://127.0.0.1:8786"))
    with Fleet(Local(slots=1), workspace.computes.get, connections) as fleet:
        job = log.job(workspace, "one", "numbers", {})
        fleet.submit(replace(job, task=replace(job.task, compute="lab")))
    connections.may_connect.set()
    assert log.outcomes("one") == ["cancelled"]
    assert isinstance(log.events["one"][-1], Ended)
    assert isinstance(log.events["one"][-1].answer, Answer)
