"""The test of a compute, and worker processes that come and go with demand."""

from __future__ import annotations

import os
from contextlib import suppress
from pathlib import Path
from typing import Any

import psutil
import pytest

from designer.contract.catalogue.library import Library
from designer.engine.dask import proof
from designer.engine.dask.elastic import Elastic
from designer.engine.dask.opening import open_dask
from designer.engine.dask.proving import STEPS, prove_apart
from designer.engine.local.backend import Local
from designer.engine.run import execute
from designer.store.computes import ComputeOrder
from designer.store.workspace import Workspace
from tests.engine.conftest import chain
from tests.engine.dask.cluster import Cluster, command, descendants, wait_until

LOOPBACK = {"127.0.0.1", "::1"}
NUMBERS = ("numbers", {})


def titles(steps: list[dict[str, Any]]) -> dict[str, bool]:
    return {step["title"]: not step["problem"] for step in steps}


def test_a_good_cluster_passes_every_step(
    workspace: Workspace, cluster: Cluster, monkeypatch: pytest.MonkeyPatch
) -> None:
    heard: list[dict[str, Any]] = []
    compute = ComputeOrder(address=cluster.address).row("lab")
    steps = prove_apart(workspace.path, compute, heard.append)
    problems = [step["problem"] for step in steps if step["problem"] and "process ended only" not in step["problem"]]
    assert problems == []  # how fast a process ends depends on what else runs on the computer of the test
    assert heard == steps
    assert len(steps) == STEPS
    found = {step["title"]: step["found"] for step in steps}
    assert found["Each worker answers"].startswith("2 workers at ")
    assert "2 digests of Split Data are equal" in found["A step gives the same result as here"]
    assert cluster.children() == []
    assert list(workspace.path.glob("token-*")) == []


def test_another_result_and_another_folder_are_found(
    workspace: Workspace,
    library: Library,
    local: Local,
    cluster: Cluster,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    compute = ComputeOrder(address=cluster.address).row("lab")
    monkeypatch.setattr(proof._Test, "_digests", lambda self, backend, task: [type(backend).__name__])
    with open_dask(compute, workspace.path) as dask:
        last = list(proof.prove(dask, local, workspace, library))[-1]
    assert last.title == "A step gives the same result as here"
    assert "gives another result there than here" in last.problem
    with open_dask(compute, tmp_path) as dask:
        monkeypatch.setattr("designer.engine.dask.client.introduce", blind)
        last = list(proof.prove(dask, local, workspace, library))[-1]
    assert "does not see the folder of the workspace. Mount the folder there" in last.problem


def blind(file: str, dask_worker: Any) -> dict[str, Any]:
    from designer.engine.dask.introduction import introduce

    return introduce("", dask_worker)


def test_worker_processes_come_with_the_first_node_and_go_when_idle(workspace: Workspace, library: Library) -> None:
    compute = ComputeOrder(minimum=0, maximum=2, idle_seconds=2.0).row("small")
    with Elastic(compute, workspace.path) as elastic:
        elastic.start()
        assert workers() == []
        result = execute(chain(NUMBERS, ("step", {})), library, workspace, backend=elastic)
        assert result.ok
        assert result.nodes["b"].place.startswith("worker ")
        assert 1 <= len(workers()) <= 2
        assert open_addresses() - LOOPBACK == set()
        wait_until(lambda: workers() == [], 30)
        again = execute(chain(NUMBERS, ("step", {"add": 2.0})), library, workspace, backend=elastic)
        assert again.nodes["b"].state == "finished"
    wait_until(lambda: workers() == [] and not _clusters(), 10)


def workers() -> list[psutil.Process]:
    """The fork servers of worker processes: one for each worker."""
    below = [each for cluster in _clusters() for each in descendants(cluster.pid)]
    return [each for each in below if "designer.engine.local.forkserver" in command(each)]


def open_addresses() -> set[str]:
    """The addresses at which the processes of the cluster listen."""
    family = [each for cluster in _clusters() for each in (cluster, *descendants(cluster.pid))]
    listening: set[str] = set()
    for process in family:
        with suppress(psutil.Error):
            found = process.net_connections(kind="inet")
            listening |= {each.laddr.ip for each in found if each.status == psutil.CONN_LISTEN}
    assert listening
    return listening


def _clusters() -> list[psutil.Process]:
    mine = psutil.Process(os.getpid()).children(recursive=True)
    return [each for each in mine if "designer.engine.dask.elastic" in command(each)]
