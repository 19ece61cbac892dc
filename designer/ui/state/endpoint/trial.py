"""The test form of an endpoint: a held-out row as fields or JSON, the answer, client code."""

from __future__ import annotations

import asyncio
import json
from dataclasses import replace
from typing import Any

import reflex as rx

from designer import settings
from designer.contract.files.read_options import ReadOptions
from designer.contract.schema import Schema
from designer.contract.wording.counting import counted
from designer.serving.consume import request_of
from designer.serving.signature import Signature, reading_of
from designer.store.records import EndpointVersion
from designer.ui import scoring
from designer.ui.state.endpoint.page import NOW, EndpointState, live_version
from designer.ui.views import failure
from designer.ui.views.endpoint import snippets
from designer.ui.views.endpoint import texts as endpoint_view
from designer.ui.views.endpoint.snippets import LANGUAGES
from designer.ui.views.endpoint.texts import Answer, Field
from designer.ui.views.prose import Piece
from designer.ui.workbench import workbench

REQUEST_LIMIT = 200_000
"""In characters: the browser sends the request as one message, and above a megabyte the connection is closed."""


class TrialState(EndpointState):
    """The row, the answer to it, and the code that sends it."""

    fields: rx.Field[list[Field]] = rx.field(default_factory=list)
    all_fields: bool = False
    row_words: str = ""
    tab: str = "form"
    request_text: str = ""
    answer: Answer = Answer()
    is_asking: bool = False
    language: str = "curl"
    code: rx.Field[list[Piece]] = rx.field(default_factory=list)
    _place: int = 0
    _filled: int = 0
    """The version that the form was filled from."""

    _values: dict[str, str] = {}  # noqa: RUF012  (Reflex copies the default for every state)
    _problems: dict[str, str] = {}  # noqa: RUF012

    @rx.event
    def begin(self) -> None:
        """Start with the first held-out row of another endpoint."""
        self._place, self.answer, self.all_fields = 0, Answer(), False
        if self.name:
            self._fill()

    @rx.event
    def follow(self) -> None:
        """Fill the form again where another version is live; else only write the code, with the address in use."""
        version = self._version()
        if version is not None and version.version != self._filled:
            self._fill()
        elif version is not None:
            self._write_code()

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
            reply = await asyncio.to_thread(scoring.ask, workbench(), name, request)
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
        return rx.call_script(NOW)  # the request counts in the figures of the last hour

    def _answer(self, reply: scoring.Reply, request: dict[str, Any]) -> Answer:
        words = f"{reply.milliseconds:.0f} ms"
        if reply.document is None:
            status = f"{reply.status}" if reply.status else "No answer"
            return Answer(status=status, tone="bad", words=words if reply.status else "", problem=reply.problem)
        rows: list[dict[str, Any]] = next(iter(reply.document.get("Results", {}).values()), [])
        sent: list[dict[str, Any]] = next(iter(request.get("Inputs", {}).values()), [{}])
        if not rows:
            return Answer(status="200 OK", tone="ok", words=words, headline="no rows")
        first = endpoint_view.answer_of(
            rows[0], sent[0] if sent else {}, self._expected(sent), self._signature().positive
        )
        live = next((row.number for row in self.versions if row.state == "Live"), "")
        extra = f", first of {counted(len(rows), 'row')}" if len(rows) > 1 else ""
        warnings = endpoint_view.unknown_values(self._schema(), sent[0]) if sent else []
        return replace(first, words=f"{words}, version {live}{extra}", warnings=warnings)

    def _expected(self, sent: list[dict[str, Any]]) -> dict[str, Any] | None:
        """The training run's answer where the request equals the held-out row; else None."""
        example = self._example()
        rows, answers = example.get("rows", []), example.get("answers", [])
        place = self._place % len(rows) if rows else 0
        is_same = bool(rows) and sent == [rows[place]] and place < len(answers)
        return dict(answers[place]) if is_same else None

    def _fill(self) -> None:
        """Fill the form from a held-out row."""
        version = self._version()
        self._filled = version.version if version else 0
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
        shown = self.address or f"http://{settings.HOST}:{settings.DEFAULT_SCORING_PORT}"
        self.code = snippets.pieces(snippets.snippet(self.language, shown, self.name, self._row()))

    def _row(self) -> dict[str, Any]:
        return endpoint_view.row_of(self._schema(), self._values, self._reading())

    def _version(self) -> EndpointVersion | None:
        return live_version(self.name) if self.name else None

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


def _request(text: str) -> dict[str, Any] | None:
    try:
        document = json.loads(text)
    except ValueError:
        return None
    return document if isinstance(document, dict) else None
