"""State of the list of endpoints."""

from __future__ import annotations

import asyncio
import time
from dataclasses import dataclass
from typing import Any

import reflex as rx

from designer.serving.address import scoring_address
from designer.store.records import Endpoint, EndpointVersion
from designer.ui.views import figures
from designer.ui.workbench import workbench
from designer.ui.workspace import workspace_folder

_STATES = {"ready": ("Ready", "ok"), "paused": ("Paused", "warn"), "failed": ("Failed", "bad")}


@dataclass(frozen=True)
class EndpointRow:
    """One line of the list."""

    name: str
    state: str
    tone: str
    version: str
    engine: str
    parity: str
    parity_tone: str
    requests: str
    changed: str


class EndpointsState(rx.State):
    """The endpoints of the workspace."""

    rows: rx.Field[list[EndpointRow]] = rx.field(default_factory=list)
    is_loaded: bool = False
    is_answering: bool = True

    @rx.event
    def load(self) -> Any:
        """Read the list."""
        bench = workbench()
        live, requests = bench.endpoints.answering(), bench.endpoints.requests_since(int(time.time() // 60) - 60)
        self.rows = [_row(each, live.get(each.name), requests.get(each.name, 0)) for each in bench.endpoints.all()]
        self.is_loaded = True
        return EndpointsState.look

    @rx.event(background=True)
    async def look(self) -> None:
        """Check whether the scoring process answers."""
        is_answering = await asyncio.to_thread(scoring_address, workspace_folder()) is not None
        async with self:
            self.is_answering = is_answering


def _row(endpoint: Endpoint, live: EndpointVersion | None, requests: int) -> EndpointRow:
    state, tone = _STATES.get(endpoint.state, (endpoint.state.capitalize(), ""))
    certificate = live.certificate if live else {}
    return EndpointRow(
        name=endpoint.name,
        state=state,
        tone=tone,
        version=str(endpoint.default_version or "–"),
        engine=live.engine if live else "",
        parity="Not compared" if not certificate else "Passed" if certificate.get("passed") else "Not passed",
        parity_tone="" if not certificate else "ok" if certificate.get("passed") else "bad",
        requests=figures.count(requests),
        changed=figures.moment(endpoint.changed),
    )
