"""The sample pipelines: documents in this folder, shown on the home page."""

from __future__ import annotations

import json
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

from designer.pipeline.document import from_document
from designer.pipeline.graph import Pipeline


@dataclass(frozen=True)
class Template:
    """A sample pipeline: `task` is shown as its badge, `dataset` is the sample dataset it reads, `rows` its length."""

    id: str
    title: str
    summary: str
    task: str
    dataset: str
    pipeline: Pipeline
    rows: int = 0


@cache
def templates() -> tuple[Template, ...]:
    """All sample pipelines, in the order of `index.json`."""
    folder = files(__package__)
    index = json.loads(folder.joinpath("index.json").read_text(encoding="utf-8"))
    return tuple(
        Template(
            entry["id"],
            entry["title"],
            entry["summary"],
            entry["task"],
            entry["dataset"],
            from_document(json.loads(folder.joinpath(f"{entry['id']}.json").read_text(encoding="utf-8"))),
            entry.get("rows", 0),
        )
        for entry in index
    )


def template(id: str) -> Template | None:
    """The sample pipeline of that id; None if there is none."""
    return next((sample for sample in templates() if sample.id == id), None)
