"""What a worker says of itself: its versions, its computer, and whether it sees the folder of a workspace."""

from __future__ import annotations

import importlib.util
import socket
import time
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from functools import cache
from importlib.metadata import version
from pathlib import Path
from typing import Any

import psutil
from blake3 import blake3

from designer.engine.key import environment

SOURCES = ("designer.contract", "designer.engine", "designer.reading", "designer.store", "modules")
"""The packages whose code decides results; a module of the installed package is `designer.modules`."""

CODE = "the code of Designer"


@dataclass(frozen=True)
class Introduction:
    """A worker: its versions by name, host, threads, memory in bytes, clock in seconds since 1970, and whether it sees
    the folder of the workspace."""

    name: str
    host: str
    threads: int
    memory: int
    time: float
    versions: Mapping[str, str]
    sees_folder: bool = False

    @property
    def label(self) -> str:
        """The worker in messages."""
        return f"worker {self.name} at {self.host}"


@cache
def versions() -> Mapping[str, str]:
    """The versions that have to be equal on every computer that makes results of one workspace."""
    names = {"Designer": version("designer-ml"), "Dask": version("distributed"), CODE: _digest_of_code()}
    return names | {("Python" if name == "python" else name): found for name, found in environment()}


def difference(theirs: Mapping[str, str], who: str) -> str:
    """The first version that differs from those of this process, as a sentence; empty if all are equal."""
    for name, ours in versions().items():
        other = theirs.get(name, "none")
        if other != ours:
            return f"{who} has other code of Designer" if name == CODE else f"{who} has {name} {other}, not {ours}"
    return ""


def introduce(file: str = "", dask_worker: Any = None) -> dict[str, Any]:
    """Introduce this worker, as plain values; `file` is one that it should be able to read. Called by Dask."""
    content = ""
    with suppress(OSError):
        content = Path(file).read_text(encoding="utf-8") if file else ""
    return {
        "name": str(dask_worker.name),
        "host": socket.gethostname(),
        "threads": int(dask_worker.state.nthreads),
        "memory": int(psutil.virtual_memory().total),
        "time": time.time(),
        "versions": dict(versions()),
        "content": content,
    }


def _digest_of_code() -> str:
    hasher = blake3()
    for name in SOURCES:
        for file in _sources(name):
            hasher.update(file.read_bytes())
    return hasher.hexdigest()[:16]


def _sources(package: str) -> list[Path]:
    spec = importlib.util.find_spec(package) or importlib.util.find_spec(f"designer.{package}")
    folders = list(spec.submodule_search_locations or ()) if spec else []
    return sorted(file for folder in folders for file in Path(folder).rglob("*.py"))
