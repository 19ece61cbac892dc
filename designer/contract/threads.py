"""How many threads a module may use where the number of threads does not change what comes out."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar

_ALLOWED: ContextVar[int] = ContextVar("threads", default=1)


def allowed() -> int:
    """The threads that a step of a run may start; 1 outside a run.

    Only for work that gives the same bits with any number of threads: how many there are depends on what else runs.
    """
    return _ALLOWED.get()


@contextmanager
def allowing(count: int) -> Iterator[None]:
    """Let modules use so many threads."""
    token = _ALLOWED.set(count)
    try:
        yield
    finally:
        _ALLOWED.reset(token)
