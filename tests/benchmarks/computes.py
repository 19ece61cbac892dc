"""Nodes on a Dask cluster of two worker processes, compared with the same nodes on this computer."""

from __future__ import annotations

import statistics
import tempfile
import threading
import time
from pathlib import Path

from designer.engine.backend import Backend
from designer.engine.dask.client import Dask
from designer.engine.events import Event, NodeChanged
from designer.engine.local.backend import Local
from designer.engine.run import execute
from designer.pipeline.graph import Edge, Node, Pipeline
from designer.samples.data import census
from designer.samples.templates import template
from designer.store.workspace import Workspace, open_workspace
from tests.engine.dask.cluster import Cluster, wait_until

SMALL_NODES = 100
PAIRS = 5
SAMPLE = "tumour-check"
LOOP = "while True: pass"
Row = tuple[str, str, str]


def measure() -> list[Row]:
    """Name, value and target of every figure."""
    with tempfile.TemporaryDirectory(prefix="designer-bench-") as name:
        folder = Path(name)
        with open_workspace(folder / "workspace") as workspace, Cluster(folder) as cluster, Local(slots=2) as local:
            for worker in ("w0", "w1"):
                cluster.add_worker(worker)
            cluster.wait_for_workers(2)
            workspace.datasets.register("census", census(1_000, seed=1))
            with Dask(cluster.address, workspace.path) as dask:
                return [*_compared(workspace, local, dask), _cancelled(workspace, dask, cluster)]


def _compared(workspace: Workspace, local: Backend, dask: Backend) -> list[Row]:
    sample = template(SAMPLE)
    assert sample is not None
    pipelines = {
        f"{SMALL_NODES} small nodes": (_small(), "<= 1.35"), f"sample {SAMPLE}": (sample.pipeline, "<= 1.30"),
    }  # fmt: skip
    rows = []
    for name, (pipeline, target) in pipelines.items():
        for backend in (local, dask):
            _seconds(pipeline, workspace, backend)
        pairs = [[_seconds(pipeline, workspace, backend) for backend in (local, dask)] for _ in range(PAIRS)]
        ratio = statistics.median(there / here for here, there in pairs)
        rows.append((f"{name}, cluster / this computer, median of {PAIRS}", f"{ratio:.2f}", target))
    return rows


def _seconds(pipeline: Pipeline, workspace: Workspace, backend: Backend) -> float:
    result = execute(pipeline, workspace.library(), workspace, force=True, backend=backend)
    assert result.ok, result
    return result.seconds


def _cancelled(workspace: Workspace, dask: Backend, cluster: Cluster) -> Row:
    """Cancel two endless loops; the time until none of their processes is left."""
    nodes = {"data": Node("data", "dataset", parameters={"name": "census"})}
    nodes |= {id: Node(id, "execute-python-script", parameters={"script": LOOP}) for id in ("one", "two")}
    edges = tuple(Edge("data", "dataset", id, "dataset1") for id in ("one", "two"))
    running: set[str] = set()
    stop = threading.Event()
    asked_at = 0.0

    def listen(event: Event) -> None:
        nonlocal asked_at
        if isinstance(event, NodeChanged) and event.result.state == "running":
            running.add(event.result.node)
            if {"one", "two"} <= running and not stop.is_set():
                asked_at = time.monotonic()
                stop.set()

    pipeline = Pipeline("loops", nodes=nodes, edges=edges)
    execute(pipeline, workspace.library(), workspace, on_event=listen, cancelled=stop.is_set, backend=dask)
    wait_until(lambda: cluster.children() == [], 30)
    return "cancel of two loops until no process is left", f"{time.monotonic() - asked_at:.2f} s", "<= 1 s"


def _small() -> Pipeline:
    """One dataset, and splits of it side by side."""
    nodes = {"data": Node("data", "dataset", parameters={"name": "census"})}
    nodes |= {f"n{i}": Node(f"n{i}", "split-data", parameters={"seed": i}) for i in range(SMALL_NODES - 1)}
    edges = tuple(Edge("data", "dataset", id, "dataset") for id in nodes if id != "data")
    return Pipeline("small", nodes=nodes, edges=edges)
