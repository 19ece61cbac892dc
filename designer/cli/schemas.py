"""`designer schema`: JSON Schemas for editors."""

from __future__ import annotations

from pathlib import Path

from designer.cli.files import to_json, write_bytes
from designer.cli.opening import opened_or_empty
from designer.workbench.editor_schemas import editor_schema


def write_schema(folder: Path, kind: str, output: Path | None) -> None:
    """Print the schema of a kind of file, or write it to `output`."""
    with opened_or_empty(folder) as workspace:
        text = to_json(editor_schema(kind, workspace.library))
    if output is None:
        print(text)
    else:
        write_bytes(output, f"{text}\n".encode())
        print(output)
