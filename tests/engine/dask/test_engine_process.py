"""The engine process with a cluster: queued runs go there, and nothing is left of them when the engine is killed."""

from __future__ import annotations

import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from designer.engine.children.lifeline import environment
from designer.engine.placing import READS_HERE
from designer.pipeline.document import to_document
from designer.samples.templates import template
from designer.store.computes import ComputeOrder
from designer.store.history.submission import Submission
from designer.store.records import Run
from designer.store.workspace import Workspace
from tests.engine.conftest import chain
from tests.engine.dask.cluster import Cluster, wait_until

NUMBERS = ("numbers", {})


@pytest.fixture
def engine(workspace: Workspace) -> Iterator[subprocess.Popen[bytes]]:
    process = start(workspace.path)
    yield process
    process.kill()
    process.wait()


def start(folder: Path) -> subprocess.Popen[bytes]:
    return subprocess.Popen(
        [sys.executable, "-m", "designer.engine.service.daemon", "--workspace", str(folder)], env=environment()
    )


def ended(workspace: Workspace, run: Run) -> Run:
    wait_until(lambda: workspace.runs.get(run.id).state not in ("queued", "running"), 90)
    return workspace.runs.get(run.id)


def test_a_queued_sample_runs_on_its_compute_except_for_what_reads_files(
    workspace: Workspace, cluster: Cluster, engine: subprocess.Popen[bytes]
) -> None:
    workspace.computes.add("lab", ComputeOrder(address=cluster.address))
    sample = template("wine-cultivars")
    assert sample is not None
    graph = replace(sample.pipeline, compute="lab")
    run = ended(workspace, workspace.runs.create(to_document(graph)))
    rows = workspace.runs.nodes(run.id)
    assert run.state == "finished"
    here = {id: row for id, row in rows.items() if not row.compute}
    assert [row.module for row in here.values()] == ["dataset"]
    assert all(READS_HERE in row.reason and not row.place for row in here.values())
    assert all(row.place.startswith("worker w") for id, row in rows.items() if id not in here)


def test_an_engine_killed_during_a_cluster_run_leaves_no_child_and_its_results_are_reused(
    workspace: Workspace, cluster: Cluster, engine: subprocess.Popen[bytes]
) -> None:
    graph = chain(NUMBERS, ("misbehave", {"how": "loop"}))
    about = Submission(compute=cluster.address)
    run = workspace.runs.create(to_document(graph), submission=about)
    wait_until(lambda: _state(workspace, run, "b") == "running", 60)
    wait_until(lambda: len(cluster.children()) == 1, 10)
    engine.kill()
    engine.wait()
    wait_until(lambda: cluster.children() == [], 15)
    again = start(workspace.path)
    try:
        assert ended(workspace, run).state == "crashed"
        wait_until(lambda: workspace.runs.nodes(run.id)["b"].state == "crashed", 10)
        second = workspace.runs.create(to_document(graph), submission=about)
        wait_until(lambda: _state(workspace, second, "b") == "running", 60)
        assert _state(workspace, second, "a") == "reused"
        asked_at = time.monotonic()
        workspace.runs.request_cancel(second.id)
        assert ended(workspace, second).state == "cancelled"
        wait_until(lambda: cluster.children() == [], 10)
        assert time.monotonic() - asked_at < 10
    finally:
        again.kill()
        again.wait()


def _state(workspace: Workspace, run: Run, node: str) -> str:
    row = workspace.runs.node(run.id, node)
    return row.state if row else ""
