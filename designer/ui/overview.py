"""What Home shows: templates to start from and pipelines worked on last."""

from dataclasses import dataclass
from pathlib import Path

from designer.ui.thumbnail import Thumbnail


@dataclass(frozen=True)
class Template:
    """A sample pipeline to start from."""

    id: str
    title: str
    summary: str
    task: str
    size: str
    modules: int
    picture: Thumbnail


@dataclass(frozen=True)
class RecentPipeline:
    """One row of the table of recent pipelines."""

    id: str
    name: str
    task: str
    state: str
    best: str
    edited: str


def templates() -> list[Template]:
    """The sample pipelines that travel with Designer."""
    return []


def recent(workspace: Path, at_most: int = 8) -> list[RecentPipeline]:
    """The pipelines of this workspace, last edited first."""
    return []
