"""The file that a program appends its events to: progress, metrics and tags, one JSON document a line.

A file, unlike a pipe, works from any language, survives a program that closes its descriptors, and never blocks it.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from designer.contract.metrics import as_recorded

LINE_BYTES = 64 * 1024
_PIECE_BYTES = 1 << 20
_KINDS = frozenset({"fraction", "metric", "tag"})


class Events:
    """Reads a file as it grows and forwards its events; `skipped` counts the lines that are none."""

    def __init__(self, file: Path, send: Callable[[Mapping[str, Any]], None]) -> None:
        self.skipped = 0
        self._file = file
        self._send = send
        self._position = 0
        self._is_within_long_line = False

    def forward(self) -> None:
        """Send the events that were appended since the last call; a line without an end is left for the next."""
        try:
            with self._file.open("rb") as file:
                file.seek(self._position)
                while (read := self._read(file.read(_PIECE_BYTES))) > 0:
                    self._position += read
                    file.seek(self._position)
        except OSError:
            return

    def _read(self, content: bytes) -> int:
        """Forward the events of a piece; returns how many bytes of it were read."""
        complete = content[: content.rfind(b"\n") + 1]
        if not complete:
            is_long = len(content) == _PIECE_BYTES
            self._is_within_long_line |= is_long
            return len(content) if is_long else 0
        for line in complete.split(b"\n")[:-1]:
            event = None if self._is_within_long_line else _event(line)
            self._is_within_long_line = False
            if event is None:
                self.skipped += 1
            else:
                self._send(event)
        return len(complete)


def _event(line: bytes) -> dict[str, Any] | None:
    if len(line) > LINE_BYTES:
        return None
    try:
        event = json.loads(line)
    except (ValueError, RecursionError):
        return None
    if not isinstance(event, dict) or not _KINDS & event.keys():
        return None
    if "metric" in event:
        return {**event, "value": as_recorded(event.get("value"))}
    return {"fraction": None, "text": "", **event} if "fraction" in event else event
