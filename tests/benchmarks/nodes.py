"""What a node costs: processor time of all processes, in shared processes and in one for each; and with more nodes."""

from __future__ import annotations

import statistics
import tempfile
import time
from dataclasses import dataclass, replace

import psutil

from designer.engine.backend import Job
from designer.engine.local.backend import Local
from designer.engine.run import execute
from designer.pipeline.graph import Edge, Node, Pipeline
from designer.store.workspace import open_workspace

ROUNDS = 3
FEW, MANY = 100, 1000
SETTLED_SECONDS = 3.0
"""Time for the fork server to load its libraries, which is no cost of a node."""
Row = tuple[str, str, str]


class Apart(Local):
    """Starts a process for each task."""

    def submit(self, *jobs: Job) -> None:
        """Submit the tasks as ones that share no process."""
        super().submit(*[replace(job, task=replace(job.task, shares="")) for job in jobs])


@dataclass(frozen=True)
class Cost:
    """Milliseconds of a node: of the processors in all processes, and of the clock."""

    processor: float
    clock: float


def measure() -> list[Row]:
    """Name, value and target of every figure."""
    shared, apart = [], []
    for _ in range(ROUNDS):  # in turns, so that a busy moment affects both alike
        shared.append(_cost(Local(), FEW))
        apart.append(_cost(Apart(), FEW))
    many = _cost(Local(), MANY)
    few = Cost(*(statistics.median(getattr(cost, name) for cost in shared) for name in ("processor", "clock")))
    alone = Cost(*(statistics.median(getattr(cost, name) for cost in apart) for name in ("processor", "clock")))
    return [
        ("a tiny node, processor", f"{few.processor:.0f} ms", ""),
        ("a tiny node, processor, shared / apart", f"{few.processor / alone.processor:.2f}", "<= 0.45"),
        (f"{FEW} tiny nodes, clock, shared / apart", f"{few.clock / alone.clock:.2f}", "<= 0.45"),
        (f"a node of {MANY} / of {FEW}, processor", f"{many.processor / few.processor:.2f}", "<= 1.15"),
        (f"a node of {MANY} / of {FEW}, clock", f"{many.clock / few.clock:.2f}", ""),
    ]


def tiny_steps(count: int) -> Pipeline:
    """A dataset and steps that split it, each with another seed."""
    steps = {f"n{n}": Node(f"n{n}", "split-data", 1, {"fraction": 0.5, "seed": n}) for n in range(1, count)}
    edges = tuple(Edge("n0", "dataset", id, "dataset") for id in steps)
    return Pipeline("Tiny steps", nodes={"n0": Node("n0", "dataset", 1, {"name": "Iris"}), **steps}, edges=edges)


def _cost(local: Local, count: int) -> Cost:
    """The cost of a node in a run of `count`, in a workspace of its own."""
    with tempfile.TemporaryDirectory(prefix="designer-bench-") as folder, open_workspace(folder) as workspace, local:
        library, pipeline = workspace.library(), tiny_steps(count)
        execute(pipeline.subgraph(["n0", "n1"]), library, workspace, backend=local)
        time.sleep(SETTLED_SECONDS)
        used, begun = _used(), time.perf_counter()
        done = execute(pipeline, library, workspace, force=True, backend=local)
        clock = time.perf_counter() - begun
        processor = _used() - used
    if not done.ok:
        raise RuntimeError({id: node.error for id, node in done.nodes.items() if node.error})
    return Cost(processor / count * 1000, clock / count * 1000)


def _used() -> float:
    """Processor seconds of this process and of all below it, ended ones included."""
    this = psutil.Process()
    own = this.cpu_times()
    return float(own.user + own.system) + sum(map(_of_tree, this.children()))


def _of_tree(process: psutil.Process) -> float:
    try:
        times = process.cpu_times()
        ended = times.user + times.system + times.children_user + times.children_system
        return float(ended) + sum(map(_of_tree, process.children()))
    except psutil.Error:
        return 0.0
