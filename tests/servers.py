"""Servers of others that tests speak to: PostgreSQL, and one that answers as Amazon S3 does."""

from __future__ import annotations

import os
import shutil
import socket
import subprocess
import tempfile
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from designer.contract.component import Environment
from designer.engine.programs.environments import Places, locked, python_of

KEYS = {"access_key": "reader", "secret_key": "of-a-test"}


def free_port() -> int:
    """A port that nobody listens on."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        return int(listener.getsockname()[1])


@contextmanager
def s3_server() -> Iterator[str]:
    """The address of moto's server, which runs in an environment of its own: its libraries pin older ones of ours."""
    places = Places.here()
    environment = locked(Environment(("moto[s3]==5.2.5", "flask", "flask-cors")), places)
    python = python_of(environment, places, lambda share, words: None)
    port = free_port()
    with subprocess.Popen(
        [str(python), "-m", "moto.server", "-H", "127.0.0.1", "-p", str(port)],
        stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
    ) as server:  # fmt: skip
        try:
            _wait_for(port)
            yield f"http://127.0.0.1:{port}"
        finally:
            server.terminate()


def new_bucket(endpoint: str, name: str) -> None:
    """Create a bucket without a client of S3: the server checks no signature."""
    head = {"Authorization": "AWS4-HMAC-SHA256 Credential=reader/20260101/us-east-1/s3/aws4_request"}
    urllib.request.urlopen(urllib.request.Request(f"{endpoint}/{name}", method="PUT", headers=head))


@contextmanager
def postgresql_server() -> Iterator[str]:
    """A PostgreSQL with the user `reader` (password `secret`) and the database `shop`; its host and port."""
    programs, port = _postgresql_programs(), free_port()
    with tempfile.TemporaryDirectory(prefix="postgresql-", dir="/tmp") as folder:  # short, for the name of its socket
        user = "postgres" if os.geteuid() == 0 else None  # it refuses to run as root
        if user is not None:
            shutil.chown(folder, user)
        data = Path(folder) / "data"
        _run(user, programs / "initdb", "-D", data, "-U", "postgres", "--auth=trust", "--auth-host=scram-sha-256",
             "--no-sync")  # fmt: skip
        options = f"-p {port} -h 127.0.0.1 -k {folder} -c fsync=off"
        _run(user, programs / "pg_ctl", "-D", data, "-o", options, "-w", "-l", data / "log", "start")
        try:
            for command in ("CREATE USER reader PASSWORD 'secret'", "CREATE DATABASE shop OWNER reader"):
                _run(user, programs / "psql", "-h", folder, "-p", port, "-U", "postgres", "-c", command)
            yield f"127.0.0.1:{port}"
        finally:
            _run(user, programs / "pg_ctl", "-D", data, "-m", "immediate", "stop")


def _postgresql_programs() -> Path:
    found = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"))
    beside = shutil.which("initdb")
    if not found and beside is None:
        raise RuntimeError("PostgreSQL is not installed: apt install postgresql")
    return found[-1].parent if found else Path(str(beside)).parent


def _run(user: str | None, *command: object) -> None:
    subprocess.run([str(word) for word in command], check=True, user=user, capture_output=True, cwd="/")


def _wait_for(port: int) -> None:
    for _ in range(600):
        with socket.socket() as probe:
            if probe.connect_ex(("127.0.0.1", port)) == 0:
                return
        time.sleep(0.05)
    raise RuntimeError("the server did not start")
