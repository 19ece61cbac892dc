"""Files that a user names."""

from __future__ import annotations

from pathlib import Path

from designer.contract.errors import FileMissing


def require_file(file: Path) -> None:
    """Raise FileMissing where a path is not that of a file."""
    if file.is_dir():
        raise FileMissing("it is a folder, and a file is wanted", "Name a file in it.", file=str(file))
    if not file.is_file():
        raise FileMissing("there is no such file", "Check the path.", file=str(file))
