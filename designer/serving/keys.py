"""Store endpoint keys in a file readable by its owner only, so that the endpoint page can show them again.

The database holds digests only; without this file, everything but showing keys works.
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import cast

from designer.store.endpoints import SLOTS, Slot, fresh_key
from designer.store.kept import read_object, write_private
from designer.store.workspace import Workspace

FILE = "keys.json"
CHECKING = cast(Slot, "checking")
"""The slot of the temporary key for checking a version over HTTP."""

Keys = Mapping[str, Mapping[str, str]]


def new_key(workspace: Workspace, name: str, slot: Slot) -> str:
    """Create a key in a slot and revoke the old one. It is written to the file before it opens anything."""
    keys, key = _read(workspace.path), fresh_key()
    _write(workspace.path, {**keys, name: {**keys.get(name, {}), slot: key}})
    try:
        return workspace.endpoints.new_key(name, slot, key)
    except BaseException:
        _write(workspace.path, keys)
        raise


def first_keys(workspace: Workspace, name: str) -> dict[str, str]:
    """Create the missing keys of an endpoint; returns the new ones by slot."""
    present = {key.slot for key in workspace.endpoints.keys(name)}
    return {slot: new_key(workspace, name, slot) for slot in SLOTS if slot not in present}


def revealed_key(workspace: Workspace, name: str, slot: Slot) -> str | None:
    """The key of a slot; None where the file does not hold the valid one."""
    key = _read(workspace.path).get(name, {}).get(slot)
    return key if key is not None and workspace.endpoints.key_slot(name, key) == slot else None


def forget_keys(workspace: Workspace, name: str) -> None:
    """Remove the keys of an endpoint from the file."""
    owners = _read(workspace.path)
    if name in owners:
        _write(workspace.path, {other: keys for other, keys in owners.items() if other != name})


def damage(folder: Path) -> list[str]:
    """Say in one sentence how the file is damaged; empty if it is readable or absent."""
    if not (folder / FILE).exists() or read_object(folder / FILE) is not None:
        return []
    remedy = "The keys still open their endpoints; make new ones on an endpoint's page to see them again."
    return [f"{FILE} in the workspace is damaged: keys cannot be shown. {remedy}"]


def _read(folder: Path) -> Keys:
    document = read_object(folder / FILE) or {}
    owners = {name: keys for name, keys in document.items() if isinstance(keys, dict)}
    return {name: {s: key for s, key in keys.items() if isinstance(key, str)} for name, keys in owners.items()}


def _write(folder: Path, keys: Keys) -> None:
    write_private(folder / FILE, keys)
