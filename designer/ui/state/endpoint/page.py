"""State of an endpoint's page: name, health, certificate, versions, latency. Keys and test form are substates."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import Any

import plotly.graph_objects as go
import reflex as rx

from designer.contract.errors import DesignerError
from designer.inference.doors import enabled_nodes
from designer.pipeline.document import from_document
from designer.store.records import Endpoint, EndpointVersion
from designer.ui import address
from designer.ui.library import library
from designer.ui.views import failure, figures
from designer.ui.views.charts import blank
from designer.ui.views.endpoint import texts as endpoint_view
from designer.ui.views.endpoint.texts import Certificate, VersionRow
from designer.ui.views.prose import sentence
from designer.ui.views.run.texts import run_row
from designer.ui.workbench import workbench

TICK_MILLISECONDS = 4000
TICK_ID = "endpoint-tick"
_TICK = f"""
clearInterval(window.__endpointTick);
window.__endpointTick = setInterval(() => {{
  const tick = document.getElementById("{TICK_ID}");
  if (!tick) clearInterval(window.__endpointTick);
  else if (!document.hidden) tick.click();
}}, {TICK_MILLISECONDS})
"""
"""Polls from the browser while the page is open and visible, so that a closed tab stops polling."""

NOW = f"document.getElementById('{TICK_ID}')?.click()"
"""Polls at once: something changed."""


class EndpointState(rx.State):
    """What the page shows; read again at each load."""

    name: str = ""
    problem: str = ""
    health: str = ""
    health_tone: str = ""
    words: str = ""
    state: str = ""
    address: str = ""
    certificate: Certificate = Certificate()
    shows_report: bool = False
    requires_key: bool = True
    versions: rx.Field[list[VersionRow]] = rx.field(default_factory=list)
    run_id: str = ""
    pipeline_id: str = ""
    inference_id: str = ""
    asks_delete: bool = False
    latency_words: str = ""
    silence: str = ""
    p50: str = ""
    p95: str = ""
    latency_light: go.Figure = blank()
    latency_dark: go.Figure = blank()

    @rx.event
    def load(self) -> Any:
        """Show the endpoint that the address names."""
        wanted = address.part(self.router.url, 1)
        self.shows_report, self.asks_delete, self.problem = False, False, ""
        try:
            endpoint = workbench().endpoints.get(wanted)
        except DesignerError as error:
            self.name, self.problem = "", sentence(str(error))
            return None
        self.name = endpoint.name
        self._show(endpoint)
        return rx.call_script(f"{_TICK};{NOW}")

    @rx.event(background=True)
    async def pause(self) -> Any:
        """Pause the endpoint, so that it answers 503, or resume it."""
        async with self:
            name, endpoints = self.name, workbench().endpoints
            change = endpoints.resume if self.state == "paused" else endpoints.pause
        return await self._changed(name, lambda: change(name)) if name else None

    @rx.event(background=True)
    async def make_live(self, version: int) -> Any:
        """Make another version live."""
        async with self:
            name, known = self.name, version in [row.number for row in self.versions]
        return await self._changed(name, lambda: workbench().endpoints.promote(name, version)) if known else None

    async def _changed(self, name: str, change: Callable[[], Any]) -> Any:
        """Apply a change, then show the endpoint again; returns a toast with the error."""
        try:
            await asyncio.to_thread(change)
        except Exception as error:
            return rx.toast.error(failure.in_words(error))
        async with self:
            if name == self.name:
                self._show(workbench().endpoints.get(name))
        return rx.call_script(NOW)

    @rx.event
    def ask_delete(self, is_asked: bool) -> None:
        """Open or close the confirmation of the endpoint's deletion."""
        self.asks_delete = bool(is_asked)

    @rx.event
    def delete(self) -> Any:
        """Delete the endpoint with its versions and keys."""
        self.asks_delete = False
        workbench().endpoints.delete(self.name)
        return rx.redirect("/endpoints")

    @rx.event
    def show_certificate(self) -> None:
        """Show the certificate again after a check."""
        if self.name:
            self._show(workbench().endpoints.get(self.name))

    @rx.event
    def show_report(self, is_shown: bool) -> None:
        """Open or close the full certificate."""
        self.shows_report = bool(is_shown)

    def _show(self, endpoint: Endpoint) -> None:
        versions = workbench().endpoints.versions(endpoint.name)
        live = _live(endpoint, versions)
        self.state, self.requires_key = endpoint.state, endpoint.requires_key
        models = {version.version: _model(version) for version in versions}
        best = {version.version: _best(version) for version in versions}
        self.versions = endpoint_view.version_rows(endpoint, versions, models, best)
        self.certificate = endpoint_view.certificate(live)
        self.run_id = (live.run_id if live else None) or ""
        self.pipeline_id = self._training(live)
        self.inference_id = self._inference()
        engine = f", answered by {live.engine}" if live else ""
        self.words = f"Real-time endpoint, made {figures.moment(endpoint.created)}{engine}"

    def _training(self, live: EndpointVersion | None) -> str:
        """The id of the draft that a new version is deployed from; empty where there is none."""
        try:
            return workbench().pipelines.get(live.pipeline_id).id if live and live.pipeline_id else ""
        except DesignerError:
            return ""

    def _inference(self) -> str:
        """The id of the inference pipeline's draft; empty where none was saved."""
        kept = workbench().pipelines.inference_of(self.pipeline_id) if self.pipeline_id else None
        return kept.id if kept else ""


def live_version(name: str) -> EndpointVersion | None:
    """The live version of an endpoint, else its newest; None where it has none."""
    return _live(workbench().endpoints.get(name), workbench().endpoints.versions(name))


def _live(endpoint: Endpoint, versions: list[EndpointVersion]) -> EndpointVersion | None:
    return next((v for v in versions if v.version == endpoint.default_version), versions[0] if versions else None)


def _model(version: EndpointVersion) -> str:
    """The name of the trained model in the deployed pipeline; empty where it has none."""
    models = enabled_nodes(from_document(version.document), "holds a model", library())
    return next((str(node.parameters.get("name", "")) for node in models), "")


def _best(version: EndpointVersion) -> str:
    """The headline metric of the version's training run; empty where there is none."""
    if not version.run_id:
        return ""
    try:
        run = workbench().runs.get(version.run_id)
    except DesignerError:
        return ""
    return run_row(run, workbench().runs.nodes(run.id), 0.0).best
