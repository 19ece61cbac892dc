"""Programs as steps beside the same programs run by hand: processor seconds, children included."""

from __future__ import annotations

import resource
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

import pandas as pd

from designer.contract.catalogue.library import Library
from designer.contract.component import ComponentPort
from designer.contract.ports import PortType
from designer.contract.values import Folder
from designer.engine.local.backend import Local
from designer.engine.run import execute
from designer.pipeline.graph import Edge, Node, Pipeline
from designer.registry.scripts import Interface, script_source
from designer.store.workspace import Workspace, open_workspace
from designer.workbench.components import Components

Row = tuple[str, str, str]

TRIALS = 5
TRIVIAL = "print('done')\n"
LIBRARIES = "import pandas, sklearn.linear_model, sklearn.ensemble\nprint(pandas.__version__)\n"
FILES = 2000
ROWS = 2_000_000


def measure() -> list[Row]:
    """Steps against plain subprocesses; storing and reading of folders and tables."""
    with tempfile.TemporaryDirectory() as folder, open_workspace(Path(folder) / "workspace") as workspace:
        place = Path(folder) / "code"
        place.mkdir()
        with Local(slots=1) as local:
            return [
                *_steps(workspace, local, place),
                *_folders(workspace, Path(folder)),
                *_table(workspace, local, place),
            ]


def _steps(workspace: Workspace, local: Local, place: Path) -> list[Row]:
    rows: list[Row] = []
    _run(workspace, local, place, LIBRARIES)  # the fork server has loaded its libraries then
    for name, script in (("trivial script", TRIVIAL), ("script with pandas and scikit-learn", LIBRARIES)):
        plain = min(_processor(lambda script=script: _by_hand(place, script)) for _ in range(TRIALS))
        step = min(_seconds(lambda script=script: _run(workspace, local, place, script)) for _ in range(TRIALS))
        by_hand = min(_seconds(lambda script=script: _by_hand(place, script)) for _ in range(TRIALS))
        rows.append((f"{name}: step / by hand", f"{step / by_hand:.2f}", "<= 0.15" if "pandas" in name else ""))
        rows.append((f"{name}: step minus by hand", f"{(step - by_hand) * 1000:.0f} ms", "<= 60 ms"))
        rows.append((f"{name}: processor by hand", f"{plain:.2f} s", ""))
    return rows


def _folders(workspace: Workspace, folder: Path) -> list[Row]:
    many = folder / "many"
    many.mkdir()
    for number in range(FILES):
        (many / f"{number}.txt").write_text("x" * 1000)
    stored = min(_seconds(lambda: workspace.put(Folder(many))) for _ in range(TRIALS))
    copied = min(_seconds(lambda: shutil.copytree(many, folder / "copy", dirs_exist_ok=True)) for _ in range(TRIALS))
    return [(f"a folder of {FILES:,} files: stored / copied", f"{stored / copied:.2f}", "<= 1.5")]


def _table(workspace: Workspace, local: Local, place: Path) -> list[Row]:
    workspace.datasets.register("rows", pd.DataFrame({f"c{n}": range(ROWS) for n in range(10)}))
    source = _written(place, TRIVIAL)
    interface = Interface(inputs=(ComponentPort("rows", PortType.TABLE),))
    spec = Components(workspace).keep(script_source(source, interface=interface, reuse=False))
    nodes = {"rows": Node("rows", "dataset", 1, {"name": "rows"}), "step": Node("step", spec.id, 1, {})}
    pipeline = Pipeline("table", nodes=nodes, edges=(Edge("rows", "dataset", "step", "rows"),))
    library = workspace.library()
    execute(pipeline, library, workspace, backend=local)
    with_table = min(_seconds(lambda: _again(pipeline, library, workspace, local)) for _ in range(TRIALS))
    alone = min(_seconds(lambda: _run(workspace, local, place, TRIVIAL)) for _ in range(TRIALS))
    return [("a table of 160 MB into a step", f"{(with_table - alone) * 1000:.0f} ms", "<= 5 ms")]


def _again(pipeline: Pipeline, library: Library, workspace: Workspace, local: Local) -> None:
    assert execute(pipeline, library, workspace, backend=local).ok


def _run(workspace: Workspace, local: Local, place: Path, script: str) -> None:
    spec = Components(workspace).keep(script_source(_written(place, script), reuse=False))
    pipeline = Pipeline("step", nodes={"step": Node("step", spec.id, 1, {})})
    assert execute(pipeline, workspace.library(), workspace, backend=local).ok


def _by_hand(place: Path, script: str) -> None:
    subprocess.run([sys.executable, _written(place, script)], check=True, capture_output=True)


def _written(place: Path, script: str) -> Path:
    file = place / "main.py"
    file.write_text(script)
    return file


def _seconds(work: Callable[[], object]) -> float:
    start = time.perf_counter()
    work()
    return time.perf_counter() - start


def _processor(work: Callable[[], object]) -> float:
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    work()
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
