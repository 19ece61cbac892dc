"""Steps of other pipeline tools beside ours: the same trivial script, each tool in an environment of its own.

The environments are made at the first call, from the index that pip uses. A tool that cannot be installed or run is
named and left out.
"""

from __future__ import annotations

import os
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

from uv import find_uv_bin

from designer.contract.component import ComponentPort
from designer.contract.ports import PortType
from designer.engine.local.backend import Local
from designer.engine.programs.environments import Places
from designer.engine.run import execute
from designer.pipeline.graph import Edge, Node, Pipeline
from designer.registry.scripts import Interface, script_source
from designer.store.workspace import open_workspace
from designer.workbench.components import Components

Row = tuple[str, str, str]

TRIVIAL = "import pathlib, sys\npathlib.Path(sys.argv[-1]).write_text('done')\n"
DVC = """
stages:
  first:
    cmd: python main.py a.txt
    deps: [main.py]
    outs: [a.txt]
  second:
    cmd: python main.py b.txt
    deps: [main.py, a.txt]
    outs: [b.txt]
"""
METAFLOW = """
from metaflow import FlowSpec, step

class Two(FlowSpec):
    @step
    def start(self):
        self.a = "done"
        self.next(self.end)

    @step
    def end(self):
        self.b = "done"

if __name__ == "__main__":
    Two()
"""
PREFECT = """
from prefect import flow, task

@task
def first():
    return "done"

@task
def second(text):
    return text

@flow
def two():
    return second(first())

if __name__ == "__main__":
    two()
"""


def measure() -> list[Row]:
    """Two trivial steps, one after the other: seconds of a run, and of one where nothing changed."""
    with tempfile.TemporaryDirectory() as folder:
        place = Path(folder)
        return [*_ours(place), *_peer(place, "dvc", _dvc), *_peer(place, "metaflow", _metaflow),
                *_peer(place, "prefect", _prefect)]  # fmt: skip


def _ours(place: Path) -> list[Row]:
    code = place / "code"
    code.mkdir()
    source = "import pathlib, os\nfrom designer import step\nopen(step.outputs['text'], 'w').write('done')\n"
    (code / "main.py").write_text(source)
    interface = Interface(inputs=(), outputs=(ComponentPort("text", PortType.FILE),))
    after = Interface(inputs=(ComponentPort("before", PortType.FILE),), outputs=(ComponentPort("text", PortType.FILE),))
    with open_workspace(place / "workspace") as workspace, Local(slots=1) as local:
        components = Components(workspace)
        first = components.keep(script_source(code / "main.py", interface=interface))
        second = components.keep(script_source(code / "main.py", interface=after))
        nodes = {"first": Node("first", first.id, 1, {}), "second": Node("second", second.id, 1, {})}
        pipeline = Pipeline("two", nodes=nodes, edges=(Edge("first", "text", "second", "before"),))
        library = workspace.library()
        execute(pipeline, library, workspace, backend=local, force=True)  # libraries are loaded then
        run = _seconds(lambda: execute(pipeline, library, workspace, backend=local, force=True))
        again = _seconds(lambda: execute(pipeline, library, workspace, backend=local))
    return [
        ("Designer: two steps, wall", f"{run:.2f} s", ""),
        ("Designer: nothing changed, wall", f"{again:.2f} s", ""),
    ]


def _peer(place: Path, name: str, measured: Callable[[Path, Path], list[Row]]) -> list[Row]:
    folder = place / name
    folder.mkdir()
    try:
        return measured(folder, _installed(place / f"{name} environment", name))
    except (subprocess.SubprocessError, OSError) as error:
        reason = (getattr(error, "stderr", "") or str(error)).strip().splitlines()[-1:]
        return [(name, "not measured", " ".join(reason)[:120])]


def _installed(place: Path, package: str) -> Path:
    """The programs of a new environment with a package."""
    places = Places.here()
    uv, environment = find_uv_bin(), {**os.environ, **places.variables}
    for command in (["venv", "--quiet", "--python", sys.executable, str(place)],
                    ["pip", "install", "--quiet", "--python", str(place / "bin" / "python"), package,
                     *places.indexes.options]):  # fmt: skip
        subprocess.run([uv, *command], check=True, capture_output=True, text=True, env=environment)
    return place / "bin"


def _dvc(folder: Path, programs: Path) -> list[Row]:
    (folder / "main.py").write_text(TRIVIAL)
    (folder / "dvc.yaml").write_text(DVC)
    _run(folder, programs, "dvc", "init", "--no-scm", "--quiet")
    _run(folder, programs, "dvc", "config", "core.analytics", "false")
    first = _timed(folder, programs, "dvc", "repro", "--force")
    again = _timed(folder, programs, "dvc", "repro")
    return [*_rows("DVC: two stages", first), *_rows("DVC: nothing changed", again)]


def _metaflow(folder: Path, programs: Path) -> list[Row]:
    (folder / "two.py").write_text(METAFLOW)
    return _rows("Metaflow: two steps", _timed(folder, programs, "python", "two.py", "--quiet", "run"))


def _prefect(folder: Path, programs: Path) -> list[Row]:
    (folder / "two.py").write_text(PREFECT)
    return _rows("Prefect: two tasks", _timed(folder, programs, "python", "two.py"))


def _rows(title: str, seconds: tuple[float, float]) -> list[Row]:
    return [(f"{title}, wall", f"{seconds[0]:.2f} s", ""), (f"{title}, processor", f"{seconds[1]:.2f} s", "")]


def _timed(folder: Path, programs: Path, *command: str) -> tuple[float, float]:
    """The least wall and processor seconds of three calls."""
    calls = []
    for _ in range(3):
        before = resource.getrusage(resource.RUSAGE_CHILDREN)
        wall = _seconds(lambda: _run(folder, programs, *command))
        after = resource.getrusage(resource.RUSAGE_CHILDREN)
        calls.append((wall, after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime))
    return min(wall for wall, _ in calls), min(processor for _, processor in calls)


def _run(folder: Path, programs: Path, program: str, *arguments: str) -> None:
    environment = {**os.environ, "PATH": f"{programs}:{os.environ['PATH']}", "HOME": str(folder), "USER": "bench"}
    subprocess.run(
        [str(programs / program), *arguments], cwd=folder, env=environment, check=True, capture_output=True, text=True,
        timeout=300,
    )  # fmt: skip


def _seconds(work: Callable[[], object]) -> float:
    start = time.perf_counter()
    work()
    return time.perf_counter() - start
