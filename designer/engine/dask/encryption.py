"""TLS between the processes of a cluster, by files of the user."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any


def security(files: Mapping[str, str]) -> Any:
    """The settings of Dask for the files `ca`, `certificate` and `key`; None without files: nothing is encrypted."""
    if not files:
        return None
    from distributed import Security

    pair = {"cert": files["certificate"], "key": files["key"]}
    roles = {f"tls_{role}_{part}": path for role in ("client", "scheduler", "worker") for part, path in pair.items()}
    return Security(tls_ca_file=files["ca"], require_encryption=True, **roles)
