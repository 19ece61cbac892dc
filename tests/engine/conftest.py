"""Two backends, a workspace for each test, and user modules for every way in which a module can behave."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest

from designer.contract.catalogue.library import Library
from designer.engine.backend import Backend, Limits
from designer.engine.local.backend import Local
from designer.pipeline.graph import Edge, Node, Pipeline
from designer.store.library import FILE, shared_modules
from designer.store.workspace import Workspace, open_workspace
from tests.engine.in_order import InOrder

MODULES = (Path(__file__).parent / "workspace_modules.py.txt").read_text()

Wire = tuple[str, str, str, str]
Build = Callable[..., Pipeline]


@pytest.fixture(scope="session", params=["local", "in order"])
def backend(request: pytest.FixtureRequest) -> Iterator[Backend]:
    """Each of two backends that share nothing but the protocol."""
    if request.param == "local":
        yield request.getfixturevalue("local")
        return
    with InOrder() as started:
        yield started


@pytest.fixture(scope="session")
def local() -> Iterator[Local]:
    with Local(slots=2, limits=Limits(memory_bytes=1024**3)) as started:
        started.start()
        yield started


@pytest.fixture(scope="session")
def listed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The cached list of shared modules; scanning for them in each new workspace takes seconds."""
    folder = tmp_path_factory.mktemp("listed")
    shared_modules(folder)
    return folder / FILE


@pytest.fixture
def workspace(tmp_path: Path, listed: Path) -> Iterator[Workspace]:
    with open_workspace(tmp_path / "workspace") as opened:
        shutil.copy(listed, opened.path)
        (opened.modules / "steps.py").write_text(MODULES)
        yield opened


@pytest.fixture
def library(workspace: Workspace) -> Library:
    scanned = workspace.library()
    assert scanned.broken == {}
    return scanned


def pipeline(nodes: dict[str, tuple[str, dict[str, Any]]], *wires: Wire, **settings: Any) -> Pipeline:
    """A pipeline of (module, parameters) by id, and wires (source, output, target, input)."""
    made = {id: Node(id, module, 1, parameters) for id, (module, parameters) in nodes.items()}
    return Pipeline("test", nodes=made, edges=tuple(Edge(*wire) for wire in wires), **settings)


def chain(*steps: tuple[str, dict[str, Any]]) -> Pipeline:
    """A linear pipeline of modules with the ids a, b, c, ..."""
    ids = [chr(ord("a") + n) for n in range(len(steps))]
    wires = [(above, "dataset", below, "dataset") for above, below in pairwise(ids)]
    return pipeline(dict(zip(ids, steps, strict=True)), *wires)
