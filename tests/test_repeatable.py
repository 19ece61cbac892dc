"""Every module gives the same outputs in another process, with other numbers of threads and another hash seed."""

from __future__ import annotations

import os
import pickle
import subprocess
import sys
from pathlib import Path
from typing import Any

import pandas as pd
import pytest

from designer.contract.library import Library
from designer.contract.values import Transformation
from designer.store.workspace import open_workspace
from tests.minimal import WITHOUT_PIPELINE, minimal_pipeline, tables
from tests.trained import trained

ROOT = Path(__file__).parents[1]
MODULES = sorted(set(Library.scan().modules) - WITHOUT_PIPELINE)
ROWS = 300
ROUNDING = 1e-9
"""Sums of several threads are added up in another order."""


def run_all(folder: Path) -> dict[str, list[Any]]:
    """The tables and metrics that the smallest pipeline of each module leaves."""
    library = Library.scan()
    (folder / "prices.csv").write_text("work,price\nState,1.5\nSelf,2\n")
    found: dict[str, list[Any]] = {}
    with open_workspace(folder / "workspace") as workspace:
        for name, table in tables(ROWS).items():
            workspace.datasets.register(name, table)
        for id in MODULES:
            pipeline = minimal_pipeline(library[id], folder / "prices.csv")
            outputs = trained(pipeline, workspace, library).outputs
            values = {outlet: workspace.value(stored, library) for outlet, stored in sorted(outputs.items())}
            found[id] = [value for value in values.values() if isinstance(value, pd.DataFrame)]
            found[id] += [value.state for value in values.values() if isinstance(value, Transformation)]
            found[id] += [m["metrics"] for stored in outputs.values() for m in stored.summary.get("models", [])]
    return found


@pytest.fixture(scope="module")
def runs(tmp_path_factory: pytest.TempPathFactory) -> list[dict[str, list[Any]]]:
    """What two processes left: one of a single thread, one of two."""
    answers = []
    for threads in ("1", "2"):
        folder = tmp_path_factory.mktemp(f"threads-{threads}")
        names = ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "LOKY_MAX_CPU_COUNT")
        settings = {**os.environ, **dict.fromkeys(names, threads), "PYTHONHASHSEED": threads, "PYTHONPATH": str(ROOT)}
        settings["OMP_WAIT_POLICY"] = "passive"  # threads that wait leave a busy core to others
        command = [sys.executable, "-m", "tests.test_repeatable", str(folder)]
        done = subprocess.run(command, capture_output=True, text=True, cwd=ROOT, env=settings)
        assert done.returncode == 0, done.stderr[-2000:]
        answers.append(pickle.loads((folder / "answers").read_bytes()))
    return answers


@pytest.mark.parametrize("id", MODULES)
def test_two_processes_with_other_threads_agree(id: str, runs: list[dict[str, list[Any]]]) -> None:
    first, second = (answer[id] for answer in runs)
    assert len(first) == len(second)
    for left, right in zip(first, second, strict=True):
        if isinstance(left, pd.DataFrame):
            pd.testing.assert_frame_equal(left, right, rtol=ROUNDING, atol=ROUNDING)
        elif isinstance(left, dict) and all(isinstance(value, float) for value in left.values()):
            assert left == pytest.approx(right, rel=ROUNDING, nan_ok=True)


if __name__ == "__main__":
    (Path(sys.argv[1]) / "answers").write_bytes(pickle.dumps(run_all(Path(sys.argv[1]))))
