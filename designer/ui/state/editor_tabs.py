"""Other tabs of the same pipeline: what one edits or runs, the others show."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

import reflex as rx
from reflex_base.registry import RegistrationContext

from designer.ui.http.open_tabs import open_tabs
from designer.ui.state.editor import EditorState


class TabsState(EditorState):
    """Tells other tabs that there is news; `CanvasState.catch_up` takes it."""

    news: int = 0
    """Counts what other tabs did to this pipeline. The canvas asks for it whenever the number changes."""

    @rx.event(background=True)
    async def announce(self, pipeline: str = "") -> None:
        """Let the other tabs of a pipeline know, of the open one where none is named. In the background: two tabs that
        hold their states would wait for each other."""
        async with self:
            mine = self.router.session.client_token
        await give_news(open_tabs().others(mine, connected(), str(pipeline)))


async def give_news(tabs: Iterable[str]) -> None:
    """Have tabs that are connected ask what is new."""
    app = RegistrationContext.get().app
    for tab in [tab for tab in tabs if tab in connected()]:
        async with app.modify_state(rx.BaseStateToken(ident=tab, cls=TabsState)) as state:
            (await state.get_state(TabsState)).news += 1


def connected() -> Mapping[str, str]:
    """The tabs that are connected, by the token that the browser gives each of them."""
    app = RegistrationContext.get().app
    return app.event_namespace.token_to_sid if app.event_namespace else {}
