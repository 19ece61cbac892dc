"""Poll the scoring process for an endpoint's health and latency."""

from __future__ import annotations

import asyncio
import time
from typing import Any

import reflex as rx

from designer.contract.wording.counting import counted
from designer.ui import scoring
from designer.ui.state.endpoint.keys import KeysState
from designer.ui.state.endpoint.page import EndpointState
from designer.ui.state.endpoint.trial import TrialState
from designer.ui.views.charts import in_both_themes
from designer.ui.views.endpoint.latency import latency
from designer.ui.workspace import workspace_folder

_NO_REQUESTS = "No requests in the last hour. Try it with the form."


class HealthState(EndpointState):
    """Writes the health into the page's state."""

    @rx.event(background=True)
    async def refresh(self) -> Any:
        """Query the scoring process, then update what depends on its answer."""
        async with self:
            name = self.name
        if not name:
            return None
        health = await asyncio.to_thread(scoring.health, workspace_folder(), name)
        async with self:
            if name == self.name:
                self._show_health(health)
        return [KeysState.read_keys, TrialState.follow]

    def _show_health(self, health: scoring.Health) -> None:
        self.address = health.address
        names = {"ready": ("Healthy", "ok"), "paused": ("Paused", "warn"), "not ready": ("Not ready", "bad")}
        self.health, self.health_tone = names.get(health.status, ("Not answering", "bad"))
        requests, errors = (sum(minute[key] for minute in health.minutes) for key in ("requests", "errors"))
        self.latency_words = f"{counted(requests, 'request')}, {counted(errors, 'error')}"
        timed = [minute for minute in health.minutes if minute["p50"] is not None]
        self.p50, self.p95 = (f"{health.hour[share]:.1f}" if timed else "" for share in ("p50", "p95"))
        self.silence = f"No version was reached in the last hour: {self.latency_words}." if requests else _NO_REQUESTS
        if timed:
            self.latency_light, self.latency_dark = in_both_themes(lambda theme: latency(timed, theme, time.time()))
