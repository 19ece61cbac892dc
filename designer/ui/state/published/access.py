"""The address, the keys and the client programs of a published pipeline."""

from __future__ import annotations

import asyncio
from typing import Any

import reflex as rx

from designer import settings
from designer.contract.errors import DesignerError
from designer.serving.pipelines.consume import LANGUAGES, program
from designer.ui.state.published.list import default_of
from designer.ui.state.published.page import PublishedState
from designer.ui.state.shown_keys import Keyed, ShownKeys
from designer.ui.views.endpoint.snippets import pieces
from designer.ui.views.prose import Piece
from designer.ui.workbench import workbench


class AccessState(ShownKeys, PublishedState):
    """Where and how programs reach it."""

    url: str = ""
    language: str = LANGUAGES[0]
    code: rx.Field[list[Piece]] = rx.field(default_factory=list)

    @rx.event
    def begin(self) -> Any:
        """Find how programs reach the pipeline that is shown."""
        self.url = ""
        self._write()
        return AccessState.look

    @rx.event(background=True)
    async def look(self) -> None:
        """Find the address that programs reach now."""
        async with self:
            name = self.address
        url = await asyncio.to_thread(_url, name) if name else ""
        async with self:
            if name == self.address:
                self.url = url
                self._write()

    @rx.event
    def show_language(self, language: str) -> None:
        """Show the program in another language."""
        if language in LANGUAGES:
            self.language = language
            self._write()

    @rx.event
    def copy_code(self) -> Any:
        """Copy the program."""
        return [rx.set_clipboard("".join(piece.text for piece in self.code)), rx.toast.success("Program copied")]

    def _owner(self) -> Keyed:
        bench = workbench()
        return Keyed(self.address, bench.published.keys, bench.published.reveal, bench.published.rotate)

    def _write(self) -> None:
        if not self.address:
            self.code = []
            return
        shown = self.url or f"http://{settings.HOST}:{settings.default_port() + 1}/pipelines/{self.address}"
        version = default_of(self.address)
        values = {name: each.get("default") for name, each in (version.parameters if version else {}).items()}
        self.code = pieces(program(self.language, shown, values))


def _url(name: str) -> str:
    try:
        return workbench().published.address(name)
    except DesignerError:
        return ""
