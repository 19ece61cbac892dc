"""The keys of endpoints in a file that only their owner can read, so that the endpoint page can show them again.

The database holds only their digests; without this file everything but showing them works.
"""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import cast

from designer.store.endpoints import SLOTS, Slot
from designer.store.workspace import Workspace

FILE = "keys.json"
CHECKING = cast(Slot, "checking")
"""A slot for the moment in which a version is checked over HTTP."""


def new_key(workspace: Workspace, name: str, slot: Slot) -> str:
    """Make a key in a slot; the one that was there no longer opens."""
    key = workspace.endpoints.new_key(name, slot)
    kept = _read(workspace.path)
    _write(workspace.path, {**kept, name: {**kept.get(name, {}), slot: key}})
    return key


def first_keys(workspace: Workspace, name: str) -> dict[str, str]:
    """Make the keys of an endpoint that has none; returns the new ones."""
    present = {key.slot for key in workspace.endpoints.keys(name)}
    return {slot: new_key(workspace, name, slot) for slot in SLOTS if slot not in present}


def revealed_key(workspace: Workspace, name: str, slot: Slot) -> str | None:
    """The key of a slot, None where the file does not hold the one that opens."""
    key = _read(workspace.path).get(name, {}).get(slot)
    return key if key is not None and workspace.endpoints.key_slot(name, key) == slot else None


def forget_keys(workspace: Workspace, name: str) -> None:
    """Remove the keys of an endpoint from the file."""
    kept = _read(workspace.path)
    if kept.pop(name, None) is not None:
        _write(workspace.path, kept)


def _read(folder: Path) -> dict[str, dict[str, str]]:
    try:
        kept: dict[str, dict[str, str]] = json.loads((folder / FILE).read_text())
    except (OSError, ValueError):
        return {}
    return kept


def _write(folder: Path, kept: dict[str, dict[str, str]]) -> None:
    part = folder / f".{FILE}.{os.getpid()}"
    descriptor = os.open(part, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(descriptor, "w") as file:
        json.dump(kept, file, indent=2, sort_keys=True)
    part.replace(folder / FILE)
