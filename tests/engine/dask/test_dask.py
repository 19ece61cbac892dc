"""Nodes on a real cluster: the same results and the same behaviour as on this computer, whatever breaks."""

from __future__ import annotations

import threading
import time
from pathlib import Path

import pandas as pd
import pytest

from designer.contract.catalogue.library import Library
from designer.engine.backend import Ended, Logged, Printed, Progressed, Started
from designer.engine.dask.client import Dask
from designer.engine.dask.refusals import ClusterUnreachable, EnvironmentDiffers
from designer.engine.events import Event, NodeChanged
from designer.engine.local.backend import Local
from designer.engine.run import RunResult, execute
from designer.samples.templates import template
from designer.store.workspace import Workspace, open_workspace
from tests.engine.conftest import chain, pipeline
from tests.engine.dask.cluster import Cluster, wait_until
from tests.engine.search.conftest import BAYESIAN, DATA, tuning
from tests.engine.test_backend import EventLog

NUMBERS = ("numbers", {})
LOOP = ("misbehave", {"how": "loop"})


def digests(result: RunResult) -> dict[tuple[str, str], str]:
    assert result.ok
    return {(id, port): stored.digest for id, node in result.nodes.items() for port, stored in node.outputs.items()}


@pytest.mark.parametrize("sample", ["wine-cultivars", "tumour-check", "bike-rentals"])
def test_a_sample_gives_the_digests_of_this_computer_and_is_reused_there(
    dask: Dask, workspace: Workspace, local: Local, tmp_path: Path, sample: str
) -> None:
    chosen = template(sample)
    assert chosen is not None
    library = workspace.library()
    there = execute(chosen.pipeline, library, workspace, backend=dask)
    with open_workspace(tmp_path / "here") as other:
        here = execute(chosen.pipeline, other.library(), other, backend=local)
    assert digests(there) == digests(here)
    again = execute(chosen.pipeline, library, workspace, backend=local)
    assert {node.state for node in again.nodes.values()} == {"reused"}


def test_a_search_stops_the_same_trials_as_on_this_computer(
    dask: Dask, workspace: Workspace, local: Local, tmp_path: Path
) -> None:
    policy = {"early_termination_policy": "Median stopping", "number_of_trials": 8, "at_once": 1}
    searched = tuning("cancer", "two-class-logistic-regression", **BAYESIAN, **policy)
    workspace.datasets.register("cancer", DATA["cancer"]())
    there = execute(searched, workspace.library(), workspace, backend=dask)
    with open_workspace(tmp_path / "here") as other:
        other.datasets.register("cancer", DATA["cancer"]())
        here = execute(searched, other.library(), other, backend=local)
    assert "stopped early" in here.nodes["tune"].explain
    assert there.nodes["tune"].explain == here.nodes["tune"].explain


def test_events_arrive_in_order_and_say_where_the_node_runs(dask: Dask, workspace: Workspace) -> None:
    log = EventLog()
    stored = workspace.put(pd.DataFrame({"n": [0.0, 1.0]})).to_json()
    dask.submit(
        log.job(workspace, "slow", "step", {"mode": "slow", "seconds": 0.3}, dataset=stored),
        log.job(workspace, "train", "train", {"epochs": 3}, dataset=stored),
    )
    assert log.outcomes("slow", "train") == ["finished", "finished"]
    first, *others = [event for event in log.events["slow"] if not isinstance(event, Printed)]
    assert isinstance(first, Started)
    assert first.place.startswith("worker w")
    assert isinstance(others[0], Progressed)
    assert isinstance(others[-1], Ended)
    steps = [event.step for event in log.events["train"] if isinstance(event, Logged) and event.name == "loss"]
    assert steps == sorted(steps, key=lambda step: step or 0)
    assert len(steps) == 3


def test_what_a_node_prints_and_why_it_failed_is_here(dask: Dask, workspace: Workspace, library: Library) -> None:
    result = execute(chain(NUMBERS, ("misbehave", {"how": "raise"})), library, workspace, backend=dask)
    assert result.nodes["b"].state == "failed"
    assert "ValueError: something is odd" in (result.nodes["b"].error or {})["message"]
    assert "do_raise" in workspace.log(result.run_id, "b")


def test_a_segfault_ends_one_node_and_the_worker_goes_on(dask: Dask, workspace: Workspace, library: Library) -> None:
    graph = pipeline(
        {"a": NUMBERS, "b": ("misbehave", {"how": "segfault"}), "c": ("step", {})},
        ("a", "dataset", "b", "dataset"), ("a", "dataset", "c", "dataset"),
    )  # fmt: skip
    result = execute(graph, library, workspace, backend=dask)
    assert {id: node.state for id, node in result.nodes.items()} == {"a": "finished", "b": "crashed", "c": "finished"}
    assert "SIGSEGV" in (result.nodes["b"].error or {})["message"]


def test_cancelled_loops_leave_no_process(dask: Dask, cluster: Cluster, workspace: Workspace, library: Library) -> None:
    running: set[str] = set()
    asked_at = 0.0

    def listen(event: Event) -> None:
        nonlocal asked_at
        if isinstance(event, NodeChanged) and event.result.state == "running" and event.result.node in "bc":
            running.add(event.result.node)
            if running == {"b", "c"}:
                wait_until(lambda: len(cluster.children()) == 2, 10)
                asked_at = time.monotonic()
                workspace.runs.request_cancel(event.run_id)

    graph = pipeline(
        {"a": NUMBERS, "b": LOOP, "c": LOOP}, ("a", "dataset", "b", "dataset"), ("a", "dataset", "c", "dataset")
    )
    assert execute(graph, library, workspace, on_event=listen, backend=dask).state == "cancelled"
    wait_until(lambda: cluster.children() == [], 5)
    assert time.monotonic() - asked_at < 5


def test_a_killed_task_ends_with_its_reason(dask: Dask, cluster: Cluster, workspace: Workspace) -> None:
    log = EventLog()
    stored = workspace.put(pd.DataFrame({"n": [0.0]})).to_json()
    loops = ["one", "two", "three"]
    dask.submit(*[log.job(workspace, id, *LOOP, dataset=stored) for id in loops])
    log.wait_for(Started, "one")
    dask.kill("three")
    dask.kill("one", "pruned")
    dask.kill("two", "timed out by whoever asked")
    assert log.outcomes(*loops) == ["pruned", "timed out by whoever asked", "cancelled"]
    assert dask.busy == 0
    wait_until(lambda: cluster.children() == [], 5)


def test_a_worker_with_other_versions_is_refused_by_name(
    cluster: Cluster, workspace: Workspace, tmp_path: Path
) -> None:
    fake = tmp_path / "other" / "scikit_learn-1.8.2.dist-info"
    fake.mkdir(parents=True)
    (fake / "METADATA").write_text("Metadata-Version: 2.1\nName: scikit-learn\nVersion: 1.8.2\n")
    with Dask(cluster.address, workspace.path) as connected:
        connected.start()
        cluster.add_worker("old", PYTHONPATH=str(fake.parent))
        cluster.wait_for_workers(3)
        log = EventLog()
        ids = [f"task {number}" for number in range(6)]
        connected.submit(*[log.job(workspace, id, "numbers", {}) for id in ids])  # it joined later: placed elsewhere
        assert log.outcomes(*ids) == ["finished"] * 6
        places = {event.place for id in ids for event in log.events[id] if isinstance(event, Started)}
        assert not any(place.startswith("worker old") for place in places)
    with (
        Dask(cluster.address, workspace.path) as late,
        pytest.raises(EnvironmentDiffers, match=r"worker old at \S+ has scikit-learn 1\.8\.2, not 1\.9\.1"),
    ):
        late.start()
    cluster.kill_worker("old")
    cluster.wait_for_workers(2)


def test_an_address_where_nothing_answers_is_refused(workspace: Workspace, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("designer.engine.dask.client.CONNECT_SECONDS", 1)
    with (
        Dask("tcp://127.0.0.1:9", workspace.path) as nobody,
        pytest.raises(ClusterUnreachable, match=r"the scheduler tcp://127\.0\.0\.1:9 cannot be reached"),
    ):
        nobody.start()


def test_a_worker_killed_midway_costs_its_node_a_second_start(
    dask: Dask, cluster: Cluster, workspace: Workspace, library: Library
) -> None:
    log = EventLog()
    stored = workspace.put(pd.DataFrame({"n": [0.0, 1.0]})).to_json()
    ids = ["one", "two"]
    dask.submit(*[log.job(workspace, id, "step", {"mode": "slow", "seconds": 3.0}, dataset=stored) for id in ids])
    log.wait_for(Started, *ids)
    (lost,) = [event.place for event in log.events["one"] if isinstance(event, Started)]
    cluster.kill_worker(lost.split()[1])
    assert log.outcomes(*ids) == ["finished", "finished"]
    starts = {id: sum(isinstance(event, Started) for event in log.events[id]) for id in ids}
    assert starts == {"one": 2, "two": 1}
    texts = [event.text for event in log.events["one"] if isinstance(event, Progressed)]
    assert f"started again: {lost} is gone" in texts
    ends = [
        event.answer.outputs["dataset"].digest for id in ids for event in log.events[id] if isinstance(event, Ended)
    ]
    assert len(set(ends)) == 1
    cluster.add_worker("w2")
    cluster.wait_for_workers(2)


def test_a_killed_scheduler_ends_the_nodes_in_words_and_leaves_no_process(
    dask: Dask, cluster: Cluster, workspace: Workspace, library: Library
) -> None:
    killed = threading.Event()

    def listen(event: Event) -> None:
        if isinstance(event, NodeChanged) and event.result.node == "b" and event.result.state == "running":
            cluster.scheduler.kill()
            killed.set()

    graph = chain(NUMBERS, LOOP, ("step", {}))
    result = execute(graph, library, workspace, on_event=listen, backend=dask)
    assert killed.is_set()
    assert {id: node.state for id, node in result.nodes.items()} == {"a": "finished", "b": "crashed", "c": "skipped"}
    message = (result.nodes["b"].error or {})["message"]
    assert f"the connection to the scheduler {cluster.address} was lost" in message
    wait_until(lambda: cluster.children() == [], 10)
    assert not dask.is_alive
