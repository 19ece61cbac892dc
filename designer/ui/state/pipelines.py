"""State of the list of pipelines: open, copy, move to the trash, restore, delete permanently."""

import asyncio
from typing import Any

import reflex as rx
from reflex.event import EventSpec

from designer.ui import address
from designer.ui.state.opening import OpeningState
from designer.ui.views.overview import RecentPipeline, deleted, recent
from designer.ui.workbench import workbench


class PipelinesState(rx.State):
    """The rows of the page; reloaded after each change."""

    rows: rx.Field[list[RecentPipeline]] = rx.field(default_factory=list)
    trash: rx.Field[list[RecentPipeline]] = rx.field(default_factory=list)
    to_forget: str = ""
    to_forget_name: str = ""
    is_loaded: bool = False

    @rx.event
    async def load(self) -> Any:
        """Read the pipelines, and clear the problem of an earlier file."""
        self.rows, self.trash = await asyncio.to_thread(_read)
        self.is_loaded = True
        return OpeningState.close

    @rx.event
    async def start_blank(self) -> EventSpec:
        """Create an empty pipeline and open it."""
        return rx.redirect(address.pipeline((await asyncio.to_thread(workbench().pipelines.create_blank)).id))

    @rx.event
    async def delete(self, pipeline: str) -> EventSpec:
        """Move a pipeline to the trash, from where it can be restored."""
        await asyncio.to_thread(workbench().pipelines.delete, str(pipeline))
        await self._reload()
        return rx.toast("The pipeline is in the trash, at the end of this page.")

    @rx.event
    async def restore(self, pipeline: str) -> None:
        """Restore a pipeline from the trash."""
        await asyncio.to_thread(workbench().pipelines.restore, str(pipeline))
        await self._reload()

    @rx.event
    def ask_forget(self, pipeline: str) -> None:
        """Ask for confirmation before deleting a pipeline permanently; an empty id closes the question."""
        self.to_forget = pipeline if pipeline in [row.id for row in self.trash] else ""
        self.to_forget_name = next((row.name for row in self.trash if row.id == pipeline), self.to_forget_name)

    @rx.event
    async def forget(self) -> None:
        """Delete a pipeline in the trash permanently, with its history."""
        pipeline, self.to_forget = self.to_forget, ""
        if pipeline:
            await asyncio.to_thread(workbench().pipelines.forget, pipeline)
            await self._reload()

    @rx.event
    async def duplicate(self, pipeline: str) -> None:
        """Copy a pipeline."""
        await asyncio.to_thread(workbench().pipelines.duplicate, str(pipeline))
        await self._reload()

    async def _reload(self) -> None:
        self.rows, self.trash = await asyncio.to_thread(_read)


def _read() -> tuple[list[RecentPipeline], list[RecentPipeline]]:
    bench = workbench()
    return recent(bench), deleted(bench)
