"""Synchronisation of tabs with the same pipeline: edits and runs of one show in the others."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

import reflex as rx
from reflex_base.registry import RegistrationContext

from designer.ui.http.open_tabs import open_tabs
from designer.ui.state.editor.pipeline import EditorState


class TabsState(EditorState):
    """Notifies other tabs of changes; `CanvasState.catch_up` shows them."""

    news: int = 0
    """Number of changes that other tabs made to this pipeline; the canvas catches up when it changes."""

    @rx.event(background=True)
    async def announce(self, pipeline: str = "") -> None:
        """Notify the other tabs of the named pipeline, or of the open one.

        Runs in the background, since two tabs that hold their state locks would deadlock.
        """
        async with self:
            mine = self.router.session.client_token
        await give_news(open_tabs().others(mine, connected(), str(pipeline)))

    @rx.event(background=True)
    async def announce_modules(self) -> None:
        """Notify all tabs of new modules."""
        await give_news(open_tabs().all())


async def give_news(tabs: Iterable[str]) -> None:
    """Make the connected ones of these tabs catch up."""
    app = RegistrationContext.get().app
    for tab in [tab for tab in tabs if tab in connected()]:
        async with app.modify_state(rx.BaseStateToken(ident=tab, cls=TabsState)) as state:
            (await state.get_state(TabsState)).news += 1


def connected() -> Mapping[str, str]:
    """The connected tabs: client token to socket id."""
    app = RegistrationContext.get().app
    return app.event_namespace.token_to_sid if app.event_namespace else {}
