"""What the fork server imports before it forks a child."""

from __future__ import annotations

import subprocess
import sys
import threading
import time
from importlib import import_module
from pathlib import Path
from typing import Any

from designer.contract.catalogue.library import Library
from designer.engine.local.backend import Local
from designer.engine.local.loading import Loader
from designer.engine.run import execute
from designer.store.child_store import ChildStore
from designer.store.workspace import Workspace
from tests.engine.conftest import chain

LOAD = """
import sys
from designer.engine.local.loading import Loader
loader = Loader()
folders = {name: sys.argv[1] for name in ("artifacts", "laid", "modules", "scratch", "workspace")}
work = {"store": folders, "task": {"module": sys.argv[2]}}
portions = 0
while not loader.is_ready_for(work):
    loader.load_for(work)
    portions += 1
print(portions, *sys.modules)
"""


def loaded_for(workspace: Path, module: str) -> tuple[int, list[str]]:
    """The number of portions to load before a task of a module can start, and what is imported by then."""
    command = [sys.executable, "-c", LOAD, str(workspace), module]
    portions, *names = subprocess.run(command, check=True, capture_output=True, text=True).stdout.split()
    return int(portions), names


def work(workspace: Workspace, module: str) -> dict[str, Any]:
    """The parts of a task and its store that the loader reads."""
    return {"store": ChildStore.of(workspace).to_json(), "task": {"module": module}}


def test_a_node_that_needs_no_scikit_learn_does_not_wait_for_it(workspace: Workspace) -> None:
    workspace.library()
    portions, names = loaded_for(workspace.path, "split-data")
    assert portions == 0
    assert "modules.split.split_data" in names
    assert "sklearn" not in names


def test_what_a_node_imports_in_functions_is_there_before_it_starts(workspace: Workspace) -> None:
    workspace.library()
    portions, names = loaded_for(workspace.path, "two-class-decision-forest")
    assert portions > 3
    assert "sklearn.ensemble" in names


def test_a_module_of_the_workspace_is_never_imported_by_the_server(workspace: Workspace, tmp_path: Path) -> None:
    marker = tmp_path / "imported"
    (workspace.modules / "mine.py").write_text(f"open({str(marker)!r}, 'w')")
    loader = Loader()
    for module in ("mine", "step", "(profile)", "nothing-like-it"):
        assert loader.is_ready_for(work(workspace, module))
    assert not marker.exists()


def test_requested_modules_load_at_once_and_usual_ones_when_idle(workspace: Workspace) -> None:
    loader = Loader()
    assert loader.has_more(idle=True)
    assert not loader.has_more(idle=False)
    loader.request(ChildStore.of(workspace).to_json(), ["normalize-data"])
    while loader.has_more(idle=False):
        loader.load_next()
    assert loader.is_ready_for(work(workspace, "normalize-data"))


def test_every_shipped_module_names_libraries_that_can_be_imported(workspace: Workspace, library: Library) -> None:
    loader = Loader()
    libraries = {
        name
        for id in library.modules
        if id not in library.code
        for name in loader._needed(ChildStore.of(workspace).to_json(), id)
    }
    assert {"imblearn.over_sampling", "sklearn.ensemble", "scipy.stats", "floret"} <= libraries
    for package in {name.split(".")[0] for name in libraries}:
        import_module(package)


def test_a_node_can_be_cancelled_while_its_libraries_are_loaded(workspace: Workspace, library: Library) -> None:
    stop = threading.Event()
    stop.set()
    graph = chain(("two-class-decision-forest", {}))
    with Local(slots=1) as fresh:
        begun = time.monotonic()
        result = execute(graph, library, workspace, backend=fresh, cancelled=stop.is_set)
    assert result.state == "cancelled"
    assert result.nodes["a"].state == "cancelled"
    assert time.monotonic() - begun < 10
