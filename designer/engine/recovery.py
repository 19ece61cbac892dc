"""Telling the truth about runs that nobody carries out any more."""

from __future__ import annotations

from collections.abc import Collection

from designer.engine.backend import Backend
from designer.store.records import Run
from designer.store.workspace import Workspace


def recover(workspace: Workspace, backend: Backend, executing: Collection[str] | None = None) -> list[str]:
    """Mark runs as crashed, with their nodes, that nobody carries out; returns their ids.

    Those are the runs whose owner is gone, as far as the backend knows, and, where `executing` names what this
    process works on, all others of its own: their end could not be written.
    """
    over = [(run, why) for run in workspace.runs.taken() if (why := _why_over(run, backend, executing))]
    return [run.id for run, why in over if workspace.runs.crash(run, why)]


def _why_over(run: Run, backend: Backend, executing: Collection[str] | None) -> str:
    """Why a run that is said to be going on is not; empty where it is."""
    if not backend.lives(run.owner or ""):
        return "The engine process ended before the run did."
    is_ours = run.state == "running" and run.owner == backend.owner
    if executing is not None and is_ours and run.id not in executing:
        return "The end of the run could not be written, as where the disk is full."
    return ""
