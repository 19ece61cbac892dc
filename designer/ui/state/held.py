"""Frozen values in a state, handed out as they are."""

from __future__ import annotations

from typing import Generic, TypeVar

T = TypeVar("T")


class Held(Generic[T]):
    """A value that is replaced as a whole and never changed in place.

    Reflex hands out every dataclass, list and dictionary of a state through a proxy that watches for changes, and
    everything read from it through another one. A walk over a pipeline of 500 steps took a minute that way; this class
    is none of those types, and so its value is read at full speed.
    """

    __slots__ = ("value",)

    def __init__(self, value: T) -> None:
        self.value = value

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Held) and bool(self.value == other.value)

    __hash__ = None  # type: ignore[assignment]
