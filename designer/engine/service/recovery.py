"""Mark runs as crashed whose process is gone."""

from __future__ import annotations

from collections.abc import Collection

from designer.engine.backend import Backend
from designer.store.records import Run
from designer.store.workspace import Workspace


def recover(workspace: Workspace, backend: Backend, executing: Collection[str] | None = None) -> list[str]:
    """Mark orphaned runs and their nodes as crashed; returns the ids of the runs.

    A run is orphaned if its owner is gone (`Backend.lives`), or if `executing`, the ids of the runs that this process
    executes, is given and lacks a run of this process: its end could not be written.
    """
    over = [(run, why) for run in workspace.runs.owned() if (why := _orphan_reason(run, backend, executing))]
    return [run.id for run, why in over if workspace.runs.crash(run, why)]


def _orphan_reason(run: Run, backend: Backend, executing: Collection[str] | None) -> str:
    """Why a run recorded as running is not; empty if it is."""
    if not backend.lives(run.owner or ""):
        return "The engine process ended before the run did."
    is_ours = run.state == "running" and run.owner == backend.owner
    if executing is not None and is_ours and run.id not in executing:
        return "The end of the run could not be written, as where the disk is full."
    return ""
