"""Other tabs of the same pipeline: what one edits or runs, the others show."""

from __future__ import annotations

import asyncio
from typing import Any

import reflex as rx
from reflex_base.registry import RegistrationContext

from designer.ui.open_tabs import open_tabs
from designer.ui.state.editor import EditorState, document_message, tell
from designer.ui.state.editor_analysis import AnalysisState
from designer.ui.state.editor_run import STATE_FIELDS, RunState
from designer.ui.workspace import workspace


class TabsState(EditorState):
    """Tells other tabs that there is news, and takes news from them."""

    news: int = 0
    """Counts what other tabs did to this pipeline. The canvas asks for it whenever the number changes."""

    @rx.event(background=True)
    async def announce(self) -> None:
        """Let the other tabs know. In the background: two tabs that hold their states would wait for each other."""
        async with self:
            mine = self.router.session.client_token
        app = RegistrationContext.get().app
        connected = app.event_namespace.token_to_sid if app.event_namespace else {}
        for tab in open_tabs().others(mine, connected):
            async with app.modify_state(rx.BaseStateToken(ident=tab, cls=TabsState)) as state:
                (await state.get_state(TabsState)).news += 1

    @rx.event
    async def catch_up(self) -> Any:
        """Show what another tab did: the document it saved, the run it began."""
        if not self.pipeline_id:
            return None
        draft = await asyncio.to_thread(workspace().drafts.get, self.pipeline_id)
        run = await asyncio.to_thread(workspace().runs.latest, self.pipeline_id)
        answers: list[Any] = []
        if draft.revision > self._revision:
            saved = self._open(draft)
            answers += [tell("catchUp", document_message(draft.id, saved)), AnalysisState.analyse]
        if run is not None and run.id != (await self.get_state(RunState)).run_id:
            answers += [tell("unmark", STATE_FIELDS), RunState.follow]
        return answers
