"""Metrics and tags that a running module logs: curves over steps, and notes on the run."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Any

Message = Mapping[str, Any]

_SEND: ContextVar[Callable[[Message], None] | None] = ContextVar("send", default=None)


def log(name: str, value: float | str, step: int | None = None) -> None:
    """Log a number or a text under a name; does nothing outside a run.

    Values of the same name form a curve, over `step` (an epoch or iteration) where it is given. Values that cannot be
    recorded (NaN, infinities, names longer than 100 characters or with markup) are counted in the log of the node.
    """
    _send({"metric": name, "value": _plain(value), "step": _plain(step)})


def tag(name: str, value: str) -> None:
    """Set a tag of the run; does nothing outside a run."""
    _send({"tag": name, "value": str(value)})


@contextmanager
def logging_to(send: Callable[[Message], None]) -> Iterator[None]:
    """Send calls of `log` and `tag` to this function, as {"metric", "value", "step"} or {"tag", "value"}."""
    token = _SEND.set(send)
    try:
        yield
    finally:
        _SEND.reset(token)


def _send(message: Message) -> None:
    send = _SEND.get()
    if send is not None:
        send(message)


def as_recorded(value: Any) -> Any:
    """The value as a metric keeps it: a number that is not finite, which JSON cannot hold, by its name."""
    if not isinstance(value, float) or math.isfinite(value):
        return value
    return "NaN" if math.isnan(value) else "Infinity" if value > 0 else "-Infinity"


def _plain(value: Any) -> Any:
    """The value as JSON can hold it: NumPy numbers and one-element tensors become numbers, what is no number None."""
    if value is None or isinstance(value, str | int | float):
        return as_recorded(value)
    try:
        return as_recorded(value.item() if hasattr(value, "item") else float(value))
    except (TypeError, ValueError):
        return None
