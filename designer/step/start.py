"""Call the function of a component outside of Designer: `python -m designer.step.start FILE FUNCTION TYPES …`.

TYPES is JSON, the type of each argument; what follows are triples: inputs, outputs or parameters, a name, a value.
"""

from __future__ import annotations

import json
import os
import sys
import tempfile
from typing import Any

FOLDER = "folder"


def described(types: dict[str, str], words: list[str]) -> dict[str, Any]:
    """The description of a step, as `designer.step` reads it."""
    document: dict[str, Any] = {"inputs": {}, "outputs": {}, "parameters": {}, "types": types}
    for position in range(0, len(words), 3):
        kind, name, value = words[position : position + 3]
        document[kind][name] = _typed(value, types[name]) if kind == "parameters" else value
        if kind == "outputs" and types[name] == FOLDER:
            os.makedirs(value, exist_ok=True)
    return document


def _typed(value: str, type: str) -> Any:
    if type == "boolean":
        return value.lower() == "true"
    return int(value) if type == "integer" else float(value) if type == "number" else value


def main(file: str, function: str, types: str, words: list[str]) -> None:
    """Replace this process by the call."""
    with tempfile.NamedTemporaryFile("w", suffix=".json", delete=False, encoding="utf-8") as step:
        json.dump(described(json.loads(types), words), step)
    here = os.path.dirname(os.path.abspath(__file__))
    package = os.path.dirname(os.path.dirname(here))
    path = os.pathsep.join(filter(None, (package, os.environ.get("PYTHONPATH", ""))))
    environment = {**os.environ, "DESIGNER_STEP": step.name, "PYTHONPATH": path}
    sys.stdout.flush()
    os.execve(sys.executable, [sys.executable, os.path.join(here, "call.py"), file, function], environment)  # noqa: S606


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2], sys.argv[3], sys.argv[4:])
