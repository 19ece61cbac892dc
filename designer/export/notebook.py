"""Export a training pipeline as a notebook: the plain script, one cell per node under a heading with its title.

Writes the JSON itself: the format (nbformat 4.5, https://nbformat.readthedocs.io) is a list of cells, too simple to
justify a dependency.
"""

from __future__ import annotations

import json
from typing import Any

from designer.export.python import PythonExport


def notebook(export: PythonExport, name: str) -> str:
    """The text of an .ipynb file. Like the script, it reads its data from the folder that it is in."""
    cells = [_text("title", f"# {name}\n\n{export.needs} Written by Designer."),
             _code("functions", export.head)]  # fmt: skip
    for number, part in enumerate(export.parts, 1):
        cells.append(_text(f"text-{number}", f"## {part.title}\n\n{part.comment}".strip()))
        cells.append(_code(f"code-{number}", f"{part.code}\n{part.table}.head()" if part.table else part.code))
    kernel = {"display_name": "Python 3", "language": "python", "name": "python3"}
    metadata = {"kernelspec": kernel, "language_info": {"name": "python"}}
    document = {"cells": cells, "metadata": metadata, "nbformat": 4, "nbformat_minor": 5}
    return json.dumps(document, indent=1, ensure_ascii=False) + "\n"


def _text(id: str, source: str) -> dict[str, Any]:
    return {"cell_type": "markdown", "id": id, "metadata": {}, "source": source.splitlines(keepends=True)}


def _code(id: str, source: str) -> dict[str, Any]:
    lines = source.splitlines(keepends=True)
    return {"cell_type": "code", "execution_count": None, "id": id, "metadata": {}, "outputs": [], "source": lines}
