"""The thread budget of a module, for computations whose result does not depend on the number of threads."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar

_ALLOWED: ContextVar[int] = ContextVar("threads", default=1)


def allowed() -> int:
    """The number of threads a step of a run may start; 1 outside a run.

    Use it only where results are bit-identical for any number of threads: the budget depends on what else is running.
    """
    return _ALLOWED.get()


@contextmanager
def allowing(count: int) -> Iterator[None]:
    """Let modules use up to `count` threads."""
    token = _ALLOWED.set(count)
    try:
        yield
    finally:
        _ALLOWED.reset(token)
