"""The Git state of a source folder, as properties of the run that is submitted from it.

A repository can name programs in its own configuration that Git starts: a file system monitor, hooks, filters. Designer
reads folders of others, so none of them is started here, and nothing is written.
"""

from __future__ import annotations

import os
import re
import subprocess
import time
from collections.abc import Iterable
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit, urlunsplit

SECONDS = 2.0
"""The most time for all calls of Git together; without an answer by then, the run has no Git properties."""

LISTED_FILES = 100
"""The most changed files that are listed by name."""

CHANGED = "designer.git.changed_files"
CHANGED_COUNT = "designer.git.changed_count"
_OPTIONS = ("--no-pager", "-c", "core.fsmonitor=false", "-c", "core.hooksPath=/dev/null")
_INHERITED = re.compile(r"GIT_(DIR|WORK_TREE|INDEX_FILE|CONFIG.*|TRACE.*|EXTERNAL_DIFF|PAGER|ASKPASS)")
_FILTER = re.compile(r"filter\..+\.(clean|smudge|process|required)", re.IGNORECASE | re.DOTALL)
_SCP = re.compile(r"(?:[^@/:\s]+@)?([^/:\s]+:.+)")
"""An address such as git@host:owner/project."""


class _NoAnswer(Exception):
    """Git is not installed, failed or took too long."""


def git_properties(folder: Path) -> dict[str, Any]:
    """Commit, branch, remote, and changed files of the repository around a folder, by the property names of Azure.

    Empty without a repository, without Git, or if Git takes more than `SECONDS`. User and password are removed from
    the remote. `azureml.git.dirty` is "True" or "False"; changed files are relative to the top of the repository.
    """
    git = _Git(folder, time.monotonic() + SECONDS)
    try:
        if git.ask("rev-parse", "--is-inside-work-tree").strip() != "true":
            return {}
        filters = _own_filters(git.ask("config", "--show-scope", "--null", "--name-only", "--list"))
        status = git.ask(
            *(option for name in filters for option in ("-c", f"{name}=")),
            "status", "--porcelain=v2", "--branch", "-z", "--untracked-files=normal", "--ignore-submodules=dirty",
        )  # fmt: skip
        remote = _remote(git)
    except _NoAnswer:
        return {}
    return _properties(status, remote)


class _Git:
    """Git in one folder, with a deadline for all calls."""

    def __init__(self, folder: Path, until: float) -> None:
        self._folder, self._until = folder, until

    def ask(self, *words: str) -> str:
        """The output of a command. Raises _NoAnswer."""
        left = self._until - time.monotonic()
        try:
            answer = subprocess.run(  # noqa: S603
                ["git", *_OPTIONS, *words],  # noqa: S607
                cwd=self._folder, env=_environment(), stdin=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
                stdout=subprocess.PIPE, timeout=max(left, 0.0), check=True,
            )  # fmt: skip
        except (OSError, subprocess.SubprocessError) as error:
            raise _NoAnswer from error
        return answer.stdout.decode(errors="replace")


def _environment() -> dict[str, str]:
    kept = {name: value for name, value in os.environ.items() if not _INHERITED.fullmatch(name)}
    return {**kept, "GIT_OPTIONAL_LOCKS": "0", "GIT_TERMINAL_PROMPT": "0", "LC_ALL": "C"}


def _own_filters(listing: str) -> Iterable[str]:
    """The settings of filters that the repository itself makes, to be emptied."""
    parts = listing.split("\0")
    pairs = zip(parts[::2], parts[1::2], strict=False)
    return dict.fromkeys(name for scope, name in pairs if scope in ("local", "worktree") and _FILTER.fullmatch(name))


def _remote(git: _Git) -> str:
    """The address of the remote `origin`, or of the first one; empty without one."""
    names = git.ask("remote").split()
    if not names:
        return ""
    name = "origin" if "origin" in names else names[0]
    return without_credentials(git.ask("remote", "get-url", name).strip())


def without_credentials(address: str) -> str:
    """The address of a remote without user, password, query and fragment."""
    if "://" in address:
        parts = urlsplit(address)
        return urlunsplit((parts.scheme, parts.netloc.rpartition("@")[2], parts.path, "", ""))
    scp = _SCP.fullmatch(address)
    return scp[1] if scp else address


def _properties(status: str, remote: str) -> dict[str, Any]:
    header: dict[str, str] = {}
    changed: list[str] = []
    records = iter(status.split("\0"))
    for record in records:
        if record.startswith("# branch."):
            name, _, value = record.removeprefix("# branch.").partition(" ")
            header[name] = value
        elif record[:1] in ("1", "2", "u"):
            changed.append(record.split(" ", {"1": 8, "2": 9, "u": 10}[record[0]])[-1])
            if record[0] == "2":
                next(records, None)  # the former name of a renamed file
        elif record[:1] == "?":
            changed.append(record[2:])
    commit = "" if header.get("oid") == "(initial)" else header.get("oid", "")
    branch = "" if header.get("head") == "(detached)" else header.get("head", "")
    by_kind = {
        "repository_uri": remote, "branch": branch, "commit": commit, "dirty": str(bool(changed)),
    }  # fmt: skip
    mlflow = {
        "mlflow.source.git.repoURL": remote,
        "mlflow.source.git.branch": branch,
        "mlflow.source.git.commit": commit,
    }
    properties: dict[str, Any] = {f"azureml.git.{name}": value for name, value in by_kind.items()} | mlflow
    if changed:
        properties |= {CHANGED: changed[:LISTED_FILES], CHANGED_COUNT: len(changed)}
    return {name: value for name, value in properties.items() if value != ""}
