"""Frozen values in a state, returned without a proxy."""

from __future__ import annotations

from typing import Generic, TypeVar

T = TypeVar("T")


class Held(Generic[T]):
    """A value that is replaced as a whole and never changed in place.

    Reflex wraps every dataclass, list and dictionary of a state in a proxy that tracks changes, and everything read
    from it in another one. Walking a pipeline of 500 nodes took a minute that way; this class is none of those types,
    so its value is read at full speed.
    """

    __slots__ = ("value",)

    def __init__(self, value: T) -> None:
        self.value = value

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Held) and bool(self.value == other.value)

    __hash__ = None  # type: ignore[assignment]
