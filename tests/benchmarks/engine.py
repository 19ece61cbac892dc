"""The engine compared with a plain script for the same pipeline: first run, cached run, memory, cost per node."""

from __future__ import annotations

import pickle
import statistics
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable
from contextlib import suppress
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import psutil

from designer.contract.catalogue.library import Library
from designer.engine.local.backend import Local
from designer.engine.run import execute
from designer.export.python import export_python
from designer.pipeline.document import dumps
from designer.pipeline.graph import Edge, Node, Pipeline
from designer.samples.data import census
from designer.store.artifacts.tables import read_table, write_table
from designer.store.workspace import Workspace, open_workspace

ROWS = 50_000
ROUNDS = 3
SMALL_NODES = 100
Row = tuple[str, str, str]

COLD = """
import sys
from designer.engine.backends import begin_backend
begun = begin_backend()
from pathlib import Path
from designer.engine.run import execute
from designer.pipeline.document import loads
from designer.store.workspace import open_workspace
with begun() as backend:
    workspace = open_workspace(sys.argv[1])
    pipeline = loads(Path(sys.argv[2]).read_text())
    result = execute(pipeline, workspace.library(), workspace, force=sys.argv[3] == "force", backend=backend)
sys.exit(0 if result.ok else 1)
"""


def measure() -> list[Row]:
    """Name, value and target of every figure."""
    with tempfile.TemporaryDirectory(prefix="designer-bench-") as folder, open_workspace(folder) as workspace:
        library = workspace.library()
        workspace.datasets.register("census", census(ROWS, seed=1))
        return [*_against_plain(workspace, library), *_small_nodes(workspace, library), *_loading(Path(folder))]


def census_pipeline() -> Pipeline:
    """A typical pipeline of twelve nodes: prepare, split, two models, compare."""
    nodes = {
        "data": ("dataset", {"name": "census"}),
        "select": ("select-columns-in-dataset", {"columns": {"start": "all"}}),
        "clean": ("clean-missing-data", {"mode": "Remove entire row"}),
        "normalize": ("normalize-data", {}),
        "split": ("split-data", {"fraction": 0.7}),
        "boosted": ("two-class-boosted-decision-tree", {"total_number_of_trees_constructed": 100}),
        "forest": ("two-class-decision-forest", {"number_of_decision_trees": 30}),
        "train1": ("train-model", {"label_column": "income"}),
        "train2": ("train-model", {"label_column": "income"}),
        "score1": ("score-model", {}),
        "score2": ("score-model", {}),
        "evaluate": ("evaluate-model", {}),
    }
    wires = (
        ("data", "dataset", "select", "dataset"), ("select", "results_dataset", "clean", "dataset"),
        ("clean", "cleaned_dataset", "normalize", "dataset"), ("normalize", "transformed_dataset", "split", "dataset"),
        ("boosted", "untrained_model", "train1", "untrained_model"), ("split", "results_dataset1", "train1", "dataset"),
        ("forest", "untrained_model", "train2", "untrained_model"), ("split", "results_dataset1", "train2", "dataset"),
        ("train1", "trained_model", "score1", "trained_model"), ("split", "results_dataset2", "score1", "dataset"),
        ("train2", "trained_model", "score2", "trained_model"), ("split", "results_dataset2", "score2", "dataset"),
        ("score1", "scored_dataset", "evaluate", "scored_dataset"),
        ("score2", "scored_dataset", "evaluate", "scored_dataset_to_compare"),
    )  # fmt: skip
    made = {id: Node(id, module, 1, parameters) for id, (module, parameters) in nodes.items()}
    return Pipeline("Census", nodes=made, edges=tuple(Edge(*wire) for wire in wires))


def _against_plain(workspace: Workspace, library: Library) -> list[Row]:
    pipeline = census_pipeline()
    script = workspace.path / "plain" / "plain.py"
    first = execute(pipeline, library, workspace)
    if not first.ok:
        raise RuntimeError({id: node.error for id, node in first.nodes.items() if node.error})
    observed: dict[tuple[str, str], Any] = {
        (id, port): stored.schema
        for id, node in first.nodes.items()
        for port, stored in node.outputs.items()
        if stored.schema is not None
    }
    export_python(pipeline, library, workspace.sources(library), observed).write(script)
    document = workspace.path / "census.json"
    document.write_text(dumps(pipeline))
    cold = [sys.executable, "-c", COLD, str(workspace.path), str(document)]
    commands = {"plain": [sys.executable, str(script)], "cold": [*cold, "force"], "cold cached": [*cold, "reuse"]}
    times: dict[str, list[float]] = {}
    peaks: dict[str, list[float]] = {}
    with Local() as local:
        execute(Pipeline("warm", nodes={"data": pipeline.nodes["data"]}), library, workspace, force=True, backend=local)
        for _ in range(ROUNDS):  # interleaved, so that a busy moment affects all alike
            for name, command in commands.items():
                seconds, peak = _observed(command)
                times.setdefault(name, []).append(seconds)
                peaks.setdefault(name, []).append(peak)
            for name, force in (("warm", True), ("cached", False)):
                run = partial(execute, pipeline, library, workspace, force=force, backend=local)
                times.setdefault(name, []).append(_seconds(run))
    best = {name: min(values) for name, values in times.items()}
    memory = {name: statistics.median(values) / 1024**2 for name, values in peaks.items()}
    return [
        (f"plain script, 12 steps, {ROWS:,} rows", f"{best['plain']:.2f} s", ""),
        ("first run, warm engine / plain", f"{best['warm'] / best['plain']:.2f}", "<= 1.15"),
        ("first run, cold process / plain", f"{best['cold'] / best['plain']:.2f}", "<= 1.25"),
        ("cached re-run, warm engine / plain", f"{best['cached'] / best['plain']:.4f}", "<= 0.04"),
        ("cached re-run, cold process / plain", f"{best['cold cached'] / best['plain']:.3f}", ""),
        ("peak memory of plain script", f"{memory['plain']:.0f} MB", ""),
        ("peak memory of a cold run / plain", f"{memory['cold'] / memory['plain']:.2f}", ""),
    ]


def _small_nodes(workspace: Workspace, library: Library) -> list[Row]:
    """A hundred trivial steps, which measure the overhead of a node."""
    nodes = {"n0": Node("n0", "dataset", 1, {"name": "Iris"})}
    edges: list[Edge] = []
    for number in range(1, SMALL_NODES):
        nodes[f"n{number}"] = Node(f"n{number}", "split-data", 1, {"fraction": 0.5, "seed": number})
        port = "dataset" if number < 4 else "results_dataset1"
        edges.append(Edge(f"n{(number - 1) // 3}", port, f"n{number}", "dataset"))
    pipeline = Pipeline("Small", nodes=nodes, edges=tuple(edges))
    with Local() as local:
        execute(pipeline.subgraph(["n0"]), library, workspace, force=True, backend=local)
        first = _seconds(lambda: execute(pipeline, library, workspace, backend=local))
        cached, processor = [], []
        for _ in range(5):
            begun = time.process_time()
            cached.append(_seconds(lambda: execute(pipeline, library, workspace, backend=local)))
            processor.append(time.process_time() - begun)
        slots = local.slots
    return [
        (f"a node, {SMALL_NODES} in a row of threes", f"{first / SMALL_NODES * 1000:.0f} ms", "<= 40 ms"),
        (f"a node, time of one slot of {slots}", f"{first / SMALL_NODES * slots * 1000:.0f} ms", ""),
        (f"cached re-run of {SMALL_NODES} nodes", f"{min(cached) * 1000:.0f} ms", "<= 15 ms"),
        (f"cached re-run of {SMALL_NODES} nodes, processor", f"{min(processor) * 1000:.0f} ms", ""),
    ]


def _loading(folder: Path) -> list[Row]:
    """A table of 160 MB: memory-mapping it compared with unpickling it."""
    frame = pd.DataFrame(np.random.default_rng(0).normal(size=(1_000_000, 20)), columns=[f"c{n}" for n in range(20)])
    write_table(frame, folder / "table")
    (folder / "pickle").write_bytes(pickle.dumps(frame, protocol=5))
    mapped = min(_seconds(lambda: read_table(folder / "table")) for _ in range(5))
    pickled = min(_seconds(lambda: pickle.loads((folder / "pickle").read_bytes())) for _ in range(5))
    return [("reading 160 MB, mapped / unpickled", f"1 / {pickled / mapped:.0f}", "<= 1 / 20")]


def _observed(command: list[str]) -> tuple[float, float]:
    """Seconds of a command, and the peak memory of it and its children together, in bytes."""
    begun = time.perf_counter()
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    watch = _Watch(process.pid)
    watch.start()
    code = process.wait()
    seconds = time.perf_counter() - begun
    watch.done.set()
    watch.join()
    if code:
        raise RuntimeError(f"{command} ended with {code}")
    return seconds, watch.peak


def _seconds(work: Callable[[], object]) -> float:
    begun = time.perf_counter()
    work()
    return time.perf_counter() - begun


class _Watch(threading.Thread):
    """The peak memory of a process and its descendants together; shared pages count proportionally (PSS)."""

    def __init__(self, process: int) -> None:
        super().__init__(daemon=True)
        self.process = process
        self.done = threading.Event()
        self.peak = 0.0

    def run(self) -> None:
        while not self.done.wait(0.2):
            total = 0
            with suppress(psutil.Error):
                root = psutil.Process(self.process)
                for process in (root, *root.children(recursive=True)):
                    with suppress(psutil.Error):
                        total += process.memory_full_info().pss
            self.peak = max(self.peak, total)
