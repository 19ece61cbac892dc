"""Secrets of datastores in a file readable by its owner only, apart from the database; they are never shown again."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from designer.store.kept import read_object, write_private

FILE = "secrets.json"

Secrets = Mapping[str, Mapping[str, str]]
"""The secrets of each datastore, by name."""


def secrets_of(folder: Path, name: str) -> dict[str, str]:
    """The secrets of a datastore; empty if it has none, or if the file is damaged."""
    return dict(_read(folder).get(name, {}))


def keep_secrets(folder: Path, name: str, secrets: Mapping[str, str]) -> None:
    """Replace the secrets of a datastore."""
    others = {other: theirs for other, theirs in _read(folder).items() if other != name}
    if secrets or name in _read(folder):
        write_private(folder / FILE, {**others, name: dict(secrets)} if secrets else others)


def _read(folder: Path) -> Secrets:
    document = read_object(folder / FILE) or {}
    stores = {name: values for name, values in document.items() if isinstance(values, dict)}
    return {name: {k: v for k, v in values.items() if isinstance(v, str)} for name, values in stores.items()}
