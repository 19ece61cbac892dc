"""Progress reports of a running module, which also signal that it should stop."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar

Report = Callable[[float | None, str], None]

_REPORT: ContextVar[Report | None] = ContextVar("report", default=None)


def report(fraction: float | None, text: str = "") -> None:
    """Report that `fraction` (0 to 1, None if unknown) is done; does nothing outside a run."""
    listener = _REPORT.get()
    if listener is not None:
        listener(fraction, text)


@contextmanager
def reporting_to(listener: Report) -> Iterator[None]:
    """Send calls of `report` to this listener."""
    token = _REPORT.set(listener)
    try:
        yield
    finally:
        _REPORT.reset(token)
