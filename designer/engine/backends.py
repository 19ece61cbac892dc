"""Where backends come from. Nothing else in Designer knows which there are."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable

    from designer.engine.backend import Backend, Limits


def open_backend(slots: int | None = None, limits: Limits | None = None) -> Backend:
    """The backend of this computer: so many tasks at once, by default one for each core. Close it after use."""
    from designer.engine.local import Local

    return Local(slots, limits)


def begin_backend() -> Callable[[], Backend]:
    """Start what takes long, before this process loads its own libraries; returns what gives the backend."""
    from designer.engine.forkserver import launch

    launched = launch()

    def opened() -> Backend:
        from designer.engine.local import Local

        return Local(launched=launched)

    return opened
