"""Small JSON files of the workspace. Anything may have damaged them: a disk, an editor, another program."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any


def read_object(file: Path) -> dict[str, Any] | None:
    """The object that a file holds; None where it is missing, cannot be read or holds anything else."""
    try:
        document = json.loads(file.read_bytes())
    except (OSError, ValueError, RecursionError):
        return None
    return document if isinstance(document, dict) else None
