"""Without the packages for clusters everything else works, and what needs them says how to install them."""

from __future__ import annotations

import subprocess
import sys
from dataclasses import replace

import pytest

from designer.contract.catalogue.library import Library
from designer.engine.backends import with_computes
from designer.engine.dask.refusals import ClusterSupportMissing
from designer.engine.local.backend import Local
from designer.engine.run import execute
from designer.store.computes import ComputeOrder
from designer.store.workspace import Workspace
from designer.workbench.computes import Computes
from tests.engine.conftest import chain

HINT = r"Dask is not installed here\. Install it: pip install 'designer-ml\[cluster\]'"
FACES = (
    "designer.ui.app",
    "designer.cli.app",
    "designer.api.application",
    "designer.sdk",
    "designer.engine.service.daemon",
)


def test_no_face_imports_dask() -> None:
    code = f"import sys; sys.modules['distributed'] = sys.modules['dask'] = None\nimport {', '.join(FACES)}"
    done = subprocess.run([sys.executable, "-W", "error", "-c", code], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr


def test_a_node_sent_to_a_compute_fails_and_says_what_to_install(
    workspace: Workspace, library: Library, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, "distributed", None)
    workspace.computes.add("small", ComputeOrder())
    computes = Computes(workspace)
    assert not computes.is_supported()
    with pytest.raises(ClusterSupportMissing, match=HINT):
        computes.test("small")
    graph = chain(("numbers", {}), ("step", {}))
    nodes = {**graph.nodes, "b": replace(graph.nodes["b"], compute="small")}
    with with_computes(Local(slots=1), workspace) as backend:
        result = execute(replace(graph, nodes=nodes), library, workspace, backend=backend)
    assert [result.nodes[id].state for id in "ab"] == ["finished", "failed"]
    assert "pip install 'designer-ml[cluster]'" in (result.nodes["b"].error or {})["message"]
