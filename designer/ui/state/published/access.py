"""The address, the keys and the client programs of a published pipeline."""

from __future__ import annotations

import asyncio
from typing import Any

import reflex as rx

from designer import settings
from designer.contract.errors import DesignerError
from designer.serving.pipelines.consume import LANGUAGES, program
from designer.store.endpoints import SLOTS
from designer.ui.state.published.list import default_of
from designer.ui.state.published.page import PublishedState
from designer.ui.views import failure
from designer.ui.views.endpoint.snippets import pieces
from designer.ui.views.endpoint.texts import KeyRow, key_rows
from designer.ui.views.prose import Piece
from designer.ui.workbench import workbench

_UNKNOWN = "This key is no longer known here. Make a new one."


class AccessState(PublishedState):
    """Where and how programs reach it."""

    url: str = ""
    keys: rx.Field[list[KeyRow]] = rx.field(default_factory=list)
    to_rotate: str = ""
    language: str = LANGUAGES[0]
    code: rx.Field[list[Piece]] = rx.field(default_factory=list)
    _revealed: dict[str, str] = {}  # noqa: RUF012  (Reflex copies the default for every state)

    @rx.event
    def begin(self) -> Any:
        """Hide what was revealed: another pipeline is shown."""
        self._revealed, self.to_rotate, self.url = {}, "", ""
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
    def reveal(self, slot: str) -> Any:
        """Reveal a key, or hide it again."""
        if slot in self._revealed:
            self._revealed = {other: key for other, key in self._revealed.items() if other != slot}
        elif slot in SLOTS:
            key = workbench().published.reveal(self.address, slot)
            if key is None:
                return rx.toast.error(_UNKNOWN)
            self._revealed = {**self._revealed, slot: key}
        self._write()
        return None

    @rx.event
    def copy_key(self, slot: str) -> Any:
        """Copy a key to the clipboard."""
        key = workbench().published.reveal(self.address, slot) if slot in SLOTS else None
        if key is None:
            return rx.toast.error(_UNKNOWN)
        return [rx.set_clipboard(key), rx.toast.success("Key copied")]

    @rx.event
    def ask_rotate(self, slot: str) -> None:
        """Ask for confirmation before replacing a key; an empty slot closes the question."""
        self.to_rotate = slot if slot in SLOTS else ""

    @rx.event
    def rotate(self) -> Any:
        """Replace a key and reveal the new one."""
        slot, self.to_rotate = self.to_rotate, ""
        if slot not in SLOTS:
            return None
        try:
            self._revealed = {**self._revealed, slot: workbench().published.rotate(self.address, slot)}
        except DesignerError as error:
            return rx.toast.error(failure.in_words(error))
        self._write()
        return rx.toast.success("The old key no longer opens.")

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

    def _write(self) -> None:
        if not self.address:
            self.keys, self.code = [], []
            return
        self.keys = key_rows(workbench().published.keys(self.address), self._revealed)
        shown = self.url or f"http://{settings.HOST}:{settings.default_port() + 1}/pipelines/{self.address}"
        version = default_of(self.address)
        values = {name: each.get("default") for name, each in (version.parameters if version else {}).items()}
        self.code = pieces(program(self.language, shown, values))


def _url(name: str) -> str:
    try:
        return workbench().published.address(name)
    except DesignerError:
        return ""
