"""The backend of a compute, by its kind."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from designer.engine.backend import Limits
from designer.engine.dask.client import Dask
from designer.engine.dask.elastic import Elastic
from designer.engine.dask.encryption import security
from designer.store.records import Compute


def open_dask(compute: Compute, folder: Path, limits: Limits | None = None) -> Dask:
    """The backend of a compute for the workspace in `folder`, not connected yet."""
    chosen = limits or Limits()
    limits = replace(chosen, memory_bytes=compute.memory or chosen.memory_bytes)
    if compute.kind == "processes":
        return Elastic(compute, folder, limits)
    return Dask(compute.address, folder, limits, security(compute.tls))
