"""A cluster of real processes: a scheduler and two workers on the loopback interface."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from designer.engine.dask.client import Dask
from designer.store.workspace import Workspace
from tests.engine.dask.cluster import Cluster


@pytest.fixture(scope="module")
def cluster(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Cluster]:
    with Cluster(tmp_path_factory.mktemp("cluster")) as started:
        started.add_worker("w0")
        started.add_worker("w1")
        started.wait_for_workers(2)
        yield started


@pytest.fixture
def dask(cluster: Cluster, workspace: Workspace) -> Iterator[Dask]:
    with Dask(cluster.address, workspace.path) as backend:
        yield backend
