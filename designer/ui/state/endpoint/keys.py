"""The keys of an endpoint: revealed, copied, replaced."""

from __future__ import annotations

import asyncio
from typing import Any

import reflex as rx

from designer.store.endpoints import SLOTS
from designer.ui.state.endpoint.page import EndpointState
from designer.ui.views import failure
from designer.ui.views.endpoint.texts import KeyRow, key_rows
from designer.ui.workbench import workbench


class KeysState(EndpointState):
    """The keys, and the one about to be replaced."""

    keys: rx.Field[list[KeyRow]] = rx.field(default_factory=list)
    to_rotate: str = ""
    _revealed: dict[str, str] = {}  # noqa: RUF012  (Reflex copies the default for every state)

    @rx.event
    def hide_all(self) -> Any:
        """Hide what was revealed: another endpoint is shown."""
        self._revealed, self.keys, self.to_rotate = {}, [], ""
        return KeysState.read

    @rx.event(background=True)
    async def read(self) -> None:
        """Read the keys and when each was last used."""
        async with self:
            name = self.name
        keys = await asyncio.to_thread(workbench().endpoints.keys, name) if name else []
        async with self:
            if name == self.name:
                self.keys = key_rows(keys, self._revealed)

    @rx.event
    def reveal(self, slot: str) -> Any:
        """Reveal a key, or hide it again."""
        if slot not in SLOTS:
            return None
        if slot in self._revealed:
            self._revealed = {other: key for other, key in self._revealed.items() if other != slot}
        else:
            key = workbench().endpoints.reveal(self.name, slot)
            if key is None:
                return rx.toast.error("This key is no longer known here. Make a new one.")
            self._revealed = {**self._revealed, slot: key}
        self.keys = key_rows(workbench().endpoints.keys(self.name), self._revealed)
        return None

    @rx.event
    def copy_key(self, slot: str) -> Any:
        """Copy a key to the clipboard."""
        key = workbench().endpoints.reveal(self.name, slot) if slot in SLOTS else None
        if key is None:
            return rx.toast.error("This key is no longer known here. Make a new one.")
        return [rx.set_clipboard(key), rx.toast.success("Key copied")]

    @rx.event
    def ask_rotate(self, slot: str) -> None:
        """Ask for confirmation before replacing a key; an empty slot closes the question."""
        self.to_rotate = slot if slot in SLOTS else ""

    @rx.event(background=True)
    async def rotate(self) -> Any:
        """Replace a key and reveal the new one once it is valid."""
        async with self:
            name, slot, self.to_rotate = self.name, self.to_rotate, ""
        if slot not in SLOTS or not name:
            return None
        try:
            key = await asyncio.to_thread(workbench().endpoints.rotate, name, slot)
        except Exception as error:
            return rx.toast.error(failure.in_words(error))
        async with self:
            if name != self.name:  # another endpoint was opened meanwhile
                return rx.toast.success(f"The old key no longer opens {name}.")
            self._revealed = {**self._revealed, slot: key}
            self.keys = key_rows(workbench().endpoints.keys(name), self._revealed)
        return rx.toast.success("The old key no longer opens.")
