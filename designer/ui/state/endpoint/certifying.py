"""Checking a deployed version again, with the progress shown on its page."""

from __future__ import annotations

from functools import cache
from typing import Any

import reflex as rx

from designer.ui import address
from designer.ui.reporting import reporting
from designer.ui.state.endpoint.page import EndpointState
from designer.ui.views import failure
from designer.ui.workbench import workbench


class CertifyingState(rx.State):
    """The check in progress, or why the last one failed."""

    endpoint: str = ""
    busy: str = ""
    progress: float = 0
    problem: str = ""

    @rx.event(background=True)
    async def check(self) -> Any:
        """Send the held-out rows of the live version again and compare; the deployment does not change."""
        async with self:
            name = address.part(self.router.url, 1)
            if self.busy or not name:
                return None
            self.endpoint, self.progress = name, 0
            self.problem = "This endpoint is being checked in another tab." if name in _checked_now() else ""
            if self.problem:
                return None
            self.busy = "Preparing"
            _checked_now().add(name)  # before anything is awaited
        problem = ""
        try:
            await reporting(lambda report: workbench().endpoints.certify_apart(name, report=report), self._tell)
        except Exception as error:
            problem = failure.in_words(error)
        finally:
            _checked_now().discard(name)
        async with self:
            self.busy, self.problem = "", problem
        return EndpointState.show_certificate

    async def _tell(self, progress: float, text: str) -> None:
        async with self:
            self.progress, self.busy = progress, text


@cache
def _checked_now() -> set[str]:
    """The endpoints being checked in this process: at most one check per endpoint at a time."""
    return set()
