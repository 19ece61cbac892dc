"""Every module gives the same outputs in another process, with another thread count or hash seed, and in parallel."""

from __future__ import annotations

import json
import os
import pickle
import subprocess
import sys
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest

from designer.contract.catalogue.library import Library
from designer.contract.values import Transformation
from designer.engine.backend import Job
from designer.engine.local.backend import Local
from designer.engine.run import execute
from designer.inference.results import outputs_of
from designer.pipeline.graph import Edge, Node, Pipeline
from designer.store.workspace import open_workspace
from tests.minimal import WITHOUT_PIPELINE, minimal_pipeline, tables
from tests.trained import pipeline_of, trained

ROOT = Path(__file__).parents[1]
LIBRARY = Library.scan()
MODULES = sorted(set(LIBRARY.modules) - WITHOUT_PIPELINE)
ROWS = 300
ROUNDING = 1e-9
"""Tolerance for sums that several threads add up in a different order."""


def run_all(folder: Path) -> dict[str, list[Any]]:
    """The tables and metrics produced by the smallest pipeline of each module."""
    library = Library.scan()
    (folder / "prices.csv").write_text("work,price\nState,1.5\nSelf,2\n")
    results: dict[str, list[Any]] = {}
    with open_workspace(folder / "workspace") as workspace:
        for name, table in tables(ROWS).items():
            workspace.datasets.register(name, table)
        for id in MODULES:
            pipeline = minimal_pipeline(library[id], folder / "prices.csv")
            outputs = trained(pipeline, workspace, library).outputs
            values = {outlet: workspace.value(stored, library) for outlet, stored in sorted(outputs.items())}
            results[id] = [value for value in values.values() if isinstance(value, pd.DataFrame)]
            results[id] += [value.state for value in values.values() if isinstance(value, Transformation)]
            results[id] += [m["metrics"] for stored in outputs.values() for m in stored.summary.get("models", [])]
    return results


@pytest.fixture(scope="module")
def runs(tmp_path_factory: pytest.TempPathFactory) -> list[dict[str, list[Any]]]:
    """The results of two processes: one with a single thread, one with two."""
    answers = []
    for threads in ("1", "2"):
        folder = tmp_path_factory.mktemp(f"threads-{threads}")
        names = ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "LOKY_MAX_CPU_COUNT")
        settings = {**os.environ, **dict.fromkeys(names, threads), "PYTHONHASHSEED": threads, "PYTHONPATH": str(ROOT)}
        settings["OMP_WAIT_POLICY"] = "passive"  # waiting threads must not spin on a busy core
        command = [sys.executable, "-m", "tests.test_repeatable", str(folder)]
        done = subprocess.run(command, capture_output=True, text=True, cwd=ROOT, env=settings)
        assert done.returncode == 0, done.stderr[-2000:]
        answers.append(pickle.loads((folder / "answers").read_bytes()))
    return answers


@pytest.mark.slow  # the digests below cover it in every run; it ran last on 30 November 2026
@pytest.mark.parametrize("id", MODULES)
def test_two_processes_with_other_threads_agree(id: str, runs: list[dict[str, list[Any]]]) -> None:
    first, second = (answer[id] for answer in runs)
    assert len(first) == len(second)
    for left, right in zip(first, second, strict=True):
        if isinstance(left, pd.DataFrame):
            pd.testing.assert_frame_equal(left, right, rtol=ROUNDING, atol=ROUNDING)
        elif isinstance(left, dict) and all(isinstance(value, float) for value in left.values()):
            assert left == pytest.approx(right, rel=ROUNDING, nan_ok=True)


def all_modules(file: Path) -> tuple[Pipeline, dict[str, str]]:
    """Merge the smallest pipelines of all modules, with equal steps shared; also returns the step of each module."""
    nodes: dict[str, Node] = {}
    edges: dict[Edge, None] = {}
    known: dict[str, str] = {}
    steps = {}
    for id in MODULES:
        one, names = minimal_pipeline(LIBRARY[id], file), {}
        for name in one.order():
            node = one.nodes[name]
            wires = sorted((names[e.source], e.output, e.input) for e in one.edges if e.target == name)
            key = json.dumps([node.module, dict(node.parameters), wires], default=str)
            names[name] = known.setdefault(key, f"{id}_{name}")
            nodes.setdefault(names[name], replace(node, id=names[name]))
            edges |= {Edge(source, output, names[name], input): None for source, output, input in wires}
        steps[id] = names["step"]
    return Pipeline("All modules", nodes=nodes, edges=tuple(edges)), steps


class Counting(Local):
    """Counts the processes that it starts; with `apart`, each task gets one of its own."""

    def __init__(self, slots: int, *, apart: bool = False) -> None:
        super().__init__(slots)
        self.apart = apart
        self.tasks = self.processes = 0

    def submit(self, *jobs: Job) -> None:
        self.tasks += len(jobs)
        super().submit(*[replace(job, task=replace(job.task, shares="")) if self.apart else job for job in jobs])

    def _launch(self, job: Job) -> None:
        self.processes += 1
        super()._launch(job)


Digests = dict[str, dict[str, dict[str, str]]]


@pytest.fixture(scope="module")
def digests(tmp_path_factory: pytest.TempPathFactory) -> Digests:
    """The digests of the outputs by module: twice in shared processes, in six at once, and each step in its own."""
    folder, answers = tmp_path_factory.mktemp("slots"), {}
    (folder / "prices.csv").write_text("work,price\nState,1.5\nSelf,2\n")
    pipeline, steps = all_modules(folder / "prices.csv")
    with Counting(1) as shared, Counting(6) as six, Counting(2, apart=True) as apart:
        for name, backend in {"shared": shared, "again": shared, "six": six, "apart": apart}.items():
            with open_workspace(folder / name) as workspace:
                for title, table in tables(ROWS).items():
                    workspace.datasets.register(title, table)
                done = execute(pipeline, LIBRARY, workspace, backend=backend)
                assert done.ok, {id: node.error for id, node in done.nodes.items() if node.error}
                outputs = outputs_of(workspace, done.run_id)
                places = {outlet: stored.digest for outlet, stored in outputs.items()}
            answers[name] = {id: {port: digest for (node, port), digest in places.items() if node == steps[id]}
                             for id in steps}  # fmt: skip
        assert shared.processes < shared.tasks // 2
        assert apart.processes == apart.tasks
    return answers


@pytest.mark.parametrize("id", MODULES)
def test_the_same_bits_come_out_however_steps_share_processes_and_cores(id: str, digests: Digests) -> None:
    apart = digests["apart"][id]
    assert len(apart) == len(LIBRARY[id].spec().outputs)
    assert {name: answer[id] for name, answer in digests.items()} == dict.fromkeys(digests, apart)


def test_a_step_that_runs_alone_sums_in_one_thread_too(tmp_path: Path) -> None:
    """Clustering many rows gives different last digits if two threads compute the sums."""
    random = np.random.default_rng(0)
    frame = pd.DataFrame(random.normal(size=(20_000, 8)), columns=list("abcdefgh"))
    wires = ["data.dataset > train.dataset", "learner.untrained_model > train.untrained_model"]
    kmeans = ("k-means-clustering", {"number_of_centroids": 6})
    nodes = {"data": ("dataset", {"name": "rows"}), "learner": kmeans, "train": ("train-clustering-model", {})}
    hashes = []
    for slots in (1, 4):
        with open_workspace(tmp_path / str(slots)) as workspace:
            workspace.datasets.register("rows", frame)
            done = execute(pipeline_of(nodes, wires), LIBRARY, workspace, slots=slots)
            hashes.append(outputs_of(workspace, done.run_id)["train", "results_dataset"].digest)
    assert len(set(hashes)) == 1


if __name__ == "__main__":
    (Path(sys.argv[1]) / "answers").write_bytes(pickle.dumps(run_all(Path(sys.argv[1]))))
