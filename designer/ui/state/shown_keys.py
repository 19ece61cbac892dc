"""The two keys of what programs call: shown, copied, replaced."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import reflex as rx

from designer.store.endpoints import SLOTS
from designer.store.records import EndpointKey
from designer.ui.views import failure
from designer.ui.views.endpoint.texts import KeyRow, key_rows

_UNKNOWN = "This key is no longer known here. Make a new one."


@dataclass(frozen=True)
class Keyed:
    """What the keys open, by its name, and the verbs on them; the name is empty while nothing is shown."""

    name: str
    keys: Callable[[str], Sequence[EndpointKey]]
    reveal: Callable[[str, str], str | None]
    rotate: Callable[[str, str], str]


class ShownKeys(rx.State, mixin=True):
    """The keys and the one about to be replaced; a subclass supplies their owner."""

    keys: rx.Field[list[KeyRow]] = rx.field(default_factory=list)
    to_rotate: str = ""
    _revealed: dict[str, str] = {}  # noqa: RUF012  (Reflex copies the default for every state)

    @rx.event
    def hide_keys(self) -> Any:
        """Hide what was revealed: another page is shown."""
        self._revealed, self.keys, self.to_rotate = {}, [], ""
        return type(self).read_keys

    @rx.event(background=True)
    async def read_keys(self) -> None:
        """Read the keys and when each was last used."""
        async with self:
            owner = self._owner()
        keys = await asyncio.to_thread(owner.keys, owner.name) if owner.name else []
        async with self:
            if owner.name == self._owner().name:
                self.keys = key_rows(keys, self._revealed)

    @rx.event
    def reveal(self, slot: str) -> Any:
        """Reveal a key, or hide it again."""
        if slot not in SLOTS:
            return None
        if slot in self._revealed:
            self._revealed = {other: key for other, key in self._revealed.items() if other != slot}
        else:
            key = self._key(slot)
            if key is None:
                return rx.toast.error(_UNKNOWN)
            self._revealed = {**self._revealed, slot: key}
        self._show_keys()
        return None

    @rx.event
    def copy_key(self, slot: str) -> Any:
        """Copy a key to the clipboard."""
        key = self._key(slot) if slot in SLOTS else None
        if key is None:
            return rx.toast.error(_UNKNOWN)
        return [rx.set_clipboard(key), rx.toast.success("Key copied")]

    @rx.event
    def ask_rotate(self, slot: str) -> None:
        """Ask for confirmation before replacing a key; an empty slot closes the question."""
        self.to_rotate = slot if slot in SLOTS else ""

    @rx.event(background=True)
    async def rotate(self) -> Any:
        """Replace a key and reveal the new one once it is valid."""
        async with self:
            owner, slot, self.to_rotate = self._owner(), self.to_rotate, ""
        if slot not in SLOTS or not owner.name:
            return None
        try:
            key = await asyncio.to_thread(owner.rotate, owner.name, slot)
        except Exception as error:
            return rx.toast.error(failure.in_words(error))
        async with self:
            if owner.name != self._owner().name:  # another page was opened meanwhile
                return rx.toast.success(f"The old key no longer opens {owner.name}.")
            self._revealed = {**self._revealed, slot: key}
            self._show_keys()
        return rx.toast.success("The old key no longer opens.")

    def _owner(self) -> Keyed:
        raise NotImplementedError

    def _key(self, slot: str) -> str | None:
        owner = self._owner()
        return owner.reveal(owner.name, slot) if owner.name else None

    def _show_keys(self) -> None:
        owner = self._owner()
        self.keys = key_rows(owner.keys(owner.name), self._revealed) if owner.name else []
