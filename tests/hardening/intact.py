"""What must be unchanged after a bad input or a fault, letter by letter.

D the rows of the database, and its integrity; A the bytes of every stored result; T no files left in working
folders; S the same process, alive; X no traceback, path of the machine or secret in the answer.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path

import psutil

from designer.store.artifacts.blobs import digest_of
from designer.store.workspace import Workspace

LETTERS = "DATSX"
_TRACES = re.compile(r"Traceback|File \"|\bat 0x[0-9a-f]{6,}|dsg_[\w-]{20,}|sqlalchemy|sqlite3\.|/site-packages/")


@dataclass(frozen=True)
class Moment:
    """A snapshot of a workspace and its process."""

    rows: Mapping[str, str]
    artifacts: Mapping[str, int]
    process: tuple[int, float] | None


def moment(workspace: Workspace, process: int | None = None) -> Moment:
    """Take a snapshot."""
    folder = workspace.path / "artifacts"
    return Moment(
        _rows(workspace),
        {file.name: file.stat().st_size for file in folder.glob("??/*")},
        (process, psutil.Process(process).create_time()) if process is not None else None,
    )


def broken(before: Moment, workspace: Workspace, answer: str = "", letters: str = LETTERS) -> list[str]:
    """One line per change since the snapshot, starting with its letter; empty if all is intact."""
    checks: Mapping[str, Callable[[], list[str]]] = {
        "D": lambda: _lost_rows(before, workspace),
        "A": lambda: _changed_artifacts(before, workspace),
        "T": lambda: _left_behind(workspace.path),
        "S": lambda: _other_process(before),
        "X": lambda: _traces(answer, workspace.path),
    }
    return [f"{letter}: {defect}" for letter in letters for defect in checks[letter]()]


def _rows(workspace: Workspace) -> dict[str, str]:
    drafts = {f"pipeline {row.id}": f"{row.revision} {row.document}" for row in workspace.drafts.all()}
    datasets = {f"dataset {row.name}": f"{row.version} {row.digest}" for row in workspace.datasets.all()}
    endpoints = {f"endpoint {row.name}": f"{row.state} {row.default_version}" for row in workspace.endpoints.all()}
    return {**drafts, **datasets, **endpoints}


def _lost_rows(before: Moment, workspace: Workspace) -> list[str]:
    now = _rows(workspace)
    changed = [f"{name} is changed or gone" for name, row in before.rows.items() if now.get(name) != row]
    return changed + [f"the database: {line}" for line in workspace.database.check()]


def _changed_artifacts(before: Moment, workspace: Workspace) -> list[str]:
    folder = workspace.path / "artifacts"
    files = {name: folder / name[:2] / name for name in before.artifacts}
    gone = [f"result {name[:12]} is gone" for name, file in files.items() if not file.is_file()]
    return gone + [
        f"result {name[:12]} has other bytes"
        for name, file in files.items()
        if file.is_file() and digest_of(file) != name
    ]


def _left_behind(folder: Path) -> list[str]:
    scratch = [f"scratch/{path.name} is left" for path in (folder / "scratch").glob("*")]
    parts = [f"{path.parent.name}/.part is left" for path in (folder / "uploads").rglob(".part")]
    return scratch + parts + [f"incoming/{path.name} is left" for path in (folder / "artifacts/incoming").glob("*")]


def _other_process(before: Moment) -> list[str]:
    if before.process is None:
        return []
    id, began = before.process
    if psutil.pid_exists(id) and psutil.Process(id).create_time() == began:
        return []
    return [f"process {id} ended"]


def _traces(answer: str, folder: Path) -> list[str]:
    match = _TRACES.search(answer)
    traces = [f"the answer shows {match[0]!r}"] if match else []
    return traces + (["the answer shows a path of the machine"] if str(folder) in answer else [])
