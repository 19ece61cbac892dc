"""What a schedule watches: files below a folder, by name, size and time, or the versions of a dataset."""

from __future__ import annotations

import fnmatch
import os
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from designer.contract.errors import DesignerError, FileMissing
from designer.store.workspace import Workspace

MOST_FILES = 10_000
SETTLED_SECONDS = 2.0
"""A file that was written to more recently may still grow, and is looked at the next time."""

Seen = Mapping[str, Any]


class TooManyFiles(DesignerError):
    """A watched folder has more files than can be compared."""


@dataclass(frozen=True)
class Look:
    """What was found: the changes since the last look, by name, each with what is to be remembered of it."""

    changes: Mapping[str, Any] = field(default_factory=dict)
    gone: frozenset[str] = frozenset()
    """What is to be forgotten."""

    def seen(self, before: Seen, names: tuple[str, ...]) -> dict[str, Any]:
        """What was seen after these changes were taken."""
        kept = {name: value for name, value in before.items() if name not in self.gone}
        return {**kept, **{name: self.changes[name] for name in names}}


def look(workspace: Workspace, watch: Mapping[str, Any], seen: Seen, now: float) -> Look:
    """Compare a watched place with what was seen. Raises FileMissing and TooManyFiles."""
    if watch["kind"] == "dataset":
        version = workspace.datasets.get(watch["name"]).version
        name = f"{watch['name']}:{version}"
        is_newer = version > max(map(int, seen.values()), default=0)
        return Look({name: version}, frozenset(seen)) if is_newer else Look()
    present = dict(_files(workspace, watch))
    settled = {name: state for name, state in present.items() if state[1] <= (now - SETTLED_SECONDS) * 1e9}
    changed = {name: state for name, state in settled.items() if list(state) != list(seen.get(name, ()))}
    return Look(dict(sorted(changed.items(), key=lambda each: each[1][1])), frozenset(seen.keys() - present.keys()))


def first_look(workspace: Workspace, watch: Mapping[str, Any]) -> dict[str, Any]:
    """What is there when a schedule is made, which is no change. Raises as `look`."""
    if watch["kind"] == "dataset":
        return {watch["name"]: workspace.datasets.get(watch["name"]).version}
    return {name: list(state) for name, state in _files(workspace, watch)}


def place_of(text: str) -> tuple[str, str]:
    """The folder and the pattern of a place such as `/data/incoming/*.csv` or `/data/incoming`."""
    path = Path(text).expanduser().absolute()
    parts = path.parts
    first = next((n for n, part in enumerate(parts) if any(sign in part for sign in "*?[")), None)
    if first is not None:
        return str(Path(*parts[:first])), "/".join(parts[first:])
    return (str(path), "**") if path.is_dir() else (str(path.parent), path.name)


def _files(workspace: Workspace, watch: Mapping[str, Any]) -> Iterator[tuple[str, tuple[int, int]]]:
    """The files below a folder that match, with size and time; hidden ones and those of the workspace are left out."""
    folder, pattern = Path(watch["folder"]), str(watch["pattern"])
    if not folder.is_dir():
        raise FileMissing(f"there is no folder '{folder}' to watch", "Make it, or watch another.")
    count = 0
    for place, folders, names in os.walk(folder):
        own = [name for name in folders if name.startswith(".") or Path(place, name) == workspace.path]
        folders[:] = sorted(set(folders) - set(own))
        relative = Path(place).relative_to(folder)
        for name in names:
            path = (relative / name).as_posix()
            if name.startswith(".") or not _matches(path, pattern):
                continue
            count += 1
            if count > MOST_FILES:
                raise TooManyFiles(f"more than {MOST_FILES:,} files are watched in '{folder.name}'",
                                   "Watch fewer, with a pattern such as *.csv.")  # fmt: skip
            try:
                status = (folder / path).stat()
            except OSError:
                continue
            yield str(folder / path), (status.st_size, status.st_mtime_ns)


def _matches(path: str, pattern: str) -> bool:
    if pattern == "**":
        return True
    is_deep = pattern.startswith("**/")
    tail = pattern.removeprefix("**/")
    if path.count("/") != tail.count("/") and not is_deep:
        return False
    return fnmatch.fnmatchcase(path, tail) or (is_deep and fnmatch.fnmatchcase(path, f"*/{tail}"))
