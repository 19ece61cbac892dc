"""Home: which templates and which pipelines there are."""

import asyncio

import reflex as rx

from designer.ui import overview
from designer.ui.library import library
from designer.ui.overview import RecentPipeline, Template
from designer.ui.workspace import workspace

ALL = "All"


class HomeState(rx.State):
    """What Home shows. Everything is read anew at each load; nothing of value lives here."""

    templates: rx.Field[list[Template]] = rx.field(default_factory=list)
    recent: rx.Field[list[RecentPipeline]] = rx.field(default_factory=list)
    task: str = ALL
    is_loaded: bool = False

    @rx.event
    async def load(self) -> None:
        """Read templates and recent pipelines."""
        self.templates, self.recent = await asyncio.to_thread(_read)
        self.is_loaded = True

    @rx.event
    def show_task(self, task: str) -> None:
        """Show the templates of one task only."""
        self.task = task if task in self.tasks else ALL

    @rx.var
    def tasks(self) -> list[str]:
        """The tasks that have a template, in the order of the templates."""
        return [ALL, *dict.fromkeys(template.task for template in self.templates if template.task)]

    @rx.var
    def shown_templates(self) -> list[Template]:
        """The templates of the chosen task."""
        return [t for t in self.templates if self.task in (ALL, t.task)]


def _read() -> tuple[list[Template], list[RecentPipeline]]:
    known = library()
    return overview.templates(known), overview.recent(workspace(), known)
