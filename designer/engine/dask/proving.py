"""Test a compute in a process of its own: `python -m designer.engine.dask.proving --workspace DIR`.

A process that answers pages should not load Dask. Each step is reported as it is done.
"""

from __future__ import annotations

import argparse
import json
from collections.abc import Callable
from dataclasses import asdict
from pathlib import Path
from typing import Any

from designer.engine.children.child import Report, ask, serve
from designer.engine.dask.refusals import require_cluster_support
from designer.store.records import Compute
from designer.store.workspace import open_workspace

STEPS = 7


def prove_apart(folder: Path, compute: Compute, on_step: Callable[[dict[str, Any]], None]) -> list[dict[str, Any]]:
    """Test a compute that need not be kept; returns the steps as `Proof` has them, and passes on each when it is done.

    Raises ClusterSupportMissing.
    """
    require_cluster_support()

    def report(fraction: float, text: str) -> None:
        on_step(json.loads(text))

    steps: list[dict[str, Any]] = ask(
        "designer.engine.dask.proving", ["--workspace", str(folder)], compute.model_dump(),
        what="the test of the compute", report=report,
    )  # fmt: skip
    return steps


def main() -> None:
    """Answer requests of the process that started this one."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--workspace", type=Path, required=True)
    folder = parser.parse_args().workspace
    serve(lambda request, report: _tested(folder, Compute(**request), report))


def _tested(folder: Path, compute: Compute, report: Report) -> list[dict[str, Any]]:
    from designer.engine.dask.opening import open_dask
    from designer.engine.dask.proof import prove
    from designer.engine.local.backend import Local

    steps = []
    with open_workspace(folder) as workspace, Local(1) as local, open_dask(compute, workspace.path) as dask:
        for proof in prove(dask, local, workspace, workspace.library()):
            steps.append(asdict(proof))
            report(len(steps) / STEPS, json.dumps(steps[-1]))
    return steps


if __name__ == "__main__":
    main()
