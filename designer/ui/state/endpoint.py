"""State of an endpoint's page: certificate, address and keys, versions, latency, test form, client code."""

from __future__ import annotations

import asyncio
import json
import time
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import plotly.graph_objects as go
import reflex as rx

from designer.contract.counting import counted
from designer.contract.errors import DesignerError
from designer.contract.read_options import ReadOptions
from designer.contract.schema import Schema
from designer.inference.doors import enabled_nodes
from designer.pipeline.document import from_document
from designer.serving.consume import request_of
from designer.serving.signature import Signature, reading_of
from designer.store.endpoints import SLOTS
from designer.store.records import Endpoint, EndpointVersion
from designer.ui import address, scoring
from designer.ui.library import library
from designer.ui.views import failure, figures
from designer.ui.views.charts import blank, in_both_themes
from designer.ui.views.endpoint import snippets
from designer.ui.views.endpoint import texts as endpoint_view
from designer.ui.views.endpoint.latency import latency
from designer.ui.views.endpoint.snippets import LANGUAGES
from designer.ui.views.endpoint.texts import Answer, Certificate, Field, KeyRow, VersionRow
from designer.ui.views.prose import Piece, sentence
from designer.ui.views.run.texts import run_row
from designer.ui.workbench import workbench

TICK_MILLISECONDS = 4000
REQUEST_LIMIT = 200_000
"""In characters: the browser sends the request as one message, and above a megabyte the connection is closed."""

_NO_REQUESTS = "No requests in the last hour. Try it with the form."
_TICK = f"""
clearInterval(window.__endpointTick);
window.__endpointTick = setInterval(() => {{
  const tick = document.getElementById("endpoint-tick");
  if (!tick) clearInterval(window.__endpointTick);
  else if (!document.hidden) tick.click();
}}, {TICK_MILLISECONDS})
"""
"""Polls from the browser while the page is open and visible, so that a closed tab stops polling."""


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
    keys: rx.Field[list[KeyRow]] = rx.field(default_factory=list)
    requires_key: bool = True
    to_rotate: str = ""
    versions: rx.Field[list[VersionRow]] = rx.field(default_factory=list)
    run_id: str = ""
    pipeline_id: str = ""
    inference_id: str = ""
    asks_delete: bool = False
    fields: rx.Field[list[Field]] = rx.field(default_factory=list)
    all_fields: bool = False
    row_words: str = ""
    tab: str = "form"
    request_text: str = ""
    answer: Answer = Answer()
    is_asking: bool = False
    language: str = "curl"
    code: rx.Field[list[Piece]] = rx.field(default_factory=list)
    latency_words: str = ""
    silence: str = ""
    p50: str = ""
    p95: str = ""
    latency_light: go.Figure = blank()
    latency_dark: go.Figure = blank()
    _place: int = 0
    _revealed: dict[str, str] = {}  # noqa: RUF012  (Reflex copies the default for every state)
    _values: dict[str, str] = {}  # noqa: RUF012
    _problems: dict[str, str] = {}  # noqa: RUF012

    @rx.event
    def load(self) -> Any:
        """Show the endpoint that the address names."""
        wanted = address.part(self.router.url, 1)
        self._revealed, self._place, self.answer = {}, 0, Answer()
        self.shows_report, self.asks_delete, self.all_fields, self.to_rotate = False, False, False, ""
        self.problem = ""
        try:
            endpoint = workbench().endpoints.get(wanted)
        except DesignerError as error:
            self.name, self.problem = "", sentence(str(error))
            return None
        self.name = endpoint.name
        self._show(endpoint)
        self._fill()
        return [EndpointState.refresh, rx.call_script(_TICK)]

    @rx.event(background=True)
    async def refresh(self) -> None:
        """Query the scoring process for the endpoint's health."""
        async with self:
            name = self.name
        if not name:
            return
        found = await asyncio.to_thread(scoring.health, workbench().workspace, name)
        keys = await asyncio.to_thread(workbench().endpoints.keys, name)
        async with self:
            if name == self.name:
                self.keys = endpoint_view.key_rows(keys, self._revealed)
                self._show_health(found)

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
        """Apply a change, then show the endpoint again; returns the refresh, or a toast with the error."""
        try:
            await asyncio.to_thread(change)
        except Exception as error:
            return rx.toast.error(failure.in_words(error))
        async with self:
            if name == self.name:
                self._show(workbench().endpoints.get(name))
                self._fill()
        return EndpointState.refresh

    @rx.event
    def reveal(self, slot: str) -> Any:
        """Reveal a key, or hide it again."""
        if slot not in SLOTS:
            return None
        if slot in self._revealed:
            self._revealed = {other: key for other, key in self._revealed.items() if other != slot}
        else:
            key = workbench().endpoints.reveal(self.name, slot)
            if key is None:
                return rx.toast.error("This key is no longer known here. Make a new one.")
            self._revealed = {**self._revealed, slot: key}
        self.keys = endpoint_view.key_rows(workbench().endpoints.keys(self.name), self._revealed)
        return None

    @rx.event
    def copy_key(self, slot: str) -> Any:
        """Copy a key to the clipboard."""
        key = workbench().endpoints.reveal(self.name, slot) if slot in SLOTS else None
        if key is None:
            return rx.toast.error("This key is no longer known here. Make a new one.")
        return [rx.set_clipboard(key), rx.toast.success("Key copied")]

    @rx.event
    def ask_rotate(self, slot: str) -> None:
        """Ask for confirmation before replacing a key; an empty slot closes the question."""
        self.to_rotate = slot if slot in SLOTS else ""

    @rx.event(background=True)
    async def rotate(self) -> Any:
        """Replace a key and reveal the new one once it is valid."""
        async with self:
            name, slot, self.to_rotate = self.name, self.to_rotate, ""
        if slot not in SLOTS or not name:
            return None
        try:
            key = await asyncio.to_thread(workbench().endpoints.rotate, name, slot)
        except Exception as error:
            return rx.toast.error(failure.in_words(error))
        async with self:
            if name != self.name:  # another endpoint was opened meanwhile
                return rx.toast.success(f"The old key no longer opens {name}.")
            self._revealed = {**self._revealed, slot: key}
            self.keys = endpoint_view.key_rows(workbench().endpoints.keys(name), self._revealed)
        return rx.toast.success("The old key no longer opens.")

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

    @rx.event
    def next_row(self) -> None:
        """Fill the form from the next held-out row."""
        self._place += 1
        self.answer = Answer()
        self._fill()

    @rx.event
    def show_all_fields(self) -> None:
        """Show all fields, or only the first ones."""
        self.all_fields = not self.all_fields

    @rx.event
    def show_tab(self, tab: str) -> None:
        """Show the form or the JSON; the JSON is filled from the form."""
        if tab == "json":
            self.tab, self.request_text = "json", endpoint_view.request_text(request_of([self._row()]))
        else:
            self.tab = "form"

    @rx.event
    def fill_field(self, name: str, value: str) -> None:
        """Take a changed field."""
        if name in self._schema().names:
            self._values = {**self._values, name: str(value)[:10_000]}
            self._problems = {other: words for other, words in self._problems.items() if other != name}
            self._write_form()
            self._write_code()

    @rx.event
    def write_request(self, text: str) -> None:
        """Take changed JSON, cut to `REQUEST_LIMIT` characters."""
        self.request_text = str(text)[:REQUEST_LIMIT]

    @rx.event
    def show_language(self, language: str) -> None:
        """Show the client code in another language."""
        if language in LANGUAGES:
            self.language = language
            self._write_code()

    @rx.event
    def copy_code(self) -> Any:
        """Copy the client code to the clipboard."""
        text = "".join(piece.text for piece in self.code)
        return [rx.set_clipboard(text), rx.toast.success("Copied")]

    @rx.event(background=True)
    async def try_it(self) -> Any:
        """Send the form or the JSON to the endpoint and show the answer."""
        async with self:
            name, row = self.name, self._row()
            request = _request(self.request_text) if self.tab == "json" else request_of([row])
            if self.tab != "json" and self._mark(
                endpoint_view.problems_of(self._schema(), self._values, self._reading())
            ):
                self.answer = Answer(status="Not sent", tone="bad", problem=self._marked())
                return None
            if request is None:
                self.answer = Answer(status="Not sent", tone="bad", problem="This is not JSON.")
                return None
            self.is_asking = True
        try:
            reply = await asyncio.to_thread(scoring.ask, workbench().workspace, name, request)
        except Exception as error:
            reply = scoring.Reply(0, 0.0, problem=failure.in_words(error))
        async with self:
            self.is_asking = False
            if name != self.name:
                return None
            self.answer = self._answer(reply, request)
            if self.tab != "json" and reply.column in row:
                self._mark({reply.column: endpoint_view.refused_field(reply.code, reply.problem)})
                self.answer = replace(self.answer, problem=self._marked())
        return EndpointState.refresh  # the request counts in the figures of the last hour

    def _answer(self, reply: scoring.Reply, request: dict[str, Any]) -> Answer:
        words = f"{reply.milliseconds:.0f} ms"
        if reply.document is None:
            status = f"{reply.status}" if reply.status else "No answer"
            return Answer(status=status, tone="bad", words=words if reply.status else "", problem=reply.problem)
        rows: list[dict[str, Any]] = next(iter(reply.document.get("Results", {}).values()), [])
        asked: list[dict[str, Any]] = next(iter(request.get("Inputs", {}).values()), [{}])
        if not rows:
            return Answer(status="200 OK", tone="ok", words=words, headline="no rows")
        found = endpoint_view.answer_of(
            rows[0], asked[0] if asked else {}, self._expected(asked), self._signature().positive
        )
        live = next((row.number for row in self.versions if row.state == "Live"), "")
        extra = f", first of {counted(len(rows), 'row')}" if len(rows) > 1 else ""
        warnings = endpoint_view.unknown_values(self._schema(), asked[0]) if asked else []
        return replace(found, words=f"{words}, version {live}{extra}", warnings=warnings)

    def _expected(self, asked: list[dict[str, Any]]) -> dict[str, Any] | None:
        """The training run's answer where the request equals the held-out row; else None."""
        example = self._example()
        rows, answers = example.get("rows", []), example.get("answers", [])
        place = self._place % len(rows) if rows else 0
        is_same = bool(rows) and asked == [rows[place]] and place < len(answers)
        return dict(answers[place]) if is_same else None

    def _show(self, endpoint: Endpoint) -> None:
        versions = workbench().endpoints.versions(endpoint.name)
        live = self._live(endpoint, versions)
        self.state, self.requires_key = endpoint.state, endpoint.requires_key
        models = {version.version: _model(version) for version in versions}
        best = {version.version: _best(version) for version in versions}
        self.versions = endpoint_view.version_rows(endpoint, versions, models, best)
        self.certificate = endpoint_view.certificate(live)
        self.keys = endpoint_view.key_rows(workbench().endpoints.keys(endpoint.name), self._revealed)
        self.run_id = (live.run_id if live else None) or ""
        self.pipeline_id = self._training(live)
        self.inference_id = self._inference()
        engine = f", answered by {live.engine}" if live else ""
        self.words = f"Real-time endpoint, made {figures.moment(endpoint.created)}{engine}"

    def _show_health(self, found: scoring.Health) -> None:
        self.address = found.address
        names = {"ready": ("Healthy", "ok"), "paused": ("Paused", "warn"), "not ready": ("Not ready", "bad")}
        self.health, self.health_tone = names.get(found.status, ("Not answering", "bad"))
        requests, errors = (sum(minute[key] for minute in found.minutes) for key in ("requests", "errors"))
        self.latency_words = f"{counted(requests, 'request')}, {counted(errors, 'error')}"
        timed = [minute for minute in found.minutes if minute["p50"] is not None]
        self.p50, self.p95 = (f"{found.hour[share]:.1f}" if timed else "" for share in ("p50", "p95"))
        self.silence = f"No version was reached in the last hour: {self.latency_words}." if requests else _NO_REQUESTS
        if timed:
            self.latency_light, self.latency_dark = in_both_themes(lambda theme: latency(timed, theme, time.time()))
        self._write_code()

    def _fill(self) -> None:
        """Fill the form from a held-out row."""
        example = self._example()
        rows = example.get("rows", [])
        row = rows[self._place % len(rows)] if rows else {}
        self._values = self._written(row)
        self._problems = {}
        self._write_form()
        self.request_text = endpoint_view.request_text(request_of([row]))
        self._write_code()

    def _write_form(self) -> None:
        """Update the fields, and the words that name their row."""
        self.fields = endpoint_view.form(self._schema(), self._values, self._reading(), self._problems)
        example = self._example()
        rows, numbers = example.get("rows", []), example.get("numbers") or []
        place = self._place % len(rows) if rows else 0
        edited = "" if place < len(rows) and self._values == self._written(rows[place]) else ", edited"
        self.row_words = f"Held-out row {numbers[place] + 1:,}{edited}" if place < len(numbers) else ""

    def _written(self, row: dict[str, Any]) -> dict[str, str]:
        return {field.name: field.value for field in endpoint_view.form(self._schema(), row, self._reading())}

    def _mark(self, problems: dict[str, str]) -> bool:
        """Mark invalid fields, and show all fields where a marked one is hidden; returns whether any is marked."""
        self._problems = problems
        self._write_form()
        hidden = [field.name for field in self.fields[endpoint_view.FIRST_FIELDS :]]
        self.all_fields = self.all_fields or any(name in problems for name in hidden)
        return bool(problems)

    def _marked(self) -> str:
        """The first marked field and its problem."""
        name, words = next(iter(self._problems.items()))
        return f"{name}: {words}"

    def _write_code(self) -> None:
        shown = self.address or "http://127.0.0.1:8600"
        self.code = snippets.pieces(snippets.snippet(self.language, shown, self.name, self._row()))

    def _row(self) -> dict[str, Any]:
        return endpoint_view.row_of(self._schema(), self._values, self._reading())

    def _live(self, endpoint: Endpoint, versions: list[EndpointVersion]) -> EndpointVersion | None:
        return next((v for v in versions if v.version == endpoint.default_version), versions[0] if versions else None)

    def _version(self) -> EndpointVersion | None:
        endpoint = workbench().endpoints.get(self.name)
        return self._live(endpoint, workbench().endpoints.versions(self.name))

    def _schema(self) -> Schema:
        return self._signature().schema

    def _reading(self) -> ReadOptions | None:
        version = self._version()
        return reading_of(version.artifacts) if version else None

    def _signature(self) -> Signature:
        version = self._version()
        return Signature.read(version.artifacts) if version else Signature("", "", Schema())

    def _example(self) -> dict[str, Any]:
        version = self._version()
        return dict(version.example) if version else {}

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


def _request(text: str) -> dict[str, Any] | None:
    try:
        document = json.loads(text)
    except ValueError:
        return None
    return document if isinstance(document, dict) else None


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
