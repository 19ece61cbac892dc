"""State of Home: templates, recent pipelines, and starting from one of them."""

import asyncio

import reflex as rx
from reflex.event import EventSpec

from designer.contract.errors import DesignerError
from designer.store.record import in_words
from designer.ui import address
from designer.ui.views import overview
from designer.ui.views.overview import RecentPipeline, Template
from designer.ui.workbench import workbench

ALL = "All"
SHOWN_TEMPLATES = 8
SHOWN_PIPELINES = 8
POLL_SECONDS = 2.0


class HomeState(rx.State):
    """What Home shows, reloaded at each visit; the workspace is the record."""

    templates: rx.Field[list[Template]] = rx.field(default_factory=list)
    recent: rx.Field[list[RecentPipeline]] = rx.field(default_factory=list)
    lost: rx.Field[list[str]] = rx.field(default_factory=list)
    task: str = ALL
    shows_all: bool = False
    is_loaded: bool = False
    _follower: int = 0

    @rx.event(background=True)
    async def load(self) -> None:
        """Read templates and recent pipelines; poll while Home is open and one of them runs."""
        async with self:
            self._follower += 1  # the poll of an earlier visit ends
            mine = self._follower
        while True:
            shown, rows = await asyncio.to_thread(_read)
            lost = await asyncio.to_thread(workbench().workspace.record.missing)
            async with self:
                if mine != self._follower:
                    return
                self.templates, self.recent, self.is_loaded = shown, rows, True
                self.lost = in_words(lost)
                is_here = self.router.url.path == "/"
            if not is_here or not any(row.state in ("Queued", "Running") for row in rows):
                return
            await asyncio.sleep(POLL_SECONDS)

    @rx.event
    def show_task(self, task: str) -> None:
        """Show the templates of one task only."""
        self.task = task if task in self.tasks else ALL

    @rx.event
    def show_all(self) -> None:
        """Show every template, not only the first rows."""
        self.shows_all = True

    @rx.event
    async def start_blank(self) -> EventSpec:
        """Create an empty pipeline and open it."""
        return rx.redirect(address.pipeline((await asyncio.to_thread(workbench().pipelines.create_blank)).id))

    @rx.event
    async def start_from(self, template: str) -> EventSpec:
        """Create a pipeline from a template and open it."""
        try:
            made = await asyncio.to_thread(workbench().pipelines.create_from_template, template)
        except DesignerError as error:
            return rx.toast.error(str(error))
        return rx.redirect(address.pipeline(made.id))

    @rx.var
    def tasks(self) -> list[str]:
        """`All`, then the tasks that have a template, in the order of the templates."""
        return [ALL, *dict.fromkeys(template.task for template in self.templates)]

    @rx.var
    def shown_templates(self) -> list[Template]:
        """The templates of the chosen task; the first `SHOWN_TEMPLATES` unless all were asked for."""
        fitting = [t for t in self.templates if self.task in (ALL, t.task)]
        return fitting if self.shows_all else fitting[:SHOWN_TEMPLATES]

    @rx.var
    def template_count(self) -> str:
        """The number of templates, in words."""
        return f"{len(self.templates)} templates"


def _read() -> tuple[list[Template], list[RecentPipeline]]:
    bench = workbench()
    rows = overview.recent(bench, SHOWN_PIPELINES)
    return overview.templates(bench.library), overview.with_standing(rows, bench.runs)
