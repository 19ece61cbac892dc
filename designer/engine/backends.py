"""The factory of backends. Nothing else in Designer refers to a concrete one."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from designer.engine.dask.refusals import require_cluster_support

if TYPE_CHECKING:
    from collections.abc import Callable

    from designer.engine.backend import Backend, Limits
    from designer.store.records import Compute
    from designer.store.workspace import Workspace


def open_backend(slots: int | None = None, limits: Limits | None = None, workspace: Workspace | None = None) -> Backend:
    """Open the backend of this computer with `slots` tasks at once, by default one per core. Close it after use.

    With a workspace, tasks that name one of its computes run there.
    """
    from designer.engine.local.backend import Local

    local = Local(slots, limits)
    return local if workspace is None else with_computes(local, workspace, limits)


def begin_backend() -> Callable[[], Backend]:
    """Launch the fork server before this process loads its own libraries; returns a function that opens the backend."""
    from designer.engine.local.forkserver import launch

    launched = launch()

    def opened() -> Backend:
        from designer.engine.local.backend import Local

        return Local(launched=launched)

    return opened


def with_computes(local: Backend, workspace: Workspace, limits: Limits | None = None) -> Backend:
    """The backend that sends tasks to the computes of a workspace, and all others to `local`, which it closes."""
    from designer.engine.fleet import Fleet

    return Fleet(local, workspace.computes.get, partial(connect, workspace=workspace, limits=limits))


def connect(compute: Compute, *, workspace: Workspace, limits: Limits | None = None) -> Backend:
    """The backend of a compute, not connected yet. Raises ClusterSupportMissing where Dask is not installed."""
    require_cluster_support()
    from designer.engine.dask.opening import open_dask

    return open_dask(compute, workspace.path, limits)
