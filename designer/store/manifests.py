"""Manifests: a second record of a workspace, apart from the database. One file for each run, pipeline, dataset version,
endpoint and schedule.

SQLite accepts a database whose write-ahead log lost its end; the changes in it are lost silently. A manifest is written
after its change is committed to the database and removed before its row is deleted, so a manifest without a row means
loss.
"""

from __future__ import annotations

import contextlib
import json
import os
import re
import secrets
import time
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

from blake3 import blake3

Kind = Literal["run", "pipeline", "dataset", "endpoint", "schedule"]
KINDS: tuple[Kind, ...] = ("pipeline", "run", "dataset", "endpoint", "schedule")
FORMAT = 1
_PLAIN = re.compile(r"[0-9a-z-]{1,80}")


@dataclass(frozen=True)
class Head:
    """The first line of a manifest. A higher `revision` is a later state of the same object."""

    kind: Kind
    id: str
    name: str
    revision: float
    at: float


class Manifests:
    """The folders `manifests/<kind>/`. Safe for several processes: files are written atomically, by a rename."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def keep(self, kind: Kind, id: str, revision: float, name: str, document: Mapping[str, Any]) -> None:
        """Write a state, unless a later one exists.

        Disk errors are ignored: the database has the change, and the engine writes outdated manifests at its next
        start.
        """
        place = self._place(kind, id)
        stored = _head_of(place)
        if stored is not None and stored.revision > revision:
            return
        head = {"format": FORMAT, "kind": kind, "id": id, "name": name, "revision": revision, "at": time.time()}
        part = place.with_name(f".{secrets.token_hex(6)}")
        with contextlib.suppress(OSError):
            try:
                place.parent.mkdir(parents=True, exist_ok=True)
                part.write_text(f"{json.dumps(head)}\n{json.dumps(document, default=str)}\n", encoding="utf-8")
                part.replace(place)
            finally:
                part.unlink(missing_ok=True)

    def forget(self, kind: Kind, id: str) -> None:
        """Remove a manifest; call it before deleting the rows from the database."""
        with contextlib.suppress(OSError):
            self._place(kind, id).unlink(missing_ok=True)

    def heads(self, kind: Kind, without: Collection[str] = ()) -> Iterator[Head]:
        """The heads of all manifests except those of the ids in `without`; skips damaged ones."""
        folder, passed = self._folder / kind, {_file_name(id) for id in without}
        names = {entry.name for entry in os.scandir(folder)} if folder.is_dir() else set()
        for name in sorted(names - passed):
            head = None if name.startswith(".") else _head_of(folder / name)
            if head is not None:
                yield head

    def head(self, kind: Kind, id: str) -> Head | None:
        """The head of a manifest; None if it is missing or damaged."""
        return _head_of(self._place(kind, id))

    def document(self, kind: Kind, id: str) -> dict[str, Any] | None:
        """The recorded state; None if it is missing or damaged."""
        try:
            _, body = self._place(kind, id).read_text(encoding="utf-8").split("\n", 1)
            document = json.loads(body)
        except (OSError, ValueError, RecursionError):
            return None
        return document if isinstance(document, dict) else None

    def _place(self, kind: Kind, id: str) -> Path:
        return self._folder / kind / _file_name(id)


def _file_name(id: str) -> str:
    return id if _PLAIN.fullmatch(id) else f"{blake3(id.encode()).hexdigest()[:32]}.name"


def _head_of(file: Path) -> Head | None:
    try:
        with file.open(encoding="utf-8") as lines:
            fields = json.loads(lines.readline(100_000))
        if fields["format"] > FORMAT:
            return None
        head = Head(
            fields["kind"], str(fields["id"]), str(fields["name"]), float(fields["revision"]), float(fields["at"])
        )
    except (OSError, ValueError, LookupError, TypeError, RecursionError):
        return None
    return head if head.kind in KINDS else None
