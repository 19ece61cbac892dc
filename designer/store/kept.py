"""Small JSON files of the workspace, which a disk, an editor or another program may damage."""

from __future__ import annotations

import json
import os
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from designer.store.artifacts.blobs import disk_error


def read_object(file: Path) -> dict[str, Any] | None:
    """The JSON object in a file; None if the file is missing, unreadable or holds anything else."""
    try:
        document = json.loads(file.read_bytes())
    except (OSError, ValueError, RecursionError):
        return None
    return document if isinstance(document, dict) else None


def write_private(file: Path, document: Mapping[str, Any]) -> None:
    """Replace a JSON file that only its owner may read; a damaged one is kept beside it as `NAME.damaged`.

    Raises DesignerError if the disk refuses.
    """
    part = file.with_name(f".{file.name}.{os.getpid()}")
    try:
        if file.exists() and read_object(file) is None:
            file.replace(file.with_name(f"{file.name}.damaged"))  # some of it may be recovered by hand
        descriptor = os.open(part, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
        with os.fdopen(descriptor, "w") as target:
            json.dump(document, target, indent=2, sort_keys=True)
        part.replace(file)
    except OSError as error:
        part.unlink(missing_ok=True)
        raise disk_error(error) from error
