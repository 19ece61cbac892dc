"""Progress reports of a running module, which also signal that it should stop, and the measurements of a trial."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar

Report = Callable[[float | None, str], None]

Measure = Callable[[int, float], None]

_REPORT: ContextVar[Report | None] = ContextVar("report", default=None)
_MEASURE: ContextVar[Measure | None] = ContextVar("measure", default=None)


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


def measured(step: int, value: float) -> None:
    """Report the metric of a trial at a step, counted from 1: that of a fold, or after some epochs.

    Each one is sent, so that a search can stop the trial; NaN where the metric is not defined. Does nothing outside a
    run.
    """
    listener = _MEASURE.get()
    if listener is not None:
        listener(step, value)


@contextmanager
def measuring_to(listener: Measure) -> Iterator[None]:
    """Send calls of `measured` to this listener."""
    token = _MEASURE.set(listener)
    try:
        yield
    finally:
        _MEASURE.reset(token)
