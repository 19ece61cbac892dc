"""A cluster of worker processes on this computer, which grows with demand and shrinks when idle.

`python -m designer.engine.dask.elastic` is a process of its own, so that neither a crash of the scheduler nor its event
loop touches the engine. It prints the address of its scheduler and ends with the process that started it. The workers
end with it.
"""

from __future__ import annotations

import argparse
import asyncio
import logging
import subprocess
import sys
import tempfile
import threading
from pathlib import Path

from designer.engine.backend import Limits
from designer.engine.children.lifeline import end_with_starter, environment
from designer.engine.dask.client import Dask
from designer.engine.dask.refusals import ClusterUnreachable
from designer.store.records import Compute

START_SECONDS = 60
DEATH_SECONDS = 20
LOOK_SECONDS = 0.5
HOST = "127.0.0.1"


class Elastic(Dask):
    """The backend of worker processes on this computer; the process of the cluster lives while it is open."""

    def __init__(self, compute: Compute, folder: Path, limits: Limits | None = None) -> None:
        super().__init__("", folder, limits)
        self._compute = compute
        self._process: subprocess.Popen[str] | None = None

    def connect(self) -> None:
        """Start the cluster and connect to it. Raises ClusterUnreachable if it does not start."""
        if self._process is None:
            self._process = self._started()
            self._address = _first_line(self._process)
        super().connect()

    def close(self) -> None:
        """Kill all tasks and end the cluster."""
        super().close()
        process, self._process = self._process, None
        if process is not None:
            process.kill()
            process.communicate()

    def _started(self) -> subprocess.Popen[str]:
        compute = self._compute
        options = {"minimum": compute.minimum, "maximum": compute.maximum, "threads": compute.threads,
                   "idle": compute.idle_seconds}  # fmt: skip
        arguments = [text for name, value in options.items() for text in (f"--{name}", f"{value:g}")]
        return subprocess.Popen(  # noqa: S603
            [sys.executable, "-m", "designer.engine.dask.elastic", *arguments], stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE, text=True, env=environment(),
        )  # fmt: skip


def _first_line(process: subprocess.Popen[str]) -> str:
    timer = threading.Timer(START_SECONDS, process.kill)
    timer.start()
    try:
        assert process.stdout is not None
        line = process.stdout.readline().strip()
    finally:
        timer.cancel()
    if not line:
        raise ClusterUnreachable("the cluster on this computer did not start", "The log of the engine may say why.")
    return line


async def _serve(options: argparse.Namespace, folder: str) -> None:
    from distributed import LocalCluster

    logging.getLogger("distributed").setLevel(logging.CRITICAL)
    async with LocalCluster(
        n_workers=options.minimum, threads_per_worker=options.threads, processes=True, host=HOST, scheduler_port=0,
        dashboard_address=f"{HOST}:0", worker_dashboard_address=f"{HOST}:0", memory_limit=0, asynchronous=True,
        local_directory=folder, death_timeout=DEATH_SECONDS, silence_logs=logging.CRITICAL,
    ) as cluster:  # fmt: skip
        looks = max(1, round(options.idle / LOOK_SECONDS))
        cluster.adapt(minimum=options.minimum, maximum=options.maximum, interval=f"{LOOK_SECONDS}s", wait_count=looks)
        print(cluster.scheduler_address, flush=True)  # noqa: T201 - the answer to the process that started this one
        await asyncio.Event().wait()


def main() -> None:
    """Serve until the process that started this one ends."""
    end_with_starter()
    parser = argparse.ArgumentParser()
    for name in ("minimum", "maximum", "threads"):
        parser.add_argument(f"--{name}", type=int, required=True)
    parser.add_argument("--idle", type=float, required=True)
    with tempfile.TemporaryDirectory(prefix="designer-cluster-") as folder:
        asyncio.run(_serve(parser.parse_args(), folder))


if __name__ == "__main__":
    main()
