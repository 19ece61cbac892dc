"""Read small JSON files of the workspace, which may be damaged by a disk, an editor or another program."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any


def read_object(file: Path) -> dict[str, Any] | None:
    """The JSON object in a file; None if the file is missing, unreadable or holds anything else."""
    try:
        document = json.loads(file.read_bytes())
    except (OSError, ValueError, RecursionError):
        return None
    return document if isinstance(document, dict) else None
