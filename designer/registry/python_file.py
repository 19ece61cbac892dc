"""The components that the functions of a Python file declare. Reading it executes it, in a process of its own."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from designer.contract.component import ComponentSpec
from designer.contract.errors import DesignerError, FileMissing
from designer.registry.scripts import Source, require_python
from designer.registry.snapshot import Snapshot

READING_SECONDS = 120


class NotReadable(DesignerError):
    """A Python file whose components cannot be read."""


def components_in(file: Path) -> list[Source]:
    """The components of a file, in its order. Executes the file.

    Raises FileMissing, NotPython, NotDeclared for a function with arguments that are no ports or settings, and
    NotReadable for a file that fails or declares none.
    """
    if not file.is_file():
        raise FileMissing(f"there is no file '{file.name}'", "Check the path.", file=str(file))
    require_python(file)
    answer = _answer(file.resolve())
    if "error" in answer:
        raise DesignerError.from_json(answer["error"])
    if "missing" in answer:
        problem = f"'{file.name}' imports '{answer['missing']}', which Designer's own environment lacks"
        raise NotReadable(problem, "Import it inside of the function.", file=file.name)
    if "problem" in answer:
        raise NotReadable(f"'{file.name}' ends with {answer['problem']}", "Correct it.", file=file.name)
    if not answer["components"]:
        problem = f"'{file.name}' declares no component"
        raise NotReadable(problem, "Write @component or @command_component before a function.", file=file.name)
    return [
        Source(ComponentSpec.from_json(each["spec"]), Snapshot(Path(each["folder"]), each["sizes"]))
        for each in answer["components"]
    ]


def _answer(file: Path) -> dict[str, Any]:
    with TemporaryDirectory() as folder:
        target = Path(folder, "answer.json")
        command = [sys.executable, "-m", "designer.registry.function_child", str(file), str(target)]
        try:
            subprocess.run(command, stdin=subprocess.DEVNULL, check=False, timeout=READING_SECONDS)  # noqa: S603
        except subprocess.TimeoutExpired:
            problem = f"'{file.name}' does not end within {READING_SECONDS} seconds"
            raise NotReadable(problem, "Leave to the function what it is to do.", file=file.name) from None
        if not target.is_file():
            raise NotReadable(f"'{file.name}' ended the process that reads it", "Correct it.", file=file.name)
        document: dict[str, Any] = json.loads(target.read_bytes())
        return document
