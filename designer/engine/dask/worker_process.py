"""A worker on this computer for a cluster that is started by hand."""

from __future__ import annotations

import asyncio
import logging
import socket
import tempfile

from designer.engine.dask.encryption import security
from designer.store.computes import checked_address, checked_tls

DEATH_SECONDS = 20
"""How long a worker waits for a lost scheduler before it ends."""
LOOPBACK = "127.0.0.1"


def serve_worker(address: str, name: str = "", threads: int = 1, tls: dict[str, str] | None = None) -> None:
    """Run a worker until its scheduler is gone for 20 seconds, or until it is interrupted.

    `threads` is how many nodes it runs at once. Raises InvalidParameter for an address without TLS on another computer.
    """
    files = checked_tls(tls or {})
    checked_address(address, is_encrypted=bool(files))
    logging.getLogger("distributed").setLevel(logging.CRITICAL)
    with tempfile.TemporaryDirectory(prefix="designer-worker-") as folder:
        asyncio.run(_serve(address, name or f"{socket.gethostname()}-{threads}", threads, files, folder))


async def _serve(address: str, name: str, threads: int, files: dict[str, str], folder: str) -> None:
    from distributed import Nanny

    is_open = address.startswith("tcp://")
    async with Nanny(
        address, name=name, nthreads=threads, host=LOOPBACK if is_open else None, memory_limit=0,
        death_timeout=DEATH_SECONDS, local_directory=folder, security=security(files),
        dashboard=False, dashboard_address=f"{LOOPBACK}:0",
    ) as nanny:  # fmt: skip
        await nanny.finished()
