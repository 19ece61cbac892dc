"""A cluster under TLS: reached with the files of its authority, refused without them or with those of another."""

from __future__ import annotations

import subprocess
from pathlib import Path

import pytest

from designer.contract.catalogue.library import Library
from designer.engine.dask.client import Dask
from designer.engine.dask.encryption import security
from designer.engine.dask.opening import open_dask
from designer.engine.dask.refusals import ClusterUnreachable
from designer.engine.run import execute
from designer.store.computes import ComputeOrder
from designer.store.workspace import Workspace
from tests.engine.conftest import chain
from tests.engine.dask.cluster import Cluster


def certified(folder: Path) -> dict[str, str]:
    """Make an authority and one certificate for this computer; returns the paths of the files."""
    folder.mkdir()
    new = ["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2", "-subj", "/CN=127.0.0.1"]
    names = ["-addext", "subjectAltName=IP:127.0.0.1", "-keyout", "key.pem", "-out", "ca.pem"]
    subprocess.run([*new, *names], cwd=folder, check=True, capture_output=True)
    return {"ca": str(folder / "ca.pem"), "certificate": str(folder / "ca.pem"), "key": str(folder / "key.pem")}


def test_a_cluster_under_tls(
    workspace: Workspace, library: Library, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    files = certified(tmp_path / "files")
    with Cluster(tmp_path, files) as cluster:
        assert cluster.address.startswith("tls://127.0.0.1:")
        cluster.add_worker("sealed")
        compute = ComputeOrder(address=cluster.address, tls=files).row("far")
        with open_dask(compute, workspace.path) as dask:
            result = execute(chain(("numbers", {}), ("step", {})), library, workspace, backend=dask)
            assert result.ok
            assert result.nodes["b"].place.startswith("worker sealed at ")
        monkeypatch.setattr("designer.engine.dask.client.CONNECT_SECONDS", 2)
        for address, others in (
            (cluster.address, certified(tmp_path / "others")),
            (cluster.address.replace("tls://", "tcp://"), {}),
        ):
            with (
                Dask(address, workspace.path, security=security(others)) as stranger,
                pytest.raises(ClusterUnreachable, match="cannot be reached"),
            ):
                stranger.start()
