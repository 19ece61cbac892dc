"""Requests to a Designer over HTTP, with the standard library alone. Nothing else of the SDK opens a connection."""

from __future__ import annotations

import http.client
import json
import shutil
import sys
import time
from collections.abc import Callable, Mapping
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeVar
from urllib.parse import quote, urlencode, urlsplit

from designer.contract.errors import DesignerError, InvalidParameter

PREFIX = "/api/v1"
BYTES = "application/octet-stream"
ARROW = "application/vnd.apache.arrow.file"
ZIP = "application/zip"
JSON = "application/json"

READ_SECONDS = 120.0
WORK_SECONDS = 3600.0
"""How long a request may take that makes the server read a file or solve an environment."""

PATIENCE_SECONDS = 60.0
"""How long what only reads is asked again while a server that has answered before does not."""

_PAUSE_SECONDS = 0.5
_CHUNK = 1 << 20
T = TypeVar("T")


class Unreachable(DesignerError):
    """No Designer answers at an address."""


class NotAdmitted(DesignerError):
    """The token is not valid, or does not allow what was asked."""


@dataclass(frozen=True)
class Reply:
    """An answer: its status, and its document or the bytes of a file."""

    status: int
    document: Any


class Transport:
    """Sends requests to one server. Raises Unreachable, NotAdmitted, or the error that the server answered.

    Once the server has answered, what only reads is asked again for `patience` seconds while it does not: a restart
    takes a few. What changes something is sent once, since it may have been done.
    """

    def __init__(self, address: str, token: str, patience: float = PATIENCE_SECONDS) -> None:
        parts = urlsplit(address)
        if parts.scheme not in ("http", "https") or not parts.hostname or parts.username or parts.query:
            remedy = "Use the address of Designer, such as http://127.0.0.1:8321."
            raise InvalidParameter(f"'{address}' is not an address of Designer", remedy)
        self.address = f"{parts.scheme}://{parts.netloc}{parts.path.rstrip('/')}"
        self._parts = parts
        self._token = token
        self._patience = patience
        self._has_answered = False

    def get(self, path: str, **query: Any) -> Any:
        """The document at a path."""
        return self._patiently(lambda: self.send("GET", path, query=query)).document

    def send(
        self,
        method: str,
        path: str,
        document: Any = None,
        *,
        file: Path | None = None,
        media: str = JSON,
        query: Mapping[str, Any] | None = None,
        seconds: float = READ_SECONDS,
    ) -> Reply:
        """Send a JSON document or the content of a file; returns the answer."""

        def read(response: http.client.HTTPResponse) -> Any:
            content = response.read()
            return json.loads(content) if content and _media(response) == JSON else content

        return self._request(method, path, document, file, media, query, seconds, JSON, read)

    def download(self, path: str, to: Path, accept: str, **query: Any) -> None:
        """Write the file at a path to `to`."""

        def read(response: http.client.HTTPResponse) -> None:
            with to.open("wb") as file:
                shutil.copyfileobj(response, file, _CHUNK)

        self._patiently(lambda: self._request("GET", path, None, None, "", query, READ_SECONDS, accept, read))

    def fetch(self, path: str, document: Any, to: Path, accept: str) -> None:
        """Send a JSON document, and write the file that is answered to `to`."""

        def read(response: http.client.HTTPResponse) -> None:
            with to.open("wb") as file:
                shutil.copyfileobj(response, file, _CHUNK)

        self._request("POST", path, document, None, JSON, None, READ_SECONDS, accept, read)

    def _patiently(self, ask: Callable[[], T]) -> T:
        """Ask until the server answers. Says so where it does not, and raises Unreachable after the patience."""
        until: float | None = None
        while True:
            try:
                answer = ask()
            except Unreachable as error:
                if not self._has_answered:
                    raise
                if until is None:
                    until = time.monotonic() + self._patience
                    _say(f"{error.finding()} Trying again for {self._patience:g} s.")
                if time.monotonic() >= until:
                    raise
                time.sleep(min(_PAUSE_SECONDS, self._patience))
            else:
                if until is not None:
                    _say(f"{self.address} answers again.")
                return answer

    def _request(
        self,
        method: str,
        path: str,
        document: Any,
        file: Path | None,
        media: str,
        query: Mapping[str, Any] | None,
        seconds: float,
        accept: str,
        read: Callable[[http.client.HTTPResponse], Any],
    ) -> Reply:
        headers = {"Authorization": f"Bearer {self._token}", "Accept": accept, "Connection": "close"}
        if document is not None or file is not None:
            headers["Content-Type"] = media
        if file is not None:
            headers["Content-Length"] = str(file.stat().st_size)
        place = f"{self._parts.path.rstrip('/')}{PREFIX}{path}{_encoded(query)}"
        with closing(self._connection(seconds)) as connection:
            try:
                if file is None:
                    content = None if document is None else json.dumps(document, allow_nan=False).encode()
                    connection.request(method, place, content, headers)
                else:
                    _send_file(connection, method, place, file, headers)
                response = connection.getresponse()
                self._has_answered = True
                if response.status >= 400 and method != "HEAD":
                    raise self._refusal(response)
                return Reply(response.status, read(response))
            except (OSError, http.client.HTTPException) as error:
                reason = getattr(error, "strerror", None) or type(error).__name__
                problem = f"no Designer answers at {self.address} ({reason})"
                raise Unreachable(problem, "Start it with: designer start.") from None

    def _connection(self, seconds: float) -> http.client.HTTPConnection:
        kind = http.client.HTTPSConnection if self._parts.scheme == "https" else http.client.HTTPConnection
        return kind(str(self._parts.hostname), self._parts.port, timeout=seconds)

    def _refusal(self, response: http.client.HTTPResponse) -> DesignerError:
        try:
            error = json.loads(response.read())["error"]
            document = {"type": error["type"], "found": error["found"], "remedy": error["hint"],
                        "place": error["where"]}  # fmt: skip
        except (ValueError, LookupError, TypeError):
            problem = f"the server at {self.address} answered {response.status}, which is no answer of Designer's API"
            return DesignerError(problem, "Check the address; an older Designer has no API.")
        if response.status in (401, 403):
            return NotAdmitted(document["found"], document["remedy"])
        return DesignerError.from_json(document)


def part(text: str) -> str:
    """A name as one part of a path. Raises InvalidParameter for an empty one."""
    if not text:
        raise InvalidParameter("the name is empty", "Give one.")
    return quote(text, safe="")


def _send_file(
    connection: http.client.HTTPConnection, method: str, place: str, file: Path, headers: Mapping[str, str]
) -> None:
    """Send the content of a file. A refusal may come before its end: its answer is read then."""
    with file.open("rb") as content:
        try:
            connection.request(method, place, content, dict(headers))
        except (BrokenPipeError, ConnectionResetError):
            if connection.sock is None:
                raise


def _encoded(query: Mapping[str, Any] | None) -> str:
    given = {name: value for name, value in (query or {}).items() if value not in (None, "")}
    return f"?{urlencode(given, doseq=True)}" if given else ""


def _media(response: http.client.HTTPResponse) -> str:
    return (response.headers.get("content-type") or "").split(";")[0].strip()


def _say(text: str) -> None:
    sys.stderr.write(f"{text}\n")
    sys.stderr.flush()
