"""Environments of programs: locked once by uv when a component is registered, made before the first run, shared by all.

Packages are copied from uv's cache, never linked: with hard links a change in one environment reaches all others, and
every new one. uv reads no configuration of pip, so the indexes that pip uses are handed to it. A step's process
inherits few variables, so that no program sees a secret; those that uv reads come with the task.
"""

from __future__ import annotations

import fcntl
import hashlib
import json
import os
import platform
import re
import shutil
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from functools import cache
from pathlib import Path
from typing import Any

from designer.contract.component import Environment
from designer.contract.errors import DesignerError
from designer.contract.wording.counting import counted

READY = "ready.json"
UNUSED_DAYS = 90
_REASON_LENGTH = 500
_NO_INDEX = "Is there a network? Packages come from the index that pip is set to."
_OPTIONS = {
    "index-url": "--index-url", "extra-index-url": "--extra-index-url", "find-links": "--find-links",
    "no-index": "--no-index",
}  # fmt: skip
_VARIABLES = re.compile(
    r"UV_\w+|SSL_CERT_(FILE|DIR)|SSL_CLIENT_CERT|(HTTPS?|ALL|NO)_PROXY|(https?|all|no)_proxy|NETRC|XDG_(CACHE|CONFIG)_HOME"
)
"""The variables that uv reads: certificates, proxies, and settings of its own."""


class Unsolvable(DesignerError):
    """The requirements of an environment cannot be met."""


class EnvironmentBroken(DesignerError):
    """An environment could not be made."""


@dataclass(frozen=True)
class Indexes:
    """Where packages come from, as options of uv, and files that restrict their versions."""

    options: tuple[str, ...] = ()
    constraints: tuple[str, ...] = ()

    def to_json(self) -> dict[str, Any]:
        """Serialize to a JSON document."""
        return {"options": list(self.options), "constraints": list(self.constraints)}

    @classmethod
    def from_json(cls, document: Mapping[str, Any]) -> Indexes:
        """Read back what `to_json` wrote."""
        return cls(tuple(document["options"]), tuple(document["constraints"]))


@dataclass(frozen=True)
class Places:
    """The folder of the environments of this computer, and where their packages come from.

    `variables` are those of the process that uv reads; they may hold passwords.
    """

    folder: Path
    indexes: Indexes = field(default_factory=Indexes)
    variables: Mapping[str, str] = field(default_factory=dict, repr=False)

    @classmethod
    def here(cls) -> Places:
        """Those of this user, with the indexes that pip is configured to use and the variables that uv reads."""
        cache = Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache")
        variables = {name: value for name, value in os.environ.items() if _VARIABLES.fullmatch(name)}
        return cls(cache / "designer" / "environments", pip_indexes(), variables)

    def to_json(self) -> dict[str, Any]:
        """Serialize to a JSON document."""
        return {"folder": str(self.folder), "indexes": self.indexes.to_json(), "variables": dict(self.variables)}

    @classmethod
    def from_json(cls, document: Mapping[str, Any]) -> Places:
        """Read back what `to_json` wrote."""
        return cls(Path(document["folder"]), Indexes.from_json(document["indexes"]), document["variables"])


@dataclass(frozen=True)
class Made:
    """An environment that was made: its folder, its packages, its size in bytes, and when it was last used."""

    key: str
    folder: Path
    packages: tuple[str, ...]
    python: str
    bytes: int
    used: float


@cache
def pip_indexes() -> Indexes:
    """The indexes in pip's configuration files and variables."""
    listed = subprocess.run(
        [sys.executable, "-m", "pip", "config", "list"], capture_output=True, text=True, check=False, timeout=60
    ).stdout
    options: list[str] = []
    constraints: list[str] = []
    for line in listed.splitlines():
        name, _, value = line.partition("=")
        setting, values = name.rpartition(".")[2], value.strip("'\"").replace("\\n", " ").split()
        if setting == "no-index":
            options += ["--no-index"] if values[:1] in (["1"], ["true"], ["True"]) else []
        elif setting in _OPTIONS:
            options += [text for each in values for text in (_OPTIONS[setting], each)]
        elif setting == "constraint":
            constraints += values
    several = "--extra-index-url" in options
    return Indexes((*options, *(("--index-strategy", "unsafe-best-match") if several else ())), tuple(constraints))


def locked(environment: Environment, places: Places) -> Environment:
    """The environment with each package pinned and hashed.

    Raises Unsolvable with uv's last words, also for a version of Python that this computer does not have.

    Only packages that need no building are taken: building runs code of theirs, and mostly fails.
    """
    if environment.python and _uv(places, ["python", "find", "--system", environment.python]).returncode != 0:
        problem = f"Python {environment.python} is not installed on this computer"
        raise Unsolvable(problem, f"Install it, or use {platform.python_version()}, which Designer runs on.")
    command = ["pip", "compile", "--generate-hashes", "--only-binary", ":all:", "--no-header", "--no-annotate"]
    command += ["--python-version", environment.python] if environment.python else ["--python", sys.executable]
    command += [text for each in places.indexes.constraints for text in ("--constraint", each)]
    done = _uv(places, [*command, "--quiet", "-", *places.indexes.options], "\n".join(environment.requirements))
    if done.returncode != 0:
        named = ", ".join(environment.requirements)
        problem = f"the environment ({named}) cannot be solved: {_reason(done.stderr)}"
        raise Unsolvable(problem, _NO_INDEX if _is_unreachable(done.stderr) else "Change its requirements.")
    return replace(environment, lock=done.stdout.strip())


def python_of(environment: Environment, places: Places, report: Callable[[float | None, str], None]) -> Path:
    """The interpreter of an environment, which is made if it does not exist yet.

    Several processes that ask at once get the same one. Raises EnvironmentBroken.
    """
    key = key_of(environment)
    place = places.folder / key
    python = place / "bin" / "python"
    if _is_ready(place):
        os.utime(place / READY)
        return python
    places.folder.mkdir(parents=True, exist_ok=True)
    with _alone(places.folder / f"{key}.lock", report):
        if not _is_ready(place):
            shutil.rmtree(place, ignore_errors=True)
            report(None, f"Making the environment ({counted(len(environment.packages), 'package')})")
            _make(environment, place, places)
    return python


def made(folder: Path) -> list[Made]:
    """The environments in a folder, the last used first."""
    rows = [_described(place) for place in folder.glob("*") if _is_ready(place)] if folder.is_dir() else []
    return sorted(rows, key=lambda each: -each.used)


def remove(folder: Path, older_than_days: float = UNUSED_DAYS) -> list[Made]:
    """Remove environments that were not used for so long, and half-made ones; returns those that were ready."""
    before = time.time() - older_than_days * 86_400
    gone = [each for each in made(folder) if each.used < before]
    halves = [place for place in folder.glob("*") if place.is_dir() and not _is_ready(place)] if folder.is_dir() else []
    for place in (*(each.folder for each in gone), *(h for h in halves if h.stat().st_mtime < time.time() - 3600)):
        shutil.rmtree(place, ignore_errors=True)
    return gone


def key_of(environment: Environment) -> str:
    """The name of an environment's folder: equal for equal packages, interpreter and kind of machine."""
    parts = [environment.lock, environment.python or platform.python_version(), sys.platform, platform.machine()]
    return hashlib.sha256("\n".join(parts).encode()).hexdigest()[:24]


def _make(environment: Environment, place: Path, places: Places) -> None:
    wanted = environment.python or sys.executable
    _require(_uv(places, ["venv", "--relocatable", "--quiet", "--python", wanted, str(place)]), "made")
    options = places.indexes.options
    command = ["pip", "sync", "--python", str(place / "bin" / "python"), "--require-hashes", "--link-mode", "copy"]
    command += ["--only-binary", ":all:", "--quiet", "-", *options]
    # The lock names the packages by their hashes, so that those in the cache will do: no index has to be there.
    if environment.lock and _uv(places, [*command, "--offline"], environment.lock).returncode != 0:
        _require(_uv(places, command, environment.lock), "filled")
    content = {"packages": environment.packages, "lock": environment.lock, "python": environment.python}
    (place / READY).write_text(json.dumps(content))


def _require(done: subprocess.CompletedProcess[str], what: str) -> None:
    if done.returncode != 0:
        sys.stderr.write(done.stderr)
        full = "No space left" in done.stderr
        raise EnvironmentBroken(
            f"the environment could not be {what}: {_reason(done.stderr)}",
            "Free some space." if full else "Is there a network? The log has all that uv printed.",
        )


def _is_unreachable(words: str) -> bool:
    """Whether uv could not reach an index."""
    return "error sending request" in words or "Failed to fetch" in words


def _reason(words: str) -> str:
    """The last sentences of uv, on one line; of an index that cannot be reached its address."""
    lines = [line.strip(" ╰─▶×│├") for line in words.splitlines() if line.strip() and not line.startswith("hint")]
    fetched = next((line for line in lines if "Failed to fetch" in line), None)
    if fetched is not None:
        return re.sub(r"//[^/@`]*@", "//", fetched.removeprefix("Caused by: ").removeprefix("cause: "))[:_REASON_LENGTH]
    sentences = re.split(r"(?<=[.:?!]) (?=[A-Z])", " ".join(lines))
    reason = sentences.pop()
    while sentences and len(sentences[-1]) + len(reason) < _REASON_LENGTH:
        reason = f"{sentences.pop()} {reason}"
    return (reason if len(reason) <= _REASON_LENGTH else f"{reason[:_REASON_LENGTH]} …") or "uv gave no reason"


def _uv(places: Places, arguments: Sequence[str], stdin: str = "") -> subprocess.CompletedProcess[str]:
    from uv import find_uv_bin

    environment = {**os.environ, **places.variables, "UV_PYTHON_DOWNLOADS": "never", "UV_NO_PROGRESS": "1"}
    return subprocess.run(  # noqa: S603
        [find_uv_bin(), *arguments], input=stdin, capture_output=True, text=True, env=environment, check=False
    )


def _is_ready(place: Path) -> bool:
    return (place / READY).is_file() and (place / "bin" / "python").exists()


def _described(place: Path) -> Made:
    content = json.loads((place / READY).read_bytes())
    size = sum(file.stat().st_size for file in place.rglob("*") if file.is_file() and not file.is_symlink())
    version = content["python"] or platform.python_version()
    return Made(place.name, place, tuple(content["packages"]), version, size, (place / READY).stat().st_mtime)


@contextmanager
def _alone(file: Path, report: Callable[[float | None, str], None]) -> Iterator[None]:
    with file.open("a") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            report(None, "Waiting for the environment, which another step makes")
            fcntl.flock(lock, fcntl.LOCK_EX)
        yield
