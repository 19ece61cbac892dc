"""What a node may change in its process, set back before the next one."""

from __future__ import annotations

import contextvars
import locale
import os
import random
import signal
import sys
import tempfile
import threading
import warnings
from collections.abc import Callable, Mapping
from contextlib import nullcontext
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, TypeVar

from designer.engine.children.family import children_of, private_memory

Answer = TypeVar("Answer")


@dataclass(frozen=True)
class ProcessState:
    """The state of this process at a moment. The working folder is not part of it: each node has one of its own."""

    variables: Mapping[str, str]
    mask: int
    locale: str
    handlers: Mapping[int, Any]
    streams: tuple[Any, Any, Any]
    path: tuple[str, ...]
    recursion: int
    private: int

    @classmethod
    def now(cls) -> ProcessState:
        """The state now."""
        return cls(
            variables=dict(os.environ),
            mask=_umask(),
            locale=locale.setlocale(locale.LC_ALL),
            handlers={number: signal.getsignal(number) for number in _settable()},
            streams=(sys.stdin, sys.stdout, sys.stderr),
            path=tuple(sys.path),
            recursion=sys.getrecursionlimit(),
            private=private_memory(os.getpid()),
        )

    def restore(self) -> None:
        """Set back what changed. Random numbers start anew, as in a new process."""
        if os.environ != self.variables:
            os.environ.clear()
            os.environ.update(self.variables)
        os.umask(self.mask)
        if locale.setlocale(locale.LC_ALL) != self.locale:
            locale.setlocale(locale.LC_ALL, self.locale)
        for number, handler in self.handlers.items():
            if handler is not None and signal.getsignal(number) != handler:
                signal.signal(number, handler)
        signal.setitimer(signal.ITIMER_REAL, 0)
        sys.stdin, sys.stdout, sys.stderr = self.streams
        if tuple(sys.path) != self.path:
            sys.path[:] = self.path
        sys.setrecursionlimit(self.recursion)
        _set_threads()
        tempfile.tempdir = None  # else files go to the folder of an earlier node
        random.seed()

    @property
    def grown(self) -> int:
        """Bytes of private memory that this process has gained since."""
        return max(private_memory(os.getpid()) - self.private, 0)


def contained(work: Callable[[], Answer]) -> Answer:
    """Do work whose context variables, warning filters and settings of NumPy and scikit-learn end with it."""
    with warnings.catch_warnings(), _sklearn_config():
        return contextvars.copy_context().run(work)


def leaves_nothing_running() -> bool:
    """Whether this process has no thread but this one, and no descendant that it could see (see `adopt_orphans`)."""
    return threading.active_count() == 1 and not children_of(os.getpid())


def _sklearn_config() -> Any:
    sklearn = sys.modules.get("sklearn")
    return sklearn.config_context() if sklearn is not None else nullcontext()


def _umask() -> int:
    mask = os.umask(0)
    os.umask(mask)
    return mask


def _settable() -> list[int]:
    return [number for number in signal.valid_signals() if number not in (signal.SIGKILL, signal.SIGSTOP)]


def _set_threads() -> None:
    """Give numerical libraries one thread, as the fork server's environment does for those loaded later."""
    for pool in _thread_pools(len(sys.modules)):
        if pool.num_threads != 1:
            pool.set_num_threads(1)


@lru_cache(maxsize=1)
def _thread_pools(imported: int) -> tuple[Any, ...]:
    """The OpenMP and BLAS libraries in this process, searched for anew (4 ms) only after imports."""
    from threadpoolctl import ThreadpoolController

    return tuple(ThreadpoolController().lib_controllers)
