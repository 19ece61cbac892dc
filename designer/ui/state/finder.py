"""The finder of the top bar: query and hits."""

import asyncio

import reflex as rx
from reflex.event import EventSpec

from designer.ui.views.finding import Found, everything, fitting
from designer.ui.workbench import workbench


class FinderState(rx.State):
    """Whether the finder is open, the typed query and its hits."""

    is_open: bool = False
    typed: str = ""
    hits: rx.Field[list[Found]] = rx.field(default_factory=list)

    @rx.event
    async def open(self) -> None:
        """Open the finder with an empty query."""
        self.is_open = True
        await self._search("")

    @rx.event
    def close(self) -> None:
        """Hide the finder."""
        self.is_open = False

    @rx.event
    async def search(self, typed: str) -> None:
        """Show what matches the typed words."""
        await self._search(str(typed)[:200])

    @rx.event
    def go_to_first(self, key: str) -> EventSpec | None:
        """Open the first hit on Enter."""
        if key != "Enter" or not self.hits:
            return None
        self.is_open = False
        return rx.redirect(self.hits[0].route)

    async def _search(self, typed: str) -> None:
        self.typed = typed
        self.hits = await asyncio.to_thread(_found, typed)


def _found(typed: str) -> list[Found]:
    return fitting(everything(workbench()), typed)
