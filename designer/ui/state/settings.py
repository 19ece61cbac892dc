"""State of the settings page: folder, processes, sizes and loaded modules."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import psutil
import reflex as rx

from designer.serving.address import scoring_address, scoring_pid
from designer.serving.keys import damage
from designer.store.record import in_words
from designer.store.upkeep.abandoned import size_of
from designer.store.workspace import Workspace
from designer.ui.library import library
from designer.ui.views import figures
from designer.ui.workbench import workbench
from designer.ui.workspace import workspace_folder


@dataclass(frozen=True)
class ProcessRow:
    """One process of Designer."""

    title: str
    state: str
    tone: str
    words: str
    remedy: str = ""


@dataclass(frozen=True)
class Fact:
    """One line: a label and its value."""

    label: str
    value: str


class SettingsState(rx.State):
    """What the page shows; read again at each load."""

    processes: rx.Field[list[ProcessRow]] = rx.field(default_factory=list)
    facts: rx.Field[list[Fact]] = rx.field(default_factory=list)
    warnings: rx.Field[list[str]] = rx.field(default_factory=list)
    broken: rx.Field[list[Fact]] = rx.field(default_factory=list)

    @rx.event
    def load(self) -> Any:
        """Show what is known at once, then inspect the processes."""
        self.facts = [Fact("Folder", str(workspace_folder().resolve())), Fact("Modules", str(len(library())))]
        self.broken = [Fact(name, reason) for name, reason in library().broken.items()]
        return SettingsState.look

    @rx.event(background=True)
    async def look(self) -> None:
        """Read processes, sizes and the state of the database."""
        rows = await asyncio.to_thread(_processes, workbench().workspace)
        facts = await asyncio.to_thread(_sizes, workbench().workspace)
        warnings = await asyncio.to_thread(_warnings, workbench().workspace)
        async with self:
            self.processes, self.warnings = rows, warnings
            self.facts = [*self.facts[:2], *facts]


def _processes(opened: Workspace) -> list[ProcessRow]:
    scoring = scoring_address(opened.path)
    engine_runs = opened.engine_is_running()
    start = "Start Designer again: it starts all three."
    return [
        ProcessRow("Web page", "Running", "ok", _memory(psutil.Process().pid)),
        ProcessRow(
            "Engine",
            "Running" if engine_runs else "Not running",
            "ok" if engine_runs else "bad",
            _memory(_pid(opened.engine_lock)) if engine_runs else "Runs wait until it is started.",
            "" if engine_runs else start,
        ),
        ProcessRow(
            "Scoring",
            "Running" if scoring else "Not running",
            "ok" if scoring else "bad",
            f"{scoring}, {_memory(scoring_pid(opened.path))}" if scoring else "Endpoints do not answer.",
            "" if scoring else start,
        ),
    ]


def _sizes(opened: Workspace) -> list[Fact]:
    kept = size_of(opened.path / "artifacts")
    database = opened.database.file.stat().st_size
    return [
        Fact("Results kept", figures.bytes_in_words(kept)),
        Fact("Database", figures.bytes_in_words(database)),
        Fact("Pipelines", figures.count(opened.drafts.count())),
    ]


def _warnings(opened: Workspace) -> list[str]:
    lost = in_words(opened.record.missing())
    return [*lost, *damage(opened.path), *opened.database.check(), *opened.database.warnings()]


def _memory(pid: int | None) -> str:
    if pid is None:
        return ""
    try:
        process = psutil.Process(pid)
        return f"process {pid}, {figures.bytes_in_words(process.memory_info().rss)}"
    except psutil.Error:
        return ""


def _pid(file: Path) -> int | None:
    try:
        return int(file.read_text().split()[0])
    except (OSError, ValueError, IndexError):
        return None
