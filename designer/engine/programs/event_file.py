"""The file that a program appends its events to: progress, metrics and tags, one JSON document a line.

A file, unlike a pipe, works from any language, survives a program that closes its descriptors, and never blocks it.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

LINE_BYTES = 64 * 1024
_KINDS = frozenset({"fraction", "metric", "tag"})


class Events:
    """Reads a file as it grows and forwards its events; `skipped` counts the lines that are none."""

    def __init__(self, file: Path, send: Callable[[Mapping[str, Any]], None]) -> None:
        self.skipped = 0
        self._file = file
        self._send = send
        self._position = 0

    def forward(self) -> None:
        """Send the events that were appended since the last call; a line without an end is left for the next."""
        try:
            with self._file.open("rb") as file:
                file.seek(self._position)
                content = file.read()
        except OSError:
            return
        complete = content[: content.rfind(b"\n") + 1]
        self._position += len(complete)
        for line in complete.splitlines():
            event = _event(line)
            if event is None:
                self.skipped += 1
            else:
                self._send(event)


def _event(line: bytes) -> dict[str, Any] | None:
    if len(line) > LINE_BYTES:
        return None
    try:
        event = json.loads(line)
    except (ValueError, RecursionError):
        return None
    if not isinstance(event, dict) or not _KINDS & event.keys():
        return None
    return {"fraction": None, "text": "", **event} if "fraction" in event else event
