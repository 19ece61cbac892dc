"""The factory of backends. Nothing else in Designer refers to a concrete one."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable

    from designer.engine.backend import Backend, Limits


def open_backend(slots: int | None = None, limits: Limits | None = None) -> Backend:
    """Open the backend of this computer with `slots` tasks at once, by default one per core. Close it after use."""
    from designer.engine.local.backend import Local

    return Local(slots, limits)


def begin_backend() -> Callable[[], Backend]:
    """Launch the fork server before this process loads its own libraries; returns a function that opens the backend."""
    from designer.engine.local.forkserver import launch

    launched = launch()

    def opened() -> Backend:
        from designer.engine.local.backend import Local

        return Local(launched=launched)

    return opened
